"""The intensity part: heart rate where the plan asks for one, and perceived effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import INTENDED, SUSTAINED_ZONES, StepEffort, nearest_zone
from syncd.domain.scoring.judged_rows import JudgedRow
from syncd.domain.scoring.part_score import PartScore, judged_by, not_assessable
from syncd.domain.scoring.planned_steps import PlannedSteps
from syncd.domain.scoring.prescription import Prescription
from syncd.domain.scoring.reasons import PartReason
from syncd.domain.scoring.signals import Signal
from syncd.domain.workout import EffortTarget, HeartRateBand


@dataclass(frozen=True, slots=True)
class HeartZones:
    """The athlete's own limits in bpm: easy running ends, and the two thresholds."""

    easy_max: int
    lt1: int
    lt2: int


@dataclass(frozen=True, slots=True)
class Intensity:
    """The part, and whether heart rate and perceived effort disagree (by two score bands)."""

    part: PartScore
    disagree: bool = False


def intensity_part(
    plan: PlannedSteps,
    prescription: Prescription,
    rows: Sequence[JudgedRow],
    signal: Signal,
    activity: Activity,
    zones: ZoneSet | None = None,
    heart_zones: HeartZones | None = None,
) -> Intensity:
    """The mean of what is known: time in the heart-rate band, effort against the expected one."""
    heart = _heart_rate(rows, signal, zones, heart_zones)
    effort = _effort(plan, prescription, activity)
    parts = [part for part in (heart, effort) if part]
    scores = [part.score for part in parts if part.score is not None]
    if not scores:
        locked = _is_locked(activity, signal) and _asks_for_heart_rate(rows, zones, heart_zones)
        return Intensity(not_assessable(PartReason.HEART_RATE_LOCKED if locked else PartReason.NO_EFFORT))
    why = tuple(reason for part in parts for reason in part.why)
    disagree = len(scores) == 2 and abs(_band_number(scores[0]) - _band_number(scores[1])) >= c.BANDS_APART
    return Intensity(PartScore(sum(scores) / len(scores), why), disagree)


def _band_number(score: float) -> int:
    return next(number for number, (least, _) in enumerate(c.BANDS) if score >= least)


def _effort(plan: PlannedSteps, prescription: Prescription, activity: Activity) -> PartScore | None:
    """One point off the middle of the expected range is inside it. Easier than easy is easy."""
    expected = prescription.rpe or _asked(plan) or _usual(plan, prescription)
    if activity.rpe is None or expected is None:
        return None
    low, high = expected
    off = activity.rpe - (low + high) / 2
    off = max(off, 0.0) if plan.is_steady else abs(off)
    points = 1 - max(0.0, off - max(c.RPE_SLACK, (high - low) / 2)) / c.RPE_SPAN
    return judged_by(100 * max(points, 0.0), PartReason.EFFORT, rpe=activity.rpe, low=low, high=high)


def _usual(plan: PlannedSteps, prescription: Prescription) -> tuple[int, int] | None:
    """The usual effort of its kind; None for a workout without a kind that asks for nothing."""
    asks = any(step.run.step.target is not None for step in plan.asked if step.effort in INTENDED)
    return c.EXPECTED_RPE.get(plan.kind) if prescription.kind or asks else None


def _asked(plan: PlannedSteps) -> tuple[int, int] | None:
    """The effort that most of the intended steps ask for by themselves."""
    seconds: dict[tuple[int, int], float] = {}
    for step in plan.asked:
        target = step.run.step.target
        if isinstance(target, EffortTarget) and step.effort in INTENDED:
            key = (target.low, target.high)
            seconds[key] = seconds.get(key, 0.0) + step.seconds
    return max(seconds, key=lambda key: seconds[key]) if seconds else None


def _heart_rate(
    rows: Sequence[JudgedRow], signal: Signal, zones: ZoneSet | None, heart_zones: HeartZones | None
) -> PartScore | None:
    """Share of the time in the band, over the blocks that are long enough to judge."""
    inside = total = 0.0
    for row in rows:
        band = _limits(row, zones, heart_zones)
        seconds = _time_in_band(row, *band, signal) if band is not None else None
        if seconds is not None:
            inside += seconds[0]
            total += seconds[1]
    if not total:
        return None
    return judged_by(100 * inside / total, PartReason.TIME_IN_HEART_RATE_BAND, share=inside / total)


def _asks_for_heart_rate(
    rows: Sequence[JudgedRow], zones: ZoneSet | None, heart_zones: HeartZones | None
) -> bool:
    return any(_limits(row, zones, heart_zones) is not None for row in rows)


def _is_locked(activity: Activity, signal: Signal) -> bool:
    """Whether most of the recorded heart rate was steps, and not used."""
    recorded = sum(bpm > 0 for bpm in activity.samples.heart_rate_bpm)
    return sum(bpm > 0 for bpm in signal.heart_rate_bpm) < recorded / 2


def _limits(
    row: JudgedRow, zones: ZoneSet | None, heart_zones: HeartZones | None
) -> tuple[float, float] | None:
    """Lowest and highest bpm of a block: what it asks for, else what its pace means for this athlete.

    Only easy and sustained running has a heart rate of its own. Below the zone is free for an
    easy block, and in work where its pace was right: cold, rest or a good day.
    """
    step = row.planned
    if step is None or step.effort not in INTENDED:
        return None
    target = step.run.step.target
    if isinstance(target, HeartRateBand):
        low, high = target.low_bpm, target.high_bpm
    elif heart_zones is None:
        return None
    elif step.effort is StepEffort.EASY:
        low, high = 0, heart_zones.easy_max
    elif zones is not None and step.band is not None and nearest_zone(step.band, zones) in SUSTAINED_ZONES:
        low, high = heart_zones.lt1, heart_zones.lt2
    else:
        return None
    free_below = step.effort is not StepEffort.WORK or row.in_band is True
    return 0.0 if free_below else low - c.HR_TOLERANCE_BPM, high + c.HR_TOLERANCE_BPM


def _time_in_band(row: JudgedRow, low: float, high: float, signal: Signal) -> tuple[float, float] | None:
    """Seconds inside and in all; None where the block is short or the sensor was silent.

    The heart lags behind the legs: the first 90 s say nothing. Later it drifts upwards at the
    same effort.
    """
    if row.timer_s < c.HR_LEAST_BLOCK_S or row.part.first >= row.part.last:
        return None
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
            inside += seconds * (low <= bpm <= high + _drift(into))
    return (inside, total) if total and total >= c.HR_COVERAGE * planned else None


def _drift(into_s: float) -> float:
    """Beats that the heart may have drifted by that time of a steady block."""
    minutes = max(into_s - c.HR_DRIFT_FROM_S, 0.0) / 60
    return min(minutes * c.HR_DRIFT_BPM_PER_MIN, c.HR_DRIFT_MOST_BPM)
