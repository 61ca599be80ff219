"""What we put on each sink: intents, remote ids, and every version that ever was there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.workout import Workout
from syncd.store.database import Database, Value
from syncd.store.errors import StoreError
from syncd.store.times import from_text, maybe_from_text, to_text

_STILL_THERE = "sink = ? AND athlete = ? AND session = ? AND left_at IS NULL"

_WRITE = """
    INSERT INTO ledger (sink, athlete, session, version, day, state, remote_id, changed_at, fingerprint)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sink, athlete, session) DO UPDATE SET
        version = excluded.version, day = excluded.day, state = excluded.state,
        remote_id = excluded.remote_id, changed_at = excluded.changed_at, missing_since = NULL,
        fingerprint = coalesce(excluded.fingerprint, fingerprint)
"""


@dataclass(frozen=True, slots=True)
class PushedVersion:
    """A version that was on a sink from `put_at` to `left_at` (None: still, as far as we know).

    `workout` is what the sink kept, read back after it was put.
    """

    sink: str
    key: OwnerKey
    workout: Workout
    put_at: datetime
    left_at: datetime | None


class Ledger:
    """Rows and pushed versions of all sinks: the only code that knows their tables.

    One row for each session on each sink. Each call is one transaction, on disk when it returns.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def rows(self, sink: str) -> tuple[LedgerRow, ...]:
        """The rows of a sink, by session."""
        found = self._db.rows("SELECT * FROM ledger WHERE sink = ? ORDER BY athlete, session", (sink,))
        return tuple(map(_row, found))

    def intend(
        self,
        sink: str,
        key: OwnerKey,
        day: date,
        at: datetime,
        remote_id: str | None = None,
        fingerprint: str | None = None,
    ) -> None:
        """We are about to put it, or to change the workout `remote_id` into it.

        `fingerprint` of its labels; None keeps the one that is known.
        """
        if self._db.in_transaction:  # it would not be on disk when the request goes out
            raise StoreError("an intent inside a transaction: a fault in syncd, please report it")
        with self._db.transaction():
            self._write(sink, key, day, LedgerState.INTENDED, remote_id, at, fingerprint)
            self._note_sent(key)

    def done(
        self,
        sink: str,
        key: OwnerKey,
        day: date,
        remote_id: str,
        kept: Workout,
        at: datetime,
        fingerprint: str | None = None,
    ) -> None:
        """It is there, as `kept`, with labels of that fingerprint. Another version of it has left."""
        notation = format_workout(kept)
        with self._db.transaction():
            self._write(sink, key, day, LedgerState.DONE, remote_id, at, fingerprint)
            self._note_sent(key)
            existing = self._db.row(
                f"SELECT version, notation FROM pushed WHERE {_STILL_THERE}",  # noqa: S608 - a constant
                (sink, *key.identity),
            )
            if existing and (existing["version"], existing["notation"]) == (key.version, notation):
                return
            self._leave(sink, key, at)
            self._db.run(
                "INSERT INTO pushed (sink, athlete, session, version, name, notation, put_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (sink, *key.identity, key.version, kept.name, notation, to_text(at)),
            )

    def removing(self, sink: str, key: OwnerKey, at: datetime) -> None:
        """We are about to remove it. Without a row there is nothing to remember."""
        if self._db.in_transaction:
            raise StoreError("an intent inside a transaction: a fault in syncd, please report it")
        self._db.run(
            "UPDATE ledger SET state = 'removing', changed_at = ?"
            " WHERE sink = ? AND athlete = ? AND session = ?",
            (to_text(at), sink, *key.identity),
        )

    def forget(self, sink: str, key: OwnerKey, at: datetime) -> None:
        """It is no longer there."""
        with self._db.transaction():
            self._db.run(
                "DELETE FROM ledger WHERE sink = ? AND athlete = ? AND session = ?", (sink, *key.identity)
            )
            self._leave(sink, key, at)

    def forget_all(self, sink: str, at: datetime) -> None:
        """Nothing of ours is there: another account, another calendar. What was pushed stays history."""
        with self._db.transaction():
            self._db.run("DELETE FROM ledger WHERE sink = ?", (sink,))
            self._db.run(
                "UPDATE pushed SET left_at = ? WHERE sink = ? AND left_at IS NULL", (to_text(at), sink)
            )

    def release(
        self, sink: str, key: OwnerKey, day: date, remote_id: str | None, at: datetime, *, as_put: bool
    ) -> None:
        """It is the athlete's now. `as_put`: it is still there with our content, on another day."""
        with self._db.transaction():
            self._write(sink, key, day, LedgerState.RELEASED, remote_id, at)
            if not as_put:
                self._leave(sink, key, at)

    def reclaim(self, sink: str, athlete: str, session: str, day: date | None, at: datetime) -> None:
        """The athlete gave it back, as it lies on `day`; None: on no day any more, to be put anew."""
        row = self._db.row(
            "SELECT * FROM ledger WHERE sink = ? AND athlete = ? AND session = ? AND state = 'released'",
            (sink, athlete, session),
        )
        if row is None:
            return
        known = _row(row)
        if known.remote_id is None or day is None:
            self.forget(sink, known.key, at)
        else:
            self._write(sink, known.key, day, LedgerState.DONE, known.remote_id, at)

    def reject(self, sink: str, key: OwnerKey, day: date, remote_id: str | None, at: datetime) -> None:
        """The service refused it: it is not sent again unchanged."""
        self._write(sink, key, day, LedgerState.REJECTED, remote_id, at)

    def in_doubt(self, sink: str, before: datetime) -> tuple[LedgerRow, ...]:
        """The rows whose request went out before that moment without a reply that settles it."""
        found = self._db.rows(
            "SELECT * FROM ledger WHERE sink = ? AND state IN ('intended', 'removing') AND changed_at < ?",
            (sink, to_text(before)),
        )
        return tuple(map(_row, found))

    def sinks(self) -> tuple[str, ...]:
        """Every sink that has something of ours, as far as we know."""
        return tuple(str(row["sink"]) for row in self._db.rows("SELECT DISTINCT sink FROM ledger"))

    def knows(self, sink: str) -> bool:
        """Whether anything of ours ever was there."""
        return self._db.row("SELECT 1 FROM pushed WHERE sink = ? LIMIT 1", (sink,)) is not None

    def sent(self, sessions: Iterable[str]) -> frozenset[OwnerKey]:
        """Every version of these sessions that was ever about to be sent anywhere."""
        wanted = sorted(set(sessions))
        places = ", ".join("?" * len(wanted))
        found = self._db.rows(f"SELECT * FROM sent_versions WHERE session IN ({places})", wanted)  # noqa: S608
        return frozenset(OwnerKey(row["athlete"], row["session"], row["version"]) for row in found)

    def note_missing(self, sink: str, rows: Iterable[LedgerRow]) -> None:
        """Keep what a listing showed: `missing_since` of each row."""
        with self._db.transaction():
            for row in rows:
                since = None if row.missing_since is None else to_text(row.missing_since)
                self._db.run(
                    "UPDATE ledger SET missing_since = ? WHERE sink = ? AND athlete = ? AND session = ?"
                    " AND missing_since IS NOT ?",
                    (since, sink, *row.key.identity, since),
                )

    def forget_missing_after(self, moment: datetime) -> None:
        """Forget absences that a wrong clock dated ahead."""
        self._db.run("UPDATE ledger SET missing_since = NULL WHERE missing_since > ?", (to_text(moment),))

    def note_fingerprints(self, sink: str, rows: Iterable[LedgerRow]) -> None:
        """Keep `fingerprint` of each row: what its labels are known, or taken, to say."""
        with self._db.transaction():
            for row in rows:
                self._db.run(
                    "UPDATE ledger SET fingerprint = ? WHERE sink = ? AND athlete = ? AND session = ?"
                    " AND fingerprint IS NOT ?",
                    (row.fingerprint, sink, *row.key.identity, row.fingerprint),
                )

    def versions(self, session: str) -> tuple[PushedVersion, ...]:
        """Every version of a session that was ever on a sink, oldest first."""
        return self._pushed("WHERE session = ? ORDER BY put_at, id", (session,))

    def put_at(self, sink: str, key: OwnerKey) -> datetime | None:
        """When this version arrived on the sink; None when it is not there."""
        row = self._db.row(
            f"SELECT put_at FROM pushed WHERE {_STILL_THERE} AND version = ?",  # noqa: S608 - a constant
            (sink, *key.identity, key.version),
        )
        return None if row is None else from_text(row["put_at"])

    def on_sink_at(self, session: str, moment: datetime) -> PushedVersion | None:
        """The version that was there at that moment, the one put last if there were several."""
        found = self._pushed(
            "WHERE session = ? AND put_at <= ? AND (left_at IS NULL OR left_at > ?)"
            " ORDER BY put_at DESC, id DESC LIMIT 1",
            (session, to_text(moment), to_text(moment)),
        )
        return next(iter(found), None)

    def with_version(self, version: str) -> tuple[PushedVersion, ...]:
        """Everything that was ever pushed with this content hash, newest first."""
        return self._pushed("WHERE version = ? ORDER BY put_at DESC, id DESC", (version,))

    def _write(
        self,
        sink: str,
        key: OwnerKey,
        day: date,
        state: LedgerState,
        remote_id: str | None,
        at: datetime,
        fingerprint: str | None = None,
    ) -> None:
        """The whole row; only the fingerprint stays as it is where none is given."""
        self._db.run(
            _WRITE,
            (
                sink,
                *key.identity,
                key.version,
                day.isoformat(),
                state.value,
                remote_id,
                to_text(at),
                fingerprint,
            ),
        )

    def _note_sent(self, key: OwnerKey) -> None:
        self._db.run(
            "INSERT OR IGNORE INTO sent_versions (athlete, session, version) VALUES (?, ?, ?)",
            (*key.identity, key.version),
        )

    def _leave(self, sink: str, key: OwnerKey, at: datetime) -> None:
        self._db.run(
            f"UPDATE pushed SET left_at = ? WHERE {_STILL_THERE}",  # noqa: S608 - a constant
            (to_text(at), sink, *key.identity),
        )

    def _pushed(self, condition: str, values: tuple[Value, ...]) -> tuple[PushedVersion, ...]:
        found = self._db.rows(f"SELECT * FROM pushed {condition}", values)  # noqa: S608 - constants above
        return tuple(map(_version, found))


def _row(row: sqlite3.Row) -> LedgerRow:
    return LedgerRow(
        key=OwnerKey(row["athlete"], row["session"], row["version"]),
        day=date.fromisoformat(row["day"]),
        state=LedgerState(row["state"]),
        remote_id=row["remote_id"],
        missing_since=maybe_from_text(row["missing_since"]),
        fingerprint=row["fingerprint"],
    )


def _version(row: sqlite3.Row) -> PushedVersion:
    return PushedVersion(
        sink=row["sink"],
        key=OwnerKey(row["athlete"], row["session"], row["version"]),
        workout=parse_workout(row["notation"], name=row["name"]),
        put_at=from_text(row["put_at"]),
        left_at=maybe_from_text(row["left_at"]),
    )
