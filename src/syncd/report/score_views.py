"""A score, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Protocol, TypeVar

from syncd.domain.activity import Activity, Device
from syncd.domain.clock_time import format_clock
from syncd.domain.notation import format_duration, format_target
from syncd.domain.scoring.card import ScoreBand, StepRow
from syncd.domain.scoring.judgement import Judgement
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.domain.scoring.verdict import StepOutcome, verdict_of
from syncd.domain.units import Units
from syncd.domain.workout import Duration, EffortTarget, HeartRateBand, HeartRateZone, PaceBand, Step
from syncd.report.pace_columns import Aim
from syncd.report.score_reasons import attribution_text, note_text, part_text, trait_text
from syncd.report.score_summary import summary_text
from syncd.report.sheet import Column, Sheet, StyledText, Tone, sheet_of
from syncd.store.activities import ActivitySummary
from syncd.store.scores import StoredScore

NO_WORKOUT = "No workout to compare with: it counts as training load and is not scored."
_CONFIDENCE_TEXTS = ((0.8, "high"), (0.6, "fair"), (0.0, "low"))
_ROLE_TEXTS = {"wu": "warm-up", "run": "", "jog": "jog", "rest": "rest", "cd": "cool-down", "": ""}
_ORIGIN_TEXTS = {
    PrescriptionOrigin.EMBEDDED: "Compared with the workout recorded in the file.",
    PrescriptionOrigin.PUSHED: "Compared with the version that was on the watch.",
    PrescriptionOrigin.PLAN: "Compared with the plan for that day.",
    PrescriptionOrigin.ARGUMENT: "Compared with the workout you gave.",
    PrescriptionOrigin.NONE: "",
}

_BAND_TONES = {ScoreBand.ON_PLAN: Tone.GOOD, ScoreBand.CLOSE: Tone.FAIR}
_VERDICT_TONES = {
    StepOutcome.ON_PACE: Tone.GOOD,
    StepOutcome.SLOW: Tone.FAIR,
    StepOutcome.QUICK: Tone.FAIR,
    StepOutcome.SHORT: Tone.FAIR,
    StepOutcome.MISSED: Tone.BAD,
    StepOutcome.FREE: Tone.QUIET,
}
_VERDICT_TEXTS = {
    StepOutcome.ON_PACE: "ok",
    StepOutcome.SHORT: "short",
    StepOutcome.MISSED: "missed",
    StepOutcome.EXTRA: "not planned",
    StepOutcome.FREE: "free",
    StepOutcome.NO_PACE: "no pace",
    StepOutcome.NONE: "",
}
_RIGHT = Column(right=True, whole=True)
_STEP_COLUMNS = (Column(2, right=True), Column(whole=True), Column(whole=True), _RIGHT, _RIGHT, Column())
_LEAST_UNITS_M = 2000.0  # our default: shorter stretches are run on a track
_LEAST_MINUTES_S, _HOUR_S = 120.0, 3600.0


AnyRun = TypeVar("AnyRun", Activity, ActivitySummary)


class SummarisedRun(Protocol):
    """What a score shows of the run itself: an activity, or the stored summary of one."""

    @property
    def start(self) -> datetime:
        """Aware."""
        ...

    @property
    def utc_offset(self) -> timedelta | None:
        """Of the place, where known."""
        ...

    @property
    def sport(self) -> str:
        """`running`."""
        ...

    @property
    def sub_sport(self) -> str:
        """`trail`, `treadmill`, ..."""
        ...

    @property
    def distance_m(self) -> float | None:
        """Metres."""
        ...

    @property
    def timer_s(self) -> float:
        """Seconds."""
        ...

    @property
    def device(self) -> Device:
        """What recorded it."""
        ...


def local_start(run: SummarisedRun) -> datetime:
    """In the local time of the run, where that is known."""
    return run.start if run.utc_offset is None else run.start.astimezone(timezone(run.utc_offset))


def with_offset(run: AnyRun, zone: tzinfo | None) -> AnyRun:
    """A run that does not know its place as one of the athlete's zone; without one, of this machine's."""
    return (
        run if run.utc_offset is not None else replace(run, utc_offset=run.start.astimezone(zone).utcoffset())
    )


def activity_payload(run: SummarisedRun) -> dict[str, Any]:
    """The `activity` part of `syncd.score/1`; the start in the local time of the run where known."""
    return {
        "start": local_start(run).isoformat(),
        "sport": run.sport,
        "sub_sport": run.sub_sport,
        "distance_m": _rounded(run.distance_m),
        "timer_s": _rounded(run.timer_s),
        "device": str(run.device),
    }


def score_payload(run: SummarisedRun, judgement: Judgement, units: Units) -> dict[str, Any]:
    """`syncd.score/1`; without a prescription `score` is null and `notes` says why."""
    head: dict[str, Any] = {"schema": "syncd.score/1", "activity": activity_payload(run)}
    card = judgement.card
    if card is None:
        return head | {
            "prescription": {"origin": PrescriptionOrigin.NONE.value, "notation": None},
            "score": None,
            "band": None,
            "confidence": 0.0,
            "parts": {},
            "alignment": {"tier": "none", "matched": 0, "planned": 0},
            "steps": [],
            "flags": [],
            "notes": [NO_WORKOUT, *_about_recording(judgement)],
            "words": "",
            "reps": {"planned": 0, "judged": 0, "in_band": 0},
        }
    return head | {
        "prescription": {"origin": judgement.origin.value, "notation": judgement.notation},
        "score": card.score,
        "band": card.band,
        "confidence": round(card.confidence, 2),
        "parts": {
            part.name: {
                "score": part.score,
                "weight": round(part.weight, 3),
                "why": part_text(part, units),
                "because": [reason.to_json() for reason in part.why],
            }
            for part in card.parts
        },
        "alignment": {
            "tier": card.alignment.tier.value,
            "matched": card.alignment.matched,
            "planned": card.alignment.planned,
        },
        "steps": [step_payload(row) for row in card.steps],
        "flags": [flag.value for flag in card.flags],
        "notes": notes_of(judgement),
        "words": summary_text(card, units),
        "reps": {"planned": card.reps_planned, "judged": card.reps_judged, "in_band": card.reps_in_band},
    }


def stored_payload(run: SummarisedRun, stored: StoredScore, units: Units) -> dict[str, Any]:
    """The same for a stored score, with how the session was found and the strain of the run."""
    attribution = stored.attribution
    payload = score_payload(run, stored.judgement, units)
    payload["attribution"] = {
        "method": attribution.method.value,
        "session": attribution.session_id,
        "confidence": round(attribution.confidence, 2),
        "why": attribution_text(attribution.why, units),
        "because": attribution.why.to_json(),
    }
    if stored.part_of is not None:
        payload["attribution"]["part_of"] = stored.part_of
    if stored.strain is not None:
        payload["strain"] = {
            "above_lt1": _rounded(stored.strain.above_lt1, 3),
            "decoupling": _rounded(stored.strain.decoupling, 3),
            "climb_m_per_km": _rounded(stored.strain.climb_m_per_km, 3),
            "held_s": _rounded(stored.strain.held_s, 3),
        }
    return payload


def notes_of(judgement: Judgement) -> list[str]:
    """Sentences on how the score was made and what is special about the recording."""
    card = judgement.card
    own = () if card is None else (*map(note_text, card.notes), *card.legacy_notes)
    return [*own, *_about_recording(judgement)]


def _about_recording(judgement: Judgement) -> list[str]:
    return [*judgement.problems, *(trait_text(trait) for trait in sorted(judgement.traits))]


def step_payload(row: StepRow) -> dict[str, Any]:
    """One row of `steps`; an extra step was not planned."""
    verdict = verdict_of(row)
    return {
        "n": row.n,
        "role": row.role,
        "planned": planned_payload(row.planned) if row.planned else None,
        "actual": {
            "distance_m": _rounded(row.distance_m),
            "timer_s": _rounded(row.timer_s),
            "pace_s_per_km": _rounded(row.pace_s_per_km),
            "hr_bpm": _rounded(row.hr_bpm, 0),
        },
        "credit": _rounded(row.credit, 3),
        "status": row.status.value,
        "in_band": row.in_band,
        "rep": row.rep,
        "verdict": {"what": verdict.outcome.value, "by_s_per_km": _rounded(verdict.by_s_per_km)},
    }


def planned_payload(step: Step) -> dict[str, Any]:
    """What a step asked for: in SI units, and in the notation."""
    target = step.target
    return {
        "duration": format_duration(step.duration),
        "target": format_target(target),
        "duration_s": step.duration.seconds,
        "distance_m": step.duration.metres,
        "pace_s_per_km": (
            [round(target.fast_s_per_km, 1), round(target.slow_s_per_km, 1)]
            if isinstance(target, PaceBand)
            else None
        ),
        "hr_bpm": [target.low_bpm, target.high_bpm] if isinstance(target, HeartRateBand) else None,
    }


def score_sheet(run: SummarisedRun, judgement: Judgement, units: Units) -> Sheet:
    """Total, parts, a line for each step, two sentences, and what the run was compared with."""
    card, head = judgement.card, activity_text(run, units)
    if card is None:
        return sheet_of(head, NO_WORKOUT, *_about_recording(judgement))
    sheet = Sheet()
    confidence = StyledText(f" · confidence {confidence_text(card.confidence)}", Tone.QUIET)
    sheet.say(f"{head}: ", score_text(card.score, card.band), confidence, hang=2)
    sheet.say("   ".join(f"{part.name} {_points(part.score)}" for part in card.parts), indent=2)
    sheet.gap()
    heads = tuple(StyledText(head, Tone.QUIET) for head in ("", "step", "planned", "did", "", ""))
    sheet.table(_STEP_COLUMNS, [heads, *(_step_cells(row, units) for row in card.steps)])
    sheet.gap()
    summary = summary_text(card, units)
    sheet.say(summary)
    for part in card.parts:
        if part.score is None:
            sheet.say(f"{part.name.capitalize()} {part_text(part, units)}.")
    for note in notes_of(judgement):
        if note not in summary:
            sheet.say(note)
    sheet.say(StyledText(_ORIGIN_TEXTS[judgement.origin], Tone.QUIET))
    return sheet


def score_text(score: int | None, band: ScoreBand | None) -> StyledText:
    """`91 on plan`, in the tone of the band."""
    if score is None:
        return StyledText("not scored", Tone.QUIET)
    return StyledText(f"{score} {band}", _BAND_TONES.get(band, Tone.BAD) if band else Tone.BAD)


def activity_text(run: SummarisedRun, units: Units) -> str:
    """`2026-03-12 18:40, 10.2 km in 58:04`; times as recorded, with their offset."""
    start = local_start(run)
    distance = f"{units.distance(run.distance_m)} in " if run.distance_m else ""
    return f"{start:%Y-%m-%d} {units.time_of_day(start)}, {distance}{format_clock(run.timer_s)}"


def _step_cells(row: StepRow, units: Units) -> tuple[StyledText, ...]:
    verdict = verdict_of(row)
    return (
        StyledText(str(row.rep or "")),
        StyledText(step_text(row, units)),
        StyledText(target_text(row.planned, units)),
        StyledText("" if row.timer_s is None else format_clock(row.timer_s)),
        StyledText("" if row.pace_s_per_km is None else units.pace(row.pace_s_per_km)),
        StyledText(verdict_text(row, units), _VERDICT_TONES.get(verdict.outcome, Tone.NORMAL)),
    )


def step_text(row: StepRow, units: Units) -> str:
    """`warm-up 15 min`, `800 m`, `extra`."""
    if row.planned is None:
        return "extra"
    return " ".join(filter(None, (_ROLE_TEXTS[row.role], _length_text(row.planned.duration, units))))


def _length_text(duration: Duration, units: Units) -> str:
    """`90 s`, `15 min`, `2:30 min`, `1:05 h`, `800 m`, `7.2 km`; track distances are metres to everybody."""
    metres, seconds = duration.metres, duration.seconds
    if metres is not None:
        is_whole = abs(metres - round(metres / units.metres) * units.metres) < 1 <= metres
        return units.distance(metres) if is_whole or metres >= _LEAST_UNITS_M else f"{metres:.0f} m"
    if seconds is None:
        return "to the lap button"
    if seconds < _LEAST_MINUTES_S:
        return f"{seconds:.0f} s"
    clock = format_clock(seconds)
    if seconds >= _HOUR_S:
        return f"{clock.removesuffix(':00')} h"
    return f"{clock.removesuffix(':00')} min"


def target_text(planned: Step | None, units: Units) -> str:
    """What a step asked for: a pace, a heart rate, an effort."""
    match planned.target if planned else None:
        case PaceBand() as band:
            return units.band(band)
        case HeartRateBand(low, high):
            return f"{low}-{high} bpm"
        case HeartRateZone(number):
            return f"heart-rate zone {number}"
        case EffortTarget(low, high):
            return f"effort {low}" if low == high else f"effort {low}-{high}"
        case target:
            return format_target(target)


def verdict_text(row: StepRow, units: Units) -> str:
    """How a step went: `ok`, `3 s/km quick`, `missed`; what is forgiven is shown too: `ok, 2 s/km quick`."""
    verdict = verdict_of(row)
    if verdict.outcome in (StepOutcome.QUICK, StepOutcome.SLOW):
        return f"{units.seconds(verdict.by_s_per_km)} s/{units.name} {verdict.outcome.value}"
    beyond = _beyond_text(row, units) if verdict.outcome is StepOutcome.ON_PACE else ""
    return f"{_VERDICT_TEXTS[verdict.outcome]}{beyond}"


def _beyond_text(row: StepRow, units: Units) -> str:
    """By how much the pace shown is outside the band shown: seldom more than the tolerance."""
    band = row.planned.target if row.planned else None
    if not isinstance(band, PaceBand) or row.pace_s_per_km is None:
        return ""
    pace, fast, slow = map(units.seconds, (row.pace_s_per_km, band.fast_s_per_km, band.slow_s_per_km))
    if fast <= pace <= slow:
        return ""
    return f", {max(fast - pace, pace - slow)} s/{units.name} {'quick' if pace < fast else 'slow'}"


def aims_of(steps: Iterable[StepRow]) -> list[Aim]:
    """What each row of a card asked of the pace, in the order of the run."""
    return [
        (
            row.timer_s or 0.0,
            row.planned.target if row.planned and isinstance(row.planned.target, PaceBand) else None,
        )
        for row in steps
    ]


def _points(score: float | None) -> str:
    return "-" if score is None else str(score)


def confidence_text(value: float) -> str:
    """`high`, `fair`, `low`."""
    return next(text for least, text in _CONFIDENCE_TEXTS if value >= least)


def _rounded(value: float | None, decimals: int = 1) -> float | None:
    return None if value is None else round(value, decimals)
