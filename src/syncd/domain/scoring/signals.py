"""What the samples say between two moments: moving and standing time, metres, heart rate.

Sums are prefix sums over the whole run, made once, so that a step costs two look-ups.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import nan

from syncd.domain.activity import Samples
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.cadence_lock import unlocked
from syncd.domain.scoring.grade import slopes

_HALF_WINDOW_S = c.SMOOTHING_S / 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples `first` to `last` (excluded) of a signal."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Columns of a run, one entry a sample, and sums of the intervals that end before each.

    An interval is the timer time since the sample before. It is moving, still (below 0.5 m/s)
    or silent (no speed, a spike, or a gap of more than 30 s). `spikes` are the samples dropped.
    `level_m` are the moving metres as they would be on the level, `climb_m` and `descent_m` up and down.
    """

    elapsed_s: Sequence[float]
    timer_s: Sequence[float]
    heart_rate_bpm: Sequence[float]
    intervals_s: Sequence[float]
    moving_s: Sequence[float]
    moving_m: Sequence[float]
    still_s: Sequence[float]
    beats: Sequence[float]
    beats_s: Sequence[float]
    spikes: Sequence[int]
    level_m: Sequence[float]
    climb_m: Sequence[float]
    descent_m: Sequence[float]

    def stretch(self, start_s: float, end_s: float) -> Stretch:
        """The samples between two moments of the elapsed clock."""
        return Stretch(bisect_right(self.elapsed_s, start_s), bisect_right(self.elapsed_s, end_s))

    def moved(self, part: Stretch) -> tuple[float, float]:
        """Seconds and metres of the moving intervals."""
        return _between(self.moving_s, part), _between(self.moving_m, part)

    def is_hilly(self, part: Stretch) -> bool:
        """Whether it goes up or down by more than 10 m a km: then pace is that on the level."""
        metres = _between(self.moving_m, part)
        steepest = max(_between(self.climb_m, part), _between(self.descent_m, part))
        return metres > 0 and steepest > c.HILLY_M_PER_M * metres

    def level_share(self, part: Stretch) -> float:
        """Speed on the level over speed, at equal effort; 1 where it is not hilly."""
        if not self.is_hilly(part):
            return 1.0
        return _between(self.level_m, part) / _between(self.moving_m, part)

    def stood_s(self, part: Stretch) -> float:
        """Seconds of standing with the timer running."""
        return _between(self.still_s, part)

    def spoke_s(self, part: Stretch) -> float:
        """Seconds of timer time that have a speed."""
        return _between(self.moving_s, part) + _between(self.still_s, part)

    def has_spike(self, part: Stretch) -> bool:
        """Whether a speed was dropped: then the device's own distance is wrong too."""
        return bisect_left(self.spikes, part.first) < bisect_left(self.spikes, part.last)

    def mean_heart_rate(self, part: Stretch) -> float | None:
        """In bpm; None without any."""
        seconds = _between(self.beats_s, part)
        return _between(self.beats, part) / seconds if seconds else None

    def steady_speeds(self, part: Stretch) -> tuple[list[float], list[float]]:
        """15 s centred means in m/s after the first 15 s of the stretch, and the seconds each is for.

        On the level, where it is hilly.

        The window ends where the stretch ends: the jog after a repetition is not part of it.
        """
        timer, moving_s = self.timer_s, self.moving_s
        moving_m = self.level_m if self.is_hilly(part) else self.moving_m
        first, last = part.first, part.last
        if first >= last:
            return [], []
        begin = timer[first] - self.intervals_s[first] + c.SETTLING_S
        low = high = first
        speeds, seconds = [], []
        for place in range(bisect_left(timer, begin, first, last), last):
            here = moving_s[place + 1] - moving_s[place]
            if not here:
                continue
            now = timer[place]
            while timer[low] < now - _HALF_WINDOW_S:
                low += 1
            while high < last and timer[high] <= now + _HALF_WINDOW_S:
                high += 1
            speeds.append((moving_m[high] - moving_m[low]) / (moving_s[high] - moving_s[low]))
            seconds.append(here)
        return speeds, seconds


def signal_of(samples: Samples) -> Signal:
    """The signal of a run, possibly empty."""
    timer = samples.timer_s.tolist()
    intervals = [0.0, *(b - a if 0 < b - a <= c.GAP_S else 0.0 for a, b in pairwise(timer))] if timer else []
    speeds = _measured_speeds(samples)
    spikes = _spikes(speeds, intervals)
    for place in (*spikes, *_contradicted(speeds, intervals, samples.distance_m)):
        speeds[place] = nan
    heart_rates = unlocked(samples.heart_rate_bpm.tolist(), samples.cadence_spm.tolist(), timer)
    still = c.STILL_MPS
    ways = [v * dt if v >= still else 0.0 for v, dt in zip(speeds, intervals, strict=True)]
    moving_m = _sums(ways)
    level_m, climb_m, descent_m = _on_the_level(ways, moving_m, samples)
    return Signal(
        elapsed_s=samples.elapsed_s.tolist(),
        timer_s=timer,
        heart_rate_bpm=heart_rates,
        intervals_s=intervals,
        moving_s=_sums([dt if v >= still else 0.0 for v, dt in zip(speeds, intervals, strict=True)]),
        moving_m=moving_m,
        still_s=_sums([dt if v < still else 0.0 for v, dt in zip(speeds, intervals, strict=True)]),
        beats=_sums([hr * dt if hr > 0 else 0.0 for hr, dt in zip(heart_rates, intervals, strict=True)]),
        beats_s=_sums([dt if hr > 0 else 0.0 for hr, dt in zip(heart_rates, intervals, strict=True)]),
        spikes=spikes,
        level_m=level_m,
        climb_m=climb_m,
        descent_m=descent_m,
    )


def _on_the_level(
    ways: Sequence[float], moving_m: Sequence[float], samples: Samples
) -> tuple[Sequence[float], Sequence[float], Sequence[float]]:
    """Sums of metres on the level, of metres up, and of metres down."""
    found = slopes(moving_m[1:], samples.altitude_m.tolist())
    if found is None:
        flat = [0.0] * len(moving_m)
        return moving_m, flat, flat
    factors, climbed, descended = found
    return (
        _sums([way * factor for way, factor in zip(ways, factors, strict=True)]),
        [0.0, *climbed],
        [0.0, *descended],
    )


def _measured_speeds(samples: Samples) -> list[float]:
    """The device's speed; from its distance where it records no speed at all."""
    if not len(samples) or samples.coverage(samples.speed_mps) > 0:
        return samples.speed_mps.tolist()
    ways = [b - a for a, b in pairwise(samples.distance_m)]
    times = [b - a for a, b in pairwise(samples.timer_s)]
    return [nan, *(way / time if time > 0 else nan for way, time in zip(ways, times, strict=True))]


def _spikes(speeds: Sequence[float], intervals: Sequence[float]) -> list[int]:
    """Places of speeds that cannot be, in order: quicker than a runner, for a moment only."""
    found: list[int] = []
    burst: list[int] = []
    for place in [place for place, speed in enumerate(speeds) if speed > c.SPIKE_MPS]:
        if burst and place != burst[-1] + 1:
            found += _spikes_in(burst, speeds, intervals)
            burst = []
        burst.append(place)
    return found + _spikes_in(burst, speeds, intervals)


def _contradicted(
    speeds: Sequence[float], intervals: Sequence[float], distances_m: Sequence[float]
) -> list[int]:
    """Places where the speed says standing and the distance says walking: nobody knows."""
    return [
        place
        for place in range(1, len(speeds))
        if speeds[place] < c.STILL_MPS
        and distances_m[place] - distances_m[place - 1] > c.WALKING_MPS * intervals[place] > 0
    ]


def _spikes_in(burst: list[int], speeds: Sequence[float], intervals: Sequence[float]) -> list[int]:
    if sum(intervals[place] for place in burst) < c.SUSTAINED_S:
        return burst
    return [place for place in burst if speeds[place] > c.IMPOSSIBLE_MPS]


def _sums(values: Sequence[float]) -> list[float]:
    return list(accumulate(values, initial=0.0))


def _between(sums: Sequence[float], part: Stretch) -> float:
    return sums[part.last] - sums[part.first]
