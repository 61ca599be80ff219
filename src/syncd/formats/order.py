"""Points by their time, whatever their order in the file: doubles joined, what cannot fit left out."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

from syncd.domain.world_records import most_m
from syncd.formats.clock import ANOTHER_RUN_S, LONGEST_S, PAUSE_S, longest_rising, usual_s
from syncd.formats.plausible import SLACK_M, apart_m
from syncd.formats.points import Points

# Our defaults.
_HOUR_S, _GOES_ON_S = 3600.0, 120.0
_SET_BACK_S, _SET_BACK_M, _MOST_SET_BACKS = 10.0, 50.0, 20
_STRAY_S = 60.0  # so short a stretch, hours away from the others, has a wrong date
_JITTER_M = 20.0
_SAME_DEGREES = 1e-7


@dataclass(frozen=True, slots=True)
class Ordered:
    """Points whose time rises strictly, and what had to be done for it, for people."""

    points: Points
    problems: tuple[str, ...] = ()


def in_order(points: Points) -> Ordered:
    """The points by time.

    Stretches that were written out of order are put in order, points of one second become one, a clock that
    was set back on the way goes on, and moments far from all others are left out.
    """
    at = points.at_s
    if all(0 < after - before < ANOTHER_RUN_S for before, after in pairwise(at)):
        return Ordered(points)
    near = _near(at)
    set_back_s = _go_on_where_set_back(points, near)
    kept: array[int] = array("i")
    for rows in _stretches(points, near):
        least = at[kept[-1]] if kept else 0.0
        kept.extend(row for row in _rising(points, rows) if at[row] >= least)
    out = _joined(points, kept)
    times = out.at_s
    lost = sum(not _has(times, moment) for moment in at)
    problems: list[str] = []
    if set_back_s:
        problems.append(f"the clock was set back by {_length_text(set_back_s)} on the way: put right")
    if lost:
        problems.append(f"{lost} of {len(at)} points left out: their time does not fit between the others")
    return Ordered(out, tuple(problems))


def _length_text(seconds: float) -> str:
    return f"{seconds / _HOUR_S:.0f} h" if seconds >= _HOUR_S else f"{seconds:.0f} s"


def _has(times: Sequence[float], moment: float) -> bool:
    place = bisect_left(times, moment)
    return place < len(times) and times[place] == moment


def stretches_of_time(at: Sequence[float]) -> list[tuple[int, int]]:
    """From and to, in file order, of what was recorded without hours in between, forward or back."""
    if not at:
        return []
    bounds = [
        place for place, (before, after) in enumerate(pairwise(at), 1) if abs(after - before) >= ANOTHER_RUN_S
    ]
    return list(pairwise([0, *bounds, len(at)]))


def other_runs(points: Points) -> list[int]:
    """The rows, in file order, with which another run begins: hours after all before it, or hours before.

    Not where a clock was set back on the way; and a few points with a wrong date begin nothing.
    """
    at = points.at_s
    bounds: list[int] = []
    least = most = 0.0
    last_row = -1
    for begin, end in stretches_of_time(at):
        if is_stray(at, begin, end):
            continue
        first, last = min(at[begin:end]), max(at[begin:end])
        if last_row >= 0:
            later, earlier = first - most >= ANOTHER_RUN_S, least - last >= ANOTHER_RUN_S
            if later or (earlier and not _was_set_back(points, last_row, begin)):
                bounds.append(begin)
        least, most = (min(least, first), max(most, last)) if last_row >= 0 else (first, last)
        last_row = end - 1
    return bounds


def _was_set_back(points: Points, before: int, row: int) -> bool:
    back = points.at_s[before] - points.at_s[row]
    return -(-back // _HOUR_S) * _HOUR_S - back <= _GOES_ON_S or _is_still_there(points, before, row)


def is_stray(at: Sequence[float], begin: int, end: int) -> bool:
    """Whether a stretch is no more than a few points with a wrong date."""
    return abs(at[end - 1] - at[begin]) < _STRAY_S


def _near(at: Sequence[float]) -> array[int]:
    """Rows within ten days of the middle one, without a few that are hours away from all others."""
    stretches = stretches_of_time(at)
    kept = [stretch for stretch in stretches if not is_stray(at, *stretch)] or stretches
    rows = array("i", (row for begin, end in kept for row in range(begin, end)))
    known = sorted(at[row] for row in rows[:: len(rows) // 1000 + 1])
    middle = known[len(known) // 2]
    return array("i", (row for row in rows if abs(at[row] - middle) <= LONGEST_S))


def _go_on_where_set_back(points: Points, rows: Sequence[int]) -> float:
    """Let a clock that was set back on the way go on, in place; the seconds that it was set back in all.

    It was where the runner is still there, or by whole hours; not where points are there twice, at the same
    time and place, and not for single points that were written late.
    """
    at = points.at_s
    added, found = 0.0, 0
    begins = [(0, 0.0)]  # at which place, and by how much it is later from there on
    usual = 0.0
    spans: _Spans | None = None
    for place in range(1, len(rows)):
        row, before = rows[place], rows[place - 1]
        at[row] += added
        back = at[before] - at[row]
        if back <= _SET_BACK_S or found >= _MOST_SET_BACKS:
            continue
        spans = _Spans(points, rows) if spans is None else spans
        if points.part[row] != points.part[before] and spans.joins_another(points.part[row]):
            continue
        hours = -(-back // _HOUR_S) * _HOUR_S
        if not _stays_back(at, rows, place, added) or _is_again(points, rows, place):
            continue
        usual = usual or usual_s(sorted(at[row] for row in rows[:place]))
        if hours - back <= _GOES_ON_S:
            more = hours
        elif _is_still_there(points, before, row):
            more = back + max(usual, 1.0)
        else:
            continue
        found += 1
        added += more
        at[row] += more
        begins.append((place, added))
    if added:
        right = _of_most_rows(begins, len(rows))
        for row in rows if right else ():
            at[row] -= right
    return added


def _of_most_rows(begins: Sequence[tuple[int, float]], count: int) -> float:
    """What was added where the clock stood as it was for the most rows: there it was right."""
    ends = [place for place, _ in begins[1:]] + [count]
    lengths = [end - begin for (begin, _), end in zip(begins, ends, strict=True)]
    return begins[lengths.index(max(lengths))][1]


class _Spans:
    """The first and the last moment of each part."""

    def __init__(self, points: Points, rows: Sequence[int]) -> None:
        self._spans: dict[int, tuple[float, float]] = {}
        for row in rows:
            part, moment = points.part[row], points.at_s[row]
            first, last = self._spans.get(part, (moment, moment))
            self._spans[part] = min(first, moment), max(last, moment)
        self._firsts = sorted(first for first, _ in self._spans.values())
        self._lasts = sorted(last for _, last in self._spans.values())

    def joins_another(self, part: int) -> bool:
        """Whether another part ends just before it, or begins just after it: it was written out of order."""
        first, last = self._spans[part]
        own = 1 if first == last else 0
        after = bisect_right(self._firsts, last + PAUSE_S) - bisect_left(self._firsts, last)
        before = bisect_right(self._lasts, first) - bisect_left(self._lasts, first - PAUSE_S)
        return after > own or before > own


def _stays_back(at: Sequence[float], rows: Sequence[int], place: int, added: float) -> bool:
    """Whether the next points go on from the earlier time."""
    last, row = at[rows[place - 1]], rows[place]
    following = [at[after] + added for after in rows[place + 1 : place + 4]]
    return bool(following) and all(at[row] <= moment < last for moment in following)


def _is_again(points: Points, rows: Sequence[int], place: int) -> bool:
    """Whether the point at that place of `rows` came before, at the same time and place."""
    at, lat, lon = points.at_s, points.lat, points.lon
    row = rows[place]
    return any(
        abs(at[before] - at[row]) < 0.5
        and (
            isnan(lat[row])
            or (abs(lat[before] - lat[row]) <= _SAME_DEGREES and abs(lon[before] - lon[row]) <= _SAME_DEGREES)
        )
        for before in rows[:place]
    )


def _is_still_there(points: Points, before: int, row: int) -> bool:
    lat, lon = points.lat, points.lon
    if isnan(lat[before]) or isnan(lat[row]):
        return 0 <= points.distance_m[row] - points.distance_m[before] <= _SET_BACK_M
    return apart_m(lat[before], lon[before], lat[row], lon[row]) <= _SET_BACK_M


def _stretches(points: Points, rows: array[int]) -> list[array[int]]:
    """Rows by stretch; those that were written out of order come in the order of their first moments."""
    part = points.part
    bounds = [0, *(place for place in range(1, len(rows)) if part[rows[place]] != part[rows[place - 1]])]
    stretches = [rows[begin:end] for begin, end in pairwise([*bounds, len(rows)]) if end > begin]
    return sorted(stretches, key=lambda stretch: points.at_s[stretch[0]])


def _rising(points: Points, rows: array[int]) -> Sequence[int]:
    """Rows by time, where the way fits that order; else the longest part in which time never goes back."""
    at = points.at_s
    if all(at[before] <= at[after] for before, after in pairwise(rows)):
        return rows
    by_time = array("i", sorted(rows, key=at.__getitem__))
    longest = longest_rising(at, rows)
    return by_time if _misfits(points, by_time) <= _misfits(points, longest) else longest


def _misfits(points: Points, rows: Sequence[int]) -> int:
    """How many steps nobody can have run, and how often the counter goes back."""
    at, lat, lon, metres = points.at_s, points.lat, points.lon, points.distance_m
    count = 0
    for before, row in pairwise(rows):
        if metres[row] < metres[before] - _JITTER_M:
            count += 1
        elif not (isnan(lat[before]) or isnan(lat[row])):
            way = apart_m(lat[before], lon[before], lat[row], lon[row])
            count += way > most_m(at[row] - at[before]) + SLACK_M
    return count


def _joined(points: Points, rows: Sequence[int]) -> Points:
    """The chosen rows; several at one time become one, with the values that any of them has."""
    kept: array[int] = array("i")
    doubles: list[tuple[int, int]] = []
    for row in rows:
        if kept and points.at_s[kept[-1]] == points.at_s[row]:
            doubles.append((len(kept) - 1, row))
        else:
            kept.append(row)
    out = points.taken(kept)
    columns = list(zip(out.columns()[2:], points.columns()[2:], strict=True))
    for place, row in doubles:
        for target, source in columns:
            if isnan(target[place]):
                target[place] = source[row]
    return out
