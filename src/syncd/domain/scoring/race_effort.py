"""Whether a part of a run was as good as a race: measured by a distance of races, whatever it took."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.best_effort import fastest_stretch
from syncd.domain.scoring.card import RaceEffort
from syncd.domain.scoring.signals import Signal, Stretch, signal_of
from syncd.domain.scoring.threshold_effort import LEAST_QUICK_SHARE, quick_sums
from syncd.domain.training.fitness import FitnessError, race_time_s, vdot_of

# 3, 5, 8, 10, 15 km, 10 miles and a half: over which people race, and from which paces may come.
RACED_M = (3000.0, 5000.0, 8000.0, 10_000.0, 15_000.0, 16_093.4, 21_097.5)
SHORT_BY, LONG_BY = 0.98, 1.03  # 4.9 to 5.15 km by GPS are a 5 km
ALL_OUT = 1.03  # of the predicted time: TRAINING 9.7
SLOWEST_PART = 0.85  # our default, of the mean speed: below it are jogs between repetitions
NEAR_A_RACE = 1.08  # our default: beyond it, no effort makes a race of it


def race_effort(activity: Activity, zones: ZoneSet | None, signal: Signal | None = None) -> RaceEffort | None:
    """The distance of races over which the run was best; None where it was no race by far.

    Without paces there is nothing to compare with: then the whole run has to be as long as a race.
    `signal`: that of the run, where it has been computed already.
    """
    if not activity.is_run or activity.is_treadmill:
        return None
    best = best_race(activity, signal)
    if best is None:
        return None
    if zones is None:
        return best if raced_distance(activity.distance_m or 0.0) == best.distance_m else None
    predicted_s = race_time_s(zones.vdot, best.distance_m)
    return replace(best, predicted_s=predicted_s) if best.time_s <= NEAR_A_RACE * predicted_s else None


def best_race(activity: Activity, signal: Signal | None = None) -> RaceEffort | None:
    """The distance of races over which the run is worth most, run without a break; None where there is none.

    At an even pace the longer distance is worth more, so a warm-up in the file takes nothing away.
    """
    if not len(activity.samples):
        return None
    signal = signal or signal_of(activity.samples)
    found = []
    for distance_m in RACED_M:
        stretch = _stretch(activity, distance_m)
        if stretch is not None and _is_even(signal, signal.stretch(stretch.start_s, stretch.end_s)):
            effort = RaceEffort(distance_m, stretch.time_s)
            found.append((_worth(effort), effort))
    return max(found, key=lambda pair: (pair[0], pair[1].distance_m))[1] if found else None


def raced_distance(metres: float) -> float | None:
    """The distance of races that a whole run was, as far as GPS can tell."""
    return next((asked for asked in RACED_M if SHORT_BY * asked <= metres <= LONG_BY * asked), None)


def is_even(activity: Activity) -> bool:
    """Whether it was run like a race from its first to its last metre: no warm-up, no jogs in it."""
    signal = signal_of(activity.samples)
    return _is_even(signal, Stretch(0, len(signal.timer_s)))


def is_all_out(effort: RaceEffort | None) -> bool:
    """Whether it was run in the predicted time, or within 3 % of it."""
    if effort is None or effort.predicted_s is None:
        return False
    return effort.time_s <= ALL_OUT * effort.predicted_s


@dataclass(frozen=True, slots=True)
class _TimedStretch:
    """A part of the elapsed clock, and the time that it is worth over the distance asked."""

    start_s: float
    end_s: float
    time_s: float


def _stretch(activity: Activity, distance_m: float) -> _TimedStretch | None:
    """The fastest part; a whole run that GPS measured a little short is taken as it would go on."""
    samples = activity.samples
    metres = [known for known in samples.distance_m if not isnan(known)]
    run_m = metres[-1] - metres[0] if metres else 0.0
    if run_m < SHORT_BY * distance_m:
        return None
    if run_m < distance_m:
        first, last = samples.elapsed_s[0], samples.elapsed_s[-1]
        return _TimedStretch(first, last, (last - first) * distance_m / run_m)
    found = fastest_stretch(samples, distance_m)
    return None if found is None else _TimedStretch(*found, found[1] - found[0])


def _is_even(signal: Signal, part: Stretch) -> bool:
    """Whether hardly anything of it was slower than the rest by far: repetitions with jogs are no race."""
    metres, timer_s = signal.level_m if signal.is_hilly(part) else signal.moving_m, signal.timer_s
    seconds = timer_s[part.last - 1] - timer_s[part.first] if part.last > part.first else 0.0
    if seconds <= 0:
        return False
    mean_mps = (metres[part.last] - metres[part.first]) / seconds
    quick_s = quick_sums(signal, SLOWEST_PART * mean_mps)
    return quick_s[part.last] - quick_s[part.first] >= LEAST_QUICK_SHARE * seconds


def _worth(effort: RaceEffort) -> float:
    try:
        return vdot_of(effort.distance_m, effort.time_s)
    except FitnessError:
        return 0.0
