"""The intensity part: heart rate where the plan asks for one, and perceived effort."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.domain.activity import Activity
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import INTENDED, Effort
from syncd.domain.scoring.judged import Judged
from syncd.domain.scoring.measure import Measure, not_assessable
from syncd.domain.scoring.planned import Plan
from syncd.domain.scoring.prescription import Prescription
from syncd.domain.scoring.signals import Signal
from syncd.domain.workout import EffortTarget, HeartRateBand


def intensity_part(
    plan: Plan, prescription: Prescription, rows: Sequence[Judged], signal: Signal, activity: Activity
) -> Measure:
    """The mean of what there is: time in the heart-rate band, effort against the expected one."""
    found = [each for each in (_heart_rate(rows, signal), _effort(plan, prescription, activity)) if each]
    scores = [each.score for each in found if each.score is not None]
    if not scores:
        return not_assessable("no effort (RPE) to compare, and no heart-rate target that could be checked")
    return Measure(sum(scores) / len(scores), "; ".join(each.why for each in found))


def _effort(plan: Plan, prescription: Prescription, activity: Activity) -> Measure | None:
    """One point off the middle of the expected range is inside it. Easier than easy is easy."""
    expected = prescription.rpe or _asked(plan) or _usual(plan, prescription)
    if activity.rpe is None or expected is None:
        return None
    low, high = expected
    off = activity.rpe - (low + high) / 2
    off = max(off, 0.0) if plan.is_steady else abs(off)
    points = 1 - max(0.0, off - max(c.RPE_SLACK, (high - low) / 2)) / c.RPE_SPAN
    return Measure(100 * max(points, 0.0), f"effort {activity.rpe:g}, expected {low} to {high}")


def _usual(plan: Plan, prescription: Prescription) -> tuple[int, int] | None:
    """What the kind usually feels like; a workout that asks for nothing and has no kind says nothing."""
    asks = any(step.run.step.target is not None for step in plan.asked if step.effort in INTENDED)
    return c.EXPECTED_RPE.get(plan.kind) if prescription.kind or asks else None


def _asked(plan: Plan) -> tuple[int, int] | None:
    """The effort that most of the intended steps ask for by themselves."""
    seconds: dict[tuple[int, int], float] = {}
    for step in plan.asked:
        target = step.run.step.target
        if isinstance(target, EffortTarget) and step.effort in INTENDED:
            key = (target.low, target.high)
            seconds[key] = seconds.get(key, 0.0) + step.seconds
    return max(seconds, key=lambda key: seconds[key]) if seconds else None


def _heart_rate(rows: Sequence[Judged], signal: Signal) -> Measure | None:
    """Share of the time in the band, over the blocks that are long enough to tell."""
    inside = total = 0.0
    for row in rows:
        if not row.planned or not isinstance(row.planned.run.step.target, HeartRateBand):
            continue
        found = _time_in_band(row, row.planned.run.step.target, signal)
        if found is not None:
            inside += found[0]
            total += found[1]
    if not total:
        return None
    return Measure(100 * inside / total, f"{inside / total:.0%} of the time in the heart-rate band")


def _time_in_band(row: Judged, band: HeartRateBand, signal: Signal) -> tuple[float, float] | None:
    """Seconds inside and in all; None where the block is short or the sensor was silent.

    The heart lags behind the legs: the first 90 s say nothing. Later it drifts upwards at the
    same effort. Below the band counts as inside but in work: easy has a ceiling, not a floor.
    """
    if row.timer_s < c.HR_LEAST_BLOCK_S or row.planned is None or row.part.first >= row.part.last:
        return None
    low = band.low_bpm - c.HR_TOLERANCE_BPM if row.planned.effort is Effort.WORK else 0.0
    begin = signal.timer_s[row.part.first]
    inside = total = planned = 0.0
    for place in range(row.part.first, row.part.last):
        into = signal.timer_s[place] - begin
        if into < c.HR_LAG_S:
            continue
        bpm, seconds = signal.heart_rate_bpm[place], signal.intervals_s[place]
        planned += seconds
        if bpm > 0:
            total += seconds
            inside += seconds * (low <= bpm <= band.high_bpm + c.HR_TOLERANCE_BPM + _drift(into))
    return (inside, total) if total and total >= c.HR_COVERAGE * planned else None


def _drift(into_s: float) -> float:
    """Beats that the heart may have drifted by that time of a steady block."""
    minutes = max(into_s - c.HR_DRIFT_FROM_S, 0.0) / 60
    return min(minutes * c.HR_DRIFT_BPM_PER_MIN, c.HR_DRIFT_MOST_BPM)
