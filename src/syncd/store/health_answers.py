"""The dated answers about health, what was cleared since, and from when on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from syncd.domain.athlete import Concern, HealthAnswer, UsualRunning
from syncd.store.database import Database
from syncd.store.times import to_text


class ClearedFor(StrEnum):
    """What a clearance is for."""

    EASY = "easy"
    EVERYTHING = "everything"
    OVER = "over"  # a pregnancy that ended, otherwise than by a birth that is known


@dataclass(frozen=True, slots=True)
class Clearance:
    """From a day on."""

    from_day: date
    cleared_for: ClearedFor
    in_file: bool = False


class HealthAnswers:
    """The only code that knows their tables."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, answer: HealthAnswer, at: datetime) -> str:
        """Keep an answer, without what was cleared; its id."""
        usual = answer.usual
        values = (
            to_text(at),
            answer.concern.name.lower(),
            answer.since.isoformat(),
            None if usual is None else usual.week_m,
            None if usual is None else usual.long_m,
            int(answer.in_file),
        )
        return str(
            self._db.insert(
                "INSERT INTO health_answers (at, concern, since, usual_week_m, usual_long_m, in_file)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
        )

    def clear(self, answer_id: str, clearance: Clearance, at: datetime) -> int:
        """Keep what was cleared; its id."""
        return self._db.insert(
            "INSERT INTO health_clearances (answer_id, at, from_day, cleared_for, in_file)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                int(answer_id),
                to_text(at),
                clearance.from_day.isoformat(),
                clearance.cleared_for.value,
                int(clearance.in_file),
            ),
        )

    def note_usual(self, answer_id: str, usual: UsualRunning) -> None:
        """What was run before a pregnancy, where it was not known at first."""
        sql = "UPDATE health_answers SET usual_week_m = ?, usual_long_m = ? WHERE id = ?"
        self._db.run(sql, (usual.week_m, usual.long_m, int(answer_id)))

    def in_force(self) -> tuple[HealthAnswer, ...]:
        """Those that were not taken back, with what was cleared, oldest first."""
        cleared: dict[int, list[Clearance]] = {}
        for row in self._db.rows("SELECT * FROM health_clearances WHERE taken_back_at IS NULL ORDER BY id"):
            cleared.setdefault(row["answer_id"], []).append(_clearance(row))
        rows = self._db.rows("SELECT * FROM health_answers WHERE taken_back_at IS NULL ORDER BY id")
        return tuple(_answer(row, cleared.get(row["id"], ())) for row in rows)

    def cleared_in_file(self, answer_id: str) -> bool:
        """Whether its clearance was read in the configuration."""
        sql = "SELECT 1 FROM health_clearances WHERE answer_id = ? AND in_file AND taken_back_at IS NULL"
        return self._db.row(sql, (int(answer_id),)) is not None

    def said_on(self, answer_id: str) -> datetime:
        """When the answer was given."""
        rows = self._db.rows("SELECT at FROM health_answers WHERE id = ?", (int(answer_id),))
        return datetime.fromisoformat(rows[0]["at"])

    def caused(self, change_id: int, *, answer_id: str = "", clearance_id: int = 0) -> None:
        """The change of the plan that one of them made."""
        self._db.run("UPDATE health_answers SET change_id = ? WHERE id = ?", (change_id, answer_id or None))
        self._db.run("UPDATE health_clearances SET change_id = ? WHERE id = ?", (change_id, clearance_id))

    def answer_of(self, change_id: int) -> str | None:
        """The answer that made a change and is in force; None where there is none."""
        sql = "SELECT id FROM health_answers WHERE change_id = ? AND taken_back_at IS NULL"
        row = self._db.row(sql, (change_id,))
        return None if row is None else str(row["id"])

    def cleared_by(self, change_id: int) -> str | None:
        """The answer that a change cleared, where that is in force; None where there is none."""
        sql = "SELECT answer_id FROM health_clearances WHERE change_id = ? AND taken_back_at IS NULL"
        row = self._db.row(sql, (change_id,))
        return None if row is None else str(row["answer_id"])

    def take_back(self, answer_id: str, at: datetime) -> None:
        """The answer was not so."""
        sql = "UPDATE health_answers SET taken_back_at = ? WHERE id = ?"
        self._db.run(sql, (to_text(at), int(answer_id)))

    def take_back_of_change(self, change_id: int, at: datetime) -> None:
        """Whatever made a change was not so."""
        for table in ("health_answers", "health_clearances"):
            sql = f"UPDATE {table} SET taken_back_at = ? WHERE change_id = ? AND taken_back_at IS NULL"  # noqa: S608
            self._db.run(sql, (to_text(at), change_id))


def _clearance(row: sqlite3.Row) -> Clearance:
    day, cleared_for = date.fromisoformat(row["from_day"]), ClearedFor(row["cleared_for"])
    return Clearance(day, cleared_for, bool(row["in_file"]))


def _answer(row: sqlite3.Row, cleared: Iterable[Clearance]) -> HealthAnswer:
    first: dict[ClearedFor, date] = {}
    for clearance in cleared:
        known = first.get(clearance.cleared_for, clearance.from_day)
        first[clearance.cleared_for] = min(known, clearance.from_day)
    everything = first.get(ClearedFor.EVERYTHING)
    week_m = row["usual_week_m"]
    return HealthAnswer(
        concern=Concern[row["concern"].upper()],
        since=date.fromisoformat(row["since"]),
        easy_from=min(filter(None, (first.get(ClearedFor.EASY), everything)), default=None),
        free_from=everything,
        over_on=first.get(ClearedFor.OVER),
        usual=None if week_m is None else UsualRunning(week_m, row["usual_long_m"]),
        id=str(row["id"]),
        in_file=bool(row["in_file"]),
    )
