"""Easing never blinds: tests stay, easing again calls for one, and one cause is eased once (TRAINING 9.4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.session import SessionKind, monday_of
from syncd.domain.training.conditions import Demanded, from_json, to_json
from syncd.domain.training.evidence import broken
from syncd.domain.training.rules.decisions import adapt, decide
from syncd.domain.training.rules.eased_again import eased_again
from syncd.domain.training.rules.quality import reps_too_fast, too_hard_at_floor
from syncd.domain.training.rules.situation import DoneRun
from syncd.domain.training.rules.strain import easy_too_hard, harder_than_usual
from syncd.domain.training.sessions import placed
from syncd.domain.training.special_sessions import five_k_test
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.rules.followed_plan import (
    MONDAY,
    RUNNER,
    also_run,
    changed,
    day_of,
    easy_runs,
    last,
    lived,
    outcome,
    planner,
    proposed,
    said,
)

HARD, EASY = {"rpe": 6.0}, {"rpe": 3.0}
LIVED = lived()
NO_TEST = replace(  # in sight
    LIVED, entries=tuple(entry for entry in LIVED.entries if entry.session.kind is not SessionKind.TEST)
)


def eased_before(situation, *days_ago: int, key: str = "A12:eased:"):
    answered = {f"{key}{days}": situation.today - timedelta(days=days) for days in days_ago}
    return replace(situation, answered={**situation.answered, **answered})


def with_test(situation, day: int):
    """The next hard session is a test, so many days from today."""
    hard = next(entry for entry in situation.due if entry.session.hard)
    test = placed(five_k_test(situation.zones), hard.session.id, day_of(day), ("S13",))
    entries = [replace(entry, session=test) if entry is hard else entry for entry in situation.entries]
    return replace(situation, entries=tuple(sorted(entries, key=lambda entry: entry.session.day)))


def off_pace(situation, *in_band: int):
    session = replace(last(situation, "hm_m"), level=1)
    runs = tuple(
        replace(outcome(session, reps), session_id=f"s{number}", day=day_of(7 * (number - len(in_band))))
        for number, reps in enumerate(in_band)
    )
    return replace(situation, outcomes={"hm_m": runs})


# Tests are not hard sessions


@pytest.mark.parametrize("day", [1, 2, 3, 5])
def test_effort_and_pace_leave_a_test_as_it_is(day) -> None:
    situation = with_test(LIVED, day)
    test = next(entry.session for entry in situation.due if entry.session.kind is SessionKind.TEST)
    for troubled in (
        easy_runs(situation, HARD, HARD, HARD, HARD),
        off_pace(situation, 1, 1),
        eased_before(situation, 0, 10),
    ):
        edits = [
            edit
            for rule in (easy_too_hard, too_hard_at_floor, eased_again)
            for proposal in proposed(rule, troubled)
            for edit in proposal.edits
        ]
        assert test.id not in {edit.session_id for edit in edits}


# A21: easing again


@pytest.mark.parametrize(
    ("days_ago", "fires"),
    [
        ((0,), False),
        ((0, 20), True),
        ((0, 21), True),
        ((0, 22), False),
        ((3, 17), True),
        ((21, 22), False),
        ((0, 5, 20), True),
    ],
)
def test_a21_answers_to_a_second_easing_within_21_days(days_ago, fires) -> None:
    proposals = proposed(eased_again, eased_before(NO_TEST, *days_ago))
    assert bool(proposals) is fires
    if fires:
        asked = proposals[0].condition
        assert (asked.asked, asked.hard_from, asked.test_from) == (Demanded.TEST, day_of(5), day_of(5))
        assert from_json(to_json(asked)) == asked


def test_a21_counts_sessions_off_pace_as_well_but_no_messages() -> None:
    assert proposed(eased_again, eased_before(eased_before(LIVED, 14), 0, key="A10:floor:"))
    assert not proposed(eased_again, eased_before(eased_before(LIVED, 14), 0, key="A12:told:"))


def test_a21_counts_what_one_cause_does_to_two_sessions_once() -> None:
    keys = {"A10:2026-W10-1:3>2:s1+s2": day_of(-4), "A10:2026-W11-1:3>2:s1+s2": day_of(0)}
    assert not proposed(eased_again, replace(LIVED, answered=keys))
    other = keys | {"A10:2026-W11-1:2>1:s2+s3": day_of(0)}
    assert proposed(eased_again, replace(LIVED, answered=other))


@pytest.mark.parametrize("undone", ["A12:eased:0", "A12:eased:14"])
def test_a21_does_not_count_what_was_undone(undone) -> None:
    situation = eased_before(NO_TEST, 0, 14)
    assert proposed(eased_again, situation)
    assert not proposed(eased_again, replace(situation, undone=frozenset({undone})))


def test_a21_gives_five_days_with_nothing_hard() -> None:
    decisions = said(eased_before(LIVED, 0, 14), "A21")
    after = adapt(eased_before(LIVED, 0, 14), planner)[1]
    assert decisions
    assert not [entry for entry in after.due if entry.session.hard and entry.session.day < day_of(5)]


def weeks_after(situation, weeks: int = 8):
    """The weeks as they will be planned under what was decided."""
    after = adapt(situation, planner)[1]
    monday = monday_of(situation.today)
    return plan_weeks(
        replace(
            RUNNER,
            first_day=situation.today,
            history=situation.history,
            weeks=weeks,
            kept=tuple(week for week in after.weeks if week.start < monday),
            conditions=after.conditions,
        )
    )


def days_of_tests(weeks):
    return [session.day for week in weeks for session in week.sessions if session.kind is SessionKind.TEST]


@pytest.mark.parametrize("weeks", range(2, 16))
def test_the_test_of_a21_arrives_within_four_weeks_wherever_the_plan_is(weeks) -> None:
    today = MONDAY + timedelta(weeks=weeks)
    situation = eased_before(lived(today), 0, 14)
    days = days_of_tests(weeks_after(situation))
    first_allowed = proposed(eased_again, situation)[0].condition.test_from
    later = [day for day in days if day >= first_allowed]
    assert later
    assert (later[0] - first_allowed).days <= 28


def test_the_test_of_a21_waits_three_weeks_after_an_all_out_effort() -> None:
    for days, wait in ((22, 5), (16, 5), (15, 6), (1, 20)):
        race = DoneRun("race", day_of(-days), 5000, 1500, raced=True)
        (proposal,) = proposed(eased_again, eased_before(also_run(NO_TEST, race), 0, 14))
        assert proposal.condition.test_from == day_of(wait)


def test_a21_promises_no_test_where_none_is_allowed() -> None:
    for without in (
        replace(LIVED, limits=replace(LIVED.limits, tests=False)),
        replace(LIVED, by_effort=True),
    ):
        (proposal,) = proposed(eased_again, eased_before(without, 0, 14))
        assert (proposal.condition.asked, proposal.condition.test_from) == (Demanded.CALM, None)


# A10 and A11 offer a test: it is planned


def test_a10_at_the_lowest_level_brings_a_test_after_six_easy_days() -> None:
    (proposal,) = proposed(too_hard_at_floor, off_pace(NO_TEST, 2, 1))
    assert (proposal.condition.hard_from, proposal.condition.test_from) == (day_of(6), day_of(6))
    assert days_of_tests(weeks_after(off_pace(LIVED, 2, 1)))[0] <= day_of(28)


def test_a10_at_the_lowest_level_makes_every_hard_session_of_its_six_days_easy() -> None:
    situation = off_pace(NO_TEST, 2, 1)
    easy = [entry for entry in situation.due if entry.session.kind is SessionKind.EASY]
    hard = next(entry.session for entry in situation.due if entry.session.hard)
    placed_on = {easy[0].session.id: 0, easy[1].session.id: 6, easy[2].session.id: 7}
    entries = tuple(
        replace(entry, session=replace(hard, id=entry.session.id, day=day_of(placed_on[entry.session.id])))
        if entry.session.id in placed_on
        else entry
        for entry in situation.entries
    )
    (proposal,) = proposed(too_hard_at_floor, replace(situation, entries=entries))
    eased = [edit.after.day for edit in proposal.edits]
    assert sorted(eased) == [day_of(0), hard.day, day_of(6)]
    assert not any(edit.after.hard for edit in proposal.edits)


@pytest.mark.parametrize(("days", "asked"), [(None, True), (42, True), (41, False), (5, False)])
def test_a11_plans_a_test_unless_the_paces_are_of_the_last_six_weeks(days, asked) -> None:
    fast = changed(LIVED, hm_m=[{"reps_too_fast": 2}] * 3)
    as_of = None if days is None else day_of(-days)
    (proposal,) = proposed(reps_too_fast, replace(fast, zones=replace(fast.zones, as_of=as_of)))
    assert (proposal.condition is not None) is asked


# A13 at equal pace; one cause, one easing


def test_a13_rests_on_how_far_and_how_long_the_runs_were_as_it_compares_their_paces() -> None:
    tired = easy_runs(LIVED, *[EASY] * 6, *[HARD] * 3)
    (proposal,) = proposed(harder_than_usual, tired)
    assert broken(proposal.rests_on, tired) is None
    last_run = proposal.rests_on[-1].id
    for name in ("distance_m", "duration_s"):
        runs = tuple(
            replace(run, **{name: getattr(run, name) * 0.9}) if run.id == last_run else run
            for run in tired.runs
        )
        assert broken(proposal.rests_on, replace(tired, runs=runs)) is not None


def test_one_cause_is_eased_by_a13_and_not_by_a12_too() -> None:
    tired = easy_runs(LIVED, *[EASY] * 6, *[HARD] * 3)
    rules = [decision.rule for decision in decide(tired, planner)]
    assert "A13" in rules
    assert "A12" not in rules


@pytest.mark.parametrize(("days", "fires"), [(0, False), (13, True), (14, True)])
def test_a13_needs_other_runs_than_those_that_a12_eased_for(days, fires) -> None:
    tired = easy_runs(LIVED, *[EASY] * 6, *[HARD] * 3)
    assert bool(proposed(harder_than_usual, eased_before(tired, days))) is fires
