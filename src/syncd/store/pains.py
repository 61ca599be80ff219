"""Pain in runs, as the athlete entered it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date, datetime

from syncd.domain.training.pain import Pain, PainSign
from syncd.store.database import Database
from syncd.store.times import to_text


class Pains:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, pain: Pain, at: datetime) -> Pain:
        """Keep it in the place of what was entered for the same run before; with its number."""
        with self._db.transaction():
            self._db.run(
                "UPDATE pains SET taken_back_at = ? WHERE activity_id = ? AND taken_back_at IS NULL",
                (to_text(at), pain.activity_id),
            )
            identity = self._db.insert(
                "INSERT INTO pains (at, activity_id, day, worst, place, signs) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    to_text(at),
                    pain.activity_id,
                    pain.day.isoformat(),
                    pain.worst,
                    pain.place,
                    json.dumps(sorted(sign.value for sign in pain.signs)),
                ),
            )
        return replace(pain, id=identity)

    def of_run(self, activity_id: int) -> Pain | None:
        """What holds for a run; None where nothing was entered."""
        row = self._db.row(
            "SELECT * FROM pains WHERE activity_id = ? AND taken_back_at IS NULL", (activity_id,)
        )
        return None if row is None else _pain(row)

    def since(self, first: date) -> tuple[Pain, ...]:
        """What holds for runs from that day on, oldest first."""
        found = self._db.rows(
            "SELECT * FROM pains WHERE day >= ? AND taken_back_at IS NULL ORDER BY day, id",
            (first.isoformat(),),
        )
        return tuple(map(_pain, found))


def _pain(row: sqlite3.Row) -> Pain:
    return Pain(
        activity_id=row["activity_id"],
        day=date.fromisoformat(row["day"]),
        worst=row["worst"],
        place=row["place"],
        signs=frozenset(map(PainSign, json.loads(row["signs"]))),
        id=row["id"],
    )
