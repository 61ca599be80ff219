"""From a fitness to paces and bands: the one place where a session becomes paces.

Textbook paces follow Daniels' fractions of VDOT with two limits that keep the order of the
model: VO2max pace (I) is a bit faster than 5K pace, threshold (T) a bit slower, at every level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from syncd.domain.athlete import PaceRange, ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.training.fitness import FitnessError, race_time_s, speed_at, vdot_of
from syncd.domain.workout import (
    RECOVERING,
    Duration,
    Item,
    PaceBand,
    PaceZone,
    Repeat,
    Step,
    Workout,
    ZoneTarget,
)

LOWEST_VDOT, HIGHEST_VDOT = 18.0, 85.0  # where the paces were checked against each other

_EASY_FRACTIONS = (0.70, 0.62)  # of VDOT, fast and slow end; as vdoto2.com computes them
_THRESHOLD_FRACTION = 0.88
_INTERVAL_FRACTION = 0.975
_INTERVAL_OF_5K = (0.95, 0.99)  # I is 1 to 5 % faster than 5K pace
_THRESHOLD_OF_5K = 1.03  # T is at least 3 % slower
_REPETITION_LEAD_S_PER_KM = 15.0  # Daniels: R is 6 s per 400 m quicker than I

# Half-widths of the bands. A repetition shorter than two minutes cannot be paced finer than
# 4 %: two watches on one runner differ by 4.9 % over 60 s, 2.4 % over 3 min (95th percentile).
_HALF_WIDTH = {
    PaceZone.MARATHON: 0.03,
    PaceZone.HALF_MARATHON: 0.03,
    PaceZone.THRESHOLD: 0.025,
    PaceZone.TEN_K: 0.025,  # our default: as threshold
    PaceZone.FIVE_K: 0.025,
    PaceZone.INTERVAL: 0.025,
    PaceZone.REPETITION: 0.04,
}
_SHORT_REP_S = 120.0
_SHORT_HALF_WIDTH = 0.04
_LEAST_HALF_WIDTH_S_PER_KM = 4.0  # our default: narrower alarms than 8 s/km in all are noise
_EASY_FAST_EDGE, _EASY_SLOW_EDGE = 0.97, 1.10  # of the fast and the slow end; our default


def zones_from_result(distance_m: float, time_s: float, *, as_of: date | None, source: Reason) -> ZoneSet:
    """The zone set of a race or test. Raises FitnessError when no paces can be read from it."""
    vdot = min(vdot_of(distance_m, time_s), HIGHEST_VDOT)  # the 5K record itself is worth 85.3
    return zones_from_vdot(vdot, as_of=as_of, source=source)


def zones_from_vdot(vdot: float, *, as_of: date | None, source: Reason) -> ZoneSet:
    """The zone set of a VDOT of 18 to 85, in s/km. Raises FitnessError outside that range."""
    if vdot < LOWEST_VDOT:
        raise FitnessError(
            f"VDOT {vdot:.1f} is below {LOWEST_VDOT:g} (a 5K of about "
            f"{race_time_s(LOWEST_VDOT, 5000) / 60:.0f} min): run by effort, with walking breaks, "
            "and test again later"
        )
    if vdot > HIGHEST_VDOT:
        raise FitnessError(f"VDOT {vdot:.1f} is above {HIGHEST_VDOT:g}, the best ever run; check the result")
    paces = _textbook(vdot)
    return ZoneSet(
        vdot=vdot,
        five_k_s=race_time_s(vdot, 5000),
        as_of=as_of,
        source=source,
        paces=paces,
        bands={zone: _band(zone, pace) for zone, pace in paces.items()},
    )


def band_for(zones: ZoneSet, zone: PaceZone, duration: Duration) -> PaceBand:
    """The band of a step: the zone's own, 4 % either way for a quality step under two minutes."""
    if zone is PaceZone.EASY:
        return zones.bands[zone]
    pace = zones.paces[zone]
    seconds = duration.seconds
    if duration.metres is not None:
        seconds = duration.metres * pace.fast_s_per_km / 1000
    if seconds is None or seconds >= _SHORT_REP_S:
        return zones.bands[zone]
    return _around(pace.fast_s_per_km, max(_SHORT_HALF_WIDTH, _HALF_WIDTH[zone]))


def resolve_workout(workout: Workout, zones: ZoneSet) -> Workout:
    """The workout with every zone replaced by the athlete's band; easy recoveries become free."""
    return replace(workout, steps=tuple(_resolved(item, zones) for item in workout.steps))


def _resolved(item: Item, zones: ZoneSet) -> Item:
    if isinstance(item, Repeat):
        return replace(item, steps=tuple(_resolved(child, zones) for child in item.steps))
    return _resolved_step(item, zones)


def _resolved_step(step: Step, zones: ZoneSet) -> Step:
    if not isinstance(step.target, ZoneTarget):
        return step
    zone = step.target.zone
    if step.role in RECOVERING and zone is PaceZone.EASY:
        return replace(step, target=None)
    return replace(step, target=band_for(zones, zone, step.duration))


def _textbook(vdot: float) -> Mapping[PaceZone, PaceRange]:
    def race(distance_m: float) -> float:
        return race_time_s(vdot, distance_m) * 1000 / distance_m

    def at(fraction: float) -> float:
        return 1000 / speed_at(vdot, fraction)

    five_k = race(5000)
    quickest, slowest = (share * five_k for share in _INTERVAL_OF_5K)
    interval = min(max(at(_INTERVAL_FRACTION), quickest), slowest)
    points = {
        PaceZone.MARATHON: race(42_195),
        PaceZone.HALF_MARATHON: race(21_097.5),
        PaceZone.THRESHOLD: max(at(_THRESHOLD_FRACTION), _THRESHOLD_OF_5K * five_k),
        PaceZone.TEN_K: race(10_000),
        PaceZone.FIVE_K: five_k,
        PaceZone.INTERVAL: interval,
        PaceZone.REPETITION: interval - _REPETITION_LEAD_S_PER_KM,
    }
    easy = PaceRange(at(_EASY_FRACTIONS[0]), at(_EASY_FRACTIONS[1]))
    return {PaceZone.EASY: easy} | {zone: PaceRange(pace, pace) for zone, pace in points.items()}


def _band(zone: PaceZone, pace: PaceRange) -> PaceBand:
    if zone is PaceZone.EASY:
        return PaceBand.of_paces(pace.fast_s_per_km * _EASY_FAST_EDGE, pace.slow_s_per_km * _EASY_SLOW_EDGE)
    return _around(pace.fast_s_per_km, _HALF_WIDTH[zone])


def _around(pace_s_per_km: float, half_width: float) -> PaceBand:
    half = max(pace_s_per_km * half_width, _LEAST_HALF_WIDTH_S_PER_KM)
    return PaceBand.of_paces(pace_s_per_km - half, pace_s_per_km + half)
