"""What the athlete was asked, and what was answered."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.store.database import Database
from syncd.store.times import from_text, maybe_from_text, to_text


class Questions:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ask(self, question: Question, at: datetime) -> Question:
        """Keep it as asked at that moment; the one that is kept already where its key is known."""
        known = self.with_key(question.key)
        if known is not None:
            return known
        identity = self._db.insert(
            "INSERT INTO questions (key, kind, facts, activity_id, session_id, default_answer, asked_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                question.key,
                question.kind.value,
                json.dumps(dict(question.facts), ensure_ascii=False, sort_keys=True),
                question.activity_id,
                question.session_id,
                question.default.value,
                to_text(at),
            ),
        )
        return replace(question, id=identity, asked_at=at)

    def get(self, question_id: int) -> Question | None:
        """One question."""
        row = self._db.row("SELECT * FROM questions WHERE id = ?", (question_id,))
        return None if row is None else _question(row)

    def with_key(self, key: str) -> Question | None:
        """The question of that key, open or settled."""
        row = self._db.row("SELECT * FROM questions WHERE key = ?", (key,))
        return None if row is None else _question(row)

    def open(self) -> tuple[Question, ...]:
        """Those that nobody has settled, oldest first."""
        found = self._db.rows("SELECT * FROM questions WHERE answered_at IS NULL ORDER BY id")
        return tuple(map(_question, found))

    def settled(self) -> tuple[Question, ...]:
        """Those that are settled, oldest first."""
        found = self._db.rows("SELECT * FROM questions WHERE answered_at IS NOT NULL ORDER BY id")
        return tuple(map(_question, found))

    def settle(self, question_id: int, answer: Answer | None, by: AnsweredBy, at: datetime) -> None:
        """It is answered; None where it does not matter any more."""
        self._db.run(
            "UPDATE questions SET answer = ?, answered_at = ?, answered_by = ? WHERE id = ?",
            (None if answer is None else answer.value, to_text(at), by.value, question_id),
        )


def _question(row: sqlite3.Row) -> Question:
    return Question(
        kind=QuestionKind(row["kind"]),
        key=row["key"],
        default=Answer(row["default_answer"]),
        facts=json.loads(row["facts"]),
        activity_id=row["activity_id"],
        session_id=row["session_id"],
        asked_at=from_text(row["asked_at"]),
        answer=None if row["answer"] is None else Answer(row["answer"]),
        answered_at=maybe_from_text(row["answered_at"]),
        answered_by=None if row["answered_by"] is None else AnsweredBy(row["answered_by"]),
        id=row["id"],
    )
