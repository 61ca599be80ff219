"""Which runs their services call a race: followed as long as they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from syncd.store.database import Database
from syncd.store.times import to_text


class MarkPlace(StrEnum):
    """Where a source says that a run was a race."""

    LIST = "list"
    DETAIL = "detail"
    EXPORT = "export"


_EXPORT = "-export"  # how sources end whose words are older than those of the service itself


class RaceMarks:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, source: str, place: MarkPlace, shown: Mapping[str, bool | None], at: datetime) -> None:
        """What a source shows there now of its entries, None where it is silent; the others stay."""
        known = self._of(source, place)
        changed = {
            remote_id: raced
            for remote_id, raced in shown.items()
            if raced is not known.get(remote_id) and (raced or remote_id in known)
        }
        if not changed:
            return
        with self._db.transaction():
            for remote_id, raced in changed.items():
                key = (source, remote_id, place.value)
                if raced is None:
                    self._db.run(_DELETE, key)
                else:
                    self._db.run(_KEEP, (*key, int(raced), to_text(at)))

    def between(self, first: date, last: date) -> frozenset[int]:
        """The runs of these days that are marked: by any service, or by an export where it is silent."""
        words: dict[int, dict[str, bool]] = {}
        for row in self._db.rows(_BETWEEN, (first.isoformat(), last.isoformat())):
            by_source = words.setdefault(row["activity_id"], {})
            by_source[row["source"]] = by_source.get(row["source"], False) or bool(row["raced"])
        return frozenset(activity_id for activity_id, by_source in words.items() if _is_race(by_source))

    def _of(self, source: str, place: MarkPlace) -> dict[str, bool]:
        found = self._db.rows(_OF, (source, place.value))
        return {row["remote_id"]: bool(row["raced"]) for row in found}


_KEEP = "INSERT OR REPLACE INTO race_marks (source, remote_id, place, raced, at) VALUES (?, ?, ?, ?, ?)"
_DELETE = "DELETE FROM race_marks WHERE source = ? AND remote_id = ? AND place = ?"
_OF = "SELECT remote_id, raced FROM race_marks WHERE source = ? AND place = ?"
_BETWEEN = """
SELECT recordings.activity_id, race_marks.source, race_marks.raced
FROM race_marks JOIN recordings
  ON recordings.source = race_marks.source AND recordings.remote_id = race_marks.remote_id
WHERE recordings.day BETWEEN ? AND ? AND recordings.gone IS NULL
"""


def _is_race(by_source: Mapping[str, bool]) -> bool:
    return any(
        raced
        for source, raced in by_source.items()
        if not (source.endswith(_EXPORT) and source.removesuffix(_EXPORT) in by_source)
    )
