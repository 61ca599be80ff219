"""Scores: every one that was ever given, the newest of a run counts."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from syncd.store.database import Database
from syncd.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class StoredScore:
    """How one run was judged, against what, and by which algorithm.

    `prescription` is notation (None: nothing to compare with), `method` how the session was
    found, `payload` the whole card as JSON text. `id` is 0 until it is recorded.
    """

    activity_id: int
    session_id: str | None
    algorithm: str
    origin: str
    prescription: str | None
    score: int | None
    band: str | None
    confidence: float
    method: str
    payload: str
    words: str
    at: datetime
    id: int = 0


class Scores:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(self, score: StoredScore) -> int:
        """Keep it beside the earlier ones of that run; its id."""
        return self._db.insert(
            "INSERT INTO scores (activity_id, session_id, algorithm, origin, prescription, score, band,"
            " confidence, method, payload, words, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                score.activity_id,
                score.session_id,
                score.algorithm,
                score.origin,
                score.prescription,
                score.score,
                score.band,
                score.confidence,
                score.method,
                score.payload,
                score.words,
                to_text(score.at),
            ),
        )

    def newest_of(self, activity_id: int) -> StoredScore | None:
        """The one that counts for a run."""
        row = self._db.row(
            "SELECT * FROM scores WHERE activity_id = ? ORDER BY id DESC LIMIT 1", (activity_id,)
        )
        return None if row is None else _score(row)

    def history_of(self, activity_id: int) -> tuple[StoredScore, ...]:
        """All of a run, oldest first."""
        found = self._db.rows("SELECT * FROM scores WHERE activity_id = ? ORDER BY id", (activity_id,))
        return tuple(map(_score, found))

    def between(self, first: date, last: date) -> tuple[StoredScore, ...]:
        """The one that counts for each run on these days, in the order the runs began."""
        found = self._db.rows(_BETWEEN, (first.isoformat(), last.isoformat()))
        return tuple(map(_score, found))

    def for_session(self, session_id: str) -> StoredScore | None:
        """The newest score against a session that still counts for its run."""
        row = self._db.row(_FOR_SESSION, (session_id,))
        return None if row is None else _score(row)


_BETWEEN = """
SELECT scores.* FROM activities
JOIN scores ON scores.id = (SELECT max(id) FROM scores WHERE activity_id = activities.id)
WHERE activities.day BETWEEN ? AND ?
ORDER BY activities.start_at, activities.id
"""
_FOR_SESSION = """
SELECT * FROM scores
WHERE session_id = ?
  AND NOT EXISTS (SELECT 1 FROM scores AS later
                  WHERE later.activity_id = scores.activity_id AND later.id > scores.id)
ORDER BY id DESC LIMIT 1
"""


def _score(row: sqlite3.Row) -> StoredScore:
    return StoredScore(
        id=row["id"],
        activity_id=row["activity_id"],
        session_id=row["session_id"],
        algorithm=row["algorithm"],
        origin=row["origin"],
        prescription=row["prescription"],
        score=row["score"],
        band=row["band"],
        confidence=row["confidence"],
        method=row["method"],
        payload=row["payload"],
        words=row["words"],
        at=from_text(row["at"]),
    )
