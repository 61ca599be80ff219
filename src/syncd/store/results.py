"""Tests and races: what the paces come from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, datetime

from syncd.domain.reason import Reason
from syncd.store.database import Database
from syncd.store.reason_codec import reason_from_text, reason_to_text
from syncd.store.times import from_text, maybe_from_text, to_text


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A test or a race. `activity_id` None: run elsewhere, and entered.

    `valid` says whether paces come from it, `why` for which reason. `id` is 0 until it is kept.
    """

    at: datetime
    day: date
    distance_m: float
    time_s: float
    origin: str
    valid: bool
    why: Reason
    activity_id: int | None = None
    session_id: str | None = None
    revoked_at: datetime | None = None
    id: int = 0


class Results:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, result: StoredResult) -> StoredResult:
        """Keep it, in the place of an earlier one of the same run; with its id."""
        with self._db.transaction():
            if result.activity_id is not None:
                self._db.run("DELETE FROM results WHERE activity_id = ?", (result.activity_id,))
            identity = self._db.insert(
                "INSERT INTO results"
                " (at, day, distance_m, time_s, origin, activity_id, session_id, valid, why)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    to_text(result.at),
                    result.day.isoformat(),
                    result.distance_m,
                    result.time_s,
                    result.origin,
                    result.activity_id,
                    result.session_id,
                    int(result.valid),
                    reason_to_text(result.why),
                ),
            )
        return replace(result, id=identity)

    def of_activity(self, activity_id: int) -> StoredResult | None:
        """The result of a run, taken back or not."""
        row = self._db.row("SELECT * FROM results WHERE activity_id = ?", (activity_id,))
        return None if row is None else _result(row)

    def in_force(self) -> tuple[StoredResult, ...]:
        """All that are not taken back, valid or not, by day."""
        found = self._db.rows("SELECT * FROM results WHERE taken_back_at IS NULL ORDER BY day, id")
        return tuple(map(_result, found))

    def revoke(self, result_id: int, at: datetime) -> None:
        """It no longer counts."""
        self._db.run("UPDATE results SET taken_back_at = ? WHERE id = ?", (to_text(at), result_id))


def _result(row: sqlite3.Row) -> StoredResult:
    return StoredResult(
        id=row["id"],
        at=from_text(row["at"]),
        day=date.fromisoformat(row["day"]),
        distance_m=row["distance_m"],
        time_s=row["time_s"],
        origin=row["origin"],
        valid=bool(row["valid"]),
        why=reason_from_text(row["why"]),
        activity_id=row["activity_id"],
        session_id=row["session_id"],
        revoked_at=maybe_from_text(row["taken_back_at"]),
    )
