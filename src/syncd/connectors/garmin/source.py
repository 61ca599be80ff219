"""Recorded runs from Garmin Connect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from math import inf
from typing import Any

from syncd.connectors.base import (
    ActivityRef,
    Gone,
    RawActivity,
    Rejected,
    RunDetail,
    RunSummary,
    Unavailable,
)
from syncd.connectors.garmin.archive import recording_in
from syncd.connectors.garmin.details import run_detail, weather_in
from syncd.connectors.garmin.listing import number_in
from syncd.connectors.garmin.session import GarminSession
from syncd.formats.garmin_json import payload_of, raced_in, sport_of
from syncd.formats.sports import Sport

_LIST, _ACTIVITY = "/activitylist-service/activities/search/activities", "/activity-service/activity"
_PAGE = 100
_MOST_PAGES = 500  # our default: 50,000 runs; more is a service that pages for ever
_FEW_PAGES = 2
_OVERLAP_DAYS = 14  # late uploads land in the middle of the list, edits do not move a row
_RUNNING = 1  # the type; its children (trail, track, treadmill, ...) name it as their parent
_MULTISPORT = 89
_MOST_LEGS = 20  # our default
_ALL_POINTS = 100_000
_IN_FINGERPRINT = (
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
    """Runs of every kind, as the original files, else as the service reports them.

    The cursor is the ISO day up to which everything is known; listing begins 14 days before it,
    without one `history_days` before `today`. The list does not show every edit: the
    fingerprint changes with those it shows, `detail` with all.
    """

    name = "garmin"
    most_a_sync = 40  # our default: at a second a request, a sync of under two minutes

    def __init__(self, session: GarminSession, today: date, history_days: int = 180) -> None:
        self._session = session
        self._today = today
        self._history = timedelta(days=history_days)
        self._listed_from: date | None = None
        self._multisports: set[str] = set()
        self._rows_by_number: dict[str, Mapping[str, Any]] = {}

    def service_time(self) -> datetime | None:
        """What time it is by the service's own clock; None where it does not say."""
        return self._session.service_time()

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:
        """Newest first. One request a page. Raises ConnectorError."""
        first = self._first_day(cursor)
        self._listed_from = None
        found: dict[str, ActivityRef] = {}
        for row in self._rows(first):
            number = number_in(row, "activityId")
            if number is None:
                raise _unreadable()
            self._rows_by_number[number] = row
            if _is_multisport(row):
                self._multisports.add(number)
            if _is_run(row) or number in self._multisports:
                name = str(row.get("activityName") or "run")
                found[number] = ActivityRef(self.name, number, _fingerprint(row), name)
        self._listed_from = first
        return iter(found.values())

    def listed_from(self) -> date | None:
        """The first day that the last listing showed whole."""
        return self._listed_from

    def recent_runs(self, first: date) -> tuple[RunSummary, ...]:
        """The newest since that day, from two pages at most. Raises ConnectorError."""
        rows = islice(self._rows(first), _FEW_PAGES * _PAGE)
        return tuple(_summary(row) for row in rows if _is_run(row) and _positive(row.get("distance")))

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The original recording; without one, what the service reports. Raises ConnectorError.

        The recording of a multisport is not fetched: only its running legs count.
        """
        _require_number(ref)
        if ref.remote_id in self._multisports:
            return self._reported(ref)
        try:
            packed = self._session.download(f"/download-service/files/activity/{ref.remote_id}")
        except Gone:
            return self._reported(ref)
        found = recording_in(packed, ref.remote_id)
        return self._reported(ref) if found is None else RawActivity(ref, *found)

    def detail(self, ref: ActivityRef) -> RunDetail:
        """What the service reports of the run now. Raises Gone, and ConnectorError."""
        payload = self._activity(ref.remote_id)
        row = None if ref.remote_id in self._multisports else self._rows_by_number.get(ref.remote_id)
        return run_detail(payload, row)

    def sport_of(self, ref: ActivityRef, start: datetime) -> Sport | None:  # noqa: ARG002
        """What the account calls it, which the athlete may have edited; None for the legs of a multisport."""
        row = self._rows_by_number.get(ref.remote_id)
        if row is None or ref.remote_id in self._multisports:
            return None
        return Sport(*sport_of(row["activityType"]))

    def races(self) -> Mapping[str, bool | None]:
        """Which of the listed runs are marked as a race, by the type of their event."""
        return {number: raced_in(row.get("eventType")) for number, row in self._rows_by_number.items()}

    def weather(self, ref: ActivityRef) -> tuple[float, float | None] | None:
        """Temperature and dew point at its start, in degrees Celsius. Raises ConnectorError."""
        _require_number(ref)
        try:
            return weather_in(self._session.get(f"{_ACTIVITY}/{ref.remote_id}/weather"))
        except Gone:
            return None

    def _reported(self, ref: ActivityRef) -> RawActivity:
        """Totals, laps and points; the running legs of a multisport; the totals of an entry by hand."""
        detail = self._activity(ref.remote_id)
        legs = [self._activity(str(child)) for child in _children(detail)]
        laps = points = None
        if not legs and not _by_hand(detail):
            laps = self._part(ref, "splits")
            points = self._part(ref, "details", maxChartSize=_ALL_POINTS, maxPolylineSize=0)
        return RawActivity(ref, "garmin-json", payload_of(detail, laps, points, legs))

    def _activity(self, number: str) -> Mapping[str, Any]:
        if not number.isdecimal():
            raise Rejected(f"{number!r} is not an activity of Garmin Connect")
        found = self._session.get(f"{_ACTIVITY}/{number}")
        if not isinstance(found, Mapping) or number_in(found, "activityId") != number:
            raise Unavailable(
                f"activity {number} on Garmin Connect cannot be read; the next sync tries again"
            )
        return found

    def _part(self, ref: ActivityRef, name: str, **params: int) -> Any:
        try:
            return self._session.get(f"{_ACTIVITY}/{ref.remote_id}/{name}", **params)
        except Gone:
            return None

    def _rows(self, first: date) -> Iterator[Mapping[str, Any]]:
        for page in range(_MOST_PAGES):
            rows = self._session.get(_LIST, start=page * _PAGE, limit=_PAGE, startDate=first.isoformat())
            if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
                raise _unreadable()
            yield from rows
            if len(rows) < _PAGE:
                return
        raise _unreadable()

    def _first_day(self, cursor: str) -> date:
        try:
            return min(date.fromisoformat(cursor), self._today) - timedelta(days=_OVERLAP_DAYS)
        except ValueError:
            return self._today - self._history  # none yet, or not one of ours: known runs are recognised


def _require_number(ref: ActivityRef) -> None:
    if not ref.remote_id.isdecimal():
        raise Rejected(f"{ref.remote_id!r} is not an activity of Garmin Connect")


def _is_run(row: Mapping[str, Any]) -> bool:
    kind = row.get("activityType")
    if not isinstance(kind, Mapping):
        raise _unreadable()
    return _RUNNING in (kind.get("typeId"), kind.get("parentTypeId")) and row.get("parent") is not True


def _is_multisport(row: Mapping[str, Any]) -> bool:
    """The parent of several legs, of which one may be a run."""
    return row.get("parent") is True and row["activityType"].get("typeId") == _MULTISPORT


def _children(detail: Mapping[str, Any]) -> list[int]:
    metadata = detail.get("metadataDTO")
    children = metadata.get("childIds") if isinstance(metadata, Mapping) else None
    numbers = children if isinstance(children, list) else []
    return [number for number in numbers if isinstance(number, int) and number > 0][:_MOST_LEGS]


def _by_hand(detail: Mapping[str, Any]) -> bool:
    metadata = detail.get("metadataDTO")
    return isinstance(metadata, Mapping) and metadata.get("manualActivity") is True


def _summary(row: Mapping[str, Any]) -> RunSummary:
    try:
        day = date.fromisoformat(str(row.get("startTimeLocal"))[:10])
    except ValueError:
        raise _unreadable() from None
    return RunSummary(day, _positive(row.get("distance")), _positive(row.get("fastestSplit_5000")))


def _positive(value: object) -> float:
    """A number above 0; 0 for everything else."""
    return float(value) if isinstance(value, int | float) and 0 < value < inf else 0.0


def _fingerprint(row: Mapping[str, Any]) -> str:
    kind = row["activityType"]
    values = [kind.get("typeId"), *(row.get(name) for name in _IN_FINGERPRINT)]
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def _unreadable() -> Unavailable:
    return Unavailable("the list of runs on Garmin Connect cannot be read; the next sync tries again")
