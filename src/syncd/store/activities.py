"""Recorded activities: what is asked often as columns, the rest in the raw payload."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from syncd.domain.activity import RUNNING, Activity, Device
from syncd.domain.athlete import PastRun
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.plain_text import one_line
from syncd.domain.reason import Reason
from syncd.store.database import Database
from syncd.store.reason_codec import maybe_reason_from_text, reason_to_text
from syncd.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class ActivitySummary:
    """An activity without its samples. `start` has the offset of the place where it is known.

    `part` numbers the runs of one file from 0; `withdrawn` says why it does not count any more.
    """

    id: int
    start: datetime
    utc_offset: timedelta | None
    day: date
    sport: str
    sub_sport: str
    device: Device
    timer_s: float
    elapsed_s: float
    distance_m: float | None
    avg_hr_bpm: int | None
    rpe: float | None
    name: str
    has_workout: bool
    source: str
    raw_hash: str
    added_at: datetime
    withdrawn: Reason | None = None
    part: int = 0

    @property
    def is_run(self) -> bool:
        """Whether training counts it."""
        return self.sport == RUNNING and self.withdrawn is None

    @property
    def pace_s_per_km(self) -> float | None:
        """Mean pace on the timer, s/km; None without a distance."""
        return self.timer_s * 1000 / self.distance_m if self.distance_m and self.timer_s > 0 else None


class Activities:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self, activity: Activity, day: date, source: str, raw_hash: str, added_at: datetime, *, part: int = 0
    ) -> int:
        """Keep the summary; its id. Content that is known already keeps its row."""
        with self._db.transaction():
            known = self.by_raw_hash(raw_hash, part)
            if known is not None:
                return known
            return self._db.insert(_INSERT, _values(activity, day, source, raw_hash, part, added_at))

    def replace_recording(
        self, activity_id: int, activity: Activity, day: date, source: str, raw_hash: str, *, part: int = 0
    ) -> None:
        """Another recording of the same run counts from now on; its scores and its session stay."""
        self._db.run(
            _REPLACE, (*_values(activity, day, source, raw_hash, part, _UNCHANGED)[:-1], activity_id)
        )

    def by_raw_hash(self, raw_hash: str, part: int = 0) -> int | None:
        """The id of the activity with this content, if it is known."""
        row = self._db.row("SELECT id FROM activities WHERE raw_hash = ? AND part = ?", (raw_hash, part))
        return None if row is None else int(row["id"])

    def get(self, activity_id: int) -> ActivitySummary | None:
        """One activity."""
        row = self._db.row("SELECT * FROM activities WHERE id = ?", (activity_id,))
        return None if row is None else _summary(row)

    def summaries(self, first: date, last: date) -> tuple[ActivitySummary, ...]:
        """Activities of every sport on these days, both included, in the order they began."""
        return self._all(
            "WHERE day BETWEEN ? AND ? ORDER BY start_at, id", (first.isoformat(), last.isoformat())
        )

    def newest(self, count: int) -> tuple[ActivitySummary, ...]:
        """The last runs, newest first."""
        return self._all(f"WHERE {_COUNTS} ORDER BY start_at DESC, id DESC LIMIT ?", (count,))

    def runs_between(self, first: date, last: date) -> tuple[PastRun, ...]:
        """What the planner needs of the runs on these days. A run without a distance counts 0 m."""
        found = self._db.rows(
            f"SELECT day, distance_m, timer_s FROM activities WHERE {_COUNTS}"  # noqa: S608 - a constant
            " AND day BETWEEN ? AND ? ORDER BY start_at, id",
            (first.isoformat(), last.isoformat()),
        )
        return tuple(
            PastRun(date.fromisoformat(row["day"]), row["distance_m"] or 0.0, row["timer_s"]) for row in found
        )

    def unattributed(self) -> tuple[ActivitySummary, ...]:
        """Runs that count and have not been assessed, oldest first."""
        return self._all(
            f"WHERE {_COUNTS} AND {_UNSEEN} ORDER BY start_at, id",
            (),
        )

    def count_runs(self) -> int:
        """How many runs are known."""
        row = self._db.row(f"SELECT count(*) AS runs FROM activities WHERE {_COUNTS}")  # noqa: S608 - a constant
        return int(row["runs"]) if row else 0

    def withdraw(self, activity_id: int, why: Reason) -> None:
        """It no longer counts; everything that is known of it stays."""
        self._db.run("UPDATE activities SET withdrawn = ? WHERE id = ?", (reason_to_text(why), activity_id))

    def doubtful(self) -> tuple[ActivitySummary, ...]:
        """What counts nowhere until the athlete says what it was, newest first."""
        found = self._db.rows(
            "SELECT * FROM activities WHERE json_extract(withdrawn, '$.code') = ?"
            " ORDER BY start_at DESC, id DESC",
            (WithdrawalCause.DOUBTFUL.value,),
        )
        return tuple(map(_summary, found))

    def restore(self, activity_id: int) -> None:
        """It counts again."""
        self._db.run("UPDATE activities SET withdrawn = NULL WHERE id = ?", (activity_id,))

    def set_name(self, activity_id: int, name: str) -> None:
        """What the athlete calls it."""
        self._db.run("UPDATE activities SET name = ? WHERE id = ?", (name, activity_id))

    def set_rpe(self, activity_id: int, rpe: float | None) -> None:
        """The effort that the athlete reports, 1 to 10; None removes it."""
        self._db.run("UPDATE activities SET rpe = ? WHERE id = ?", (rpe, activity_id))

    def _all(self, condition: str, values: tuple[str | int, ...]) -> tuple[ActivitySummary, ...]:
        found = self._db.rows(f"SELECT * FROM activities {condition}", values)  # noqa: S608 - constants above
        return tuple(map(_summary, found))


_COUNTS = f"sport = '{RUNNING}' AND withdrawn IS NULL"

_UNSEEN = """coalesce((
    SELECT method FROM scores WHERE activity_id = activities.id ORDER BY scores.id DESC LIMIT 1
), 'withdrawn') = 'withdrawn'"""

_INSERT = """
INSERT INTO activities (
    start_at, utc_offset_s, day, sport, sub_sport, manufacturer, product, device_serial,
    timer_s, elapsed_s, distance_m, avg_hr_bpm, rpe, name, has_workout, source, raw_hash, part, added_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_REPLACE = """
UPDATE activities SET
    start_at = ?, utc_offset_s = ?, day = ?, sport = ?, sub_sport = ?, manufacturer = ?, product = ?,
    device_serial = ?, timer_s = ?, elapsed_s = ?, distance_m = ?, avg_hr_bpm = ?, rpe = ?, name = ?,
    has_workout = ?, source = ?, raw_hash = ?, part = ?
WHERE id = ?
"""
_UNCHANGED = datetime.min.replace(tzinfo=UTC)  # the time of adding is not written again


def _values(
    activity: Activity, day: date, source: str, raw_hash: str, part: int, added_at: datetime
) -> tuple[str | int | float | None, ...]:
    offset = activity.utc_offset
    return (
        to_text(activity.start),
        None if offset is None else round(offset.total_seconds()),
        day.isoformat(),
        activity.sport,
        activity.sub_sport,
        activity.device.manufacturer,
        activity.device.product,
        activity.device.serial,
        activity.timer_s,
        activity.elapsed_s,
        activity.distance_m,
        activity.avg_hr_bpm,
        activity.rpe,
        activity.name,
        activity.workout is not None,
        source,
        raw_hash,
        part,
        to_text(added_at),
    )


def _summary(row: sqlite3.Row) -> ActivitySummary:
    offset = None if row["utc_offset_s"] is None else timedelta(seconds=row["utc_offset_s"])
    start = from_text(row["start_at"])
    return ActivitySummary(
        id=row["id"],
        start=start if offset is None else start.astimezone(timezone(offset)),
        utc_offset=offset,
        day=date.fromisoformat(row["day"]),
        sport=row["sport"],
        sub_sport=row["sub_sport"],
        device=Device(row["manufacturer"], row["product"], row["device_serial"]),
        timer_s=row["timer_s"],
        elapsed_s=row["elapsed_s"],
        distance_m=row["distance_m"],
        avg_hr_bpm=row["avg_hr_bpm"],
        rpe=row["rpe"],
        name=one_line(row["name"]),
        has_workout=bool(row["has_workout"]),
        source=row["source"],
        raw_hash=row["raw_hash"],
        added_at=from_text(row["added_at"]),
        withdrawn=maybe_reason_from_text(row["withdrawn"]),
        part=row["part"],
    )
