"""The paces in force on a day, from the results that count, and when the next test is due."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Phase
from syncd.domain.training.conditions import Condition, from_json
from syncd.domain.training.fitness import vdot_of
from syncd.domain.training.reasons import Cause
from syncd.domain.training.validity import counts_as_result
from syncd.domain.training.validity import retest_from as after
from syncd.domain.training.zone_history import (
    Break,
    FitnessResult,
    ResultOrigin,
    breaks_of,
    is_stale,
    less_after_time_off,
    paces_in_force_on,
    return_factor,
    waiting_since,
    widened,
    zone_set_on,
)
from syncd.store import Store

FIRST_READ_KEY = "fitness.first_read"  # of a 5 km without a date: its time, and the day


def zones_in_force(store: Store, entered: ZoneSet | None, today: date) -> ZoneSet | None:
    """The paces of a day: the last result that counts, less what time off has cost, wider when old."""
    results = results_of(store, entered, today)
    phase = store.plan.phase_on(today) or Phase.DISTANCE
    return zones_on(results, entered, breaks_of(conditions_of(store), today), phase, today)


def zones_on(
    results: Sequence[FitnessResult],
    entered: ZoneSet | None,
    breaks: Sequence[Break],
    phase: Phase,
    today: date,
) -> ZoneSet | None:
    """The paces that results and time off give on a day; None without a result.

    What the athlete entered keeps its own words and paces as long as nothing else says more.
    """
    current = paces_in_force_on(results, today)
    if current is None:
        return None
    if current.result.origin is ResultOrigin.ENTERED and not breaks and entered is not None:
        if not is_stale(current.result.day, today, phase):
            return entered
        return widened(
            replace(entered, source=Reason(Cause.OLD_RESULT, {"source": entered.source.to_json()}))
        )
    zones = zone_set_on(results, today, phase, breaks)
    if zones is not None and current.result.origin is ResultOrigin.ENTERED and entered is not None:
        factor = return_factor(breaks, today, current.result.day)
        return replace(zones, as_of=entered.as_of, source=less_after_time_off(entered.source, factor))
    return zones


def results_of(store: Store, entered: ZoneSet | None, today: date) -> tuple[FitnessResult, ...]:
    """The 5 km of the settings, and every test and race that counts."""
    counting = [
        FitnessResult(
            result.day,
            result.distance_m,
            vdot_of(result.distance_m, result.time_s),
            ResultOrigin(result.origin),
        )
        for result in store.results.in_force()
        if result.valid and counts_as_result(result.distance_m)
    ]
    if entered is not None:
        day = entered.as_of or _day_of_undated(store, entered, counting, today)
        counting.append(FitnessResult(day, 5000.0, entered.vdot, ResultOrigin.ENTERED))
    return tuple(counting)


def keep_first_read(store: Store, entered: ZoneSet | None, today: date) -> None:
    """Date a 5 km of the settings that has no date: the day it is first read, once and for good.

    Another time in the settings is read anew, and is then the newest that is known.
    """
    if entered is None or entered.as_of is not None:
        return
    kept = _first_read(store)
    if kept.get("five_k_s") != entered.five_k_s:
        read = {"five_k_s": entered.five_k_s, "day": today.isoformat(), "changed": bool(kept)}
        store.meta.set(FIRST_READ_KEY, json.dumps(read))


def _day_of_undated(store: Store, entered: ZoneSet, results: Sequence[FitnessResult], today: date) -> date:
    """The day it was first read; before every result where it is what the runner began with."""
    kept = _first_read(store)
    if kept.get("five_k_s") != entered.five_k_s:
        day, changed = today, bool(kept)
    else:
        day, changed = date.fromisoformat(kept["day"]), kept["changed"]
    if changed:
        return day
    return min((result.day - timedelta(days=1) for result in results if result.day <= day), default=day)


def _first_read(store: Store) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(store.meta.get(FIRST_READ_KEY) or "{}")
    return read


def conditions_of(store: Store) -> tuple[Condition, ...]:
    """What was asked of the weeks ahead and not undone, the oldest first."""
    return tuple(from_json(change.condition) for change in store.changes.conditions() if change.condition)


def retest_from(store: Store, entered: ZoneSet | None, today: date) -> date | None:
    """The first day for the next test (A17); None when none is due."""
    waiting = waiting_since(results_of(store, entered, today), today)
    tests = [
        (result.day, result.valid)
        for result in store.results.in_force()
        if result.origin == ResultOrigin.TEST
    ]
    return after(tests, today, waiting)
