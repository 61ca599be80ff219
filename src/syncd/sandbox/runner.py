"""A simulated runner: how fast each target is run, and how heart and legs respond.

Effort is the share of VDOT that a speed costs: about .66 on an easy run, .88 at threshold.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.training.fitness import race_time_s, speed_at
from syncd.domain.training.reasons import Cause
from syncd.domain.training.zones import band_for, zones_from_vdot
from syncd.domain.workout import (
    Duration,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    PaceBand,
    PaceZone,
    Role,
    Step,
    ZoneTarget,
)

JOG_SHARE = 0.575  # of the speed at VO2max: recoveries are jogged at 55 to 60 % of it
WALK_MPS = 1.3  # our default: 4.7 km/h, between repetitions and on a hike
_LEAST_SPEED_MPS = 0.7

# RPE (1 to 10) beside effort; our default, placed so that easy running is 2-4, threshold 5-7
# and intervals 7-9: the ranges that sessions expect.
_RPE_EFFORTS = (0.45, 0.58, 0.66, 0.73, 0.80, 0.86, 0.90, 0.95, 1.00, 1.08)
_HR_ZONE_MIDDLES = (0.55, 0.65, 0.75, 0.85, 0.95)  # of the maximum: the default zones of a watch
_LEAST_EFFORT, _MOST_EFFORT = 0.2, 1.15
_SHORT_REP_S = 120.0  # shorter repetitions end before breathing catches up ...
_SHORT_REP_RELIEF = 0.10  # ... and feel this much easier; our default


@dataclass(frozen=True, slots=True)
class Runner:
    """True fitness and habits.

    `vdot` 18 to 85; `easy_preference` is the place in an easy band, 0 its slow edge, 1 its fast
    edge; `unsteadiness` is the spread of the second-to-second speed, as a share of it.
    """

    vdot: float = 40.0
    hr_max_bpm: int = 186
    hr_rest_bpm: int = 54
    easy_preference: float = 0.5
    unsteadiness: float = 0.036  # with a correlation of .85/s: the spread measured over 30 s and more

    @property
    def zones(self) -> ZoneSet:
        """The paces of the true fitness. Raises FitnessError when VDOT is outside 18 to 85."""
        return _zones(self.vdot)

    def speed_for(self, step: Step) -> float:
        """The speed in m/s at which a step is meant to be run."""
        return max(self._wanted(step), _LEAST_SPEED_MPS)

    def band_for(self, step: Step) -> PaceBand | None:
        """The pace band of a step, of the true fitness where the step names a zone."""
        if isinstance(step.target, ZoneTarget):
            return band_for(self.zones, step.target.zone, step.duration)
        return step.target if isinstance(step.target, PaceBand) else None

    def _wanted(self, step: Step) -> float:
        band = self.band_for(step)
        if band is not None:
            return self._in_band(band)
        match step.target:
            case HeartRateBand(low, high):
                return self.speed_at_heart_rate((low + high) / 2)
            case HeartRateZone(number):
                return self.speed_at_heart_rate(_HR_ZONE_MIDDLES[number - 1] * self.hr_max_bpm)
            case EffortTarget(low, high):
                return speed_at(self.vdot, effort_of_rpe((low + high) / 2))
            case _:
                return self._without_target(step.role)

    def _without_target(self, role: Role) -> float:
        if role is Role.REST:
            return WALK_MPS
        if role is Role.RECOVERY:
            return JOG_SHARE * speed_at(self.vdot, 1.0)
        return self.easy_mps

    def _in_band(self, band: PaceBand) -> float:
        """The middle of a band for work, the preferred place in an easy one."""
        if band.middle_mps > self.zones.bands[PaceZone.EASY].fast_mps:
            return band.middle_mps
        return band.slow_mps + self.easy_preference * (band.fast_mps - band.slow_mps)

    @property
    def easy_mps(self) -> float:
        """The speed in m/s of a run without a target."""
        return self._in_band(self.zones.bands[PaceZone.EASY])

    def effort(self, speed_mps: float) -> float:
        """The share of VDOT that a speed costs; the cost rises almost linearly with speed."""
        half, full = speed_at(self.vdot, 0.5), speed_at(self.vdot, 1.0)
        share = 0.5 + 0.5 * (speed_mps - half) / (full - half)
        return min(max(share, _LEAST_EFFORT), _MOST_EFFORT)

    def heart_rate(self, effort: float) -> float:
        """The heart rate in bpm that an effort settles at: reserve and oxygen uptake go in step."""
        return self.hr_rest_bpm + min(effort, 1.0) * (self.hr_max_bpm - self.hr_rest_bpm)

    def speed_at_heart_rate(self, bpm: float) -> float:
        """The speed in m/s that settles at a heart rate."""
        effort = (bpm - self.hr_rest_bpm) / (self.hr_max_bpm - self.hr_rest_bpm)
        return speed_at(self.vdot, min(max(effort, _LEAST_EFFORT), 1.0))

    def is_hard(self, speed_mps: float) -> bool:
        """Whether a speed is quicker than easy running."""
        return speed_mps > self.zones.bands[PaceZone.EASY].fast_mps

    def all_out_mps(self, duration: Duration) -> float:
        """The mean speed in m/s of a race over that distance or time."""
        metres = duration.metres
        if metres is None:
            metres = self._race_distance(duration.amount)
        return metres / race_time_s(self.vdot, metres)

    def _race_distance(self, seconds: float) -> float:
        metres = seconds * speed_at(self.vdot, 0.9)
        for _ in range(20):  # the error shrinks to a quarter or less each round: a few would do
            metres *= seconds / race_time_s(self.vdot, metres)
        return metres


@lru_cache(maxsize=64)
def _zones(vdot: float) -> ZoneSet:
    return zones_from_vdot(vdot, as_of=None, source=Reason(Cause.SIMULATED))


def effort_of_rpe(rpe: float) -> float:
    """The effort that feels like a perceived exertion of 1 to 10."""
    whole = min(max(int(rpe), 1), 9)
    low, high = _RPE_EFFORTS[whole - 1], _RPE_EFFORTS[whole]
    return low + (high - low) * (rpe - whole)


def rpe_of_effort(effort: float, lasting_s: float) -> float:
    """How an effort of that many seconds feels, 1 to 10."""
    if lasting_s < _SHORT_REP_S:
        effort -= _SHORT_REP_RELIEF
    above = bisect_left(_RPE_EFFORTS, effort)
    if above == 0:
        return 1.0
    if above == len(_RPE_EFFORTS):
        return 10.0
    low, high = _RPE_EFFORTS[above - 1], _RPE_EFFORTS[above]
    return above + (effort - low) / (high - low)
