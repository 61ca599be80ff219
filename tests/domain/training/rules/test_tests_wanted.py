"""A test that easing asks for comes in 5 to 14 days; one that was missed is asked for once more (9.4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.athlete import Availability
from syncd.domain.session import SessionKind, SessionState, monday_of
from syncd.domain.training.conditions import Demanded
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.rules.decisions import adapt
from syncd.domain.training.rules.eased_again import eased_again
from syncd.domain.training.rules.situation import DoneRun, SessionRecord, Situation
from syncd.domain.training.rules.tests_wanted import missed_test
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.athletes import MONDAY, article_runner
from tests.domain.training.rules.followed_plan import (
    also_run,
    later,
    lived,
    missed,
    planner_of,
    proposed,
    run_of,
)


def runner_of(days: int) -> PlanInputs:
    return replace(article_runner(16), availability=Availability(days))


def lived_by(runner: PlanInputs, today: date) -> Situation:
    return replace(lived(today, plan_weeks(runner)), availability=runner.availability)


def eased_twice(situation: Situation) -> Situation:
    today = situation.today
    return replace(situation, answered={"A12:eased:1": today, "A12:eased:2": today - timedelta(days=14)})


def due_tests(situation: Situation) -> list[date]:
    return [entry.session.day for entry in situation.due if entry.session.kind is SessionKind.TEST]


def was_tested_lately(situation: Situation) -> bool:
    since = situation.today - timedelta(days=16)
    return any(run.kind is SessionKind.TEST and run.day >= since for run in situation.runs)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("days", range(2, 8))
def test_the_test_of_a21_is_due_in_5_to_14_days_wherever_the_plan_is(days, weekday) -> None:
    runner = runner_of(days)
    judged = 0
    for week in (2, 3, 4, 5, 6, 7, 10, 11):
        situation = eased_twice(lived_by(runner, MONDAY + timedelta(weeks=week, days=weekday)))
        soon = [day for day in due_tests(situation) if (day - situation.today).days < 5]
        if was_tested_lately(situation):
            continue  # one all-out effort in three weeks
        judged += 1
        _, then = adapt(situation, planner_of(runner))
        (test,) = due_tests(then)
        waits = (test - situation.today).days
        assert test == soon[0] if soon else 5 <= waits <= 14, (week, waits)
        hard = [entry.session.day for entry in then.due if entry.session.hard]
        assert all(day >= test or (day - situation.today).days >= 5 for day in hard)
    assert judged >= 4


def with_test_on(days: int) -> Situation:
    """The plan of four days a week, so many days before its first test."""
    runner = runner_of(4)
    test = next(
        session.day
        for week in plan_weeks(runner)
        for session in week.sessions
        if session.kind is SessionKind.TEST
    )
    return eased_twice(lived_by(runner, test - timedelta(days=days)))


@pytest.mark.parametrize(("days", "until"), [(1, 1), (4, 4), (5, 5), (8, 5), (11, 5)])
def test_a_test_that_is_planned_for_these_days_is_the_one_that_is_asked_for(days, until) -> None:
    situation = with_test_on(days)
    test = situation.today + timedelta(days=days)
    (proposal,) = proposed(eased_again, situation)
    asked = proposal.condition
    assert (asked.asked, asked.test_from) == (Demanded.CALM, test)
    assert (asked.hard_from - situation.today).days == until
    assert due_tests(adapt(situation, planner_of(runner_of(4)))[1]) == [test]


# Missed


def asked_and_missed(*, after: int = 3) -> tuple[date, Situation]:
    """The test that A21 asked for was missed; it is so many days later. Its day, and the situation."""
    runner = runner_of(4)
    _, then = adapt(eased_twice(lived_by(runner, MONDAY + timedelta(weeks=4, days=2))), planner_of(runner))
    (test,) = due_tests(then)
    return test, missed_then(then, test, after)


def committed(situation: Situation) -> Situation:
    """With the weeks that the horizon reaches."""
    known = {week.start for week in situation.weeks}
    last = monday_of(situation.today + timedelta(days=9))
    weeks = planner_of(runner_of(4))(situation)
    new = [week for week in weeks if week.start not in known and week.start <= last]
    entries = tuple(SessionRecord(session) for week in new for session in week.sessions)
    return replace(situation, weeks=(*situation.weeks, *new), entries=(*situation.entries, *entries))


def missed_then(situation: Situation, test: date, after: int) -> Situation:
    """All but the test of that day was run; it is so many days later."""
    situation = committed(later(situation, (test - situation.today).days))
    then = later(situation, after)
    gone = next(entry.session for entry in situation.due if entry.session.day == test)
    done = {
        entry.session.id: run_of(entry.session)
        for entry in situation.entries
        if entry.is_due and entry.session.day < then.today and entry.session.id != gone.id
    }
    entries = tuple(
        replace(entry, state=SessionState.DONE) if entry.session.id in done else entry
        for entry in then.entries
    )
    return missed(also_run(replace(then, entries=entries), *done.values()), gone)


@pytest.mark.parametrize(("after", "asks"), [(2, False), (3, True), (8, True), (13, True), (14, False)])
def test_a_test_that_was_asked_for_and_missed_is_asked_for_again_from_the_week_after(after, asks) -> None:
    test, situation = asked_and_missed(after=after)
    assert test.weekday() == 4  # a Friday: the week after begins three days later
    assert bool(proposed(missed_test, situation)) is asks


def test_it_comes_5_to_14_days_after_the_missed_one_and_is_not_asked_for_a_third_time() -> None:
    test, situation = asked_and_missed()
    decisions, then = adapt(situation, planner_of(runner_of(4)))
    assert [one.proposal.reason.code for one in decisions if one.rule == "A17"] == ["asked_test_missed"]
    (again,) = due_tests(then)
    assert 5 <= (again - test).days <= 14
    then = missed_then(then, again, 3)
    assert all(one.key in then.answered for one in proposed(missed_test, then))


@pytest.mark.parametrize(
    ("run", "asks"),
    [
        (DoneRun("easy", MONDAY, 5000.0, 1800.0), True),
        (DoneRun("race", MONDAY, 5000.0, 1500.0, raced=True), False),
        (DoneRun("all out", MONDAY, 5000.0, 1500.0, all_out=True), False),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_what_measures_the_paces_as_well_stands_for_it(run, asks) -> None:
    test, situation = asked_and_missed()
    ran = also_run(situation, replace(run, day=test + timedelta(days=1)))
    assert bool(proposed(missed_test, ran)) is asks


def test_without_tests_allowed_or_before_every_source_is_read_none_is_asked_for() -> None:
    _, situation = asked_and_missed()
    assert proposed(missed_test, replace(situation, limits=replace(situation.limits, tests=False))) == []
    assert proposed(missed_test, replace(situation, covered=False)) == []
    assert proposed(missed_test, replace(situation, late_days=3)) == []


def test_a_test_of_the_calendar_that_was_missed_waits_for_the_next_one() -> None:
    runner = runner_of(4)
    test = next(day for day in due_tests(lived_by(runner, MONDAY + timedelta(weeks=7))))
    situation = lived_by(runner, MONDAY + timedelta(weeks=7))
    assert proposed(missed_test, missed_then(situation, test, 3)) == []
