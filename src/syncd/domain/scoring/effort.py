"""What a step is in training terms, and which of the athlete's zones its band is nearest to."""

from __future__ import annotations

from enum import StrEnum
from math import log

from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.workout import (
    RECOVERING,
    EffortTarget,
    PaceBand,
    PaceZone,
    Role,
    RunStep,
    Step,
)

SUSTAINED_ZONES = frozenset({PaceZone.MARATHON, PaceZone.HALF_MARATHON, PaceZone.THRESHOLD})
_EASY_RPE = 4  # "you could talk in sentences"


class StepEffort(StrEnum):
    """What a step is for; the value appears in step rows."""

    WARMUP = "warmup"
    WORK = "work"
    RECOVERY = "recovery"
    COOLDOWN = "cooldown"
    EASY = "easy"


INTENDED = frozenset({StepEffort.WORK, StepEffort.EASY})  # what the session is for


def effort_of(run: RunStep, zones: ZoneSet | None) -> StepEffort:
    """From the role; a plain running step is easy or work by its target, else by its place."""
    role = run.step.role
    if role is Role.WARMUP:
        return StepEffort.WARMUP
    if role is Role.COOLDOWN:
        return StepEffort.COOLDOWN
    if role in RECOVERING:
        return StepEffort.RECOVERY
    match run.step.target:
        case PaceBand() as band:
            return StepEffort.EASY if _is_easy(run, band, zones) else StepEffort.WORK
        case EffortTarget(_, high):
            return StepEffort.EASY if high <= _EASY_RPE else StepEffort.WORK
    return StepEffort.WORK if run.in_repeat else StepEffort.EASY


def _is_easy(run: RunStep, band: PaceBand, zones: ZoneSet | None) -> bool:
    """A wide band in one block is easy whatever our zones say: a watch's own plan has its own zones."""
    if not run.in_repeat and band.fast_mps / band.slow_mps >= c.EASY_BAND_WIDTH:
        return True
    return zones is not None and band.middle_mps <= zones.bands[PaceZone.EASY].fast_mps


def nearest_zone(band: PaceBand, zones: ZoneSet) -> PaceZone:
    """The zone whose band holds the middle of `band`, or has the nearest middle (by ratio)."""
    if band.middle_mps <= zones.bands[PaceZone.EASY].fast_mps:
        return PaceZone.EASY
    return min(zones.bands, key=lambda zone: abs(log(zones.bands[zone].middle_mps / band.middle_mps)))


def expected_speed_mps(step: Step, effort: StepEffort, zones: ZoneSet | None) -> float:
    """The speed a step is planned at, in m/s: of its band, else what such a step is run at.

    Only turns planned metres into seconds and back, to weigh steps against each other.
    """
    if isinstance(step.target, PaceBand):
        return step.target.middle_mps
    if effort is StepEffort.RECOVERY:
        return zones.bands[PaceZone.EASY].slow_mps if zones else c.RECOVERY_GUESS_MPS
    if effort is StepEffort.WORK:
        return zones.bands[PaceZone.INTERVAL].middle_mps if zones else c.WORK_GUESS_MPS
    return zones.bands[PaceZone.EASY].middle_mps if zones else c.EASY_GUESS_MPS
