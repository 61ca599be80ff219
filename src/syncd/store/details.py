"""What services report of runs beside the recording: effort, weather, and the version that was seen."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from syncd.store.database import Database
from syncd.store.times import from_text, maybe_from_text, to_text


@dataclass(frozen=True, slots=True)
class Detail:
    """One run at one source. `version` is "" until the service has answered about it.

    Temperatures in degrees Celsius; `weather_at` is when the weather was asked for, None if never.
    """

    source: str
    remote_id: str
    activity_id: int
    asked_at: datetime
    version: str = ""
    raw_hash: str | None = None
    temperature_c: float | None = None
    dew_point_c: float | None = None
    weather_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run that a source gave us: its name there, ours, its day, and whether it counts."""

    remote_id: str
    fingerprint: str
    activity_id: int
    day: date
    start: datetime
    counts: bool


class Details:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, detail: Detail) -> None:
        """Remember it in place of what was known."""
        self._db.run(
            "INSERT OR REPLACE INTO details (source, remote_id, activity_id, version, raw_hash, looked_at,"
            " temperature_c, dew_point_c, weather_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                detail.source,
                detail.remote_id,
                detail.activity_id,
                detail.version,
                detail.raw_hash,
                to_text(detail.asked_at),
                detail.temperature_c,
                detail.dew_point_c,
                None if detail.weather_at is None else to_text(detail.weather_at),
            ),
        )

    def get(self, source: str, remote_id: str) -> Detail | None:
        """What is known of a run there."""
        row = self._db.row("SELECT * FROM details WHERE source = ? AND remote_id = ?", (source, remote_id))
        return None if row is None else _detail(row)

    def weather_of(self, activity_id: int) -> tuple[float, float | None] | None:
        """Temperature and dew point of a run, in degrees Celsius; None where it was not reported."""
        row = self._db.row(
            "SELECT temperature_c, dew_point_c FROM details"
            " WHERE activity_id = ? AND temperature_c IS NOT NULL ORDER BY source LIMIT 1",
            (activity_id,),
        )
        return None if row is None else (float(row["temperature_c"]), row["dew_point_c"])

    def move(self, source: str, remote_id: str, activity_id: int) -> None:
        """What is known of it belongs to that run from now on."""
        self._db.run(
            "UPDATE details SET activity_id = ? WHERE source = ? AND remote_id = ?",
            (activity_id, source, remote_id),
        )

    def known_runs(self, source: str, first: date, last: date) -> tuple[KnownRun, ...]:
        """The runs that a source gave us on these days, newest first, each once."""
        found = self._db.rows(_KNOWN, (source, first.isoformat(), last.isoformat()))
        return tuple(map(_known_run, found))

    def owed(self, source: str, since: datetime, before: datetime, most: int) -> tuple[KnownRun, ...]:
        """Runs that arrived after `since` and whose details are still missing, newest first.

        One that was asked about in vain comes again only if that was not after `before`.
        """
        found = self._db.rows(_OWED, (source, to_text(before), to_text(since), most))
        return tuple(map(_known_run, found))


_KNOWN = """
SELECT recordings.remote_id, arrivals.fingerprint, recordings.activity_id, recordings.day,
       recordings.start_at, recordings.gone, max(arrivals.at)
FROM recordings JOIN arrivals
  ON arrivals.source = recordings.source AND arrivals.remote_id = recordings.remote_id
 AND arrivals.raw_hash = recordings.raw_hash
WHERE recordings.source = ? AND recordings.day BETWEEN ? AND ?
GROUP BY recordings.remote_id
ORDER BY recordings.start_at DESC, recordings.activity_id DESC
"""

_OWED = """
SELECT recordings.remote_id, arrivals.fingerprint, recordings.activity_id, recordings.day,
       recordings.start_at, recordings.gone, max(arrivals.at) AS arrived_at
FROM recordings JOIN arrivals
  ON arrivals.source = recordings.source AND arrivals.remote_id = recordings.remote_id
 AND arrivals.raw_hash = recordings.raw_hash
LEFT JOIN details
  ON details.source = recordings.source AND details.remote_id = recordings.remote_id
WHERE recordings.source = ? AND recordings.gone IS NULL
  AND (details.version IS NULL OR (details.version = '' AND details.looked_at <= ?))
GROUP BY recordings.remote_id HAVING arrived_at >= ?
ORDER BY recordings.start_at DESC, recordings.activity_id DESC LIMIT ?
"""


def _known_run(row: sqlite3.Row) -> KnownRun:
    return KnownRun(
        row["remote_id"],
        row["fingerprint"],
        row["activity_id"],
        date.fromisoformat(row["day"]),
        from_text(row["start_at"]),
        row["gone"] is None,
    )


def _detail(row: sqlite3.Row) -> Detail:
    return Detail(
        source=row["source"],
        remote_id=row["remote_id"],
        activity_id=row["activity_id"],
        asked_at=from_text(row["looked_at"]),
        version=row["version"],
        raw_hash=row["raw_hash"],
        temperature_c=row["temperature_c"],
        dew_point_c=row["dew_point_c"],
        weather_at=maybe_from_text(row["weather_at"]),
    )
