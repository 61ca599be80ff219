"""What a run cost, whatever its score: time above LT1, heart drift, climb, work, a race in it.

Input of the adaptation rules A12, A14 and A18. None where nothing was measured.
"""

from __future__ import annotations

from math import isnan

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.card import Strain
from syncd.domain.scoring.intensity_part import HeartZones
from syncd.domain.scoring.race_effort import race_effort
from syncd.domain.scoring.signals import Signal, Stretch, signal_of
from syncd.domain.scoring.threshold_effort import LEAST_HELD_S, holds_threshold, work_of

SETTLED_S = 600.0  # the heart rate needs the first ten minutes to settle
LEAST_KNOWN_SHARE = 0.8  # our default: of the time that must have a heart rate
LEAST_DRIFT_S = 2400.0  # our default: two halves of 20 minutes after the first ten


def strain_of(activity: Activity, zones: ZoneSet | None, heart: HeartZones | None) -> Strain:
    """The strain of a run, from its samples."""
    if not len(activity.samples):
        return Strain()
    signal = signal_of(activity.samples)
    held_s = LEAST_HELD_S if holds_threshold(activity, zones, signal) else 0.0
    return Strain(
        above_lt1=_above(signal, heart),
        decoupling=_decoupling(activity, signal),
        climb_m_per_km=_climb(signal),
        held_s=held_s,
        work=work_of(activity, zones, signal),
        race=race_effort(activity, zones, signal),
    )


def _above(signal: Signal, heart: HeartZones | None) -> float | None:
    if heart is None:
        return None
    known = above = total = 0.0
    for now, seconds, bpm in zip(signal.timer_s, signal.intervals_s, signal.heart_rate_bpm, strict=True):
        if now < SETTLED_S:
            continue
        total += seconds
        if not isnan(bpm):
            known += seconds
            above += seconds if bpm > heart.lt1 else 0.0
    return above / known if known and known >= LEAST_KNOWN_SHARE * total else None


def _decoupling(activity: Activity, signal: Signal) -> float | None:
    """Metres a beat, first half against second: `(EF1 - EF2) / EF1`, a convention, not physiology."""
    timer = signal.timer_s
    first = next((place for place, now in enumerate(timer) if now >= SETTLED_S), len(timer))
    if activity.is_treadmill or first >= len(timer) or timer[-1] - timer[first] < LEAST_DRIFT_S:
        return None
    middle_s = (timer[first] + timer[-1]) / 2
    middle = next(place for place, now in enumerate(timer) if now >= middle_s)
    halves = [_metres_a_beat(signal, part) for part in (Stretch(first, middle), Stretch(middle, len(timer)))]
    if halves[0] is None or halves[1] is None:
        return None
    return (halves[0] - halves[1]) / halves[0]


def _metres_a_beat(signal: Signal, part: Stretch) -> float | None:
    seconds, metres = signal.moved(part)
    bpm = signal.mean_heart_rate(part)
    if not seconds or not metres or not bpm:
        return None
    return metres * signal.level_share(part) / seconds / bpm


def _climb(signal: Signal) -> float | None:
    whole = len(signal.timer_s)
    metres = signal.moving_m[whole]
    return signal.climb_m[whole] / metres * 1000 if metres > 0 else None
