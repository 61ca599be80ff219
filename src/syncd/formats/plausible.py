"""What no runner can have done is cut before anything is summed: leaps of the counter, places that jump."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from math import asin, cos, inf, isnan, nan, radians, sin, sqrt
from operator import sub

from syncd.domain.doubts import Doubt
from syncd.domain.reason import Reason
from syncd.domain.world_records import most_m
from syncd.formats.clock import PAUSE_S, usual_s

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius

# Our defaults.
SLACK_M = 20.0  # a position may be that far off, once
_CORRECTED_M = 30.0  # real watches correct their counters by up to 34 m in a second
FASTEST_MPS = 12.0  # over one second; the quickest ten metres of the record over 100 m took 0.81 s
_JITTER_M = 20.0  # a counter that corrects itself comes back by less
_TORN = 0.1  # of the time: where the way of more is unknown, the distance is a guess
_AHEAD = 5  # so many values or places that fit each other outvote the one before them
_CAUGHT_UP_MPS = 6.0  # a counter that stood still for a while, and catches up, was carried no faster
_MOST_AWAY, _MOST_LOOKS = 200, 1000  # values, and how often they are looked at
_AWAY_S = 300.0  # positions that are back after so long were never away
_HURRIED_MPS, _HURRIED_SHARE = 5.0, 1.5  # who was not seen coming came no quicker, in usual speeds
_SIDEWAYS_M, _SIDEWAYS_MPS, _SIDEWAYS_SHARE = 50.0, 8.0, 2.2  # there and back: nobody turns so quickly


@dataclass(frozen=True, slots=True)
class Cut:
    """A column of metres without what cannot be, nan where nobody knows.

    `leaps`: how many steps were cut, `metres` their sum; `lost_s`: for how long nobody knows the way.
    """

    distance_m: array[float] = field(default_factory=lambda: array("d"))
    leaps: int = 0
    metres: float = 0.0
    lost_s: float = 0.0

    @property
    def problems(self) -> tuple[str, ...]:
        """What was cut, for people."""
        if not self.leaps:
            return ()
        jumps = "1 jump" if self.leaps == 1 else f"{self.leaps} jumps"
        return (f"{jumps} of the distance left out: nobody runs that fast",)


def torn(cut: Cut, timer_s: float) -> tuple[Reason, ...]:
    """A doubt where nobody knows the way for more than a tenth of the time."""
    if timer_s <= 0 or cut.lost_s <= _TORN * timer_s:
        return ()
    return (Reason(Doubt.TORN, {"cut_m": cut.metres}),)


def counted(at_s: Sequence[float], distance_m: Sequence[float], zero_s: float) -> Cut:
    """A counter of metres, begun at `zero_s`, as one that rises.

    Leaps are cut, single values far off are left out, a counter that starts anew goes on. One that stood
    still for a while may catch up at once.
    """
    known = array("q", (row for row, metres in enumerate(distance_m) if not isnan(metres)))
    out = array("d", [nan]) * len(distance_m)
    if not known:
        return Cut(out)
    leaps, cut, skip_to, looks = 0, 0.0, 0, 0
    last, last_at, moved_row = distance_m[known[0]], at_s[known[0]], known[0]
    reached = last if last <= most_m(last_at - zero_s) + _CORRECTED_M else 0.0
    out[known[0]], moved_at = reached, last_at
    for place in range(1, len(known)):
        if place < skip_to:
            continue
        row = known[place]
        metres, moment = distance_m[row], at_s[row]
        step, reach = metres - last, _caught_up(moment - last_at, moment - moved_at)
        if 0 <= step <= reach:
            reached += step
            if (
                moved_at < last_at and step > _CAUGHT_UP_MPS * (moment - last_at) + _JITTER_M
            ):  # it stood still, and the runner did not
                out[moved_row + 1 : row] = array("d", [nan]) * (row - moved_row - 1)
        elif -_JITTER_M <= step < 0:
            out[row] = reached
            continue
        elif step < 0 and looks < _MOST_LOOKS and (back := _comes_back(at_s, distance_m, known, place, last)):
            skip_to, looks = back, looks + 1
            continue
        elif _goes_on(at_s, distance_m, known, place, last, moved_at):
            leaps += 1 if step > 0 else 0
            cut += max(step, 0.0)
            continue
        elif step > 0:
            leaps += 1
            cut += step
        else:  # it starts anew
            reached += metres if metres <= reach else 0.0
        if metres != last:
            moved_at, moved_row = moment, row
        last, last_at = metres, moment
        out[row] = reached
    return Cut(out, leaps, cut)


def rises_as_a_runner(elapsed_s: Sequence[float], distance_m: Sequence[float]) -> bool:
    """Whether a counter, begun at 0, needs no cutting: a quick look at what almost all recordings have."""
    if not distance_m:
        return False
    times, metres = elapsed_s, distance_m
    if isnan(sum(metres)):
        known = [not isnan(value) for value in metres]
        times, metres = list(compress(times, known)), list(compress(metres, known))
    if not metres or not 0 <= metres[0] <= most_m(times[0]) + _CORRECTED_M or not metres[-1] > 0:
        return False
    steps = list(map(sub, metres[1:], metres))
    if not steps or max(steps) <= FASTEST_MPS:
        return not steps or min(steps) >= 0
    return min(steps) >= 0 and all(
        step <= most_m(times[row + 1] - times[row]) + _CORRECTED_M
        for row, step in enumerate(steps)
        if step > FASTEST_MPS
    )


def _caught_up(seconds: float, stood_s: float) -> float:
    """How far a counter can have come since its last value, when it last moved `stood_s` ago."""
    return max(most_m(seconds), min(most_m(stood_s), _CAUGHT_UP_MPS * stood_s)) + _CORRECTED_M


def _comes_back(
    at_s: Sequence[float], distance_m: Sequence[float], known: Sequence[int], place: int, last: float
) -> int:
    """The place at which a counter that fell is at once where it would be without; 0 where it never is."""
    before, begin = known[place], at_s[known[place - 1]]
    for after in range(place + 1, min(place + _MOST_AWAY, len(known))):
        row = known[after]
        if at_s[row] - begin > _AWAY_S:
            break
        step = distance_m[row] - distance_m[before]
        leapt = step > most_m(at_s[row] - at_s[before]) + _CORRECTED_M
        if leapt and 0 <= distance_m[row] - last <= _CAUGHT_UP_MPS * (at_s[row] - begin) + _CORRECTED_M:
            return after
        before = row
    return 0


def _goes_on(
    at_s: Sequence[float],
    distance_m: Sequence[float],
    known: Sequence[int],
    place: int,
    last: float,
    moved_at: float,
) -> bool:
    """Whether one of the next values goes on from `last`: then the one at `place` is the odd one."""
    return any(
        0 <= distance_m[row] - last <= _CAUGHT_UP_MPS * (at_s[row] - moved_at) + _CORRECTED_M
        for row in known[place + 1 : place + 1 + _AHEAD]
    )


def walked(at_s: Sequence[float], lat: Sequence[float], lon: Sequence[float]) -> Cut:
    """Metres along the places, rising; nan where there is no place.

    A place that cannot be reached from the one before is left out, unless the next ones agree with it: then
    the way there is.
    """
    walk = _Walk(at_s, lat, lon)
    for row in range(len(at_s)):
        walk.take(row)
    return walk.done()


class _Walk:
    """One pass over the places."""

    def __init__(self, at_s: Sequence[float], lat: Sequence[float], lon: Sequence[float]) -> None:
        self._at_s, self._lat, self._lon = at_s, lat, lon
        self._out = array("d", [nan]) * len(at_s)
        self._metres = 0.0
        self._last = self._before = -1  # the last place that is believed, and the one before it
        self._doubted: list[int] = []  # those since, which agree with each other
        self._lost_since = -1  # the last place that is believed, while places since cannot be reached from it
        self._leaps, self._cut, self._lost_s = 0, 0.0, 0.0
        self._left = -1  # from where the track last leapt
        self._fled = -1  # from where it last went quicker than runners do
        usual_mps = self._usual_mps()
        self._sideways_mps = max(_SIDEWAYS_MPS, _SIDEWAYS_SHARE * usual_mps)
        self._hurried_mps = max(_HURRIED_MPS, _HURRIED_SHARE * usual_mps)
        self._step_m = 0.0 if usual_mps == inf else usual_mps * usual_s(at_s)

    def take(self, row: int) -> None:
        """The next place."""
        if not is_place(self._lat[row], self._lon[row]):
            return
        if self._last < 0:
            self._last = row
            self._out[row] = 0.0
        elif self._reaches(self._last, row) and not self._fits_the_doubted(row):
            self._go_on(row)
        elif not self._doubted and self._at_s[row] - self._at_s[self._last] >= PAUSE_S:
            self._last, self._before = row, -1  # nobody saw how it came there
            self._metres += self._step_m
            self._out[row] = self._metres
        else:
            self._doubt(row)

    def done(self) -> Cut:
        """The metres."""
        if self._lost_since >= 0:
            self._leaps += 1
            self._lost_s += self._at_s[-1] - self._at_s[self._lost_since]
        return Cut(self._out, self._leaps, self._cut, self._lost_s)

    def _go_on(self, row: int) -> None:
        self._leaps += 1 if self._lost_since >= 0 else 0
        self._doubted.clear()
        self._lost_since = -1
        before, last = self._before, self._last
        if before >= 0 and self._was_sideways(before, last, row):
            self._leaps += 1
            self._metres = self._out[before]
            self._out[last] = nan
            last = before
        step = self._apart(last, row)
        if step >= _SIDEWAYS_M and step > self._sideways_mps * self._seconds(last, row):
            last = self._back_from(last, row)
            step = self._apart(last, row)
        if step > _CAUGHT_UP_MPS * self._seconds(last, row) + SLACK_M:
            self._forget(self._stood_since(), row)
        self._metres += step
        self._out[row] = self._metres
        self._before, self._last = last, row

    def _back_from(self, last: int, row: int) -> int:
        """The place before a few that were reached, and left again, too quickly; else the last one."""
        begin, self._fled = self._fled, last
        if begin < 0 or row - begin > _AHEAD + 1 or self._seconds(begin, row) > _AWAY_S:
            return last
        direct = self._apart(begin, row)
        quick = direct > self._sideways_mps * self._seconds(begin, row)
        if quick or self._metres - self._out[begin] + self._apart(last, row) - direct <= _SIDEWAYS_M:
            return last
        self._fled = -1
        self._leaps += 1
        self._metres = self._out[begin]
        self._forget(begin, row)
        return begin

    def _fits_the_doubted(self, row: int) -> bool:
        """Whether it goes on from the doubted ones, and none but who hurries from the last believed."""
        if not self._doubted or self._hurries(self._doubted[-1], row):
            return False
        if self._before < 0 and len(self._doubted) > 1:
            return True  # many against one
        return self._hurries(self._last, row)

    def _hurries(self, before: int, after: int) -> bool:
        return self._apart(before, after) > self._hurried_mps * self._seconds(before, after) + SLACK_M

    def _doubt(self, row: int) -> None:
        if self._lost_since < 0:
            self._lost_since = self._last
        if self._doubted and not self._reaches(self._doubted[-1], row):
            self._doubted.clear()
        self._doubted.append(row)
        if len(self._doubted) == _AHEAD:
            self._leap()

    def _leap(self) -> None:
        """The places since agree with each other: the track goes on there."""
        first = self._doubted[0]
        left = self._left
        since = self._stood_since()
        if self._apart(since, first) <= _CAUGHT_UP_MPS * self._seconds(since, first) + SLACK_M:
            self._catch_up(since, first)
            return
        self._leaps += 1
        if left >= 0 and self._at_s[first] - self._at_s[left] <= _AWAY_S and self._reaches(left, first):
            # It is back: what lies between was never run.
            self._forget(left, first)
            self._metres = self._out[left] + self._apart(left, first)
            self._left = -1
        else:
            self._cut += self._apart(self._last, first)
            self._lost_s += self._seconds(self._last, first)
            self._left = self._last
        self._go_on_from_doubted(first)

    def _catch_up(self, since: int, first: int) -> None:
        """The place stood still while the runner did not: the way is one with what follows."""
        self._metres = self._out[since] + self._apart(since, first)
        self._forget(since, first)
        self._go_on_from_doubted(first)

    def _go_on_from_doubted(self, first: int) -> None:
        self._out[first] = self._metres
        self._lost_since = -1
        self._before, self._last = -1, first
        rest, self._doubted = self._doubted[1:], []
        for row in rest:
            self._go_on(row)

    def _stood_since(self) -> int:
        """The first row at the last place that is believed, where it stands still."""
        row = since = self._last
        while row > 0 and self._seconds(row - 1, self._last) <= _AWAY_S:
            row -= 1
            if isnan(self._out[row]):
                continue
            if self._out[row] != self._metres:
                break
            since = row
        return since

    def _forget(self, begin: int, end: int) -> None:
        """Leave the metres between two rows open."""
        self._out[begin + 1 : end] = array("d", [nan]) * (end - begin - 1)

    def _was_sideways(self, before: int, middle: int, after: int) -> bool:
        """Whether the place in the middle lies off the way: quickly there, and quickly back."""
        there, back = self._apart(before, middle), self._apart(middle, after)
        if there + back < _SIDEWAYS_M:
            return False
        at_s, limit = self._at_s, self._sideways_mps
        quick = there > limit * (at_s[middle] - at_s[before]) and back > limit * (at_s[after] - at_s[middle])
        return quick and there + back - self._apart(before, after) > _SIDEWAYS_M

    def _usual_mps(self) -> float:
        """The median speed between two places that follow each other."""
        every = len(self._at_s) // 1000 + 1
        speeds = sorted(
            self._apart(row - 1, row) / (self._at_s[row] - self._at_s[row - 1])
            for row in range(1, len(self._at_s), every)
            if is_place(self._lat[row - 1], self._lon[row - 1]) and is_place(self._lat[row], self._lon[row])
        )
        return speeds[len(speeds) // 2] if speeds else inf

    def _reaches(self, before: int, after: int) -> bool:
        return self._apart(before, after) <= most_m(self._at_s[after] - self._at_s[before]) + SLACK_M

    def _seconds(self, before: int, after: int) -> float:
        return self._at_s[after] - self._at_s[before]

    def _apart(self, before: int, after: int) -> float:
        return apart_m(self._lat[before], self._lon[before], self._lat[after], self._lon[after])


def apart_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great circle between two places in degrees (haversine)."""
    up, across = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    half = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(half, 1.0)))


def is_place(lat: float, lon: float) -> bool:
    """Whether degrees are somewhere on earth; 0, 0 is what receivers say before they know."""
    return not isnan(lat) and abs(lat) <= 90 and abs(lon) <= 180 and not (abs(lat) < 1e-6 and abs(lon) < 1e-6)
