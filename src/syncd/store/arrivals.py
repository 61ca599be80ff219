"""What the sources have shown us, so that a file is read once and a bad one reported once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.store.database import Database
from syncd.store.times import from_text, to_text


class ArrivalOutcome(StrEnum):
    """What a payload turned out to be."""

    RUN = "run"
    OTHER = "other"  # another sport
    DUPLICATE = "duplicate"  # the content of a run that is known already
    UNREADABLE = "unreadable"
    DOUBTFUL = "doubtful"  # kept, and counts nowhere until the athlete says what it was


@dataclass(frozen=True, slots=True)
class Arrival:
    """One version of one remote file, and what became of it. `reason` is for people."""

    source: str
    remote_id: str
    fingerprint: str
    outcome: ArrivalOutcome
    at: datetime
    reason: str = ""
    raw_hash: str | None = None
    activity_id: int | None = None


class Arrivals:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(self, arrival: Arrival) -> None:
        """Remember it; the same version of the same file again replaces what was known."""
        self._db.run(
            "INSERT OR REPLACE INTO arrivals (source, remote_id, fingerprint, outcome, reason, raw_hash,"
            " activity_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                arrival.source,
                arrival.remote_id,
                arrival.fingerprint,
                arrival.outcome.value,
                arrival.reason,
                arrival.raw_hash,
                arrival.activity_id,
                to_text(arrival.at),
            ),
        )

    def known(self, source: str) -> frozenset[tuple[str, str]]:
        """(remote id, fingerprint) of everything that was read, as it was last.

        What looks as it did before an edit was edited back.
        """
        found = self._db.rows(_LATEST, (source,))
        return frozenset((row["remote_id"], row["fingerprint"]) for row in found)

    def get(self, source: str, remote_id: str, fingerprint: str) -> Arrival | None:
        """What became of this version of this file."""
        row = self._db.row(
            "SELECT * FROM arrivals WHERE source = ? AND remote_id = ? AND fingerprint = ?",
            (source, remote_id, fingerprint),
        )
        return None if row is None else _arrival(row)

    def payloads_before(self, source: str, before: datetime) -> tuple[str, ...]:
        """The payloads that came from this source alone, first before that moment."""
        found = self._db.rows(_PAYLOADS, (to_text(before), source))
        return tuple(row["raw_hash"] for row in found)

    def unreadable(self, source: str | None = None) -> tuple[Arrival, ...]:
        """Every file version that could not be read, newest first."""
        found = self._db.rows(
            "SELECT * FROM arrivals WHERE outcome = 'unreadable' AND source = coalesce(?, source)"
            " ORDER BY at DESC, source, remote_id",
            (source,),
        )
        return tuple(map(_arrival, found))

    def of_activity(self, activity_id: int) -> tuple[Arrival, ...]:
        """Where a run came from: every file that holds it."""
        found = self._db.rows("SELECT * FROM arrivals WHERE activity_id = ? ORDER BY at", (activity_id,))
        return tuple(map(_arrival, found))


_LATEST = """
SELECT remote_id, fingerprint FROM (
    SELECT remote_id, fingerprint, at, max(at) OVER (PARTITION BY remote_id) AS last_at
    FROM arrivals WHERE source = ?
) WHERE at = last_at
"""

_PAYLOADS = """
SELECT raw_hash FROM arrivals
WHERE raw_hash IS NOT NULL
GROUP BY raw_hash
HAVING min(at) < ? AND min(source) = max(source) AND min(source) = ?
"""


def _arrival(row: sqlite3.Row) -> Arrival:
    return Arrival(
        source=row["source"],
        remote_id=row["remote_id"],
        fingerprint=row["fingerprint"],
        outcome=ArrivalOutcome(row["outcome"]),
        at=from_text(row["at"]),
        reason=row["reason"],
        raw_hash=row["raw_hash"],
        activity_id=row["activity_id"],
    )
