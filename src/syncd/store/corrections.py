"""What was put right on top of recordings: runs ignored, trimmed, given another distance, sport or start."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from syncd.domain.corrections import Correction, CorrectionKind
from syncd.store.database import Database
from syncd.store.times import from_text, maybe_from_text, to_text


class Corrections:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, correction: Correction) -> Correction:
        """Keep it; the same with its id."""
        identity = self._db.insert(
            "INSERT INTO corrections (activity_id, kind, value, author, at) VALUES (?, ?, ?, ?, ?)",
            (
                correction.activity_id,
                correction.kind.value,
                json.dumps(dict(correction.value), sort_keys=True),
                correction.author,
                to_text(correction.at),
            ),
        )
        return replace(correction, id=identity)

    def of_activity(self, activity_id: int) -> tuple[Correction, ...]:
        """Those of a run that are not revoked, oldest first."""
        rows = self._db.rows(
            "SELECT * FROM corrections WHERE activity_id = ? AND revoked_at IS NULL ORDER BY id",
            (activity_id,),
        )
        return tuple(map(_correction, rows))

    def runs_of(self, author: str) -> tuple[int, ...]:
        """The runs on which that author put something right that holds."""
        rows = self._db.rows(
            "SELECT DISTINCT activity_id FROM corrections WHERE author = ? AND revoked_at IS NULL"
            " ORDER BY activity_id",
            (author,),
        )
        return tuple(int(row["activity_id"]) for row in rows)

    def revoke(self, correction_id: int, at: datetime) -> None:
        """It holds no longer."""
        self._db.run("UPDATE corrections SET revoked_at = ? WHERE id = ?", (to_text(at), correction_id))

    def move(self, activity_id: int, heir: int) -> None:
        """The run is part of another one now, and so are they."""
        self._db.run("UPDATE corrections SET activity_id = ? WHERE activity_id = ?", (heir, activity_id))


def _correction(row: sqlite3.Row) -> Correction:
    return Correction(
        activity_id=row["activity_id"],
        kind=CorrectionKind(row["kind"]),
        at=from_text(row["at"]),
        value=json.loads(row["value"]),
        author=row["author"],
        revoked_at=maybe_from_text(row["revoked_at"]),
        id=row["id"],
    )
