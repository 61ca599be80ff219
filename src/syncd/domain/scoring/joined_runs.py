"""A session in up to three files: warm-up, main part and cool-down, each recorded on its own."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from syncd.domain.activity import Activity, Lap, Samples
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.session_fit import SessionFit
from syncd.domain.scoring.threshold_effort import seconds_above_easy

MOST_PARTS = 3
LONGEST_GAP = timedelta(minutes=45)  # from the end of one file to the start of the next; our default
_BY_THE_WATCH = (Method.EXACT, Method.NAME)


class Timed(Protocol):
    """What tells whether two files may be one run: of an activity, or of its summary."""

    @property
    def start(self) -> datetime:
        """When it began."""

    @property
    def elapsed_s(self) -> float:
        """Seconds from its start to its end."""

    @property
    def sub_sport(self) -> str:
        """Which kind of running."""

    @property
    def is_run(self) -> bool:
        """Whether training counts it."""


def may_join(parts: Sequence[Timed]) -> bool:
    """Two or three runs of one kind in the order they began, with at most 45 min between them."""
    if not 2 <= len(parts) <= MOST_PARTS or not all(part.is_run for part in parts):
        return False
    gaps = [b.start - a.start - timedelta(seconds=a.elapsed_s) for a, b in pairwise(parts)]
    one_kind = len({part.sub_sport for part in parts}) == 1
    return one_kind and all(timedelta(0) <= gap <= LONGEST_GAP for gap in gaps)


def joined_fit(whole: SessionFit, parts: Sequence[SessionFit], main: int) -> SessionFit:
    """The fit of a row to a session, of what it is together and what the watch says of any part."""
    named = next((method for method in _BY_THE_WATCH if any(part.named is method for part in parts)), None)
    by_content = named is not None and all(part.by_content for part in parts if part.named is named)
    return replace(whole, named=named, by_content=by_content, main=main)


def joined(parts: Sequence[Activity]) -> Activity:
    """One run of several, in the order they began: clocks, laps and sums go on where the last ended.

    The gap between two files is elapsed time and no running time. What the watch numbered or
    embedded belongs to its own file and is left out; the effort is that of the hardest part.
    """
    first, last = parts[0], parts[-1]
    hardest = max(parts, key=lambda part: part.rpe or 0.0)
    return replace(
        first,
        name="",
        timer_s=sum(part.timer_s for part in parts),
        elapsed_s=_offset_s(first, last) + last.elapsed_s,
        distance_m=_sum(part.distance_m for part in parts),
        laps=tuple(_shifted(lap, _offset_s(first, part)) for part in parts for lap in part.laps),
        samples=_joined_samples(parts),
        workout=None,
        workout_name="",
        avg_hr_bpm=_mean_heart_rate(parts),
        max_hr_bpm=max((part.max_hr_bpm for part in parts if part.max_hr_bpm is not None), default=None),
        ascent_m=_sum(part.ascent_m for part in parts),
        rpe=hardest.rpe,
        feel=hardest.feel,
        has_position=all(part.has_position for part in parts),
        traits=frozenset(trait for part in parts for trait in part.traits),
        problems=tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
    )


def main_part(parts: Sequence[Activity], zones: ZoneSet | None) -> int:
    """The place of the part with the most running quicker than easy; the longest, where there is none."""
    work = [(seconds_above_easy(part, zones), part.timer_s) for part in parts]
    return work.index(max(work))


def _offset_s(first: Activity, part: Activity) -> float:
    return (part.start - first.start).total_seconds()


def _shifted(lap: Lap, seconds: float) -> Lap:
    return replace(lap, start_s=lap.start_s + seconds, end_s=lap.end_s + seconds, step_index=None)


def _joined_samples(parts: Sequence[Activity]) -> Samples:
    columns = {column.name: array(getattr(Samples(), column.name).typecode) for column in fields(Samples)}
    timer_s = distance_m = 0.0
    for part in parts:
        offset_s = _offset_s(parts[0], part)
        shifts = {"elapsed_s": offset_s, "timer_s": timer_s, "distance_m": distance_m}
        so_far = columns["elapsed_s"]
        # The clock must rise: two files may share the second in which one ends and the next begins.
        begin = bisect_right(part.samples.elapsed_s, so_far[-1] - offset_s) if so_far else 0
        for name, values in columns.items():
            shift = shifts.get(name, 0.0)
            values.extend(value + shift for value in getattr(part.samples, name)[begin:])
        timer_s += part.timer_s
        distance_m += part.distance_m or 0.0
    return Samples(**columns)


def _sum(values: Iterable[float | None]) -> float | None:
    """None where a value is missing: the sum of the others would be too small."""
    known = list(values)
    return None if None in known else sum(value for value in known if value is not None)


def _mean_heart_rate(parts: Sequence[Activity]) -> int | None:
    beats = _sum(None if part.avg_hr_bpm is None else part.avg_hr_bpm * part.timer_s for part in parts)
    seconds = sum(part.timer_s for part in parts)
    return None if beats is None or seconds <= 0 else round(beats / seconds)
