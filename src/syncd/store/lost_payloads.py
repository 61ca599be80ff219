"""Payloads of recordings that are lost or damaged, until they are whole again."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from syncd.store.database import Database
from syncd.store.times import maybe_from_text, to_text


@dataclass(frozen=True, slots=True)
class LostPayload:
    """`damaged`: something lies there, but it is another content. `day` is that of the run."""

    raw_hash: str
    damaged: bool
    day: date
    source: str
    since: date
    asked_at: datetime | None = None


class LostPayloads:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, damaged: Mapping[str, bool], today: date) -> None:
        """These are all there are (by hash, whether damaged or gone); what is not among them is whole."""
        with self._db.transaction():
            for known in self._db.rows("SELECT raw_hash FROM lost_payloads"):
                if known["raw_hash"] not in damaged:
                    self.found(known["raw_hash"])
            for raw_hash, is_damaged in damaged.items():
                self._db.run(_NOTE, (raw_hash, is_damaged, today.isoformat()))

    def found(self, raw_hash: str) -> None:
        """It is whole again, or another one took its place."""
        self._db.run("DELETE FROM lost_payloads WHERE raw_hash = ?", (raw_hash,))

    def asked(self, raw_hash: str, at: datetime) -> None:
        """Its source was asked for it, in vain."""
        self._db.run("UPDATE lost_payloads SET asked_at = ? WHERE raw_hash = ?", (to_text(at), raw_hash))

    def all(self) -> tuple[LostPayload, ...]:
        """Those of recordings that count, the newest run first."""
        return tuple(map(_lost, self._db.rows(_ALL)))

    def due(self, sources: Collection[str], before: datetime, most: int) -> tuple[LostPayload, ...]:
        """Those that these sources had, and that were not asked for since; at most so many."""
        due = [
            lost
            for lost in self.all()
            if lost.source in sources and (lost.asked_at is None or lost.asked_at <= before)
        ]
        return tuple(due[:most])

    def take_the_place(self, raw_hash: str, other: str) -> bool:
        """Another payload of the same recording is read in its place from now on; False where it is known."""
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM recordings WHERE raw_hash = ?", (other,)) is not None:
                return False
            for table in ("recordings", "arrivals", "activities"):
                self._db.run(f"UPDATE {table} SET raw_hash = ? WHERE raw_hash = ?", (other, raw_hash))  # noqa: S608
            self.found(raw_hash)
        return True


_NOTE = """
INSERT INTO lost_payloads (raw_hash, damaged, since) VALUES (?, ?, ?)
ON CONFLICT (raw_hash) DO UPDATE SET damaged = excluded.damaged
"""
_ALL = """
SELECT lost_payloads.raw_hash, damaged, since, asked_at, min(recordings.day) AS day, recordings.source
FROM lost_payloads JOIN recordings ON recordings.raw_hash = lost_payloads.raw_hash
WHERE recordings.gone IS NULL
GROUP BY lost_payloads.raw_hash, recordings.source
ORDER BY day DESC, lost_payloads.raw_hash, recordings.source
"""


def _lost(row: sqlite3.Row) -> LostPayload:
    return LostPayload(
        row["raw_hash"],
        bool(row["damaged"]),
        date.fromisoformat(row["day"]),
        row["source"],
        date.fromisoformat(row["since"]),
        maybe_from_text(row["asked_at"]),
    )
