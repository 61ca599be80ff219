"""The two clocks of a recording: elapsed, which runs on, and the timer, which stands still in pauses."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

Stop = tuple[float, float]  # from and to, in elapsed seconds

PAUSE_S = 30.0  # our default: so long without a point is a pause, where nothing says otherwise
TOLERANCE_S = 5.0  # our default: laps and points begin at whole seconds, and not at the same ones


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
    top_at: array[int] = array("q")  # and the place in rows where it does
    before: array[int] = array("q")  # per place: the place before it, -1 at a beginning
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


def gaps(elapsed: Sequence[float], least_s: float = PAUSE_S) -> tuple[Stop, ...]:
    """Where nothing was recorded for that long; the usual time between two moments is not part of it."""
    found = [(before, after) for before, after in pairwise(elapsed) if after - before >= least_s]
    usual = usual_s(elapsed) if found else 0.0
    return tuple((before + min(usual, (after - before) / 2), after) for before, after in found)


def usual_s(elapsed: Sequence[float]) -> float:
    """The median of the seconds between two moments, 0 where there is at most one."""
    between = sorted(after - before for before, after in pairwise(elapsed))
    return between[len(between) // 2] if between else 0.0


def gaps_that_fit(elapsed: Sequence[float], missing_s: float) -> tuple[Stop, ...]:
    """The longest gaps between moments that together make up the time which a device's timer lacks."""
    between = sorted(((after - before, before) for before, after in pairwise(elapsed)), reverse=True)
    if not between:
        return ()
    usual = between[len(between) // 2][0]
    stops: list[Stop] = []
    for length, at in between:
        pause = length - usual
        if pause < TOLERANCE_S or missing_s < TOLERANCE_S:
            break
        if pause <= missing_s + TOLERANCE_S:
            stops.append((at + usual, at + length))
            missing_s -= pause
    return tuple(sorted(stops))
