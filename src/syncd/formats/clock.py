"""The two clocks of a recording: elapsed, which runs on, and the timer, which stands still in pauses."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan, nan

Stop = tuple[float, float]  # from and to, in elapsed seconds

PAUSE_S = 30.0  # our default: so long without a point is a pause, where nothing says otherwise
# Our defaults. What lies further from the rest is damage: the longest races last six days. Who goes on
# after so long runs again: lunch in a long race is shorter.
LONGEST_S, ANOTHER_RUN_S = 10 * 86_400, 4 * 3600
# Our default: laps, points and stops are written in whole seconds, and not the same ones; real FIT files
# add up within 2.4 s.
TOLERANCE_S = 5.0
# Our defaults. Who comes as far in a gap as with this share of the speed around it ran on; twice that speed
# was no running. Speed around a gap is that of so many seconds before and after.
_RAN_ON, _WAS_CARRIED, _AROUND_S = 0.6, 2.0, 15.0
_WALKING_MPS = 1.0
_ALIKE = 0.1  # so little do metres differ that are the same


def timer_column(elapsed: Sequence[float], stops: Sequence[Stop]) -> array[float]:
    """The elapsed clock without the stops; both in order of time."""
    if not stops:
        return array("d", elapsed)
    out = array("d")
    stopped, coming = 0.0, 0
    for moment in elapsed:
        while coming < len(stops) and stops[coming][1] <= moment:
            stopped += stops[coming][1] - stops[coming][0]
            coming += 1
        inside = max(0.0, moment - stops[coming][0]) if coming < len(stops) else 0.0
        out.append(moment - stopped - inside)
    return out


def longest_rising(times: Sequence[float], rows: array[int]) -> array[int]:
    """The longest part of `rows` in which time never goes back (patience sorting)."""
    tops: array[float] = array("d")  # the earliest time on which a part of each length can end
    top_at: array[int] = array("i")  # and the place in rows where it does
    before: array[int] = array("i")  # per place: the place before it, -1 at a beginning
    for place, row in enumerate(rows):
        time = times[row]
        length = bisect_right(tops, time)
        before.append(top_at[length - 1] if length else -1)
        if length == len(tops):
            tops.append(time)
            top_at.append(place)
        else:
            tops[length], top_at[length] = time, place
    chosen: array[int] = array("q")
    place = top_at[-1] if top_at else -1
    while place >= 0:
        chosen.append(rows[place])
        place = before[place]
    chosen.reverse()
    return chosen


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a recording: seconds from one moment to the next, metres a second."""

    seconds: float
    mps: float


def usual_of(elapsed: Sequence[float], distance_m: Sequence[float]) -> Usual:
    """The median of the seconds, and the mean speed outside of long gaps."""
    way = seconds = 0.0
    last = -1
    for row, metres in enumerate(distance_m):
        if isnan(metres):
            continue
        if last >= 0 and (step := elapsed[row] - elapsed[last]) < PAUSE_S:
            seconds += step
            way += metres - distance_m[last]
        last = row
    return Usual(usual_s(elapsed), way / seconds if seconds else 0.0)


def usual_s(elapsed: Sequence[float]) -> float:
    """The median of the seconds between two moments, 0 where there is at most one."""
    between = array("d", (after - before for before, after in pairwise(elapsed)))
    every = between[:: len(between) // 5000 + 1]
    return sorted(every)[len(every) // 2] if every else 0.0


def pauses(elapsed: Sequence[float], distance_m: Sequence[float]) -> tuple[Stop, ...]:
    """Where nothing was recorded for 30 s and more, and the runner did not run on.

    `distance_m` are the metres at those moments, nan where nobody knows. Running up to the stop, and from it,
    is not part of the pause.
    """
    gaps = [row for row in range(1, len(elapsed)) if elapsed[row] - elapsed[row - 1] >= PAUSE_S]
    if not gaps:
        return ()
    usual = usual_of(elapsed, distance_m)
    stops: list[Stop] = []
    for row in gaps:
        ran = _ran_s(elapsed, distance_m, row, usual)
        if ran is not None:
            stops.append((elapsed[row - 1] + ran, elapsed[row]))
    return tuple(stops)


def _ran_s(elapsed: Sequence[float], distance_m: Sequence[float], row: int, usual: Usual) -> float | None:
    """For how long the runner ran in the gap before `row`; None where it was all of it."""
    length = elapsed[row] - elapsed[row - 1]
    least = min(usual.seconds, length / 2)
    metres = distance_m[row] - distance_m[row - 1]
    if isnan(metres):
        return None if usual.seconds >= PAUSE_S else least
    around = speed_around(elapsed, distance_m, row)
    speed = max(around, usual.mps / 2) if around else usual.mps
    if speed <= 0:
        return least if metres < _WALKING_MPS * length else None
    ran = metres / speed
    if _RAN_ON * length <= ran <= _WAS_CARRIED * length and metres >= _WALKING_MPS * length:
        return None
    if ran > 2 * usual.seconds + 1 or ran >= length or _is_usual_step(elapsed, distance_m, row, usual):
        return least
    return ran if length != round(length) else float(round(ran))  # watches stop at whole seconds


def _is_usual_step(elapsed: Sequence[float], distance_m: Sequence[float], row: int, usual: Usual) -> bool:
    """Whether the metres of a gap are those of the usual seconds, at the speed before it or after it."""
    metres = distance_m[row] - distance_m[row - 1]
    around = _speed(elapsed, distance_m, row - 1, -1), _speed(elapsed, distance_m, row, 1)
    return metres > 0 and any(abs(metres - usual.seconds * speed) <= _ALIKE * metres for speed in around)


def speed_around(elapsed: Sequence[float], distance_m: Sequence[float], row: int) -> float:
    """Metres a second before or after the gap that ends at `row`, the greater; 0 where nobody knows."""
    return max(_speed(elapsed, distance_m, row - 1, -1), _speed(elapsed, distance_m, row, 1))


def _speed(elapsed: Sequence[float], distance_m: Sequence[float], begin: int, way: int) -> float:
    """The mean speed of 15 s, or of one step that takes longer, from a row on or up to it."""
    end = begin
    while 0 <= end + way < len(elapsed) and abs(elapsed[end + way] - elapsed[end]) < PAUSE_S:
        end += way
        if abs(elapsed[end] - elapsed[begin]) >= _AROUND_S:
            break
    seconds = abs(elapsed[end] - elapsed[begin])
    metres = abs(distance_m[end] - distance_m[begin])
    return metres / seconds if seconds > 0 and not isnan(metres) else 0.0


def fitting_pauses(
    elapsed: Sequence[float], distance_m: Sequence[float], span: Stop, missing_s: float, usual: Usual
) -> tuple[tuple[Stop, ...], float]:
    """The longest gaps in a span of time that make up what a timer lacks there, and the seconds left over."""
    begin, end = span
    moments = [begin, *elapsed[bisect_left(elapsed, begin) : bisect_right(elapsed, end)], end]
    between = sorted(
        ((after - before, before) for before, after in pairwise(moments) if after - before > usual.seconds),
        reverse=True,
    )
    stops: list[Stop] = []
    for length, at in between:
        if missing_s < TOLERANCE_S:
            break
        row = bisect_right(elapsed, at)
        ran = None
        if 0 < row < len(elapsed) and elapsed[row - 1] == at and elapsed[row] == at + length:
            ran = _ran_s(elapsed, distance_m, row, usual)
        pause = length - (min(usual.seconds, length / 2) if ran is None else ran)
        if pause < TOLERANCE_S:
            break
        if pause <= missing_s + TOLERANCE_S:
            stops.append((at + length - pause, at + length))
            missing_s -= pause
    for place, (stop_begin, stop_end) in enumerate(stops):
        row = bisect_right(elapsed, stop_begin)
        room = stop_begin - max(begin, elapsed[row - 1] if row else begin)
        longer = min(max(missing_s, stop_begin - stop_end), room)  # the timer knows better how long it stood
        stops[place] = (stop_begin - longer, stop_end)
        missing_s -= longer
    return tuple(sorted(stops)), missing_s


def without_pauses(way: Sequence[float], elapsed: Sequence[float], stops: Sequence[Stop]) -> array[float]:
    """Metres along places without those that lie between the beginning and the end of a pause."""
    ends = {end: end - begin for begin, end in stops}
    if not ends:
        return array("d", way)
    out = array("d")
    over, last = 0.0, nan
    for row, metres in enumerate(way):
        paused = ends.get(elapsed[row], 0.0)
        if paused and row and not isnan(metres) and not isnan(last):
            running = elapsed[row] - elapsed[row - 1] - paused
            allowed = speed_around(elapsed, way, row) * max(running, 0.0)
            over += max(metres - last - allowed, 0.0)
        if not isnan(metres):
            last = metres
        out.append(metres - over)
    return out
