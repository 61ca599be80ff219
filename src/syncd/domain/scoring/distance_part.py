"""The distance part: how much of the session was done, by distance or by time as it was planned."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.domain.activity import Activity
from syncd.domain.reason import Reason
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.judged_rows import JudgedRow
from syncd.domain.scoring.part_score import PartScore
from syncd.domain.scoring.planned_steps import PlannedStep, PlannedSteps
from syncd.domain.scoring.reasons import PartReason
from syncd.domain.session import EASY_KINDS
from syncd.domain.workout import DurationUnit


def share_done(
    plan: PlannedSteps, rows: Sequence[JudgedRow], activity: Activity
) -> tuple[float | None, Reason]:
    """The share of the plan that was done, and why; None where it cannot be measured.

    Easy and long runs (and a run without steps) are measured as a whole, by time or by distance
    as they were planned, with what was run beyond the plan. Others: sum(d done) / sum(d), where
    d is the planned time of a step; steps that the lap button ends have no size.
    """
    if plan.kind in EASY_KINDS or not rows:
        return _of_whole(plan, activity)
    sized = [row for row in rows if row.planned and row.planned.has_size]
    total = sum(row.planned.seconds for row in sized if row.planned)
    if not total:
        return None, Reason(PartReason.LAP_BUTTON_ENDS_STEPS)
    if activity.is_treadmill and any(_is_measured(row.planned) for row in sized):
        return None, Reason(PartReason.TREADMILL_DISTANCE)
    done = sum(row.planned.seconds * row.capped for row in sized if row.planned)
    return done / total, Reason(PartReason.SHARE_OF_STEPS, {"share": done / total})


def _of_whole(plan: PlannedSteps, activity: Activity) -> tuple[float | None, Reason]:
    sized = [step for step in plan.asked if step.has_size]
    if not sized:
        return None, Reason(PartReason.LAP_BUTTON_ENDS_RUN)
    main = max(sized, key=lambda step: (step.effort is StepEffort.EASY, step.seconds))
    if not _is_measured(main):
        planned_s = sum(step.seconds for step in sized)
        facts = {"timer_s": activity.timer_s, "planned_s": planned_s}
        return activity.timer_s / planned_s, Reason(PartReason.TIME_OF_PLANNED, facts)
    if activity.is_treadmill:
        return None, Reason(PartReason.TREADMILL_DISTANCE)
    if activity.distance_m is None:
        return None, Reason(PartReason.NO_DISTANCE)
    planned_m = sum(_metres(step) for step in sized)
    facts = {"distance_m": activity.distance_m, "planned_m": planned_m}
    return activity.distance_m / planned_m, Reason(PartReason.DISTANCE_OF_PLANNED, facts)


def _is_measured(step: PlannedStep | None) -> bool:
    return step is not None and step.duration.unit is DurationUnit.DISTANCE


def _metres(step: PlannedStep) -> float:
    return step.duration.metres if step.duration.metres is not None else step.seconds * step.expected_mps


def distance_part(plan: PlannedSteps, share: float | None, why: Reason, *, as_whole: bool) -> PartScore:
    """Full from .95, 0 at half, between them a line; beyond 1.10 less, but never nothing.

    Only what is measured as a whole can be too long. A session done right and then run on was
    done, so the overrun keeps a floor: it is off plan, not a different session.
    """
    if share is None:
        return PartScore(None, (why,))
    if share > c.DISTANCE_OVER and (plan.kind in EASY_KINDS or as_whole):
        return PartScore(max(c.OVER_FLOOR, 100 - c.OVER_SLOPE * (share - c.DISTANCE_OVER)), (why,))
    line = (share - c.DISTANCE_NONE) / (c.DISTANCE_FULL - c.DISTANCE_NONE)
    return PartScore(100 * min(max(line, 0.0), 1.0), (why,))
