"""A6: a missed long run is run on the next of the athlete's days within two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.athlete import Availability, Goal, Race, RacePriority
from syncd.domain.session import QUALITY_KINDS, SessionKind, SessionState, WeekKind
from syncd.domain.training.evidence import broken
from syncd.domain.training.rules.decisions import decide
from syncd.domain.training.rules.edits import is_apart
from syncd.domain.training.rules.missed_long import missed_long
from syncd.domain.training.rules.situation import Situation, after
from syncd.domain.training.rules.spike import single_run_cap
from syncd.domain.training.volume import spike_limit_m, weekly_distances
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.rules.followed_plan import (
    MONDAY,
    RUNNER,
    also_run,
    held,
    last,
    lived,
    missed,
    planned,
    proposed,
    run_of,
)

EVERY_DAY = tuple(range(7))


def not_run_on(long_day: int, weekdays: tuple[int, ...] = EVERY_DAY, days: int = 4, after: int = 1):
    """The long run of a build week was not run; it is some days later, at six in the morning."""
    available = Availability(days, weekdays, long_day)
    plan = plan_weeks(replace(RUNNER, availability=available, phase_start=MONDAY))
    long = next(
        session
        for week in plan[4:]
        for session in week.sessions
        if session.kind is SessionKind.LONG and week.kind is WeekKind.BUILD
    )
    situation = lived(long.day + timedelta(days=after), plan)
    return long, open_or_missed(replace(situation, availability=available), long, after)


def open_or_missed(situation: Situation, long, after: int) -> Situation:
    """Until the end of the next day a session may still be run."""
    situation = missed(situation, long)
    state = SessionState.DUE if after == 1 else SessionState.MISSED
    entries = tuple(
        replace(each, state=state) if each.session.id == long.id else each for each in situation.entries
    )
    return replace(situation, entries=entries)


def moved_to(situation: Situation, long):
    """Where the long run goes; None when it does not."""
    found = [each for each in proposed(missed_long, situation) if each.edits]
    assert len(found) <= 1
    return found[0].edits[0].after.day if found else None


@pytest.mark.parametrize(
    ("long_day", "weekdays", "goes_to"),
    [
        (6, EVERY_DAY, 0),
        (5, EVERY_DAY, 6),
        (6, (1, 3, 5, 6), 1),
        (5, (0, 2, 3, 5), 0),
        (6, (2, 4, 5, 6), None),
        (5, (1, 3, 4, 5), None),
    ],
    ids=[
        "sunday-monday",
        "saturday-sunday",
        "sunday-tuesday",
        "saturday-monday",
        "sunday-never",
        "sat-never",
    ],
)
def test_a_long_run_missed_at_the_weekend_goes_to_the_next_of_the_days_within_two(
    long_day, weekdays, goes_to
) -> None:
    long, situation = not_run_on(long_day, weekdays)
    to = moved_to(situation, long)
    assert (None if to is None else to.weekday()) == goes_to
    assert to is None or 1 <= (to - long.day).days <= 2


@pytest.mark.parametrize("gap", [2, 3])
@pytest.mark.parametrize("long_day", [5, 6])
@pytest.mark.parametrize("weekdays", [EVERY_DAY, (0, 2, 4, 5, 6), (0, 1, 3, 5, 6)])
def test_nothing_hard_lies_within_the_hours_round_it_and_the_quality_session_slides(
    gap, long_day, weekdays
) -> None:
    long, situation = not_run_on(long_day, weekdays)
    situation = replace(situation, limits=replace(situation.limits, gap_days=gap))
    quality = [each.session for each in situation.due if each.session.kind in QUALITY_KINDS]
    for proposal in proposed(missed_long, situation):
        then = after(situation, proposal.key, proposal.edits, None)
        now_at = {each.session.id: each.session for each in then.due}
        assert is_apart(now_at[long.id], now_at[long.id].day, then)
        assert all(is_apart(now_at[each.id], now_at[each.id].day, then) for each in quality[:1])
        days = [session.day for session in now_at.values()]
        assert len(days) == len(set(days))


def test_the_quality_session_after_it_slides_only_as_far_as_it_must() -> None:
    long, situation = not_run_on(6, (0, 1, 3, 5, 6))
    hard = planned(situation, "hm_m")
    (proposal,) = [each for each in proposed(missed_long, situation) if each.edits]
    edits = {edit.session_id: edit for edit in proposal.edits}
    assert moved_to(situation, long).weekday() == 0
    assert hard.day.weekday() == 1
    assert edits[hard.id].after.day.weekday() == 3


def test_it_waits_for_a_pull_that_shows_the_day_and_leaves_what_the_athlete_holds() -> None:
    long, situation = not_run_on(6)
    assert moved_to(replace(situation, covered=False), long) is None
    assert moved_to(held(situation, long), long) is None


def test_who_ran_half_of_it_has_not_missed_it() -> None:
    long, situation = not_run_on(6)
    for share, goes in ((0.4, True), (0.6, False)):
        other = replace(run_of(long), session_id=None, kind=None, distance_m=share * long.distance_m)
        assert (moved_to(also_run(situation, other), long) is not None) is goes


@pytest.mark.parametrize(("days", "goes"), [(-2, True), (-1, False), (0, False)])
def test_a_race_beside_it_stands_for_it(days, goes) -> None:
    long, situation = not_run_on(6, (0, 1, 3, 6))
    race = replace(
        run_of(long), session_id=None, kind=None, day=long.day + timedelta(days=days), all_out=True
    )
    situation = also_run(situation, replace(race, distance_m=3000.0))
    assert bool([each for each in proposed(missed_long, situation) if each.edits]) is goes


@pytest.mark.parametrize(("hour", "weekday"), [(6, 0), (11, 0), (12, 1), (20, 1)])
def test_what_is_known_after_noon_goes_to_the_next_day(hour, weekday) -> None:
    long, situation = not_run_on(6)
    assert moved_to(replace(situation, now=situation.now.replace(hour=hour)), long).weekday() == weekday


@pytest.mark.parametrize(
    ("days", "priority", "goes"),
    [
        (10, RacePriority.A, False),
        (11, RacePriority.A, True),
        (10, RacePriority.B, True),
    ],
)
def test_it_does_not_move_with_an_a_race_within_ten_days(days, priority, goes) -> None:
    long, situation = not_run_on(6, (0, 2, 4, 6))
    race = Race(long.day + timedelta(days=1 + days), Goal.TEN_K, priority)
    assert (moved_to(replace(situation, race=race), long) is not None) is goes


def test_two_days_later_it_may_still_be_run_that_day_and_then_is_gone() -> None:
    long, situation = not_run_on(6, after=2)
    assert moved_to(situation, long) == long.day + timedelta(days=2)
    long, situation = not_run_on(6, after=3)
    (proposal,) = proposed(missed_long, situation)
    assert (proposal.edits, proposal.about) == ((), long.id)


def test_the_week_that_takes_it_keeps_to_the_most_that_a_week_may_hold() -> None:
    for weekdays in (EVERY_DAY, (0, 2, 3, 4, 6), (0, 1, 3, 6)):
        long, situation = not_run_on(6, weekdays)
        (proposal,) = [each for each in proposed(missed_long, situation) if each.edits]
        then = after(situation, proposal.key, proposal.edits, None)
        monday = long.day + timedelta(days=1)
        inside = [e.session for e in then.due if monday <= e.session.day < monday + timedelta(weeks=1)]
        limit_m = spike_limit_m(weekly_distances(situation.history), monday)
        assert sum(session.distance_m for session in inside) <= limit_m
        assert long.id in {session.id for session in inside}


def test_a_late_upload_takes_the_move_back_and_a_run_on_the_new_day_does_not() -> None:
    long, situation = not_run_on(6)
    (proposal,) = [each for each in proposed(missed_long, situation) if each.edits]
    then = after(situation, proposal.key, proposal.edits, None)
    for day, holds in ((long.day, False), (long.day + timedelta(days=1), True)):
        run = replace(run_of(long), day=day)
        entries = tuple(
            replace(each, state=SessionState.DONE, run=run) if each.session.id == long.id else each
            for each in then.entries
        )
        assert (broken(proposal.rests_on, replace(then, entries=entries)) is None) is holds


def test_it_moves_once_and_nothing_more_changes() -> None:
    long, situation = not_run_on(6)
    first = [each for each in decide(situation) if each.rule == "A6"]
    assert len(first) == 1
    then = after(situation, first[0].proposal.key, first[0].edits, None)
    assert decide(then) == ()
    assert last(situation, "long").id == long.id


def test_a_lighter_week_that_takes_it_stays_below_the_week_that_it_was_missed_in() -> None:
    plan = plan_weeks(RUNNER)
    down = next(n for n, week in enumerate(plan) if week.kind is WeekKind.DOWN)
    long = next(s for s in plan[down - 1].sessions if s.kind is SessionKind.LONG)
    situation = open_or_missed(lived(long.day + timedelta(days=1), plan), long, 1)
    (proposal,) = [each for each in proposed(missed_long, situation) if each.edits]
    then = after(situation, proposal.key, proposal.edits, None)
    inside = [e.session for e in then.due if 0 < (e.session.day - long.day).days <= 7]
    assert sum(session.distance_m for session in inside) <= plan[down - 1].distance_m


def test_r20_waits_for_a_long_run_that_may_still_raise_the_cap() -> None:
    long, situation = not_run_on(6)
    (proposal,) = [each for each in proposed(missed_long, situation) if each.edits]
    then = after(situation, proposal.key, proposal.edits, None)
    short = tuple(run for run in situation.history if run.distance_m < 6000)
    gone = tuple(each for each in situation.entries if each.session.id != long.id)
    for waiting, first in ((situation, long.day + timedelta(days=2)), (then, proposal.edits[0].after.day)):
        eased = [
            e.before.day for p in proposed(single_run_cap, replace(waiting, history=short)) for e in p.edits
        ]
        assert all(day <= first for day in eased)
    without = proposed(single_run_cap, replace(situation, history=short, entries=gone))
    assert any(edit.before.kind is SessionKind.LONG for each in without for edit in each.edits)
