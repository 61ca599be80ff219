"""The pace part: 100 x sum(w d c done) / sum(w d) over the planned steps with a pace target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from syncd.domain.reason import Reason
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.judged_rows import JudgedRow
from syncd.domain.scoring.part_score import PartScore, judged_by, not_assessable
from syncd.domain.scoring.planned_steps import PlannedStep, PlannedSteps
from syncd.domain.scoring.reasons import PartReason
from syncd.domain.workout import PaceBand

_WEIGHTS: Mapping[StepEffort, float] = {
    StepEffort.WORK: c.WORK_WEIGHT,
    StepEffort.EASY: c.WORK_WEIGHT,
    StepEffort.WARMUP: c.WARMUP_WEIGHT,
    StepEffort.COOLDOWN: c.COOLDOWN_WEIGHT,
    StepEffort.RECOVERY: c.RECOVERY_WEIGHT,
}


def pace_of_steps(rows: Sequence[JudgedRow]) -> PartScore:
    """A step that was run without a measured pace is left out; one that was never run counts, with 0.

    Inside repeats a step counts for the share that was done. Outside it counts once begun:
    length is the distance part's business. The pace of strides does not count.
    """
    counted = [row for row in rows if _counts(row)]
    total = sum(_weight(row) for row in counted)
    if not total:
        asked = any(row.planned and row.planned.band for row in rows)
        return not_assessable(PartReason.NO_PACE if asked else PartReason.NO_PACE_TARGET)
    earned = sum(_weight(row) * (row.credit or 0.0) * _done(row) for row in counted)
    return PartScore(100 * earned / total, (_why(counted),))


def pace_of_whole(plan: PlannedSteps, earned_at: Mapping[PaceBand, float]) -> PartScore:
    """Without steps: the credit of the best seconds at each pace that was asked for."""
    steps = [step for step in plan.asked if step.band is not None and not step.is_stride]
    total = sum(_step_weight(step) for step in steps)
    if not total:
        return not_assessable(PartReason.NO_PACE_TARGET)
    earned = sum(_step_weight(step) * earned_at[step.band] for step in steps if step.band)
    return judged_by(100 * earned / total, PartReason.PACE_IN_ANY_ORDER)


def _counts(row: JudgedRow) -> bool:
    step = row.planned
    return step is not None and row.credit is not None and not step.is_stride


def _step_weight(step: PlannedStep) -> float:
    return _WEIGHTS[step.effort] * step.seconds


def _weight(row: JudgedRow) -> float:
    step = row.planned
    if step is None:
        return 0.0
    if not step.has_size and row.was_run:
        return _WEIGHTS[step.effort] * row.timer_s
    return _step_weight(step)


def _done(row: JudgedRow) -> float:
    if row.planned is not None and row.planned.run.in_repeat:
        return row.capped
    return 1.0 if row.was_run else 0.0


def _why(counted: Iterable[JudgedRow]) -> Reason:
    counted = list(counted)
    reps = [row for row in counted if row.planned and row.planned.rep]
    reason, rows = (PartReason.REPS_IN_BAND, reps) if len(reps) > 1 else (PartReason.STEPS_IN_BAND, counted)
    if len(rows) == 1:
        return Reason(_single(rows[0]))
    inside = sum(bool(row.in_band) and row.was_run for row in rows)
    return Reason(reason, {"inside": inside, "of": len(rows)})


def _single(row: JudgedRow) -> PartReason:
    if row.speed_mps is None or row.curve is None:
        return PartReason.STEP_NOT_RUN
    return PartReason.STEP_IN_BAND if row.in_band else PartReason.STEP_OUTSIDE_BAND
