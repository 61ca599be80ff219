"""The paces in force on a day, from the results that count, and when the next test is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

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
        if not is_stale(entered.as_of, today, phase):
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
        first = min((result.day for result in counting), default=today)
        day = entered.as_of or min(first - timedelta(days=1), today)
        counting.append(FitnessResult(day, 5000.0, entered.vdot, ResultOrigin.ENTERED))
    return tuple(counting)


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
