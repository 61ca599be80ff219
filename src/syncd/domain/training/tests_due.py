"""Tests beside those of the calendar: the first ever, a repeated one, or one that a rule asked for."""

from __future__ import annotations

from datetime import date, timedelta

from syncd.domain.session import SessionKind, Week, WeekKind, monday_of
from syncd.domain.training.conditions import BACK_WITHIN, Condition
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.pattern import WEEK

TEST_AFTER_DAYS = 28  # off
TEST_FROM_WEEKDAY = 4  # tests are on the last three days of a week


def first_test(inputs: PlanInputs, newcomer: int) -> int | None:
    """The number of the week of the next such test; `newcomer`: that of somebody without a 5 km."""
    if inputs.zones is None:
        return newcomer
    asked = (inputs.retest_from, _after_return(inputs), _after_easing(inputs))
    wanted = [day for day in asked if day is not None]
    return max(0, (monday_of(min(wanted)) - inputs.phase_start).days // WEEK) if wanted else None


def is_for_easing(inputs: PlanInputs) -> bool:
    """Whether the next such test is one that easing asked for: it waits for no build week (TRAINING 9.4)."""
    asked, others = _after_easing(inputs), (inputs.retest_from, _after_return(inputs))
    return asked is not None and all(other is None or asked <= other for other in others)


def lost_its_test(week: Week) -> bool:
    """Whether heat made an easy run of the week's test (W1): the next weeks are asked for one."""
    if week.kind is not WeekKind.TEST or any(session.kind is SessionKind.TEST for session in week.sessions):
        return False
    return any("W1" in session.rules for session in week.sessions)


def _after_easing(inputs: PlanInputs) -> date | None:
    """A10, A11, A17, A21: the first day for the test that they ask for, until there was one."""
    wanted = [
        condition.test_from
        for condition in inputs.conditions
        if condition.test_from is not None and inputs.first_day <= condition.test_from + BACK_WITHIN
        if _is_untested(inputs, condition)
    ]
    first = max(wanted, default=None)
    if first is None:
        return None
    if inputs.retest_from is not None:  # a test that did not count is not repeated sooner
        first = max(first, inputs.retest_from)
    days = (first + timedelta(days=later) for later in range(WEEK))
    weekdays = {day for day in inputs.availability.weekdays if day >= TEST_FROM_WEEKDAY}
    return next((day for day in days if day.weekday() in weekdays), first)


def _after_return(inputs: PlanInputs) -> date | None:
    """After more than four weeks off a test says what is left: the first day for it, until there was one."""
    after = [
        condition.no_test_before
        for condition in inputs.conditions
        if condition.rises and condition.days_off > TEST_AFTER_DAYS
        if condition.no_test_before is not None and condition.hard_from is not None
        if condition.last_day is not None and inputs.first_day <= condition.last_day + BACK_WITHIN
        if _is_untested(inputs, condition)
    ]
    return max(after, default=None)


def _is_untested(inputs: PlanInputs, condition: Condition) -> bool:
    """Whether the paces are from before it."""
    zones = inputs.zones
    return zones is None or zones.as_of is None or zones.as_of < condition.first_day
