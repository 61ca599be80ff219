"""What no runner can have done is cut before anything is summed: leaps of the counter, places that jump."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, isnan, nan, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius
# Our defaults. The quickest hundred metres of the world record 100 m were run at 12.3 m/s; who runs 10 s of it in
# training is quicker than anybody who reads this.
FASTEST_MPS = 12.0
SLACK_M = 30.0  # a position may be that far off, once
_AGREE = 5  # so many places in a row that fit each other outvote those before them


@dataclass(frozen=True, slots=True)
class Cut:
    """A column of metres without what cannot be. `leaps`: how many steps were cut, `metres` their sum."""

    distance_m: array[float]
    leaps: int = 0
    metres: float = 0.0

    @property
    def problems(self) -> tuple[str, ...]:
        """What was cut, for people."""
        if not self.leaps:
            return ()
        jumps = "1 jump" if self.leaps == 1 else f"{self.leaps} jumps"
        return (f"{jumps} of the distance left out: nobody runs that fast",)


def counted(at_s: Sequence[float], distance_m: Sequence[float], zero_s: float) -> Cut:
    """A counter of metres, begun at `zero_s`, as one that rises: leaps are cut, one that starts anew goes on.

    A counter that stood still for a while may catch up at once: what counts is the time since it last moved.
    """
    out = array("d")
    shift, leaps, cut = 0.0, 0, 0.0
    last, moved_at, reached = nan, nan, 0.0
    for moment, metres in zip(at_s, distance_m, strict=True):
        if isnan(metres):
            out.append(nan)
            continue
        if isnan(last):
            began_here = metres <= FASTEST_MPS * (moment - zero_s) + SLACK_M
            shift, step, reached = 0.0 if began_here else -metres, 0.0, metres if began_here else 0.0
        else:
            step = metres - last
        leapt = step > FASTEST_MPS * (moment - moved_at) + SLACK_M
        if step < 0 or leapt:  # it starts anew, or comes back from a leap: nobody knows how far it was
            shift -= step
        if leapt:
            leaps += 1
            cut += step
        if step != 0 or isnan(moved_at):
            moved_at = moment
        last = metres
        reached = max(reached, metres + shift)
        out.append(reached)
    return Cut(out, leaps, cut)


def walked(
    at_s: Sequence[float], lat: Sequence[float], lon: Sequence[float], paused_s: Sequence[float]
) -> Cut:
    """Metres along the places, rising; nan where there is no place. `paused_s`: pause since the point before.

    Over a pause only as much counts as was run, at the mean so far, in what was no pause. A place that cannot be reached from the one before is left out, unless the next ones agree with it: then the way
    there is.
    """
    out = array("d")
    metres, leaps, cut = 0.0, 0, 0.0
    last = -1  # the last place that is believed
    doubted: list[int] = []  # those since, which agree with each other
    paused, moving_s = 0.0, 0.0
    for now, (y, x) in enumerate(zip(lat, lon, strict=True)):
        paused += paused_s[now]
        if not _is_a_place(y, x):
            out.append(nan)
            continue
        if last < 0:
            last, paused = now, 0.0
            out.append(0.0)
            continue
        if paused or _reachable(at_s, lat, lon, last, now):
            step, seconds = apart_m(lat[last], lon[last], y, x), at_s[now] - at_s[last] - paused
            metres += min(step, seconds * metres / moving_s if moving_s else 0.0) if paused else step
            moving_s += seconds
            leaps += 1 if doubted else 0
            last, paused, doubted = now, 0.0, []
            out.append(metres)
            continue
        if doubted and not _reachable(at_s, lat, lon, doubted[-1], now):
            doubted = []
        doubted.append(now)
        out.append(nan)
        if len(doubted) == _AGREE:
            leaps += 1
            cut += apart_m(lat[last], lon[last], lat[doubted[0]], lon[doubted[0]])
            for before, after in zip(doubted, [*doubted[1:], now], strict=True):
                out[before] = metres
                metres += apart_m(lat[before], lon[before], lat[after], lon[after])
            out[now] = metres
            moving_s += at_s[now] - at_s[last]
            last, doubted = now, []
    leaps += 1 if doubted else 0
    return Cut(out, leaps, cut)


def apart_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great circle between two places in degrees (haversine)."""
    up, across = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    half = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(half, 1.0)))


def _is_a_place(lat: float, lon: float) -> bool:
    """Somewhere on earth; 0, 0 is what receivers say before they know."""
    return not isnan(lat) and abs(lat) <= 90 and abs(lon) <= 180 and not (abs(lat) < 1e-6 and abs(lon) < 1e-6)


def _reachable(
    at_s: Sequence[float], lat: Sequence[float], lon: Sequence[float], before: int, now: int
) -> bool:
    metres = apart_m(lat[before], lon[before], lat[now], lon[now])
    return metres <= FASTEST_MPS * (at_s[now] - at_s[before]) + SLACK_M
