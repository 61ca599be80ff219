"""A session as columns and as JSON; both come back equal."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import Any

from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.session import Session, SessionKind

Column = str | int | float | None


def session_columns(session: Session) -> dict[str, Column]:
    """Every field of a session, by column."""
    return {
        "id": session.id,
        "day": session.day.isoformat(),
        "kind": session.kind.value,
        "title": session.title,
        "length_m": session.length_m,
        "notation": format_workout(session.workout),
        "name": session.workout.name,
        "distance_m": float(session.distance_m),
        "duration_s": float(session.duration_s),
        "rpe_low": session.rpe[0],
        "rpe_high": session.rpe[1],
        "hard": int(session.hard),
        "purpose": session.purpose,
        "family": session.family,
        "level": session.level,
        "rules": json.dumps(session.rules),
    }


def session_from(columns: sqlite3.Row | dict[str, Any]) -> Session:
    """The session of `session_columns`."""
    return Session(
        id=columns["id"],
        day=date.fromisoformat(columns["day"]),
        kind=SessionKind(columns["kind"]),
        title=columns["title"],
        workout=parse_workout(columns["notation"], name=columns["name"]),
        distance_m=columns["distance_m"],
        duration_s=columns["duration_s"],
        rpe=(columns["rpe_low"], columns["rpe_high"]),
        hard=bool(columns["hard"]),
        purpose=columns["purpose"],
        family=columns["family"],
        level=columns["level"],
        rules=tuple(json.loads(columns["rules"])),
        length_m=columns["length_m"],
    )


def session_to_json(session: Session | None) -> str | None:
    """The whole session, so that undo can bring it back; None for none."""
    return None if session is None else json.dumps(session_columns(session), ensure_ascii=False)


def session_from_json(text: str | None) -> Session | None:
    """The session of `session_to_json`."""
    return None if text is None else session_from(json.loads(text))
