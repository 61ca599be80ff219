"""How much of a step's credit a speed earns: all inside the band, less the further beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import SUSTAINED_ZONES, Effort, nearest_zone
from syncd.domain.scoring.planned import PlannedStep
from syncd.domain.workout import PaceBand, PaceZone

# An easy run at M, M at T and T at I are other sessions: what the quick edge is held against.
_NEXT_ZONE = {
    PaceZone.EASY: PaceZone.MARATHON,
    PaceZone.MARATHON: PaceZone.THRESHOLD,
    PaceZone.THRESHOLD: PaceZone.INTERVAL,
}


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
        return self.slow_edge <= speed_mps <= self.fast_edge

    @property
    def fast_edge(self) -> float:
        """The quick edge with the tolerance, in m/s."""
        return self.band.fast_mps * (1 + self.tolerance)

    @property
    def slow_edge(self) -> float:
        """The slow edge with the tolerance, in m/s."""
        return self.band.slow_mps / (1 + self.tolerance)


def tolerance_of(seconds: float) -> float:
    """The share by which the mean speed of a step of that length may be measured wrong."""
    return next(share for below, share in c.TOLERANCES if seconds < below)


def curve_for(step: PlannedStep, band: PaceBand, zones: ZoneSet | None) -> CreditCurve:
    """The curve of a step with a pace target; zones tell sustained work from repetitions."""
    tolerance = tolerance_of(step.seconds)
    fast_full = band.fast_mps * (1 + tolerance)
    fast_zero = band.fast_mps * (1 + max(_fast_reach(step, band, zones), tolerance + c.LEAST_RAMP))
    slow_full = slow_zero = 0.0
    if step.effort is Effort.WORK:
        slow_full = band.slow_mps / (1 + tolerance)
        slow_zero = band.slow_mps * (1 - max(c.SLOW_WORK, tolerance + c.LEAST_RAMP))
    if zones is not None and step.effort in {Effort.WORK, Effort.EASY}:
        fast_full, fast_zero = _held(band, fast_full, fast_zero, zones)
    return CreditCurve(band, tolerance, slow_zero, slow_full, fast_full, fast_zero)


def _fast_reach(step: PlannedStep, band: PaceBand, zones: ZoneSet | None) -> float:
    match step.effort:
        case Effort.EASY:
            return c.FAST_EASY
        case Effort.RECOVERY:
            return c.FAST_RECOVERY
        case Effort.WARMUP | Effort.COOLDOWN:
            return c.FAST_AROUND_WORK
        case Effort.WORK:
            sustained = (
                step.seconds > c.LONGEST_REP_S
                if zones is None
                else nearest_zone(band, zones) in SUSTAINED_ZONES
            )
            return c.FAST_SUSTAINED if sustained else c.FAST_REPS


def _held(band: PaceBand, full: float, zero: float, zones: ZoneSet) -> tuple[float, float]:
    """The quick side such that the next zone's pace earns at most half.

    Bites where zones lie close together: M and T of the quickest runners are 4 % apart, and the
    band of M alone is 3 % wide.
    """
    following = _NEXT_ZONE.get(nearest_zone(band, zones))
    if following is None:
        return full, zero
    speed = 1000 / zones.paces[following].fast_s_per_km
    if speed <= band.fast_mps or speed >= full + (zero - full) * c.MOST_CREDIT_AT_NEXT_ZONE:
        return full, zero
    full = min(full, (band.fast_mps + speed) / 2)
    return full, 2 * speed - full
