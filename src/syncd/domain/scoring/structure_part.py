"""The structure part: the repetitions that were run, of those that were planned."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.domain.scoring import constants as c
from syncd.domain.scoring.alignment import Aligned, is_extra_rep
from syncd.domain.scoring.card import Tier
from syncd.domain.scoring.judged_rows import JudgedRow
from syncd.domain.scoring.part_score import PartScore, judged_by, not_assessable
from syncd.domain.scoring.planned_steps import PlannedSteps
from syncd.domain.scoring.reasons import PartReason


def reps_run(rows: Sequence[JudgedRow]) -> int:
    """Planned repetitions that were done for at least four fifths of their size."""
    return sum(
        row.planned.rep is not None and row.was_run and row.capped >= c.REP_SHARE
        for row in rows
        if row.planned
    )


def extra_reps(plan: PlannedSteps, aligned: Aligned) -> int:
    """Repetitions that were run beyond the plan."""
    return sum(is_extra_rep(row, plan, aligned.quick_border_mps) for row in aligned.rows)


def structure_part(plan: PlannedSteps, rows: Sequence[JudgedRow], aligned: Aligned) -> PartScore:
    """min(n / m, m / n) of n run and m planned. Rows only go forward, so the order is kept."""
    if not plan.has_repeats:
        return not_assessable(PartReason.NO_REPS)
    if aligned.tier is Tier.WHOLE:
        return not_assessable(PartReason.NO_FITTING_LAPS)
    planned, extra = len(plan.reps), extra_reps(plan, aligned)
    run = reps_run(rows)
    done = run + extra
    points = 100 * min(done / planned, planned / done) if done else 0.0
    return judged_by(points, PartReason.REPS_RUN, run=run, planned=planned, extra=extra)
