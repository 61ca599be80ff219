"""The calendar and the library of Garmin Connect, read whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from syncd.connectors.base import DateRange, Unavailable
from syncd.connectors.garmin.session import GarminSession

_PAGE = 100
_STEP = _PAGE - 1  # a page begins with the last row of the one before: so a shift in between is seen
_MOST_PAGES = 100  # our default: 10,000 workouts; more is a service that pages for ever
_MOST_TRIES = 3  # our default: somebody works on the library at this moment
_OUR_TITLE = re.compile(r" \[w\d{2}-\d{1,2}\]$")


@dataclass(frozen=True, slots=True)
class ScheduledWorkout:
    """A workout on a day of the calendar."""

    schedule_id: str
    workout_id: str
    day: date
    title: str = ""

    @property
    def looks_like_ours(self) -> bool:
        """Whether its name ends in the mark of a session."""
        return _OUR_TITLE.search(self.title) is not None


@dataclass(frozen=True, slots=True)
class CalendarPages:
    """The workouts that may be touched, each once; and day and name of everything that is shown."""

    workouts: tuple[ScheduledWorkout, ...]
    items: frozenset[tuple[date, str]]


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A workout of the library, without its steps."""

    workout_id: str
    description: str
    updated: str
    title: str


def months_of(window: DateRange) -> tuple[tuple[int, int], ...]:
    """Years and months (1 to 12) that the window touches."""
    first = window.first.year * 12 + window.first.month - 1
    last = window.last.year * 12 + window.last.month - 1
    return tuple((month // 12, month % 12 + 1) for month in range(first, last + 1))


def read_calendar(session: GarminSession, months: tuple[tuple[int, int], ...]) -> CalendarPages:
    """What the days of these months show. Raises ConnectorError."""
    found: dict[str, ScheduledWorkout] = {}
    items: set[tuple[date, str]] = set()
    for year, month in months:
        page = session.get(f"/calendar-service/year/{year}/month/{month - 1}")
        for item in _page(page, year, month):
            day = _day(item)
            if day is None or (day.year, day.month) not in months:
                continue  # a page also shows its neighbours' days
            items.add((day, item_name(item)))
            entry = _entry(item, day)
            if entry is not None:
                found[entry.schedule_id] = entry
    return CalendarPages(tuple(found.values()), frozenset(items))


def calendar_entries(
    session: GarminSession, months: tuple[tuple[int, int], ...]
) -> tuple[ScheduledWorkout, ...]:
    """The workouts that may be touched on the days of these months, each once. Raises ConnectorError."""
    return read_calendar(session, months).workouts


def entry_name(schedule_id: str) -> str:
    """The name of a scheduled workout among the items of a calendar."""
    return f"workout {schedule_id}"


def item_name(item: Mapping[str, Any]) -> str:
    """What tells an item of the calendar from the others of its day."""
    number = number_in(item, "id")
    return f"{item.get('itemType')} {number or item.get('title') or ''}"


def library(session: GarminSession) -> tuple[LibraryRow, ...]:
    """Every workout of the account. Raises ConnectorError, also where the list does not stand still."""
    for _ in range(_MOST_TRIES):
        rows = _read_through(session)
        if rows is not None:
            return rows
    raise Unavailable(
        "the list of workouts on Garmin Connect changes while it is read; the next sync tries again"
    )


def _read_through(session: GarminSession) -> tuple[LibraryRow, ...] | None:
    """All pages; None where a row moved from one page to another meanwhile."""
    rows: dict[str, LibraryRow] = {}
    last, stood_still = "", True
    for page in range(_MOST_PAGES):
        listed = session.get("/workout-service/workouts", start=page * _STEP, limit=_PAGE)
        if not isinstance(listed, list):
            raise _unreadable("the list of workouts")
        found = [_row(payload) for payload in listed]
        stood_still = stood_still and not (last and (not found or found[0].workout_id != last))
        rows |= {row.workout_id: row for row in found}
        if len(found) < _PAGE:
            return tuple(rows.values()) if stood_still else None
        last = found[-1].workout_id
    raise _unreadable("the list of workouts")


def number_in(payload: object, name: str) -> str | None:
    """An id in an answer, as text; None where there is none."""
    value = payload.get(name) if isinstance(payload, Mapping) else None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _page(payload: object, year: int, month: int) -> Iterator[Mapping[str, Any]]:
    body: Mapping[str, Any] = payload if isinstance(payload, Mapping) else {}
    items = body.get("calendarItems")
    if not isinstance(items, list) or (body.get("year"), body.get("month")) != (year, month - 1):
        raise _unreadable("the calendar")
    for item in items:
        if not isinstance(item, Mapping):
            raise _unreadable("the calendar")
        yield item


def _is_workout(item: Mapping[str, Any]) -> bool:
    """Of the library, and not guarded by a training plan."""
    is_free = item.get("itemType") == "workout" and not item.get("protectedWorkoutSchedule")
    return is_free and number_in(item, "workoutId") is not None


def _day(item: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(item.get("date")))
    except ValueError:
        if _is_workout(item):
            raise _unreadable("the calendar") from None
        return None


def _entry(item: Mapping[str, Any], day: date) -> ScheduledWorkout | None:
    if not _is_workout(item):
        return None
    workout, schedule = number_in(item, "workoutId"), number_in(item, "id")
    if workout is None or schedule is None:
        raise _unreadable("the calendar")
    return ScheduledWorkout(schedule, workout, day, str(item.get("title") or ""))


def _row(payload: object) -> LibraryRow:
    number = number_in(payload, "workoutId")
    if number is None or not isinstance(payload, Mapping):
        raise _unreadable("the list of workouts")
    text = {name: str(payload.get(name) or "") for name in ("description", "updateDate", "workoutName")}
    return LibraryRow(number, text["description"], text["updateDate"], text["workoutName"])


def _unreadable(what: str) -> Unavailable:
    return Unavailable(
        f"{what} on Garmin Connect cannot be read; nothing is changed, the next sync tries again"
    )
