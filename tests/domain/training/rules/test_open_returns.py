"""A gap that goes on: what holds until the first run, and what is left of it after that (TRAINING 9.3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.athlete import Goal, Health, PastRun, Race
from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.conditions import Condition, first_run_s, in_force, newest
from syncd.domain.training.health_answers import race_hindrance
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import differences
from syncd.domain.training.rules.gaps import Before
from syncd.domain.training.rules.situation import Situation, Trouble
from syncd.domain.training.rules.spike import single_run_cap
from syncd.domain.training.rules.time_off import gap_return, illness, returning
from syncd.domain.training.sessions import easy_run, long_run, placed
from syncd.domain.training.special_sessions import run_and_walk
from tests.domain.training.rules.followed_plan import (
    TODAY,
    day_of,
    later,
    lived,
    planner,
    proposed,
    spell,
)

LIVED = lived()


def off_for(days: int, **facts) -> Situation:
    """Every second day 6 km until so many days ago, and everything since is missed."""
    last = -days - 1
    history = tuple(PastRun(day_of(day), 6_000.0, 2_400.0) for day in range(last - 40, last + 1, 2))
    entries = tuple(
        replace(entry, state=SessionState.MISSED, run=None) if entry.session.day < TODAY else entry
        for entry in LIVED.entries
    )
    return replace(LIVED, runs=(), weeks=(), **({"history": history, "entries": entries} | facts))


def lived_off(days: int) -> list[Condition]:
    """What is asked in a gap of so many days, where the rule is asked each day."""
    off, answered, found = off_for(8), {}, []
    for passed in range(days - 8):
        today = later(replace(off, answered=answered, conditions=tuple(found)), passed)
        for proposal in proposed(gap_return, today):
            if proposal.key not in answered:
                answered[proposal.key] = today.today
                found.append(proposal.condition)
    return found


def open_return(days: int) -> Condition:
    (proposal,) = proposed(gap_return, off_for(days))
    return proposal.condition


@pytest.mark.parametrize("days", [8, 27, 28, 29, 55, 56, 57, 84, 85])
def test_the_runs_of_an_open_return_are_those_of_a_return_that_begins_tomorrow(days) -> None:
    asked = open_return(days)
    begun = returning("g", TODAY, days + 1, Before(asked.of_m, asked.longest_m))
    assert asked.share_on(TODAY) == asked.share_on(asked.last_day) == begun.share_on(TODAY)
    assert (asked.walks_until is None) == (begun.walks_until is None)
    assert (asked.spaced_until is None) == (begun.spaced_until is None)
    assert asked.first_run_s == begun.first_run_s
    assert asked.hard_from > asked.last_day


def test_an_open_return_changes_on_the_eve_of_more_than_four_weeks_and_eight_and_then_every_four() -> None:
    found = lived_off(120)
    assert [asked.days_off for asked in found] == [8, 28, 56, 84, 112]
    assert [asked.share_on(asked.first_day) for asked in found] == [0.5, 0.33, 0.33, 0.33, 0.33]
    assert len(newest(found)) == 1


def test_an_open_return_in_a_return_counts_what_was_left_of_the_gap_before() -> None:
    first = returning("A2:1", day_of(-16), 40, Before(21_000, 6_000))
    (proposal,) = proposed(gap_return, off_for(10, conditions=(first,)))
    assert proposal.condition.share_on(TODAY) == 0.33
    assert proposal.condition.walks_until is not None


@pytest.mark.parametrize("days", [8, 20, 40])
def test_once_somebody_runs_only_the_real_return_holds_and_the_race_is_planned_for_in_its_second_half(
    days,
) -> None:
    opened = open_return(days)
    begun = returning(opened.group, day_of(1), days + 1, Before(21_000, 6_000))
    conditions = (opened, begun)
    assert newest(conditions) == (begun,)
    for day, told in [(begun.hard_from - timedelta(days=1), True), (begun.hard_from, False)]:
        reason = race_hindrance(Health(), Race(day, Goal.FIVE_K), TODAY, conditions)
        assert (reason is not None and reason.code == Cause.RACE_IN_RETURN) is told


def test_an_illness_entered_in_a_gap_that_is_known_takes_the_place_of_the_open_return() -> None:
    opened = replace(open_return(10), first_day=day_of(-2), last_day=day_of(25), hard_from=day_of(26))
    ill = off_for(12, conditions=(opened,), spells=(spell(Trouble.ILL, -6, -1),))
    (proposal,) = proposed(illness, ill)
    assert proposed(gap_return, ill) == []
    assert in_force((opened, proposal.condition), TODAY) == (proposal.condition,)


def test_a_new_gap_in_a_return_is_open_beside_it() -> None:
    first = returning("A2:1", day_of(-12), 20, Before(21_000, 6_000))
    opened = replace(open_return(8), days_off=8)
    assert newest((first, opened)) == (first, opened)


def test_a_return_that_was_begun_ends_as_one_though_a_pause_is_entered_for_its_gap() -> None:
    opened = replace(open_return(9), first_day=day_of(-1), group=f"A2:{day_of(-10)}")
    paused = off_for(9, conditions=(opened,), spells=(spell(Trouble.PAUSE, -9, -1),))
    back = replace(paused, history=(*paused.history, PastRun(TODAY, 4_000.0, 1_600.0)))
    (proposal,) = proposed(gap_return, back)
    assert newest((opened, proposal.condition)) == (proposal.condition,)
    assert proposed(gap_return, replace(back, conditions=())) == []


def due_first(situation: Situation):
    return min((entry.session for entry in situation.due), key=lambda session: session.day)


def first_run_edits(situation: Situation):
    first = due_first(situation).id
    edits = [edit for found in proposed(single_run_cap, situation) for edit in found.edits]
    return [edit for edit in edits if edit.session_id == first]


def coming_back(days: int, *, passed: int, longest_m: float = 20_000.0, **facts) -> Situation:
    """A return after so many days that began `passed` days ago, planned, and nobody has run since."""
    asked = returning("A3:1", day_of(-passed), days, Before(40_000.0, longest_m), **facts)
    off = off_for(days + passed, conditions=(asked,))
    history = tuple(replace(run, distance_m=longest_m) for run in off.history)
    (entry, *more) = off.due
    long = replace(entry, session=placed(easy_run(9_000.0, off.zones), entry.session.id, entry.session.day))
    return replace(off, history=history, entries=(long, *more))


@pytest.mark.parametrize("passed", range(7))
def test_the_first_run_of_a_return_is_half_an_hour_at_effort_3_however_late_it_comes(passed) -> None:
    waiting = coming_back(10, passed=passed, trouble=Trouble.ILL)
    (edit,) = first_run_edits(waiting)
    assert (edit.before, edit.after.rpe) == (due_first(waiting), (2, 3))
    assert edit.after.duration_s <= 1_800
    (entry, *_) = waiting.due
    others = tuple(other for other in waiting.entries if other is not entry)
    assert first_run_edits(replace(waiting, entries=(replace(entry, session=edit.after), *others))) == []


@pytest.mark.parametrize("passed", [3, 6])
def test_once_a_return_was_run_in_its_runs_may_be_longer(passed) -> None:
    waiting = coming_back(10, passed=passed, trouble=Trouble.ILL)
    begun = replace(waiting, history=(*waiting.history, PastRun(day_of(-passed), 4_000.0, 1_600.0)))
    assert first_run_edits(begun) == []


def test_a_return_that_needs_no_gentle_first_run_has_none() -> None:
    assert first_run_edits(coming_back(20, passed=4)) == []


@pytest.mark.parametrize(("days", "limited"), [(26, False), (28, True), (29, True), (40, True)])
def test_after_28_days_the_first_run_is_gentle_before_anything_is_known_of_the_gap(days, limited) -> None:
    off = off_for(days)
    (entry, *more) = off.due
    long = replace(entry, session=placed(long_run(6_500.0, off.zones), entry.session.id, TODAY))
    edits = first_run_edits(replace(off, entries=(long, *more)))
    assert [edit.after.rpe for edit in edits] == [(2, 3)] * limited


def test_a_first_run_with_walks_has_fewer_rounds_of_them() -> None:
    waiting = coming_back(40, passed=4)
    (entry, *more) = waiting.due
    walks = placed(run_and_walk(2, 3, 9, waiting.zones), entry.session.id, entry.session.day)
    (edit,) = first_run_edits(replace(waiting, entries=(replace(entry, session=walks), *more)))
    assert edit.after.kind is SessionKind.WALK_RUN
    assert 1_200 <= edit.after.duration_s <= 1_800
    assert edit.after.title.startswith("6 x 2 min running, 3 min walking")


def test_each_run_of_an_open_return_after_four_weeks_may_be_the_first() -> None:
    asked = replace(open_return(29), longest_m=20_000)
    days = [TODAY + timedelta(days=number) for number in range(28)]
    assert {first_run_s([asked], day, [day - timedelta(days=1)]) for day in days} == {1_800}
    assert first_run_s([asked], asked.last_day + timedelta(days=1), []) is None


def test_a_session_that_is_meant_to_feel_easier_is_another_one() -> None:
    (week,) = [week for week in planner(LIVED) if week.start == TODAY]
    first = week.sessions[0]
    gentle = replace(week, sessions=(replace(first, rpe=(1, 2)), *week.sessions[1:]))
    assert differences(LIVED, [week], since=TODAY, but_for=_but(first)) == ()
    (edit,) = differences(LIVED, [gentle], since=TODAY, but_for=_but(first))
    assert (edit.session_id, edit.after.rpe) == (first.id, (1, 2))


def _but(session) -> list[str]:
    return [entry.session.id for entry in LIVED.entries if entry.session.id != session.id]
