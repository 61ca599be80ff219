"""The calendar and the library of Garmin Connect, read whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from syncd.connectors.base import DateRange, Unavailable
from syncd.connectors.garmin.session import GarminSession

_PAGE = 100
_MOST_PAGES = 100  # our default: 10,000 workouts; more is a service that pages for ever


@dataclass(frozen=True, slots=True)
class ScheduledWorkout:
    """A workout on a day of the calendar."""

    schedule_id: str
    workout_id: str
    day: date


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


def calendar_entries(
    session: GarminSession, months: tuple[tuple[int, int], ...]
) -> tuple[ScheduledWorkout, ...]:
    """The workouts that may be touched on the days of these months, each once. Raises ConnectorError."""
    found: dict[str, ScheduledWorkout] = {}
    for year, month in months:
        page = session.get(f"/calendar-service/year/{year}/month/{month - 1}")
        for entry in _page(page, year, month):
            if (entry.day.year, entry.day.month) in months:  # a page also shows its neighbours' days
                found[entry.schedule_id] = entry
    return tuple(found.values())


def library(session: GarminSession) -> tuple[LibraryRow, ...]:
    """Every workout of the account. Raises ConnectorError."""
    rows: dict[str, LibraryRow] = {}
    for page in range(_MOST_PAGES):
        listed = session.get("/workout-service/workouts", start=page * _PAGE, limit=_PAGE)
        if not isinstance(listed, list):
            raise _unreadable("the list of workouts")
        for payload in listed:
            row = _row(payload)
            rows[row.workout_id] = row
        if len(listed) < _PAGE:
            return tuple(rows.values())
    raise _unreadable("the list of workouts")


def number_in(payload: object, name: str) -> str | None:
    """An id in an answer, as text; None where there is none."""
    value = payload.get(name) if isinstance(payload, Mapping) else None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _page(payload: object, year: int, month: int) -> Iterator[ScheduledWorkout]:
    body: Mapping[str, Any] = payload if isinstance(payload, Mapping) else {}
    items = body.get("calendarItems")
    if not isinstance(items, list) or (body.get("year"), body.get("month")) != (year, month - 1):
        raise _unreadable("the calendar")
    for item in items:
        if not isinstance(item, Mapping):
            raise _unreadable("the calendar")
        if item.get("itemType") == "workout" and not item.get("protectedWorkoutSchedule"):
            yield from _entry(item)


def _entry(item: Mapping[str, Any]) -> Iterator[ScheduledWorkout]:
    workout, schedule = number_in(item, "workoutId"), number_in(item, "id")
    if workout is None:
        return  # of a training plan: not a workout of the library
    try:
        day = date.fromisoformat(str(item.get("date")))
    except ValueError:
        raise _unreadable("the calendar") from None
    if schedule is None:
        raise _unreadable("the calendar")
    yield ScheduledWorkout(schedule, workout, day)


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
