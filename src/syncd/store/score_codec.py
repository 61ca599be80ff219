"""A scorecard and a strain as JSON text; both come back equal. Nothing else reads this text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from syncd.domain.reason import Reason
from syncd.domain.scoring.card import (
    Alignment,
    Flag,
    Part,
    RaceEffort,
    ScoreBand,
    Scorecard,
    StepRow,
    StepStatus,
    Strain,
    Tier,
    Work,
)
from syncd.domain.scoring.reasons import Note
from syncd.domain.workout import (
    Duration,
    DurationUnit,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    PaceBand,
    PaceZone,
    Role,
    Step,
    Target,
    ZoneTarget,
)

Json = Mapping[str, Any]


def card_to_json(card: Scorecard) -> str:
    """Every field of it but those that have columns of their own."""
    kept: dict[str, Any] = {
        "parts": [
            [part.name, part.score, part.weight, [reason.to_json() for reason in part.why]]
            for part in card.parts
        ],
        "alignment": [card.alignment.tier, card.alignment.matched, card.alignment.planned],
        "steps": [_row_to_json(row) for row in card.steps],
        "flags": list(card.flags),
        "notes": list(card.notes),
        "reps_planned": card.reps_planned,
        "reps_in_band": card.reps_in_band,
    }
    if card.legacy_text or card.legacy_notes:
        kept |= {"legacy_words": card.legacy_text, "legacy_notes": list(card.legacy_notes)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def card_from_json(
    text: str, *, algorithm: int, score: int | None, band: str | None, confidence: float
) -> Scorecard:
    """The card of `card_to_json`, with what the columns say."""
    kept = json.loads(text)
    tier, matched, planned = kept["alignment"]
    return Scorecard(
        algorithm=algorithm,
        score=score,
        band=None if band is None else ScoreBand(band),
        confidence=confidence,
        parts=tuple(
            Part(name, score, weight, tuple(map(Reason.from_json, why)))
            for name, score, weight, why in kept["parts"]
        ),
        alignment=Alignment(Tier(tier), matched, planned),
        steps=tuple(map(_row_from_json, kept["steps"])),
        flags=tuple(map(Flag, kept["flags"])),
        notes=tuple(map(Note, kept["notes"])),
        reps_planned=kept["reps_planned"],
        reps_in_band=kept["reps_in_band"],
        legacy_text=kept.get("legacy_words", ""),
        legacy_notes=tuple(kept.get("legacy_notes", ())),
    )


def strain_to_json(strain: Strain) -> str:
    """Every field of it."""
    return json.dumps(asdict(strain))


def strain_from_json(text: str) -> Strain:
    """The strain of `strain_to_json`; earlier versions measured less."""
    kept = json.loads(text)
    work, race = kept.pop("work", None), kept.pop("race", None)
    return Strain(
        **kept,
        work=None if work is None else Work(**work),
        race=None if race is None else RaceEffort(**race),
    )


_PLAIN = (
    "n", "role", "distance_m", "timer_s", "pace_s_per_km", "hr_bpm", "credit", "in_band", "rep", "effort",
    "level_pace_s_per_km",
)  # fmt: skip


def _row_to_json(row: StepRow) -> dict[str, Any]:
    kept = {name: value for name in _PLAIN if (value := getattr(row, name)) is not None}
    planned = None if row.planned is None else _step_to_json(row.planned)
    return kept | {"planned": planned, "status": row.status}


def _row_from_json(kept: Json) -> StepRow:
    return StepRow(
        planned=None if kept["planned"] is None else _step_from_json(kept["planned"]),
        status=StepStatus(kept["status"]),
        **{name: kept.get(name, "" if name == "effort" else None) for name in _PLAIN},
    )


def _step_to_json(step: Step) -> dict[str, Any]:
    duration = [step.duration.unit, step.duration.amount]
    return {"duration": duration, "role": step.role, **_target_to_json(step.target)}


def _step_from_json(kept: Json) -> Step:
    unit, amount = kept["duration"]
    return Step(Duration(DurationUnit(unit), amount), _target_from_json(kept), Role(kept["role"]))


def _target_to_json(target: Target | None) -> dict[str, Any]:
    match target:
        case None:
            return {}
        case PaceBand(slow, fast):
            return {"mps": [slow, fast]}
        case ZoneTarget(zone):
            return {"zone": zone}
        case HeartRateBand(low, high):
            return {"bpm": [low, high]}
        case HeartRateZone(number):
            return {"hr_zone": number}
        case EffortTarget(low, high):
            return {"rpe": [low, high]}


def _target_from_json(kept: Json) -> Target | None:
    if "mps" in kept:
        return PaceBand(*kept["mps"])
    if "zone" in kept:
        return ZoneTarget(PaceZone(kept["zone"]))
    if "bpm" in kept:
        return HeartRateBand(*kept["bpm"])
    if "hr_zone" in kept:
        return HeartRateZone(kept["hr_zone"])
    return EffortTarget(*kept["rpe"]) if "rpe" in kept else None
