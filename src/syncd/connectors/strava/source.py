"""Runs from Strava: totals, laps and streams, the newest first, older ones little by little."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from syncd.connectors.base import ActivityRef, Gone, RawActivity, Rejected, RunDetail, Unavailable
from syncd.connectors.strava import catalogue as kept_runs
from syncd.connectors.strava.catalogue import Catalogue, Row
from syncd.connectors.strava.session import Broken, StravaSession
from syncd.domain.activity import RUNNING
from syncd.formats.strava_json import is_by_hand, moment, payload_of, raced_in, rpe_of, sport_of

CATALOGUE = "catalogue.json"
_LIST = "/athlete/activities"
_PAGE = 200  # the most that the service gives at once
_MOST_PAGES = 500  # our default: 100,000 activities; more is a service that pages for ever
_OVERLAP = timedelta(days=14)  # late uploads land in the middle of the list
_WIDE, _WIDE_EVERY_S = timedelta(days=60), 7 * 86_400.0
_STREAMS = {"keys": "time,distance,altitude,heartrate,cadence,moving", "key_by_type": "true"}
_A_RUN = 2  # requests: its detail, its streams
_OTHERS_A_DAY = 150  # our default: a listing every ten minutes, a few new runs
_MOST_HOURS = 36  # from then on days are named
_IN_FINGERPRINT = (
    "name",
    "sport_type",
    "workout_type",
    "distance",
    "moving_time",
    "elapsed_time",
    "start_date",
    "average_heartrate",
    "max_heartrate",
    "upload_id",
    "visibility",
    "flagged",
    "manual",
    "trainer",
)


class StravaSource:
    """Runs of every kind; other sports are left out.

    The cursor is the ISO day up to which everything is known. The list of all runs is read once
    and kept in `state`; from then on one request shows what came since, with 14 days of overlap,
    once a week 60. The fingerprint changes with the edits that the list shows, not with kudos.
    """

    name = "strava"
    most_a_sync = 40  # our default: what a new app's quarter of an hour has room for

    def __init__(self, session: StravaSession, state: Path, now: datetime) -> None:
        self._session = session
        self._path = state / CATALOGUE
        self._now_s = now.timestamp()
        self._runs: Catalogue | None = None
        self._listed_from: date | None = None
        self._fetched: Mapping[str, Any] = {}
        self._races: dict[str, bool | None] = {}

    def service_time(self) -> datetime | None:
        """What time it is by the service's own clock; None where it does not say."""
        return self._session.service_time()

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:
        """Newest first; everything where the cursor is "". Raises ConnectorError."""
        self._listed_from = None
        runs, day = kept_runs.load(self._path), _day(cursor)
        first = self._listing_begins(runs, day)
        listed = [row for row in map(self._row, self._rows(first)) if row is not None]
        self._listed_from = _date_of(first if first is not None else min(_starts(listed, self._now_s)))
        wide = first is None or first <= self._now_s - _WIDE.total_seconds()
        runs = replace(
            runs.with_listing(listed, first),
            whole=runs.whole or first is None,
            listed_s=self._now_s,
            wide_s=self._now_s if wide else runs.wide_s,
        )
        if day is not None:
            runs = runs.since(min(day, self._now_s) - _WIDE.total_seconds())
        kept_runs.save(self._path, runs)
        self._runs = runs
        return iter([_ref(row) for row in runs.offered(self._now_s)])

    def listed_from(self) -> date | None:
        """The first day that the last listing showed whole."""
        return self._listed_from

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """Totals, laps and streams. Two requests. Raises Postponed for an older run, and ConnectorError."""
        older = self._is_older(ref.remote_id)
        try:
            detail = self._activity(ref.remote_id, older=older, ahead=_A_RUN)
            streams = None if is_by_hand(detail) else self._streams(ref.remote_id)
        except Broken:
            self._remember(self._known().with_failure(ref.remote_id, self._now_s))
            raise
        if ref.remote_id in self._known().failed:
            self._remember(self._known().without_failure(ref.remote_id))
        self._fetched = detail
        return RawActivity(ref, "strava-json", payload_of(detail, streams))

    def detail(self, ref: ActivityRef) -> RunDetail:
        """What the athlete calls the run now, and how it felt. Raises Gone, and ConnectorError.

        Free for the run that was fetched last. No copy of the answer is kept, only these facts.
        """
        just_now = str(self._fetched.get("id")) == ref.remote_id
        found = self._fetched if just_now else self._activity(ref.remote_id)
        sport, sub_sport = sport_of(found)
        facts = {"name": found.get("name"), "sport": sport, "sub_sport": sub_sport, "rpe": rpe_of(found)}
        content = json.dumps({"strava_detail": 1, "id": ref.remote_id, **facts}, default=str).encode()
        return RunDetail(
            version=_digest(facts),
            content=content,
            is_run=sport == RUNNING,
            sport=sport.replace("_", " "),
            name=str(found.get("name") or ""),
            rpe=rpe_of(found),
        )

    def races(self) -> Mapping[str, bool | None]:
        """Which of the runs listed last have the workout type of a race."""
        return self._races

    def weather(self, ref: ActivityRef) -> tuple[float, float | None] | None:  # noqa: ARG002
        """Never reported: the temperature that a device shows is that of a warm wrist."""
        return None

    def remarks(self) -> tuple[str, ...]:
        """Which runs are left alone for now."""
        runs = self._known()
        parked = sum(runs.is_parked(remote_id, self._now_s) for remote_id in runs.rows)
        if not parked:
            return ()
        what = "1 run" if parked == 1 else f"{parked} runs"
        return (f"Strava fails on {what}: asked for again once a day",)

    def progress(self, left: int, listed: int) -> str:
        """How far the older runs are, and about how long the rest takes."""
        text = f"{listed - left:,} of {listed:,} older runs on Strava read; goes on by itself"
        takes_s = self._session.older_take_s(left * _A_RUN, _OTHERS_A_DAY)
        return text if takes_s is None else f"{text}, {_about(takes_s)}"

    def _listing_begins(self, runs: Catalogue, day: float | None) -> float | None:
        """From when on the list is read (epoch); None for all of it."""
        if day is None and not runs.whole:
            return None
        far = self._now_s - runs.wide_s >= _WIDE_EVERY_S or not runs.rows
        known_to = min(self._now_s, runs.listed_s or self._now_s, self._now_s if day is None else day)
        return _midnight(known_to - (_WIDE if far else _OVERLAP).total_seconds())

    def _rows(self, first: float | None) -> Iterator[Mapping[str, Any]]:
        since = {} if first is None else {"after": int(first)}
        for page in range(1, _MOST_PAGES + 1):
            rows = self._session.get(_LIST, {"page": page, "per_page": _PAGE, **since})
            if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
                raise _unreadable()
            yield from rows
            if len(rows) < _PAGE // 2:  # a page that is nearly full may have had rows taken out
                return
        raise _unreadable()

    def _row(self, entry: Mapping[str, Any]) -> Row | None:
        """A run of the list; None for another sport."""
        number = entry.get("id")
        if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
            raise _unreadable()
        if sport_of(entry)[0] != RUNNING:
            return None
        self._races[str(number)] = raced_in(entry)
        start = moment(entry.get("start_date"))
        fingerprint = _digest([entry.get(name) for name in _IN_FINGERPRINT])
        name = str(entry.get("name") or "run")
        return Row(str(number), fingerprint, name, self._now_s if start is None else start.timestamp())

    def _activity(self, number: str, *, older: bool = False, ahead: int = 1) -> Mapping[str, Any]:
        if not number.isdecimal():
            raise Rejected(f"{number!r} is not an activity of Strava")
        found = self._session.get(f"/activities/{number}", older=older, ahead=ahead)
        if not isinstance(found, Mapping) or str(found.get("id")) != number:
            raise Unavailable(f"activity {number} on Strava cannot be read; the next sync tries again")
        return found

    def _streams(self, number: str) -> Any:
        try:
            found = self._session.get(f"/activities/{number}/streams", _STREAMS)
        except Gone:
            return None
        if not isinstance(found, Mapping | list):
            raise Unavailable(f"the streams of {number} on Strava cannot be read; the next sync tries again")
        return found

    def _is_older(self, number: str) -> bool:
        row = self._known().rows.get(number)
        return row is not None and row.start_s < self._now_s - _OVERLAP.total_seconds()

    def _known(self) -> Catalogue:
        if self._runs is None:
            self._runs = kept_runs.load(self._path)
        return self._runs

    def _remember(self, runs: Catalogue) -> None:
        kept_runs.save(self._path, runs)
        self._runs = runs


def _ref(row: Row) -> ActivityRef:
    return ActivityRef(StravaSource.name, row.remote_id, row.fingerprint, row.name)


def _day(cursor: str) -> float | None:
    """The day of a cursor as seconds since the epoch; None without one, or where it is not ours."""
    try:
        return datetime.combine(date.fromisoformat(cursor), datetime.min.time(), UTC).timestamp()
    except ValueError:
        return None


def _starts(listed: list[Row], otherwise_s: float) -> list[float]:
    return [row.start_s for row in listed] or [otherwise_s]


def _midnight(at_s: float) -> float:
    return max(at_s - at_s % 86_400, 0.0)


def _date_of(at_s: float) -> date:
    return datetime.fromtimestamp(at_s, UTC).date()


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def _about(seconds: float) -> str:
    hours = ceil(seconds / 3600)
    if hours >= _MOST_HOURS:
        return f"about {round(seconds / 86_400)} days"
    return f"about {hours} hour{'' if hours == 1 else 's'}"


def _unreadable() -> Unavailable:
    return Unavailable("the list of runs on Strava cannot be read; the next sync tries again")
