"""Scores as values: what earlier versions kept as numbers becomes typed, their sentences stay verbatim."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from syncd.domain.activity import Trait
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.notation import NotationError, parse_workout
from syncd.domain.reason import Reason
from syncd.domain.scoring.card import (
    Alignment,
    Flag,
    Part,
    ScoreBand,
    Scorecard,
    StepRow,
    StepStatus,
    Strain,
    Tier,
)
from syncd.domain.workout import Duration, DurationUnit, PaceBand, Role, Step, WorkoutError
from syncd.store.score_codec import card_to_json, strain_to_json

_INSERT = """
INSERT INTO scores_new (id, activity_id, session_id, method, attribution_confidence, why, part_of, origin,
    prescription, algorithm, score, band, confidence, card, strain, problems, traits, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NO_WORKOUT = "No workout to compare with: it counts as load, not scored."
_TRAITS = {
    "entered by hand: its distance counts, there is nothing to score": Trait.BY_HAND,
    "running legs of a multisport: their distance counts, they are not scored": Trait.LEGS,
    "its start time is hidden on Strava: the day is right, the hour is not": Trait.HIDDEN_START,
}
_GONE = {
    "was edited there": WithdrawalCause.EDITED,
    "is another recording of a run that is here": WithdrawalCause.DOUBLE,
    "is its parts were recorded one by one": WithdrawalCause.IN_PARTS,
    "is part of a run that is there as a whole": WithdrawalCause.PART_OF_WHOLE,
    "is not there any more": WithdrawalCause.DELETED,
    "was forgotten at your request": WithdrawalCause.FORGOTTEN,
}


def upgrade(connection: sqlite3.Connection) -> None:
    """Fill the new table of scores, in batches, and put it in the place of the old one."""
    rows = connection.execute("SELECT * FROM scores ORDER BY id")
    rows.row_factory = sqlite3.Row
    while batch := rows.fetchmany(500):
        connection.executemany(_INSERT, [_row(row) for row in batch])
    connection.execute("DROP TABLE scores")
    connection.execute("ALTER TABLE scores_new RENAME TO scores")
    connection.execute("CREATE INDEX scores_activity ON scores (activity_id)")
    connection.execute("CREATE INDEX scores_session ON scores (session_id)")
    for table, column in (("activities", "withdrawn"), ("recordings", "gone")):
        _coded(connection, table, column)


def _coded(connection: sqlite3.Connection, table: str, column: str) -> None:
    """Why something does not count was a sentence, and is a reason."""
    sentences = connection.execute(
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - constants
    )
    for (text,) in sentences.fetchall():
        connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {column} = ?",  # noqa: S608 - constants
            (json.dumps(_gone(text).to_json(), ensure_ascii=False), text),
        )


def _gone(text: str) -> Reason:
    return Reason(_GONE[text]) if text in _GONE else Reason.legacy(text)


def _row(row: sqlite3.Row) -> tuple[Any, ...]:
    payload = json.loads(row["payload"])
    attribution = payload.get("attribution", {})
    card = _card(row, payload)
    strain = payload.get("strain")
    notes = [str(note) for note in payload.get("notes", ()) if note != _NO_WORKOUT]
    problems = [] if card is not None else [note for note in notes if note not in _TRAITS]
    return (
        row["id"],
        row["activity_id"],
        row["session_id"],
        row["method"],
        float(attribution.get("confidence", 1.0)),
        json.dumps(Reason.legacy(str(attribution.get("why", ""))).to_json(), ensure_ascii=False),
        attribution.get("part_of"),
        row["origin"],
        row["prescription"],
        row["algorithm"],
        row["score"],
        row["band"],
        row["confidence"],
        None if card is None else card_to_json(card),
        None if strain is None else strain_to_json(Strain(**{**strain, "held_s": strain["held_s"] or 0.0})),
        json.dumps(problems, ensure_ascii=False),
        json.dumps(sorted(_TRAITS[note] for note in notes if note in _TRAITS)),
        row["at"],
    )


def _card(row: sqlite3.Row, payload: Mapping[str, Any]) -> Scorecard | None:
    """None where nothing was compared. An algorithm long gone is read like any other."""
    if payload.get("prescription", {}).get("notation") is None or not str(row["algorithm"]).isdecimal():
        return None
    alignment, reps = payload["alignment"], payload.get("reps", {})
    return Scorecard(
        algorithm=int(row["algorithm"]),
        score=row["score"],
        band=None if row["band"] is None else ScoreBand(row["band"]),
        confidence=row["confidence"],
        parts=tuple(
            Part(name, part["score"], part["weight"], (Reason.legacy(part["why"]),))
            for name, part in payload["parts"].items()
        ),
        alignment=Alignment(Tier(alignment["tier"]), alignment["matched"], alignment["planned"]),
        steps=tuple(map(_step_row, payload["steps"])),
        flags=tuple(Flag(flag) for flag in payload["flags"] if flag in set(Flag)),
        notes=(),
        reps_planned=reps.get("planned", 0),
        reps_in_band=reps.get("in_band", 0),
        legacy_text=row["words"] or payload.get("words", ""),
        legacy_notes=tuple(note for note in payload.get("notes", ()) if note not in _TRAITS),
    )


def _step_row(row: Mapping[str, Any]) -> StepRow:
    actual = row["actual"]
    return StepRow(
        n=row["n"],
        role=row["role"],
        planned=None if row["planned"] is None else _planned(row["planned"], row["role"]),
        distance_m=actual["distance_m"],
        timer_s=actual["timer_s"],
        pace_s_per_km=actual["pace_s_per_km"],
        hr_bpm=actual["hr_bpm"],
        credit=row["credit"],
        status=StepStatus(row["status"]),
        in_band=row["in_band"],
        rep=row.get("rep"),
    )


def _planned(planned: Mapping[str, Any], role: str) -> Step | None:
    try:
        step = _parsed(f"{planned['duration']} {planned['target']}".strip())
    except (NotationError, WorkoutError):
        return None
    paces = planned.get("pace_s_per_km")
    target = PaceBand.of_paces(*paces) if paces and not isinstance(step.target, PaceBand) else step.target
    return Step(step.duration, target, Role(role) if role else Role.RUN)


@lru_cache(maxsize=4096)
def _parsed(notation: str) -> Step:
    step = parse_workout(notation).steps[0]
    return step if isinstance(step, Step) else Step(Duration(DurationUnit.LAP_BUTTON))
