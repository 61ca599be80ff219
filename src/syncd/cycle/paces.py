"""The paces of a day, from the results that count, and when the next test is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import Phase
from syncd.domain.training.conditions import Asked, from_json
from syncd.domain.training.fitness import vdot_of
from syncd.domain.training.validity import counts_as_result
from syncd.domain.training.validity import retest_from as after
from syncd.domain.training.zone_history import (
    Break,
    Origin,
    Result,
    is_stale,
    standing_on,
    widened,
    zone_set_on,
)
from syncd.store import Store


def zones_in_force(store: Store, entered: ZoneSet | None, today: date) -> ZoneSet | None:
    """The paces of a day: the last result that counts, less what time off has cost, wider when old."""
    results = results_of(store, entered, today)
    phase = _phase_on(store, today)
    standing = standing_on(results, today)
    if standing is None:
        return None
    breaks = breaks_of(store, today)
    if standing.result.origin is Origin.ENTERED and not breaks and entered is not None:
        if not is_stale(entered.as_of, today, phase):
            return entered
        return widened(replace(entered, source=f"{entered.source}, an old result: wider bands"))
    found = zone_set_on(results, today, phase, breaks)
    if found is not None and standing.result.origin is Origin.ENTERED and entered is not None:
        time_off = found.source.partition(", ")[2]
        return replace(found, as_of=entered.as_of, source=f"{entered.source}, {time_off}".rstrip(", "))
    return found


def results_of(store: Store, entered: ZoneSet | None, today: date) -> tuple[Result, ...]:
    """What the athlete entered, and every test and race that counts."""
    told = [
        Result(each.day, each.distance_m, vdot_of(each.distance_m, each.time_s), Origin(each.origin))
        for each in store.results.standing()
        if each.valid and counts_as_result(each.distance_m)
    ]
    if entered is not None:
        first = min((each.day for each in told), default=today)
        day = entered.as_of or min(first - timedelta(days=1), today)
        told.append(Result(day, 5000.0, entered.vdot, Origin.ENTERED))
    return tuple(told)


def breaks_of(store: Store, today: date) -> tuple[Break, ...]:
    """Time off that still shows in the paces: the returns that were decided."""
    found = {}
    for change in store.changes.conditions():
        asked = from_json(change.condition or {})
        if asked.asked is Asked.RETURN and asked.last_day is not None and asked.first_day <= today:
            found[asked.group] = Break(asked.first_day, asked.days_off)
    return tuple(found.values())


def retest_from(store: Store, entered: ZoneSet | None, today: date) -> date | None:
    """The first day for it (A17); None when no test is owed."""
    standing = standing_on(results_of(store, entered, today), today)
    waiting = standing.waiting.day if standing is not None and standing.waiting is not None else None
    tests = [(each.day, each.valid) for each in store.results.standing() if each.origin == Origin.TEST]
    return after(tests, today, waiting)


def _phase_on(store: Store, today: date) -> Phase:
    week = next((each for each in reversed(store.plan.weeks()) if each.start <= today), None)
    return week.phase if week else Phase.DISTANCE
