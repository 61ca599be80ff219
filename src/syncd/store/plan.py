"""The committed plan: weeks, their sessions, and what became of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.session import Phase, Session, SessionState, Week, WeekKind
from syncd.domain.workout import Workout
from syncd.store.database import Database, Value
from syncd.store.errors import StoreError
from syncd.store.reason_codec import reasons_from_text, reasons_to_text
from syncd.store.session_codec import session_columns, session_from
from syncd.store.times import to_text


@dataclass(frozen=True, slots=True)
class WeekBasis:
    """What a committed week was planned from: everything before `as_of`, of which `basis` is a hash.

    `basis` None: not known; the week is from before it was kept.
    """

    start: date
    as_of: date
    basis: str | None


@dataclass(frozen=True, slots=True)
class CommittedSession:
    """A session with the workout that goes to the watch: `resolved`, with the paces of a zone set.

    `version` is the content hash of `resolved` when it was committed.
    """

    session: Session
    resolved: Workout
    version: str
    zone_set_id: int | None
    state: SessionState
    activity_id: int | None


class Plan:
    """Weeks and sessions: the only code that knows their tables."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def commit_week(
        self, week: Week, resolved: Mapping[str, Workout], zone_set_id: int | None, at: datetime
    ) -> tuple[str, ...]:
        """Commit the sessions that are not there yet; their ids. What is committed stays as it is.

        `resolved` has the concrete workout of each session by its id.
        """
        with self._db.transaction():
            self._db.run(
                "INSERT INTO weeks (start, phase, kind, notes, committed_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (start) DO NOTHING",
                (
                    week.start.isoformat(),
                    week.phase.value,
                    week.kind.value,
                    reasons_to_text(week.notes),
                    to_text(at),
                ),
            )
            added = [session for session in week.sessions if self.get(session.id) is None]
            for session in added:
                columns = _columns(session, resolved[session.id], zone_set_id)
                self._insert(columns | {"week": week.start.isoformat(), "state": SessionState.DUE.value})
        return tuple(session.id for session in added)

    def note_as_of(self, start: date, as_of: date) -> None:
        """The week was planned as of that day."""
        self._db.run(
            "UPDATE weeks SET as_of = ?, basis = NULL WHERE start = ?", (as_of.isoformat(), start.isoformat())
        )

    def note_basis(self, start: date, basis: str) -> None:
        """What it was planned from."""
        self._db.run("UPDATE weeks SET basis = ? WHERE start = ?", (basis, start.isoformat()))

    def bases(self, since: date) -> tuple[WeekBasis, ...]:
        """Of the weeks from that Monday on, as far as they were planned by syncd, oldest first."""
        found = self._db.rows(
            "SELECT start, as_of, basis FROM weeks WHERE start >= ? AND as_of IS NOT NULL ORDER BY start",
            (since.isoformat(),),
        )
        return tuple(
            WeekBasis(date.fromisoformat(row["start"]), date.fromisoformat(row["as_of"]), row["basis"])
            for row in found
        )

    def phase_on(self, day: date) -> Phase | None:
        """The phase of the committed week that a day is in, or of the last one before it."""
        row = self._db.row(
            "SELECT phase FROM weeks WHERE start <= ? ORDER BY start DESC LIMIT 1", (day.isoformat(),)
        )
        return None if row is None else Phase(row["phase"])

    def set_week(self, week: Week) -> None:
        """What a committed week is for, when that changed; its sessions stay."""
        self._db.run(
            "UPDATE weeks SET kind = ?, notes = ? WHERE start = ?",
            (week.kind.value, reasons_to_text(week.notes), week.start.isoformat()),
        )

    def replace(self, session: Session, resolved: Workout, zone_set_id: int | None) -> None:
        """Another day or content for a committed session; its state and run stay. Raises StoreError."""
        columns = _columns(session, resolved, zone_set_id)
        places = ", ".join(f"{name} = ?" for name in columns)
        sql = f"UPDATE sessions SET {places} WHERE id = ?"  # noqa: S608 - our column names
        self._changed(session.id, sql, (*columns.values(), session.id))

    def set_state(self, session_id: str, state: SessionState, activity_id: int | None = None) -> None:
        """What became of it, and with which run. Raises StoreError for a session that is not committed.

        A run completes at most one session: one that had it before is due again.
        """
        with self._db.transaction():
            if activity_id is not None:
                self._db.run(
                    "UPDATE sessions SET state = 'due', activity_id = NULL WHERE activity_id = ? AND id <> ?",
                    (activity_id, session_id),
                )
            self._changed(
                session_id,
                "UPDATE sessions SET state = ?, activity_id = ? WHERE id = ?",
                (state.value, activity_id, session_id),
            )

    def get(self, session_id: str) -> CommittedSession | None:
        """One session."""
        return next(iter(self._sessions("WHERE id = ?", (session_id,))), None)

    def done_with(self, activity_id: int) -> CommittedSession | None:
        """The session that a run completed."""
        return next(iter(self._sessions("WHERE activity_id = ?", (activity_id,))), None)

    def between(self, first: date, last: date) -> tuple[CommittedSession, ...]:
        """Sessions in every state on these days, both included, by day."""
        return self._sessions(
            "WHERE day BETWEEN ? AND ? ORDER BY day, id", (first.isoformat(), last.isoformat())
        )

    def weeks(self, since: date | None = None) -> tuple[Week, ...]:
        """Committed weeks from the one that starts on `since`, without dropped sessions, oldest first."""
        start = since.isoformat() if since else ""
        by_week: dict[str, list[Session]] = {}
        for row in self._db.rows(
            "SELECT * FROM sessions WHERE week >= ? AND state <> 'dropped' ORDER BY day, id", (start,)
        ):
            by_week.setdefault(row["week"], []).append(session_from(row))
        found = self._db.rows("SELECT * FROM weeks WHERE start >= ? ORDER BY start", (start,))
        return tuple(_week(row, tuple(by_week.get(row["start"], ()))) for row in found)

    def _insert(self, columns: Mapping[str, Value]) -> None:
        places = ", ".join("?" * len(columns))
        self._db.run(
            f"INSERT INTO sessions ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our column names
            tuple(columns.values()),
        )

    def _changed(self, session_id: str, sql: str, values: tuple[Value, ...]) -> None:
        if self._db.run(sql, values) == 0:
            raise StoreError(f"no session {session_id} in the plan; syncd plan lists them")

    def _sessions(self, condition: str, values: tuple[Value, ...]) -> tuple[CommittedSession, ...]:
        found = self._db.rows(f"SELECT * FROM sessions {condition}", values)  # noqa: S608 - constants above
        return tuple(map(_committed, found))


def _columns(session: Session, resolved: Workout, zone_set_id: int | None) -> dict[str, Value]:
    return {
        **session_columns(session),
        "resolved": format_workout(resolved),
        "resolved_name": resolved.name,
        "version": resolved.content_hash,
        "zone_set_id": zone_set_id,
    }


def _committed(row: sqlite3.Row) -> CommittedSession:
    return CommittedSession(
        session=session_from(row),
        resolved=parse_workout(row["resolved"], name=row["resolved_name"]),
        version=row["version"],
        zone_set_id=row["zone_set_id"],
        state=SessionState(row["state"]),
        activity_id=row["activity_id"],
    )


def _week(row: sqlite3.Row, sessions: tuple[Session, ...]) -> Week:
    return Week(
        start=date.fromisoformat(row["start"]),
        phase=Phase(row["phase"]),
        kind=WeekKind(row["kind"]),
        sessions=sessions,
        notes=reasons_from_text(row["notes"]),
    )
