"""A scorecard, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from syncd.domain.activity import Device
from syncd.domain.clock_time import format_clock
from syncd.domain.notation import format_duration, format_target, format_workout
from syncd.domain.scoring.card import Scorecard, StepRow, StepStatus
from syncd.domain.scoring.prescription import Origin, Prescription
from syncd.domain.scoring.words import describe
from syncd.domain.units import Units
from syncd.domain.workout import HeartRateBand, PaceBand, Step, WorkoutError
from syncd.report.pace_columns import Aim
from syncd.report.sheet import Column, Said, Sheet, Tone, told

NO_WORKOUT = "No workout to compare with: it counts as load, not scored."
_CONFIDENCE_WORDS = ((0.8, "high"), (0.6, "fair"), (0.0, "low"))
_ROLE_WORDS = {"wu": "warm-up", "run": "", "jog": "jog", "rest": "rest", "cd": "cool-down", "": ""}
_ORIGIN_WORDS = {
    Origin.EMBEDDED: "Compared with the workout that the watch recorded in the file.",
    Origin.PUSHED: "Compared with the version that was on the watch.",
    Origin.PLAN: "Compared with the plan of that day.",
    Origin.ARGUMENT: "Compared with the workout you gave.",
    Origin.NONE: "",
}

_BAND_TONES = {"on plan": Tone.GOOD, "close": Tone.FAIR}
_VERDICT_TONES = {
    "ok": Tone.GOOD,
    "slow": Tone.FAIR,
    "quick": Tone.FAIR,
    "short": Tone.FAIR,
    "missed": Tone.BAD,
    "free": Tone.QUIET,
}
_RIGHT = Column(right=True, whole=True)
_STEP_COLUMNS = (Column(2, right=True), Column(), Column(whole=True), _RIGHT, _RIGHT, Column())


class RecordedRun(Protocol):
    """What a score says of the run itself: an activity, or the stored summary of one."""

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


def activity_payload(run: RecordedRun) -> dict[str, Any]:
    """The `activity` part of `syncd.score/1`; the start in the local time of the run where known."""
    start = run.start if run.utc_offset is None else run.start.astimezone(timezone(run.utc_offset))
    return {
        "start": start.isoformat(),
        "sport": run.sport,
        "sub_sport": run.sub_sport,
        "distance_m": _rounded(run.distance_m),
        "timer_s": _rounded(run.timer_s),
        "device": str(run.device),
    }


def score_payload(
    activity: RecordedRun,
    prescription: Prescription | None,
    card: Scorecard | None,
    problems: tuple[str, ...] = (),
) -> dict[str, Any]:
    """`syncd.score/1`; without a prescription `score` is null and says so in `notes`."""
    head: dict[str, Any] = {"schema": "syncd.score/1", "activity": activity_payload(activity)}
    if prescription is None or card is None:
        return head | {
            "prescription": {"origin": Origin.NONE.value, "notation": None},
            "score": None,
            "band": None,
            "confidence": 0.0,
            "parts": {},
            "alignment": {"tier": "none", "matched": 0, "planned": 0},
            "steps": [],
            "flags": [],
            "notes": [NO_WORKOUT, *problems],
            "words": "",
            "reps": {"planned": 0, "judged": 0, "in_band": 0},
        }
    return head | {
        "prescription": {
            "origin": prescription.origin.value,
            "notation": format_workout(prescription.workout),
        },
        "score": card.score,
        "band": card.band,
        "confidence": round(card.confidence, 2),
        "parts": {
            part.name: {"score": part.score, "weight": round(part.weight, 3), "why": part.why}
            for part in card.parts
        },
        "alignment": {
            "tier": card.alignment.tier.value,
            "matched": card.alignment.matched,
            "planned": card.alignment.planned,
        },
        "steps": [step_payload(row) for row in card.steps],
        "flags": [flag.value for flag in card.flags],
        "notes": [*card.notes, *problems],
        "words": describe(card),
        "reps": {"planned": card.reps_planned, "judged": _judged(card), "in_band": card.reps_in_band},
    }


def _judged(card: Scorecard) -> int:
    """Repetitions of which something is known: run without a usable pace is not the same as missed."""
    unknown = (StepStatus.DONE, StepStatus.SHORT)
    return card.reps_planned - sum(
        row.rep is not None and row.in_band is None and row.status in unknown for row in card.steps
    )


def step_payload(row: StepRow) -> dict[str, Any]:
    """One row of `steps`; an extra step was not planned."""
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
    }


def planned_payload(step: Step) -> dict[str, Any]:
    """What a step asked for, in SI, and as one would write it."""
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


def score_sheet(payload: dict[str, Any], units: Units) -> Sheet:
    """Total, parts, a line a step, two sentences, and what it was compared with."""
    activity, prescription = payload["activity"], payload["prescription"]
    if prescription["notation"] is None:
        said = [note for note in payload["notes"] if note != NO_WORKOUT]
        return told(activity_line(activity, units), NO_WORKOUT, *said)
    sheet, parts = Sheet(), payload["parts"]
    confidence = Said(f" · confidence {confidence_words(payload['confidence'])}", Tone.QUIET)
    total = score_words(payload["score"], payload["band"])
    sheet.say(f"{activity_line(activity, units)}: ", total, confidence, hang=2)
    sheet.say("   ".join(f"{name} {_points(part['score'])}" for name, part in parts.items()), indent=2)
    sheet.gap()
    heads = tuple(Said(head, Tone.QUIET) for head in ("", "step", "planned", "did", "", ""))
    sheet.table(_STEP_COLUMNS, [heads, *(_step_cells(row, units) for row in payload["steps"])])
    sheet.gap()
    sheet.say(payload["words"])
    for name, part in parts.items():
        if part["score"] is None:
            sheet.say(f"{name.capitalize()}: {part['why']}.")
    for note in payload["notes"]:
        if note not in payload["words"]:
            sheet.say(note)
    sheet.say(Said(_ORIGIN_WORDS[Origin(prescription["origin"])], Tone.QUIET))
    return sheet


def score_words(score: int | None, band: str | None) -> Said:
    """`91 on plan`, in the tone of the band."""
    if score is None:
        return Said("not scored", Tone.QUIET)
    return Said(f"{score} {band}", _BAND_TONES.get(band or "", Tone.BAD))


def activity_line(activity: dict[str, Any], units: Units) -> str:
    """`2026-03-12 18:40, 10.2 km in 58:04`; times as recorded, with their offset."""
    start = datetime.fromisoformat(activity["start"])
    distance = f"{units.distance(activity['distance_m'])} in " if activity["distance_m"] else ""
    return f"{start:%Y-%m-%d} {units.time_of_day(start)}, {distance}{format_clock(activity['timer_s'])}"


def _step_cells(row: dict[str, Any], units: Units) -> tuple[Said, ...]:
    planned, actual = row["planned"], row["actual"]
    timer, pace = actual["timer_s"], actual["pace_s_per_km"]
    verdict = verdict_words(row, units)
    return (
        Said(str(row["rep"] or "")),
        Said(step_name(row)),
        Said(target_words(planned, units)),
        Said("" if timer is None else format_clock(timer)),
        Said("" if pace is None else units.pace(pace)),
        Said(verdict, _VERDICT_TONES.get(verdict.rpartition(" ")[2], Tone.NORMAL)),
    )


def step_name(row: dict[str, Any]) -> str:
    """`warm-up 15min`, `800m`, `extra`."""
    planned = row["planned"]
    if planned is None:
        return "extra"
    return " ".join(filter(None, (_ROLE_WORDS[row["role"]], str(planned["duration"]))))


def target_words(planned: dict[str, Any] | None, units: Units) -> str:
    """What a step of a payload asked for: a band, a heart rate, an effort."""
    if planned is None:
        return ""
    if planned["pace_s_per_km"] is None:
        return str(planned["target"])
    fast, slow = planned["pace_s_per_km"]
    return f"{units.bare_pace(fast)}-{units.pace(slow)}"


def verdict_words(row: dict[str, Any], units: Units) -> str:
    """How a step went: `ok`, `3 s/km quick`, `missed`."""
    if row["status"] != "done":
        return str(row["status"])
    planned, pace = row["planned"], row["actual"]["pace_s_per_km"]
    if planned is None or planned["pace_s_per_km"] is None:
        return "free" if planned is not None and not planned["target"] else ""
    if pace is None:
        return "no pace"
    if row["in_band"]:
        return "ok"
    fast, slow = planned["pace_s_per_km"]
    scale = units.metres / 1000
    if pace < fast:
        return f"{(fast - pace) * scale:.0f} s/{units.name} quick"
    return "ok" if row["credit"] == 1 else f"{(pace - slow) * scale:.0f} s/{units.name} slow"


def aims_of(steps: Iterable[dict[str, Any]]) -> list[Aim]:
    """The rows of a payload, in the order of the run, as what they asked of the pace."""
    aims: list[Aim] = []
    for row in steps:
        paces = row["planned"]["pace_s_per_km"] if row["planned"] else None
        try:
            band = PaceBand.of_paces(*paces) if paces else None
        except WorkoutError:
            band = None
        aims.append((row["actual"]["timer_s"] or 0.0, band))
    return aims


def _points(score: float | None) -> str:
    return "-" if score is None else str(score)


def confidence_words(value: float) -> str:
    """`high`, `fair`, `low`."""
    return next(word for least, word in _CONFIDENCE_WORDS if value >= least)


def _rounded(value: float | None, decimals: int = 1) -> float | None:
    return None if value is None else round(value, decimals)
