"""Recorded runs from Garmin Connect."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from syncd.connectors.base import ActivityRef, RawActivity, Rejected, Unavailable
from syncd.connectors.garmin.listing import number_in
from syncd.connectors.garmin.replies import NotThere
from syncd.connectors.garmin.session import Session
from syncd.formats.packed import MAX_UNPACKED_BYTES

_LIST = "/activitylist-service/activities/search/activities"
_PAGE = 100
_MOST_PAGES = 500  # our default: 50,000 runs; more is a service that pages for ever
_OVERLAP_DAYS = 14  # late uploads land in the middle of the list, edits do not move a row
_RUNNING = 1  # the type; its children (trail, track, treadmill, ...) name it as their parent
_TELLING = (
    "activityId",
    "activityName",
    "startTimeLocal",
    "startTimeGMT",
    "distance",
    "duration",
    "elapsedDuration",
    "workoutId",
    "lapCount",
)


class GarminSource:
    """Runs of every kind, as the original files; other sports and legs of a multisport are left out.

    The cursor is the ISO day up to which everything is known; listing begins 14 days before it.
    The list does not tell of every edit: the fingerprint changes with what it does tell.
    """

    name = "garmin"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_hand = 0

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:
        """Newest first; everything where the cursor is "". One request a page. Raises ConnectorError."""
        self._by_hand = 0
        found: dict[str, ActivityRef] = {}
        for row in self._rows(_first_day(cursor)):
            number = number_in(row, "activityId")
            if number is None:
                raise _unreadable()
            if not _is_run(row):
                continue
            if row.get("manualActivity") is True:
                self._by_hand += 1
                continue
            name = str(row.get("activityName") or "run")
            found[number] = ActivityRef(self.name, number, _fingerprint(row), name)
        return iter(found.values())

    def remarks(self) -> tuple[str, ...]:
        """What the last listing left out."""
        if not self._by_hand:
            return ()
        runs = "1 run" if self._by_hand == 1 else f"{self._by_hand} runs"
        return (f"{runs} entered by hand on Garmin Connect: without a recording there is nothing to score",)

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The original recording. Raises Rejected where there is none in FIT, and ConnectorError."""
        if not ref.remote_id.isdecimal():
            raise Rejected(f"{ref.remote_id!r} is not an activity of Garmin Connect")
        try:
            packed = self._session.download(f"/download-service/files/activity/{ref.remote_id}")
        except NotThere:
            raise Rejected(f"{ref.name or ref.remote_id} has no recording on Garmin Connect") from None
        return RawActivity(ref, "fit", _recording(packed, ref.remote_id))

    def _rows(self, first: str | None) -> Iterator[Mapping[str, Any]]:
        since = {} if first is None else {"startDate": first}
        for page in range(_MOST_PAGES):
            rows = self._session.get(_LIST, start=page * _PAGE, limit=_PAGE, **since)
            if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
                raise _unreadable()
            yield from rows
            if len(rows) < _PAGE:
                return
        raise _unreadable()


def _first_day(cursor: str) -> str | None:
    if not cursor:
        return None
    try:
        return (date.fromisoformat(cursor) - timedelta(days=_OVERLAP_DAYS)).isoformat()
    except ValueError:
        return None  # not a cursor of ours: everything is listed, known runs are recognised


def _is_run(row: Mapping[str, Any]) -> bool:
    kind = row.get("activityType")
    if not isinstance(kind, Mapping):
        raise _unreadable()
    return _RUNNING in (kind.get("typeId"), kind.get("parentTypeId")) and row.get("parent") is not True


def _fingerprint(row: Mapping[str, Any]) -> str:
    kind = row["activityType"]
    told = [kind.get("typeId"), *(row.get(name) for name in _TELLING)]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:16]


def _recording(packed: bytes, number: str) -> bytes:
    """The one FIT file in the zip; names are never used as paths. Raises Rejected, Unavailable."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = [each for each in archive.infolist() if each.filename.lower().endswith(".fit")]
            if len(files) != 1:
                raise Rejected(f"activity {number} was uploaded in another format than FIT")
            with archive.open(files[0]) as file:
                content = file.read(MAX_UNPACKED_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unavailable(f"activity {number} arrived damaged; the next cycle fetches it again") from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise Rejected(f"activity {number} unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB")
    return content


def _unreadable() -> Unavailable:
    return Unavailable("the list of runs on Garmin Connect cannot be read; the next cycle tries again")
