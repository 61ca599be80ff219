"""What an import did, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.domain.arrival import Arrived, PayloadOutcome
from syncd.domain.units import KILOMETRES, Units
from syncd.report.sync_views import arrived_payload, arrived_text

_MOST_LINES = 10  # our default: more is a list that nobody reads


def import_payload(
    arrived: Iterable[Arrived], not_runs: Mapping[str, int], known: int, remarks: Iterable[str]
) -> dict[str, Any]:
    """The whole import."""
    return {
        "schema": "syncd.import/1",
        "arrived": [arrived_payload(each) for each in arrived],
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
    """Few things line by line, many by what they were."""
    everything = list(arrived)
    told = [each for each in everything if each.outcome is not PayloadOutcome.OTHER]
    folded = sum(not_runs.values()) > len(everything) - len(told)
    few = sum(each.outcome is not PayloadOutcome.RUN for each in everything) <= _MOST_LINES
    lines = [arrived_text(everything, units)] if few and everything else _summed(told, units)
    if not_runs and (folded or not few):
        lines += [f"not runs: {_counted(not_runs)}"]
    seen = [f"{_number(known, 'file')} known from an earlier import"] if known else []
    if not lines:
        seen = [": ".join(["nothing new", *seen])]
    return "\n".join([*lines, *seen, *remarks])


def _summed(arrived: list[Arrived], units: Units) -> list[str]:
    runs = [each for each in arrived if each.outcome is PayloadOutcome.RUN]
    unreadable = [
        each for each in arrived if each.outcome in (PayloadOutcome.UNREADABLE, PayloadOutcome.WAITING)
    ]
    here = len(arrived) - len(runs) - len(unreadable)
    lines = [arrived_text(runs, units)] if runs else []
    if here:
        lines.append(f"{_number(here, 'recording')} of runs that are here already")
    if unreadable:
        lines.append(arrived_text(unreadable[:_MOST_LINES], units))
    if len(unreadable) > _MOST_LINES:
        lines.append(f"and {len(unreadable) - _MOST_LINES} more (--json names all)")
    return lines


def _counted(not_runs: Mapping[str, int]) -> str:
    often = sorted(not_runs.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{what} {count:,}" for what, count in often)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
