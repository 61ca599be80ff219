"""What was seen of our workouts on each sink, where and when."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.domain.delivery.observation import Reading
from syncd.store.database import Database
from syncd.store.times import from_text, to_text

KEPT = timedelta(days=14)  # our default: longer than any absence is in doubt
_MOST = 60  # our default: readings a sink that say something new


class Readings:
    """The only code that knows their table. A reading that shows what the one before showed is not kept."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def newest(self, sink: str) -> tuple[Reading, ...]:
        """Newest first."""
        found = self._db.rows("SELECT * FROM readings WHERE sink = ? ORDER BY id DESC", (sink,))
        return tuple(map(_reading, found))

    def note(self, sink: str, reading: Reading) -> None:
        """Keep it where it shows something new, and nothing that is too old to matter."""
        newest = next(iter(self.newest(sink)), None)
        if newest is not None and replace(newest, at=reading.at) == reading:
            return
        with self._db.transaction():
            self._db.insert(
                "INSERT INTO readings (sink, at, whole, first_day, last_day, seen, strangers)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    sink,
                    to_text(reading.at),
                    int(reading.whole),
                    reading.first.isoformat(),
                    reading.last.isoformat(),
                    json.dumps(sorted(reading.seen)),
                    json.dumps(sorted([day.isoformat(), name] for day, name in reading.strangers)),
                ),
            )
            self._db.run(
                "DELETE FROM readings WHERE sink = ? AND (at < ? OR id NOT IN"
                " (SELECT id FROM readings WHERE sink = ? ORDER BY id DESC LIMIT ?))",
                (sink, to_text(reading.at - KEPT), sink, _MOST),
            )

    def forget_all(self, sink: str) -> None:
        """Another account, another calendar: what was seen says nothing."""
        self._db.run("DELETE FROM readings WHERE sink = ?", (sink,))

    def forget_after(self, moment: datetime) -> None:
        """Forget what a wrong clock dated ahead."""
        self._db.run("DELETE FROM readings WHERE at > ?", (to_text(moment),))


def _reading(row: sqlite3.Row) -> Reading:
    return Reading(
        at=from_text(row["at"]),
        first=date.fromisoformat(row["first_day"]),
        last=date.fromisoformat(row["last_day"]),
        seen=frozenset(json.loads(row["seen"])),
        strangers=frozenset((date.fromisoformat(day), name) for day, name in json.loads(row["strangers"])),
        whole=bool(row["whole"]),
    )
