"""A session in up to three files: warm-up, main part and cool-down, each recorded on its own."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import pairwise

from syncd.domain.activity import Activity, Lap, Samples
from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.session_matching import SessionCandidate, attribute, shape_fit
from syncd.domain.scoring.threshold_effort import seconds_above_easy

MOST_PARTS = 3
LONGEST_GAP = timedelta(minutes=30)  # from the end of one file to the start of the next
_BY_THE_WATCH = frozenset({Method.EXACT, Method.NAME})


@dataclass(frozen=True, slots=True)
class JoinedRuns:
    """Parts that are one session: the joined run, its session, and the place of the part with most work."""

    activity: Activity
    attribution: Attribution
    main: int


def may_join(parts: Sequence[Activity]) -> bool:
    """Two or three runs of one kind in the order they began, with at most 30 min between them."""
    if not 2 <= len(parts) <= MOST_PARTS or not all(part.is_run for part in parts):
        return False
    gaps = [b.start - a.start - timedelta(seconds=a.elapsed_s) for a, b in pairwise(parts)]
    one_kind = len({part.sub_sport for part in parts}) == 1
    return one_kind and all(timedelta(0) <= gap <= LONGEST_GAP for gap in gaps)


def attribute_joined(
    parts: Sequence[Activity],
    day: date,
    candidates: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    *,
    athlete: str | None = None,
) -> JoinedRuns | None:
    """The session that the parts make up, if together they look like it clearly better than any alone.

    None where the watch says which session a part is: then the others are something else.
    """
    if not may_join(parts):
        return None
    alone = [attribute(part, day, candidates, zones, athlete=athlete) for part in parts]
    if any(answer.method in _BY_THE_WATCH for answer in alone):
        return None
    whole = joined(parts)
    answer = attribute(whole, day, candidates, zones)
    session = next((candidate for candidate in candidates if candidate.session.id == answer.session_id), None)
    if session is None or answer.method is not Method.SHAPE:
        return None
    best = max(shape_fit(part, day, session, zones) for part in parts)
    value = shape_fit(whole, day, session, zones)
    if value - best < c.SHAPE_MARGIN:
        return None
    why = Reason(MatchReason.LOOK_LIKE_IT_TOGETHER, {"parts": len(parts), "share": value})
    return JoinedRuns(whole, replace(answer, why=why), _main(parts, zones))


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


def _main(parts: Sequence[Activity], zones: ZoneSet | None) -> int:
    """The part with the most running quicker than easy; the longest, where there is none."""
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
