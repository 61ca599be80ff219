"""What an import did, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.domain.arrival import Arrived, PayloadOutcome
from syncd.domain.grammar import counted
from syncd.domain.units import KILOMETRES, Units
from syncd.report.sync_views import arrived_payload, arrived_text

_MOST_LINES = 10  # our default: more is a list that nobody reads


def import_payload(
    arrived: Iterable[Arrived], not_runs: Mapping[str, int], known: int, remarks: Iterable[str]
) -> dict[str, Any]:
    """The whole import."""
    return {
        "schema": "syncd.import/1",
        "arrived": [arrived_payload(arrival) for arrival in arrived],
        "not_runs": dict(sorted(not_runs.items())),
        "known": known,
        "remarks": list(remarks),
    }


def import_text(
    arrived: Iterable[Arrived],
    not_runs: Mapping[str, int],
    known: int,
    remarks: Iterable[str],
    units: Units = KILOMETRES,
) -> str:
    """A few arrivals line by line, many counted by what they were."""
    arrivals = list(arrived)
    recordings = [arrival for arrival in arrivals if arrival.outcome is not PayloadOutcome.OTHER]
    folded = sum(not_runs.values()) > len(arrivals) - len(recordings)
    few = sum(arrival.outcome is not PayloadOutcome.RUN for arrival in arrivals) <= _MOST_LINES
    lines = [arrived_text(arrivals, units)] if few and arrivals else _summed(recordings, units)
    if not_runs and (folded or not few):
        lines += [f"Not runs: {_counted(not_runs)}"]
    seen_before = [f"{counted(known, 'file')} already imported"] if known else []
    if not lines:
        seen_before = [": ".join(["Nothing new", *seen_before])]
    return "\n".join([*lines, *seen_before, *remarks])


def _summed(recordings: list[Arrived], units: Units) -> list[str]:
    runs = [arrival for arrival in recordings if arrival.outcome is PayloadOutcome.RUN]
    unreadable = [
        arrival
        for arrival in recordings
        if arrival.outcome in (PayloadOutcome.UNREADABLE, PayloadOutcome.WAITING)
    ]
    known = len(recordings) - len(runs) - len(unreadable)
    lines = [arrived_text(runs, units)] if runs else []
    if known:
        lines.append(f"{counted(known, 'recording')} of runs you already have")
    if unreadable:
        lines.append(arrived_text(unreadable[:_MOST_LINES], units))
    if len(unreadable) > _MOST_LINES:
        lines.append(f"and {len(unreadable) - _MOST_LINES} more (--json lists all)")
    return lines


def _counted(not_runs: Mapping[str, int]) -> str:
    most_first = sorted(not_runs.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{sport} {count:,}" for sport, count in most_first)
