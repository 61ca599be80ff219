"""The recordings of runs: which there are, which run each belongs to, and what it contains."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from syncd.domain.merging.candidates import Evidence, MergeCandidate
from syncd.domain.plain_text import one_line
from syncd.domain.reason import Reason
from syncd.store.database import Database
from syncd.store.reason_codec import maybe_reason_from_text, reason_to_text
from syncd.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Recording:
    """One version of one file or entry at one source, which is a recording of the run `activity_id`.

    `kind` is that of the payload, "" when it has to be looked up; `gone` says why it does not
    count any more; `part` numbers the runs of one file from 0. `candidate` is what merging
    compares; its id is made of source, remote id, content and part.
    """

    remote_id: str
    raw_hash: str
    kind: str
    activity_id: int
    candidate: MergeCandidate
    gone: Reason | None = None
    part: int = 0

    @property
    def source(self) -> str:
        """The service or folder that it came from."""
        return self.candidate.source


def recording_id(source: str, remote_id: str, raw_hash: str, part: int = 0) -> str:
    """The name of a recording among all others."""
    return "\n".join((source, remote_id, raw_hash, *([str(part)] if part else [])))


class Recordings:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, recording: Recording) -> None:
        """Remember it in place of what was known of it."""
        candidate = recording.candidate
        values = (
            candidate.source,
            recording.remote_id,
            recording.raw_hash,
            recording.part,
            recording.activity_id,
            recording.kind,
            candidate.family,
            to_text(candidate.start),
            candidate.day.isoformat(),
            candidate.elapsed_s,
            candidate.timer_s,
            candidate.distance_m,
            int(candidate.evidence),
            candidate.hidden_start,
            candidate.indoors,
            candidate.has_workout,
            json.dumps(sorted(candidate.sensors)),
            candidate.laps,
            candidate.rpe,
            candidate.feel,
            candidate.name,
            candidate.device,
            None if recording.gone is None else reason_to_text(recording.gone),
        )
        self._db.run(f"INSERT OR REPLACE INTO recordings VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - question marks

    def between(self, first: date, last: date) -> tuple[Recording, ...]:
        """Recordings that count and began on these days, and the others of the same runs."""
        return self._all(_BETWEEN, (first.isoformat(), last.isoformat()))

    def of_activity(self, activity_id: int) -> tuple[Recording, ...]:
        """The recordings of a run that count."""
        return self._all("SELECT * FROM recordings WHERE activity_id = ? AND gone IS NULL", (activity_id,))

    def of_remote(self, source: str, remote_id: str) -> tuple[Recording, ...]:
        """Every version of a file or entry, also those that do not count."""
        return self._all("SELECT * FROM recordings WHERE source = ? AND remote_id = ?", (source, remote_id))

    def with_content(self, raw_hash: str) -> tuple[Recording, ...]:
        """Recordings with this payload, also those that do not count."""
        return self._all("SELECT * FROM recordings WHERE raw_hash = ?", (raw_hash,))

    def set_gone(self, recordings: Iterable[Recording], why: Reason | None) -> None:
        """They no longer count, for that reason; None: they count."""
        for recording in recordings:
            self.keep(replace(recording, gone=why))

    def _all(self, query: str, values: tuple[str | int, ...]) -> tuple[Recording, ...]:
        return tuple(map(_recording, self._db.rows(f"{query} {_ORDER}", values)))


_ORDER = "ORDER BY start_at, source, remote_id, raw_hash, part"
_BETWEEN = """
SELECT * FROM recordings WHERE gone IS NULL AND activity_id IN (
    SELECT activity_id FROM recordings WHERE day BETWEEN ? AND ? AND gone IS NULL
)
"""


def _recording(row: sqlite3.Row) -> Recording:
    candidate = MergeCandidate(
        id=recording_id(row["source"], row["remote_id"], row["raw_hash"], row["part"]),
        source=row["source"],
        family=row["family"],
        start=from_text(row["start_at"]),
        day=date.fromisoformat(row["day"]),
        elapsed_s=row["elapsed_s"],
        timer_s=row["timer_s"],
        distance_m=row["distance_m"],
        evidence=Evidence(row["evidence"]),
        hidden_start=bool(row["hidden_start"]),
        indoors=bool(row["indoors"]),
        has_workout=bool(row["has_workout"]),
        sensors=frozenset(json.loads(row["sensors"])),
        laps=row["laps"],
        rpe=row["rpe"],
        feel=row["feel"],
        name=one_line(row["name"]),
        device=one_line(row["device"]),
    )
    return Recording(
        row["remote_id"],
        row["raw_hash"],
        row["kind"],
        row["activity_id"],
        candidate,
        maybe_reason_from_text(row["gone"]),
        row["part"],
    )
