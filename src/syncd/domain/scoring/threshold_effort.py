"""How long a run was quick: in all, and whether it held threshold pace for 20 minutes as a race does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.card import Work
from syncd.domain.scoring.constants import SMOOTHING_S
from syncd.domain.scoring.signals import Signal, Stretch, signal_of
from syncd.domain.workout import PaceZone

LEAST_HELD_S = 20 * 60.0  # rule A18
# Our default: within it, the share of the time that must be quicker than easy by 15 s means.
# Repetitions with jogs between them stay below; a bridge or a cup of water does not.
LEAST_QUICK_SHARE = 0.9
_WORK = (PaceZone.MARATHON, PaceZone.HALF_MARATHON, PaceZone.THRESHOLD, PaceZone.FIVE_K)  # as in `Work`


def holds_threshold(activity: Activity, zones: ZoneSet | None, signal: Signal | None = None) -> bool:
    """Whether 20 min of timer time had a mean of T (its slow edge) or faster, quicker than easy throughout.

    On a hilly run metres are those on level ground; samples without a speed count as standing still.
    False without zones, without samples and on a treadmill, whose pace is not trusted. `signal`: that
    of the run, where it has been computed already.
    """
    if zones is None or not activity.is_run or activity.is_treadmill or not len(activity.samples):
        return False
    signal = signal or signal_of(activity.samples)
    least_mps = zones.bands[PaceZone.THRESHOLD].slow_mps
    metres, timer, last = _metres(signal), signal.timer_s, 0
    quick_s = quick_sums(signal, zones.bands[PaceZone.EASY].fast_mps)
    for first in range(len(timer)):
        while last < len(timer) and timer[last] - timer[first] < LEAST_HELD_S:
            last += 1
        if last == len(timer):
            return False
        mean_mps = (metres[last + 1] - metres[first + 1]) / (timer[last] - timer[first])
        quick = quick_s[last + 1] - quick_s[first + 1]
        if mean_mps >= least_mps and quick >= LEAST_QUICK_SHARE * LEAST_HELD_S:
            return True
    return False


def work_of(activity: Activity, zones: ZoneSet | None, signal: Signal | None = None) -> Work | None:
    """How long it was run at each pace or quicker, by 15 s means, on the level where it is hilly.

    None without zones, without samples and on a treadmill, whose pace is not trusted.
    """
    if zones is None or not activity.is_run or activity.is_treadmill or not len(activity.samples):
        return None
    signal = signal or signal_of(activity.samples)
    edges = [zones.bands[PaceZone.EASY].fast_mps, *(zones.bands[zone].slow_mps for zone in _WORK)]
    speeds, moving = _speeds(signal), signal.moving_s
    lasted = [(mps, moving[place + 1] - moving[place]) for place, mps in enumerate(speeds)]
    return Work(*(sum(seconds for mps, seconds in lasted if mps > edge) for edge in edges))


def seconds_above_easy(activity: Activity, zones: ZoneSet | None) -> float:
    """Seconds whose 15 s mean is quicker than the easy band: how much work a run has. 0 without zones."""
    if zones is None:
        return 0.0
    return quick_sums(signal_of(activity.samples), zones.bands[PaceZone.EASY].fast_mps)[-1]


def seconds_at_threshold(activity: Activity, zones: ZoneSet | None) -> float:
    """Seconds whose 15 s mean is T (its slow edge) or quicker. 0 without zones and on a treadmill."""
    work = work_of(activity, zones)
    return 0.0 if work is None else work.threshold_s


def quick_sums(signal: Signal, mps: float) -> list[float]:
    """Sums of the seconds whose 15 s centred mean is above a speed; one more than samples. On a hilly run
    metres are those on level ground.
    """
    moving = signal.moving_s
    quick = (
        moving[place + 1] - moving[place] if speed > mps else 0.0
        for place, speed in enumerate(_speeds(signal))
    )
    return list(accumulate(quick, initial=0.0))


def _speeds(signal: Signal) -> list[float]:
    """The 15 s centred mean speed at each sample, m/s; 0 where nothing moved."""
    metres, moving, timer = _metres(signal), signal.moving_s, signal.timer_s
    low = high = 0
    speeds = []
    for now in timer:
        while timer[low] < now - SMOOTHING_S / 2:
            low += 1
        while high < len(timer) and timer[high] <= now + SMOOTHING_S / 2:
            high += 1
        seconds = moving[high] - moving[low]
        speeds.append((metres[high] - metres[low]) / seconds if seconds > 0 else 0.0)
    return speeds


def _metres(signal: Signal) -> Sequence[float]:
    """Sums of the moving metres, as on level ground where the run is hilly."""
    whole = Stretch(0, len(signal.timer_s))
    return signal.level_m if signal.is_hilly(whole) else signal.moving_m
