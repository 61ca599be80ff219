"""Recordings that are being read, and those set aside because their reading failed again and again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from syncd.store.database import Database
from syncd.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class ReadingAttempt:
    """What is known of reading one version of one remote file.

    `version`: the syncd that tried. `began`: an attempt is under way, or was when the process ended.
    `failures`: how many ended badly; `cause` and `detail` say how the last one did, `at` when.
    """

    source: str
    remote_id: str
    fingerprint: str
    name: str
    version: str
    at: datetime
    began: bool = False
    failures: int = 0
    cause: str = ""
    detail: str = ""


class Quarantine:
    """The only code that knows its table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, source: str, remote_id: str, fingerprint: str) -> ReadingAttempt | None:
        """What is known of this version of this file; None for most, which were read."""
        row = self._db.row(
            "SELECT * FROM quarantine WHERE source = ? AND remote_id = ? AND fingerprint = ?",
            (source, remote_id, fingerprint),
        )
        return None if row is None else _attempt(row)

    def keep(self, attempt: ReadingAttempt) -> None:
        """Remember it in place of what was known."""
        self._db.run(_KEEP, _values(attempt))

    def begin(self, attempt: ReadingAttempt) -> None:
        """The same, committed at once, without waiting for the disk.

        It outlives this process, which is what it is for; after a power cut it may be missing.
        """
        self._db.run_unsynced(_KEEP, _values(attempt))

    def settle(self, source: str, remote_id: str, fingerprint: str) -> None:
        """It was read, or can be read at any time: nothing is to be remembered."""
        self._db.run(
            "DELETE FROM quarantine WHERE source = ? AND remote_id = ? AND fingerprint = ?",
            (source, remote_id, fingerprint),
        )

    def failed(self, least: int, source: str | None = None) -> tuple[ReadingAttempt, ...]:
        """Those with so many failures at least, newest first."""
        found = self._db.rows(
            "SELECT * FROM quarantine WHERE failures >= ? AND source = coalesce(?, source)"
            " ORDER BY at DESC, source, remote_id",
            (least, source),
        )
        return tuple(map(_attempt, found))

    def forgive(self) -> int:
        """Forget all failures, so that everything is tried again; how many files that are."""
        return self._db.run("UPDATE quarantine SET failures = 0, began = 0 WHERE failures > 0 OR began > 0")


_KEEP = (
    "INSERT OR REPLACE INTO quarantine (source, remote_id, fingerprint, name, version, began, failures,"
    " cause, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _values(attempt: ReadingAttempt) -> tuple[str | int, ...]:
    return (
        attempt.source,
        attempt.remote_id,
        attempt.fingerprint,
        attempt.name,
        attempt.version,
        int(attempt.began),
        attempt.failures,
        attempt.cause,
        attempt.detail,
        to_text(attempt.at),
    )


def _attempt(row: sqlite3.Row) -> ReadingAttempt:
    return ReadingAttempt(
        source=row["source"],
        remote_id=row["remote_id"],
        fingerprint=row["fingerprint"],
        name=row["name"],
        version=row["version"],
        at=from_text(row["at"]),
        began=bool(row["began"]),
        failures=row["failures"],
        cause=row["cause"],
        detail=row["detail"],
    )
