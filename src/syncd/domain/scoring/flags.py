"""What a runner should know besides the number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syncd.domain.activity import Activity
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.alignment import Aligned
from syncd.domain.scoring.card import Flag
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.judged_rows import JudgedRow
from syncd.domain.scoring.planned_steps import PlannedSteps
from syncd.domain.scoring.structure_part import extra_reps
from syncd.domain.session import EASY_KINDS


@dataclass(frozen=True, slots=True)
class RunCircumstances:
    """What explains a result: the hills, the heat, poor positions."""

    hilly: bool = False
    hot: bool = False
    gps_poor: bool = False


def flags_of(
    plan: PlannedSteps,
    rows: Sequence[JudgedRow],
    aligned: Aligned,
    share: float | None,
    activity: Activity,
    circumstances: RunCircumstances,
) -> Iterator[Flag]:
    """The flags of a run, in a fixed order. `share` is what was done of the plan."""
    if plan.kind in EASY_KINDS and any(map(_too_fast, rows)):
        yield Flag.TOO_FAST_EASY
    if fade_share(rows) >= c.FADE_SHARE:
        yield Flag.FADED
    if share is not None and share < c.DISTANCE_FULL:
        yield Flag.SHORT
    if share is not None and share > c.DISTANCE_OVER and (plan.kind in EASY_KINDS or not rows):
        yield Flag.OVERRUN
    if extra_reps(plan, aligned):
        yield Flag.EXTRA_REPS
    strides = [row for row in rows if row.planned and row.planned.is_stride]
    if strides and not any(row.was_run for row in strides):
        yield Flag.STRIDES_SKIPPED
    if circumstances.hilly:
        yield Flag.HILLY
    if circumstances.hot:
        yield Flag.HOT
    if activity.is_treadmill:
        yield Flag.TREADMILL
    if any(row.stopped_s > c.INTERRUPTION_S for row in rows):
        yield Flag.INTERRUPTED
    if circumstances.gps_poor:
        yield Flag.GPS_POOR


def _too_fast(row: JudgedRow) -> bool:
    if not row.planned or row.planned.effort is not StepEffort.EASY or row.curve is None:
        return False
    return row.level_mps is not None and row.level_mps > row.curve.fast_full


def fading_reps(rows: Sequence[JudgedRow]) -> tuple[list[JudgedRow], list[JudgedRow]]:
    """The repetitions before the last third, and the last third; empty when too few were run."""
    reps = [row for row in rows if row.planned and row.planned.rep and row.was_run and row.speed_mps]
    if len(reps) < c.LEAST_REPS_TO_FADE:
        return [], []
    last = max(1, len(reps) // 3)
    return reps[:-last], reps[-last:]


def fade_share(rows: Sequence[JudgedRow]) -> float:
    """How much slower the last third of the repetitions was than asked and than those before.

    0 where it still was in its band: running the first ones too fast is not fading.
    """
    before, last = fading_reps(rows)
    if not last or all(row.in_band is not False or _is_quick(row) for row in last):
        return 0.0
    return 1 - _mean_ratio(last) / _mean_ratio(before)


def _is_quick(row: JudgedRow) -> bool:
    return row.curve is not None and (row.level_mps or 0.0) > row.curve.fast_full


def _mean_ratio(rows: Sequence[JudgedRow]) -> float:
    """Speed over the planned one: repetitions of different lengths have different paces."""
    return sum((row.level_mps or 0.0) / row.planned.expected_mps for row in rows if row.planned) / len(rows)
