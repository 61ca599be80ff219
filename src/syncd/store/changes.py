"""Changes of the plan, with their reasons: what `why` explains and `undo` reverts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from syncd.domain.reason import Reason
from syncd.domain.session import Session
from syncd.domain.training.facts import Fact
from syncd.store.database import Database
from syncd.store.reason_codec import maybe_reason_from_text, reason_from_text, reason_to_text
from syncd.store.session_codec import session_from_json, session_to_json
from syncd.store.times import from_text, maybe_from_text, to_text

BY_ATHLETE = "athlete"  # in the place of a rule
REZONED = "zones"  # likewise: new paces for the same session
BY_FACTS = "facts"  # likewise: what was decided on facts that no longer hold is taken back


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `before` None: added; `after` None: dropped. `evidence` is JSON-able.

    `id` is 0 until it is recorded. `rule` names the training rule, or who asked (`BY_ATHLETE`).
    `key` names the rule with its evidence: what was decided once is not decided again, undone or
    not. `condition` is what it asks of the weeks ahead, JSON-able; it has no session then.

    `rests_on`: facts without which it is withdrawn, none for what the athlete said; None for changes from
    before these were kept.
    A withdrawn change may be decided again, an undone one never.
    """

    at: datetime
    rule: str
    session_id: str | None
    reason: Reason
    before: Session | None = None
    after: Session | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    undone_at: datetime | None = None
    id: int = 0
    key: str = ""
    condition: Mapping[str, Any] | None = None
    rests_on: tuple[Fact, ...] | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: Reason | None = None

    @property
    def holds(self) -> bool:
        """Neither undone nor withdrawn."""
        return self.undone_at is None and self.withdrawn_at is None


class Changes:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(self, change: Change) -> int:
        """Keep it; its id."""
        return self._db.insert(
            "INSERT INTO changes"
            " (at, rule, session_id, reason, evidence, before, after, undone_at, key, condition, rests_on)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                to_text(change.at),
                change.rule,
                change.session_id,
                reason_to_text(change.reason),
                _text(change.evidence),
                session_to_json(change.before),
                session_to_json(change.after),
                None if change.undone_at is None else to_text(change.undone_at),
                change.key,
                None if change.condition is None else _text(change.condition),
                _facts_text(change.rests_on or ()),
            ),
        )

    def keep(self, change: Change) -> Change:
        """The change with its number."""
        return replace(change, id=self.record(change))

    def keep_together(self, changes: Iterable[Change]) -> list[Change]:
        """Changes that belong together, with their numbers: the others name the first in their evidence."""
        kept: list[Change] = []
        for change in changes:
            because = {"because": kept[0].id} if kept else {}
            kept.append(self.keep(replace(change, evidence={**change.evidence, **because})))
        return kept

    def get(self, change_id: int) -> Change | None:
        """One change."""
        row = self._db.row("SELECT * FROM changes WHERE id = ?", (change_id,))
        return None if row is None else _change(row)

    def of_session(self, session_id: str) -> tuple[Change, ...]:
        """Everything that happened to a session, oldest first."""
        found = self._db.rows("SELECT * FROM changes WHERE session_id = ? ORDER BY id", (session_id,))
        return tuple(map(_change, found))

    def on_day(self, day: date) -> tuple[Change, ...]:
        """Changes of sessions that were on this day before or after them, oldest first."""
        found = self._db.rows(
            "SELECT * FROM changes WHERE json_extract(before, '$.day') = ?"
            " OR json_extract(after, '$.day') = ? ORDER BY id",
            (day.isoformat(), day.isoformat()),
        )
        return tuple(map(_change, found))

    def newest(self, count: int) -> tuple[Change, ...]:
        """The last changes, newest first."""
        found = self._db.rows("SELECT * FROM changes ORDER BY id DESC LIMIT ?", (count,))
        return tuple(map(_change, found))

    def since(self, at: datetime) -> tuple[Change, ...]:
        """Everything from that moment on, oldest first."""
        found = self._db.rows("SELECT * FROM changes WHERE at >= ? ORDER BY id", (to_text(at),))
        return tuple(map(_change, found))

    def conditions(self) -> tuple[Change, ...]:
        """What is asked of the weeks ahead and was neither undone nor withdrawn, oldest first."""
        found = self._db.rows(
            "SELECT * FROM changes WHERE condition IS NOT NULL AND undone_at IS NULL"
            " AND withdrawn_at IS NULL ORDER BY id"
        )
        return tuple(map(_change, found))

    def because_of(self, change_id: int) -> tuple[Change, ...]:
        """The changes that were made together with one, oldest first."""
        found = self._db.rows(
            "SELECT * FROM changes WHERE json_extract(evidence, '$.because') = ? ORDER BY id", (change_id,)
        )
        return tuple(map(_change, found))

    def decided(self) -> dict[str, datetime]:
        """The key of everything that was decided once and not withdrawn, undone or not, and when."""
        found = self._db.rows(
            "SELECT key, at FROM changes WHERE key <> ''"
            " AND (withdrawn_at IS NULL OR undone_at IS NOT NULL) ORDER BY id"
        )
        return {row["key"]: from_text(row["at"]) for row in found}

    def undone_keys(self) -> frozenset[str]:
        """The key of everything that was decided once and undone."""
        found = self._db.rows("SELECT key FROM changes WHERE key <> '' AND undone_at IS NOT NULL")
        return frozenset(row["key"] for row in found)

    def founded(self, since: datetime) -> tuple[Change, ...]:
        """Those from that moment on that say what they rest on and still hold, oldest first."""
        found = self._db.rows(
            "SELECT * FROM changes WHERE at >= ? AND rests_on IS NOT NULL AND rests_on <> '[]'"
            " AND undone_at IS NULL AND withdrawn_at IS NULL ORDER BY id",
            (to_text(since),),
        )
        return tuple(map(_change, found))

    def withdraw(self, change_id: int, why: Reason, at: datetime) -> None:
        """What it rested on no longer holds."""
        self._db.run(
            "UPDATE changes SET withdrawn_at = ?, withdrawn_why = ? WHERE id = ? AND withdrawn_at IS NULL",
            (to_text(at), reason_to_text(why), change_id),
        )

    def undo(self, change_id: int, at: datetime) -> bool:
        """Mark it undone; False when it is unknown or undone already."""
        marked = self._db.run(
            "UPDATE changes SET undone_at = ? WHERE id = ? AND undone_at IS NULL", (to_text(at), change_id)
        )
        return marked > 0


def _change(row: sqlite3.Row) -> Change:
    return Change(
        id=row["id"],
        at=from_text(row["at"]),
        rule=row["rule"],
        session_id=row["session_id"],
        reason=reason_from_text(row["reason"]),
        before=session_from_json(row["before"]),
        after=session_from_json(row["after"]),
        evidence=json.loads(row["evidence"]),
        undone_at=maybe_from_text(row["undone_at"]),
        key=row["key"],
        condition=None if row["condition"] is None else json.loads(row["condition"]),
        rests_on=None if row["rests_on"] is None else tuple(map(Fact.from_json, json.loads(row["rests_on"]))),
        withdrawn_at=maybe_from_text(row["withdrawn_at"]),
        withdrawn_why=maybe_reason_from_text(row["withdrawn_why"]),
    )


def _facts_text(facts: Iterable[Fact]) -> str:
    return json.dumps([fact.to_json() for fact in facts], ensure_ascii=False, sort_keys=True)


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
