"""How much of a step's credit a speed earns: all inside the band, less the further beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import INTENDED, SUSTAINED_ZONES, StepEffort, nearest_zone
from syncd.domain.scoring.planned_steps import PlannedStep
from syncd.domain.workout import PaceBand, PaceZone


@dataclass(frozen=True, slots=True)
class CreditCurve:
    """Speeds in m/s: none below `slow_zero`, full from `slow_full` to `fast_full`, none above `fast_zero`.

    `band` is what was asked, `tolerance` the share of it that a measurement may be off.
    """

    band: PaceBand
    tolerance: float
    slow_zero: float
    slow_full: float
    fast_full: float
    fast_zero: float

    def credit(self, speed_mps: float) -> float:
        """0 to 1."""
        if speed_mps > self.fast_full:
            return max(0.0, (self.fast_zero - speed_mps) / (self.fast_zero - self.fast_full))
        if speed_mps < self.slow_full:
            return max(0.0, (speed_mps - self.slow_zero) / (self.slow_full - self.slow_zero))
        return 1.0

    def credits(self, speeds_mps: Sequence[float]) -> list[float]:
        """`credit` of each; most are inside, and cost a comparison."""
        low, high, credit = self.slow_full, self.fast_full, self.credit
        return [1.0 if low <= speed <= high else credit(speed) for speed in speeds_mps]

    def holds(self, speed_mps: float) -> bool:
        """Whether a speed is inside the band, give or take the tolerance, on both sides."""
        return self.band.slow_mps / (1 + self.tolerance) <= speed_mps <= self.fast_full


def tolerance_of(seconds: float) -> float:
    """The share by which the mean speed of a step of that length may be measured wrong."""
    return next(share for below, share in c.TOLERANCES if seconds < below)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the day did to the measurement: poor positions, and the share of speed that heat takes."""

    gps_poor: bool = False
    slow_down: float = 0.0


USUAL = Conditions()


def curve_for(
    step: PlannedStep, band: PaceBand, zones: ZoneSet | None, conditions: Conditions = USUAL
) -> CreditCurve:
    """The curve of a step with a pace target; zones tell sustained work from repetitions.

    Heat lowers the slow edge of work: slower is then what was asked.
    """
    tolerance = tolerance_of(step.seconds) * (c.POOR_TOLERANCE if conditions.gps_poor else 1.0)
    zone = nearest_zone(band, zones) if zones else None
    band = _in_heat(step, band, zone, conditions.slow_down)
    fast_full = band.fast_mps * (1 + tolerance)
    fast_zero = fast_full * (1 + _fast_reach(step, zone))
    slow_full = slow_zero = 0.0
    if step.effort is StepEffort.WORK:
        slow_full = band.slow_mps / (1 + tolerance)
        slow_zero = slow_full * (1 - c.SLOW_WORK)
    limit = _limit(step, band, zone, zones)
    if limit is not None:
        fast_full, fast_zero = _held(band.fast_mps, fast_full, fast_zero, *limit)
    return CreditCurve(band, tolerance, slow_zero, slow_full, fast_full, fast_zero)


def _in_heat(step: PlannedStep, band: PaceBand, zone: PaceZone | None, slow_down: float) -> PaceBand:
    if not slow_down or step.effort is not StepEffort.WORK:
        return band
    share = slow_down if _is_sustained(step, zone) else slow_down * c.HEAT_SHARE_OF_REPS
    return PaceBand(band.slow_mps * (1 - share), band.fast_mps)


def _is_sustained(step: PlannedStep, zone: PaceZone | None) -> bool:
    return zone in SUSTAINED_ZONES if zone else step.seconds > c.LONGEST_REP_S


def _fast_reach(step: PlannedStep, zone: PaceZone | None) -> float:
    match step.effort:
        case StepEffort.EASY:
            return c.FAST_EASY
        case StepEffort.RECOVERY:
            return c.FAST_RECOVERY
        case StepEffort.WARMUP | StepEffort.COOLDOWN:
            return c.FAST_AROUND_WORK
        case StepEffort.WORK:
            return c.FAST_SUSTAINED if _is_sustained(step, zone) else c.FAST_REPS


def _limit(
    step: PlannedStep, band: PaceBand, zone: PaceZone | None, zones: ZoneSet | None
) -> tuple[float, float] | None:
    """A speed in m/s, and the most credit that it may earn; None where nothing limits."""
    if step.effort is StepEffort.WORK and not _is_sustained(step, zone):
        asked_mps = 2 / (1 / band.slow_mps + 1 / band.fast_mps)  # bands lie evenly around a pace
        return asked_mps * c.REPS_TOO_FAST, c.MOST_FOR_REPS_TOO_FAST
    following = c.MOST_AT_NEXT_ZONE.get(zone) if zone else None
    if zones is None or following is None or step.effort not in INTENDED:
        return None
    return 1000 / zones.paces[following[0]].fast_s_per_km, following[1]


def _held(edge: float, full: float, zero: float, speed: float, most: float) -> tuple[float, float]:
    """The quick side such that `speed` earns at most `most`; unchanged where that holds anyway."""
    if speed <= edge or zero - speed <= most * (zero - full):
        return full, zero
    full = min(full, edge + c.FULL_TOWARDS_NEXT * (speed - edge))
    return full, (speed - most * full) / (1 - most)
