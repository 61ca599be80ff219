"""Whether a recording can be the run that it says it is: what nobody can decide is doubtful, and asked."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from enum import StrEnum
from math import isnan

from syncd.domain.activity import Activity, Samples
from syncd.domain.reason import Reason
from syncd.domain.world_records import least_s

# Our defaults. A walk is slower, and few who train by a plan hold 18 km/h for ten minutes or 25 for one.
SLOWEST_MPS, FASTEST_MPS = 6 / 3.6, 18 / 3.6
_TOO_FAST = ((600.0, FASTEST_MPS), (60.0, 25 / 3.6))
LEAST_CADENCE_SPM, LEAST_HEART_BPM = 60.0, 80.0
LEAST_COVERAGE = 0.5  # of the samples, before a sensor is believed
_TESTED_M = (1000.0, 5000.0, 10_000.0, 21_097.5, 42_195.0)
_BLOCK_S = 60.0
_SLOWER_THAN_ANY_RECORD_MPS = 4.5  # the record over 42 km was run at 5.8 m/s


class Doubt(StrEnum):
    """Why it counts nowhere until the athlete says what it was. Facts in brackets."""

    NO_SPORT = "no_sport"  # speed_mps: no sport given, and it does not look like a run
    NAMED_OTHERWISE = "named_otherwise"  # sport: named as something else, or by a word that is not known
    SUPERHUMAN = "superhuman"  # distance_m, time_s: quicker than anybody has run
    TORN = "torn"  # cut_m: nobody knows the way for more than a tenth of its time


def looks_like_a_run(activity: Activity) -> bool:
    """Whether speed, cadence and heart rate are a runner's; what was not measured says nothing against it."""
    if not activity.distance_m or activity.timer_s <= 0:
        return False
    if not SLOWEST_MPS <= activity.distance_m / activity.timer_s < FASTEST_MPS:
        return False
    samples = activity.samples
    cadence = _mean(samples, samples.cadence_spm)
    heart = _mean(samples, samples.heart_rate_bpm)
    if cadence is not None and cadence < LEAST_CADENCE_SPM:
        return False
    if heart is not None and heart < LEAST_HEART_BPM:
        return False
    return not any(_held_for(samples, seconds, mps) for seconds, mps in _TOO_FAST)


def superhuman(distance_m: float, time_s: float) -> bool:
    """Whether nobody has ever run that."""
    return 0 < time_s < least_s(distance_m)


def superhuman_part(samples: Samples) -> Reason | None:
    """The first distance of races inside a run that is quicker than anybody has run it."""
    if not _has_a_quick_minute(samples):
        return None
    known = _known(samples)
    for distance_m in _TESTED_M:
        time_s = _fastest_s(samples, known, distance_m)
        if time_s is not None and superhuman(distance_m, time_s):
            return Reason(Doubt.SUPERHUMAN, {"distance_m": distance_m, "time_s": time_s})
    return None


def _has_a_quick_minute(samples: Samples) -> bool:
    """A cheap look: whether a minute was as quick as the slowest record."""
    timer, metres = samples.timer_s, samples.distance_m
    if not len(samples):
        return False
    every = max(1, int(len(samples) * _BLOCK_S / max(timer[-1] - timer[0], _BLOCK_S)))
    last_s, last_m = timer[0], metres[0]
    for row in (*range(every, len(samples), every), len(samples) - 1):
        step_m, step_s = metres[row] - last_m, timer[row] - last_s
        if isnan(step_m) or step_m > _SLOWER_THAN_ANY_RECORD_MPS * max(step_s, 0.0):
            return True
        last_s, last_m = timer[row], metres[row]
    return False


def _known(samples: Samples) -> array[int]:
    return array("i", (row for row, metres in enumerate(samples.distance_m) if not isnan(metres)))


def _fastest_s(samples: Samples, known: Sequence[int], distance_m: float) -> float | None:
    """Seconds on the timer of the fastest stretch of that many metres; None where there is none."""
    best: float | None = None
    first = 0
    metres, timer = samples.distance_m, samples.timer_s
    for last in known:
        while first < len(known) and metres[last] - metres[known[first]] >= distance_m:
            seconds = timer[last] - timer[known[first]]
            best = seconds if best is None else min(best, seconds)
            first += 1
    return best


def _held_for(samples: Samples, least_seconds: float, mps: float) -> bool:
    """Whether some stretch of that time was quicker."""
    metres, timer = samples.distance_m, samples.timer_s
    known = _known(samples)
    first = 0
    for last in known:
        while first + 1 < len(known) and timer[last] - timer[known[first + 1]] >= least_seconds:
            first += 1
        seconds = timer[last] - timer[known[first]]
        if seconds >= least_seconds and metres[last] - metres[known[first]] > mps * seconds:
            return True
    return False


def _mean(samples: Samples, column: Sequence[float]) -> float | None:
    if samples.coverage(column) < LEAST_COVERAGE:
        return None
    total = count = 0.0
    for value in column:
        if not isnan(value):
            total += value
            count += 1
    return total / count
