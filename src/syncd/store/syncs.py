"""When syncs ran, and what came of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.store.database import Database
from syncd.store.times import from_text, maybe_from_text, to_text

KEPT = 2000  # our default: two weeks at one every ten minutes


@dataclass(frozen=True, slots=True)
class SyncRecord:
    """One sync; `finished_at` None while it runs, or for ever if it was killed."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    counts: Mapping[str, int]


class SyncRecords:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, at: datetime) -> int:
        """A sync begins; its id. Only the newest KEPT stay."""
        with self._db.transaction():
            sync_id = self._db.insert(
                "INSERT INTO cycles (started_at, counts) VALUES (?, '{}')", (to_text(at),)
            )
            self._db.run("DELETE FROM cycles WHERE id <= ?", (sync_id - KEPT,))
        return sync_id

    def finish(self, sync_id: int, at: datetime, outcome: str, counts: Mapping[str, int]) -> None:
        """It ended, in this way."""
        self._db.run(
            "UPDATE cycles SET finished_at = ?, outcome = ?, counts = ? WHERE id = ?",
            (to_text(at), outcome, json.dumps(dict(counts), sort_keys=True), sync_id),
        )

    def forget(self, sync_id: int) -> None:
        """It decided nothing, and its time was wrong."""
        self._db.run("DELETE FROM cycles WHERE id = ?", (sync_id,))

    def forget_after(self, moment: datetime) -> None:
        """Forget the syncs that a wrong clock dated ahead."""
        self._db.run("DELETE FROM cycles WHERE started_at > ?", (to_text(moment),))

    def newest(self, count: int = 1) -> tuple[SyncRecord, ...]:
        """The last syncs, newest first."""
        found = self._db.rows("SELECT * FROM cycles ORDER BY id DESC LIMIT ?", (count,))
        return tuple(map(_sync_record, found))

    def last_finished(self) -> SyncRecord | None:
        """The newest one that came to its end."""
        row = self._db.row("SELECT * FROM cycles WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1")
        return None if row is None else _sync_record(row)

    def last_ok_before(self, moment: datetime) -> datetime | None:
        """When the newest sync began that ended well and began before that moment."""
        row = self._db.row(
            "SELECT started_at FROM cycles WHERE outcome = 'ok' AND started_at < ? ORDER BY id DESC LIMIT 1",
            (to_text(moment),),
        )
        return None if row is None else from_text(row["started_at"])


def _sync_record(row: sqlite3.Row) -> SyncRecord:
    return SyncRecord(
        id=row["id"],
        started_at=from_text(row["started_at"]),
        finished_at=maybe_from_text(row["finished_at"]),
        outcome=row["outcome"],
        counts=json.loads(row["counts"]),
    )
