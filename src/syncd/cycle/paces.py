"""The paces of a day, from the results that count, and when the next test is owed."""

from __future__ import annotations

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
    standing = paces_in_force_on(results, today)
    if standing is None:
        return None
    breaks = breaks_of(conditions_of(store), today)
    if standing.result.origin is ResultOrigin.ENTERED and not breaks and entered is not None:
        if not is_stale(entered.as_of, today, phase):
            return entered
        return widened(
            replace(entered, source=Reason(Cause.OLD_RESULT, {"source": entered.source.to_json()}))
        )
    found = zone_set_on(results, today, phase, breaks)
    if found is not None and standing.result.origin is ResultOrigin.ENTERED and entered is not None:
        factor = return_factor(breaks, today, standing.result.day)
        return replace(found, as_of=entered.as_of, source=less_after_time_off(entered.source, factor))
    return found


def results_of(store: Store, entered: ZoneSet | None, today: date) -> tuple[FitnessResult, ...]:
    """What the athlete entered, and every test and race that counts."""
    told = [
        FitnessResult(
            each.day, each.distance_m, vdot_of(each.distance_m, each.time_s), ResultOrigin(each.origin)
        )
        for each in store.results.in_force()
        if each.valid and counts_as_result(each.distance_m)
    ]
    if entered is not None:
        first = min((each.day for each in told), default=today)
        day = entered.as_of or min(first - timedelta(days=1), today)
        told.append(FitnessResult(day, 5000.0, entered.vdot, ResultOrigin.ENTERED))
    return tuple(told)


def conditions_of(store: Store) -> tuple[Condition, ...]:
    """What was asked of the weeks ahead and not undone, the oldest first."""
    return tuple(from_json(each.condition) for each in store.changes.conditions() if each.condition)


def retest_from(store: Store, entered: ZoneSet | None, today: date) -> date | None:
    """The first day for it (A17); None when no test is owed."""
    waiting = waiting_since(results_of(store, entered, today), today)
    tests = [(each.day, each.valid) for each in store.results.in_force() if each.origin == ResultOrigin.TEST]
    return after(tests, today, waiting)
