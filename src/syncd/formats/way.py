"""The way of a run: its metres by the counter, by places or by speeds, and its speed at each point."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan, nan

from syncd.domain.activity import last_known
from syncd.formats.clock import PAUSE_S
from syncd.formats.laps import differs
from syncd.formats.plausible import Cut, counted, walked
from syncd.formats.points import Points

# Our defaults.
_FAR_OFF = 0.2  # a counter that shows so much less than the positions has missed something
_KMH, _MPH, _NEARLY = 3.6, 2.237, 0.2


@dataclass(frozen=True, slots=True)
class Way:
    """The column of metres that is believed, by a counter or by positions."""

    cut: Cut
    is_counter: bool
    problems: tuple[str, ...] = ()


def way_of(points: Points, elapsed: Sequence[float]) -> Way:
    """The counter; the way between the positions where there is none, or where it missed much of it.

    Without either, the way that the speeds make.
    """
    counter = counted(elapsed, _as_counter(points.distance_m), 0.0)
    way = walked(points.at_s, points.lat, points.lon)
    counter = replace(counter, distance_m=_gone_on(counter.distance_m, way.distance_m))
    counter_m, way_m = last_known(counter.distance_m), last_known(way.distance_m)
    if not counter_m and not way_m and not way.leaps:
        return Way(Cut(_from_speeds(points, elapsed)), is_counter=True)
    if not counter_m:
        return Way(way, is_counter=False)
    if not way_m or not differs(way_m, counter_m, least=20.0):
        return Way(counter, is_counter=True)
    told = f"the distance is {counter_m:.0f} m by the counter, {way_m:.0f} m by the positions"
    if counter_m < (1 - _FAR_OFF) * way_m and not way.lost_s:
        return Way(way, is_counter=False, problems=(f"{told}, which count",))
    return Way(counter, is_counter=True, problems=(f"{told}: the counter counts",))


def _gone_on(counter: array[float], way: Sequence[float]) -> array[float]:
    """The counter, by the positions where they go on after its last value."""
    last = next((row for row in range(len(counter) - 1, -1, -1) if not isnan(counter[row])), None)
    if not last or last + 1 == len(counter) or isnan(way[last]):
        return counter
    more = (counter[last] + metres - way[last] for metres in way[last + 1 :])
    return counter[: last + 1] + array("d", more)


def _as_counter(metres: array[float]) -> array[float]:
    """The column as one that counts up; some programs write the metres since the point before."""
    known = [value for value in metres if not isnan(value)]
    falls = sum(after < before for before, after in pairwise(known))
    if not known or max(known) > _LONGEST_STEP_M or falls < _FALLS * len(known):
        return metres
    out, total = array("d"), 0.0
    for value in metres:
        total += 0.0 if isnan(value) else value
        out.append(total)
    return out


_LONGEST_STEP_M, _FALLS = 400.0, 0.2  # our defaults


def _from_speeds(points: Points, elapsed: Sequence[float]) -> array[float]:
    """Metres by the speeds that were recorded; no value where none were."""
    if all(map(isnan, points.speed_mps)):
        return array("d", [nan]) * len(elapsed)
    out, total, before = array("d"), 0.0, 0.0
    for speed, now in zip(points.speed_mps, elapsed, strict=True):
        seconds = now - before
        total += 0.0 if isnan(speed) or seconds > PAUSE_S else speed * seconds
        before = now
        out.append(total)
    return out


def filled(metres: array[float], timer: Sequence[float]) -> array[float]:
    """Metres between two known ones, in proportion to the time."""
    out = array("d", metres)
    last = -1
    for row, value in enumerate(metres):
        if isnan(value):
            continue
        if last >= 0 and row - last > 1:
            seconds = timer[row] - timer[last]
            for place in range(last + 1, row):
                share = (timer[place] - timer[last]) / seconds if seconds > 0 else 1.0
                out[place] = metres[last] + share * (value - metres[last])
        last = row
    return out


def speeds_of(told: array[float], timer: Sequence[float], metres: Sequence[float]) -> array[float]:
    """The recorder's speeds, in whatever unit fits the distance; by the metres where it has none that do."""
    seconds = array("d", (after - before for before, after in pairwise(timer)))
    told_m, way_m = 0.0, 0.0
    for row, length in enumerate(seconds, start=1):
        way = metres[row] - metres[row - 1]
        if not isnan(told[row]) and not isnan(way) and 0 < length < PAUSE_S:
            told_m += told[row] * length
            way_m += way
    units = (unit for unit in (1.0, _KMH, _MPH) if way_m and abs(told_m / (unit * way_m) - 1) < _NEARLY)
    unit = next(units, 0.0)
    by_way = _by_way(timer, metres)
    if not unit:
        return by_way
    both = zip(told, by_way, strict=True)
    return array("f", (way if isnan(speed) else speed / unit for speed, way in both))


def _by_way(timer: Sequence[float], metres: Sequence[float]) -> array[float]:
    """Metres a second from the point before to the one after, to the point itself where these are far."""
    out = array("f", [nan])
    last = len(timer) - 1
    for row in range(1, last + 1):
        near = timer[row] - timer[row - 1] <= _NEAR_S
        end = row + 1 if near and row < last and timer[row + 1] - timer[row] <= _NEAR_S else row
        seconds = timer[end] - timer[row - 1]
        out.append((metres[end] - metres[row - 1]) / seconds if seconds > 0 else nan)
    return out


_NEAR_S = 1.5  # our default: watches smooth their speed over a few seconds
