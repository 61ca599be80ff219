"""Whether a recording can be the run that it says it is: what cannot be decided is doubtful, and asked about."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import isnan

from syncd.domain.activity import Activity, Samples
from syncd.domain.reason import Reason
from syncd.domain.training.fitness import FASTEST_5K_S, FitnessError, vdot_of

# Our defaults. A walk is slower, and few who train by a plan hold 18 km/h for ten minutes.
SLOWEST_MPS, FASTEST_MPS, FAST_FOR_S = 6 / 3.6, 18 / 3.6, 600.0
LEAST_CADENCE_SPM, LEAST_HEART_BPM = 60.0, 80.0
LEAST_COVERAGE = 0.5  # of the samples, before a sensor is believed
_TESTED_M = (1500.0, 5000.0, 10_000.0, 21_097.5)


class Doubt(StrEnum):
    """Why it counts nowhere until the athlete says what it was. Facts in brackets."""

    NO_SPORT = "no_sport"  # speed_mps: no sport given, and it does not look like a run
    NAMED_OTHERWISE = "named_otherwise"  # sport: no sport given, and its name says another
    SUPERHUMAN = "superhuman"  # distance_m, time_s: quicker than anybody has run
    TORN = "torn"  # cut_m: more than a tenth of its distance was cut out of it


def looks_like_a_run(activity: Activity) -> bool:
    """Whether speed, cadence and heart rate are a runner's; what was not measured does not speak against it."""
    if not activity.distance_m or activity.timer_s <= 0:
        return False
    speed = activity.distance_m / activity.timer_s
    if not SLOWEST_MPS <= speed < FASTEST_MPS:
        return False
    samples = activity.samples
    cadence = _mean(samples, samples.cadence_spm)
    heart = _mean(samples, samples.heart_rate_bpm)
    if (cadence is not None and cadence < LEAST_CADENCE_SPM) or (
        heart is not None and heart < LEAST_HEART_BPM
    ):
        return False
    return not _fast_for_long(samples)


def superhuman(distance_m: float, time_s: float) -> bool:
    """Whether nobody has ever run that, by the worth of the world record over 5 km."""
    if distance_m <= 0 or time_s <= 0:
        return False
    try:
        vdot_of(distance_m, time_s)
    except FitnessError:
        return distance_m / time_s > 5000.0 / FASTEST_5K_S
    return False


def superhuman_part(samples: Samples) -> Reason | None:
    """The first distance of races inside a run that is quicker than anybody has run it."""
    for distance_m in _TESTED_M:
        time_s = _fastest_s(samples, distance_m)
        if time_s is not None and superhuman(distance_m, time_s):
            return Reason(Doubt.SUPERHUMAN, {"distance_m": distance_m, "time_s": time_s})
    return None


def _fastest_s(samples: Samples, distance_m: float) -> float | None:
    """Seconds on the timer of the fastest stretch of that many metres; None where there is none."""
    best: float | None = None
    first = 0
    metres, timer = samples.distance_m, samples.timer_s
    known = [place for place, value in enumerate(metres) if not isnan(value)]
    for last in known:
        while first < len(known) and metres[last] - metres[known[first]] >= distance_m:
            seconds = timer[last] - timer[known[first]]
            best = seconds if best is None else min(best, seconds)
            first += 1
    return best


def _fast_for_long(samples: Samples) -> bool:
    """Whether a stretch of ten minutes was quicker than 18 km/h."""
    metres, timer = samples.distance_m, samples.timer_s
    known = [place for place, value in enumerate(metres) if not isnan(value)]
    first = 0
    for last in known:
        while timer[last] - timer[known[first]] > FAST_FOR_S:
            first += 1
        seconds = timer[last] - timer[known[first]]
        if seconds >= FAST_FOR_S / 2 and metres[last] - metres[known[first]] > FASTEST_MPS * seconds:
            if seconds >= FAST_FOR_S - 60:
                return True
    return False


def _mean(samples: Samples, column: Sequence[float]) -> float | None:
    if samples.coverage(column) < LEAST_COVERAGE:
        return None
    known = [value for value in column if not isnan(value)]
    return sum(known) / len(known)
