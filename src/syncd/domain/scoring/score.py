"""A run against its prescription: the parts, what they come to, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.alignment import Aligned, align
from syncd.domain.scoring.card import Alignment, Part, ScoreBand, Scorecard, StepRow, Tier
from syncd.domain.scoring.credit import Conditions
from syncd.domain.scoring.distance_part import distance_part, share_done
from syncd.domain.scoring.effort import INTENDED
from syncd.domain.scoring.flags import RunCircumstances, flags_of
from syncd.domain.scoring.gps_quality import is_gps_poor
from syncd.domain.scoring.heat import Weather
from syncd.domain.scoring.intensity_part import HeartZones, intensity_part
from syncd.domain.scoring.judged_rows import JudgedRow, judge
from syncd.domain.scoring.pace_part import pace_of_steps, pace_of_whole
from syncd.domain.scoring.part_score import PartScore, not_assessable
from syncd.domain.scoring.planned_steps import PlannedSteps, plan_of
from syncd.domain.scoring.prescription import Prescription
from syncd.domain.scoring.reasons import Note, PartReason
from syncd.domain.scoring.signals import Signal, Stretch, signal_of
from syncd.domain.scoring.structure_part import structure_part
from syncd.domain.scoring.unaligned_pace import best_seconds
from syncd.domain.session import MEASURED_KINDS, SessionKind

PARTS = ("pace", "distance", "intensity", "structure")
_PACE, _DISTANCE, _INTENSITY, _STRUCTURE = range(4)
_TIER_NOTES = {
    Tier.INDEX: Note.STEPS_BY_INDEX,
    Tier.LAPS: Note.STEPS_BY_LAPS,
    Tier.SIGNAL: Note.STEPS_BY_SIGNAL,
}


def score_activity(
    activity: Activity,
    prescription: Prescription,
    zones: ZoneSet | None,
    *,
    attribution_confidence: float = 1.0,
    weather: Weather | None = None,
    heart_zones: HeartZones | None = None,
) -> Scorecard:
    """The scorecard of a run. Never raises on odd recordings: what cannot be judged says so.

    `zones` are those of the day of the run; without them sustained work and repetitions are told
    apart by their length. `attribution_confidence` 0 to 1: how sure this is the session.
    `weather` at the time of the run and `heart_zones` of the athlete, where they are known.
    """
    plan = plan_of(prescription.workout, prescription.kind, zones)
    signal = signal_of(activity.samples)
    aligned = align(activity, prescription, plan, zones, signal)
    conditions = Conditions(is_gps_poor(signal, activity), weather.slow_down if weather else 0.0)
    rows = judge(aligned.rows, signal, zones, trust_pace=not activity.is_treadmill, conditions=conditions)
    share, share_why = share_done(plan, rows, activity)
    intensity = intensity_part(plan, prescription, rows, signal, activity, zones, heart_zones)
    parts = (
        _pace(plan, rows, activity, signal, zones),
        distance_part(plan, share, share_why, as_whole=not rows),
        intensity.part,
        structure_part(plan, rows, aligned),
    )
    weights = _weights(plan, parts)
    score = _total(plan, parts, weights, activity)
    circumstances = RunCircumstances(
        _is_hilly(rows, signal), weather is not None and weather.is_hot, conditions.gps_poor
    )
    return Scorecard(
        algorithm=c.ALGORITHM,
        score=score,
        band=_band(score),
        confidence=_confidence(aligned, rows, _coverage(rows, signal, activity), attribution_confidence)
        * (c.DISAGREEMENT_CONFIDENCE if intensity.disagree else 1.0),
        parts=_parts(parts, weights),
        alignment=_alignment(aligned, plan, rows),
        steps=tuple(_row(n, row) for n, row in enumerate(rows, start=1)),
        flags=tuple(flags_of(plan, rows, aligned, share, activity, circumstances)),
        notes=tuple(_notes(plan, aligned, disagree=intensity.disagree)),
        reps_planned=len(plan.reps),
        reps_in_band=sum(map(_is_rep_in_band, rows)),
    )


def _is_hilly(rows: Sequence[JudgedRow], signal: Signal) -> bool:
    """Whether hills changed what is judged, or the run as a whole is hilly."""
    intended = any(
        row.planned and row.planned.effort in INTENDED and signal.is_hilly(row.part) for row in rows
    )
    return intended or signal.is_hilly(Stretch(0, len(signal.timer_s)))


def _band(score: int | None) -> ScoreBand | None:
    return None if score is None else next(band for least, band in c.BANDS if score >= least)


def _is_rep_in_band(row: JudgedRow) -> bool:
    is_rep = row.planned is not None and row.planned.rep is not None
    return is_rep and row.in_band is True and row.capped >= c.REP_SHARE


def _pace(
    plan: PlannedSteps, rows: Sequence[JudgedRow], activity: Activity, signal: Signal, zones: ZoneSet | None
) -> PartScore:
    if activity.is_treadmill:
        return not_assessable(PartReason.TREADMILL_PACE)
    if rows:
        return pace_of_steps(rows)
    return pace_of_whole(plan, best_seconds(plan, activity, signal, zones))


def _table(plan: PlannedSteps) -> c.Weights:
    match plan.kind:
        case SessionKind.EASY | SessionKind.RECOVERY:
            return c.EASY_WEIGHTS
        case SessionKind.LONG:
            return c.LONG_WITH_QUALITY_WEIGHTS if plan.reps else c.LONG_WEIGHTS
        case SessionKind.WALK_RUN:
            return c.WALK_RUN_WEIGHTS
        case SessionKind.INTERVAL | SessionKind.REPETITION:
            return c.REPS_WEIGHTS
    return c.SUSTAINED_WEIGHTS


def _weights(plan: PlannedSteps, parts: Sequence[PartScore]) -> list[float]:
    """The weights of the kind; on easy and long runs pace stands in for a missing intensity."""
    weights = list(_table(plan))
    if plan.is_steady and parts[_INTENSITY].score is None:
        weights[_PACE] += weights[_INTENSITY]
        weights[_INTENSITY] = 0.0
    return weights


def _total(
    plan: PlannedSteps, parts: Sequence[PartScore], weights: Sequence[float], activity: Activity
) -> int | None:
    """Weighted geometric mean of what was judged, each part at least 5: nothing is averaged away."""
    if plan.kind in MEASURED_KINDS or (activity.is_treadmill and parts[_INTENSITY].score is None):
        return None
    judged = [
        (part.score, weight)
        for part, weight in zip(parts, weights, strict=True)
        if part.score is not None and weight
    ]
    known = sum(weight for _, weight in judged)
    if not judged or known < c.LEAST_WEIGHT * sum(weights):
        return None
    return round(exp(sum(weight * log(max(score, c.PART_FLOOR)) for score, weight in judged) / known))


def _parts(parts: Sequence[PartScore], weights: Sequence[float]) -> tuple[Part, ...]:
    known = sum(weight for part, weight in zip(parts, weights, strict=True) if part.score is not None)
    return tuple(
        Part(name, None, 0.0, part.why)
        if part.score is None
        else Part(name, round(part.score), weight / known if known else 0.0, part.why)
        for name, part, weight in zip(PARTS, parts, weights, strict=True)
    )


def _alignment(aligned: Aligned, plan: PlannedSteps, rows: Sequence[JudgedRow]) -> Alignment:
    planned = [row for row in rows if row.planned]
    matched = sum(row.was_run for row in planned)
    return Alignment(aligned.tier, matched, len(planned) if planned else len(plan.asked))


def _coverage(rows: Sequence[JudgedRow], signal: Signal, activity: Activity) -> float:
    """Share of the judged time that has speed samples, 0 to 1."""
    if not rows:
        spoke = signal.spoke_s(Stretch(0, len(signal.timer_s)))
        return min(spoke / activity.timer_s, 1.0) if activity.timer_s > 0 else 0.0
    seconds = sum(row.timer_s for row in rows)
    return sum(row.timer_s * row.coverage for row in rows) / seconds if seconds else 0.0


def _confidence(aligned: Aligned, rows: Sequence[JudgedRow], coverage: float, attribution: float) -> float:
    """Attribution x how the steps were found x how much of them the samples cover; 0 to 1."""
    tier = c.TIER_CONFIDENCE[aligned.tier.value]
    if aligned.tier is Tier.WHOLE and rows:
        tier = c.WHOLE_STEADY_CONFIDENCE
    samples = c.NO_SAMPLES_CONFIDENCE + (1 - c.NO_SAMPLES_CONFIDENCE) * coverage
    return min(max(attribution, 0.0), 1.0) * tier * samples


def _notes(plan: PlannedSteps, aligned: Aligned, *, disagree: bool) -> list[Note]:
    notes = [Note.HEART_AND_EFFORT_DISAGREE] if disagree else []
    if plan.kind in MEASURED_KINDS:
        notes.append(Note.MEASUREMENT)
    if aligned.tier is Tier.WHOLE:
        notes += [] if aligned.rows else [Note.JUDGED_AS_A_WHOLE]
    else:
        notes.append(_TIER_NOTES[aligned.tier])
    return notes


def _row(n: int, row: JudgedRow) -> StepRow:
    step = row.planned
    return StepRow(
        n=n,
        role=step.run.step.role.value if step else "",
        planned=step.run.step if step else None,
        distance_m=row.distance_m,
        timer_s=row.timer_s if row.placed.laps else None,
        pace_s_per_km=1000 / row.speed_mps if row.speed_mps else None,
        hr_bpm=row.hr_bpm,
        credit=row.credit,
        status=row.status,
        in_band=row.in_band,
        rep=step.rep if step else None,
        effort=step.effort.value if step else "",
        level_pace_s_per_km=1000 / row.level_mps
        if row.level_mps and row.level_mps != row.speed_mps
        else None,
    )
