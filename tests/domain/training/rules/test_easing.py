"""Easing never blinds (TRAINING 9.4): tests are spared, easing again calls for one, once for each cause."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.session import SessionKind, WeekKind, monday_of
from syncd.domain.training.conditions import Demanded
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.rules.decisions import decide
from syncd.domain.training.rules.eased_again import eased_again
from syncd.domain.training.rules.edits import next_easable, next_hard
from syncd.domain.training.rules.situation import Situation
from syncd.domain.training.rules.strain import easy_too_hard, harder_than_usual
from syncd.domain.training.sessions import placed
from syncd.domain.training.special_sessions import five_k_test
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.rules.followed_plan import RUNNER, TODAY, easy_runs, lived, planner

LIVED = lived()
NO_TEST = replace(  # in sight
    LIVED, entries=tuple(entry for entry in LIVED.entries if entry.session.kind is not SessionKind.TEST)
)
HARD = {"rpe": 6.0}


def with_test_next(situation: Situation) -> Situation:
    """The next hard session is a test."""
    hard = next_hard(situation, situation.today)
    test = placed(five_k_test(situation.zones), hard.session.id, hard.session.day, ())
    entries = tuple(
        replace(entry, session=test) if entry.session.id == test.id else entry for entry in situation.entries
    )
    return replace(situation, entries=entries)


def eased_before(situation: Situation, *days_ago: int, by: str = "A12:eased") -> Situation:
    answered = {f"{by}:{days}": situation.today - timedelta(days=days) for days in days_ago}
    return replace(situation, answered=answered)


def test_a12_leaves_a_test_alone_and_eases_what_comes_after_it() -> None:
    situation = with_test_next(easy_runs(LIVED, HARD, HARD, HARD, HARD))
    (proposal,) = easy_too_hard(situation)
    assert all(edit.before.kind is not SessionKind.TEST for edit in proposal.edits)
    tests = [entry.session.id for entry in situation.due if entry.session.kind is SessionKind.TEST]
    changed = {edit.session_id for decision in decide(situation, planner) for edit in decision.edits}
    assert tests
    assert not changed & set(tests)


def test_no_race_or_test_may_be_eased_for_effort_or_pace() -> None:
    situation = with_test_next(LIVED)
    eased = next_easable(situation)
    assert eased is None or eased.session.kind not in {SessionKind.TEST, SessionKind.RACE}
    assert next_hard(situation, situation.today).session.kind is SessionKind.TEST


@pytest.mark.parametrize(
    ("days", "fires"),
    [
        pytest.param((0,), False, id="once"),
        pytest.param((0, 20), True, id="20-days"),
        pytest.param((0, 21), True, id="21-days"),
        pytest.param((0, 22), False, id="22-days"),
    ],
)
@pytest.mark.parametrize("by", ["A12:eased", "A10:hm_m"])
def test_a_second_easing_within_three_weeks_calls_for_a_test(days, fires, by) -> None:
    proposals = list(eased_again(eased_before(NO_TEST, *days, by=by)))
    assert bool(proposals) is fires
    if fires:
        asked = proposals[0].condition
        assert (asked.asked, (asked.hard_from - TODAY).days) == (Demanded.TEST, 5)
        assert asked.test_from == asked.hard_from


def test_being_told_is_no_easing() -> None:
    assert list(eased_again(eased_before(LIVED, 0, 7, by="A12:told"))) == []


def test_it_is_asked_once_in_three_weeks() -> None:
    situation = eased_before(LIVED, 0, 10)
    for days, fires in ((21, False), (22, True)):
        answered = {**situation.answered, "A21:x": TODAY - timedelta(days=days)}
        assert bool(list(eased_again(replace(situation, answered=answered)))) is fires


def test_who_is_tired_at_the_same_pace_gets_a_lighter_week_instead() -> None:
    tired = eased_before(easy_runs(LIVED, *[{"rpe": 3.0}] * 6, *[{"rpe": 6.0}] * 3), 0, 10)
    (proposal,) = eased_again(tired)
    assert proposal.condition.asked is Demanded.DOWN


def test_the_test_is_planned_and_stays_wanted_until_it_was_run() -> None:
    (proposal,) = eased_again(eased_before(LIVED, 0, 10))
    inputs = _planned_from(replace(RUNNER, conditions=(proposal.condition,)))
    tests = [week for week in plan_weeks(inputs) if week.kind is WeekKind.TEST]
    assert tests
    assert tests[0].start - monday_of(TODAY) <= timedelta(weeks=3)
    assert all(session.day >= proposal.condition.test_from for session in tests[0].sessions if session.hard)
    done = replace(inputs, zones=replace(inputs.zones, as_of=TODAY + timedelta(days=10)))
    usual = _planned_from(replace(RUNNER, zones=done.zones))
    assert [week.kind for week in plan_weeks(done)] == [week.kind for week in plan_weeks(usual)]


def _planned_from(runner: PlanInputs) -> PlanInputs:
    history = (*runner.history, *LIVED.history)
    kept = tuple(week for week in LIVED.weeks if week.start < monday_of(TODAY))
    return replace(runner, first_day=TODAY, history=history, kept=kept, weeks=8)


def paced(speed: float, rpe: float) -> dict[str, float]:
    return {"rpe": rpe, "distance_m": 6000.0, "duration_s": 6000.0 / speed}


@pytest.mark.parametrize(
    ("quicker", "fires"),
    [
        pytest.param(0.98, True, id="slower"),
        pytest.param(1.0, True, id="the-same"),
        pytest.param(1.03, True, id="3-percent"),
        pytest.param(1.04, False, id="4-percent"),
        pytest.param(1.10, False, id="10-percent"),
    ],
)
def test_a13_compares_effort_at_equal_pace(quicker, fires) -> None:
    runs = [*[paced(2.8, 3.0)] * 6, *[paced(2.8 * quicker, 6.0)] * 3]
    assert bool(list(harder_than_usual(easy_runs(LIVED, *runs)))) is fires


def test_one_cause_is_eased_once() -> None:
    tired = easy_runs(LIVED, *[{"rpe": 3.0}] * 6, *[{"rpe": 6.0}] * 3)
    for days, eases in ((13, False), (14, True)):
        after_a13 = replace(tired, answered={"A13:x": TODAY - timedelta(days=days)})
        assert bool(list(easy_too_hard(after_a13))) is eases
    (proposal,) = harder_than_usual(replace(tired, answered={"A12:eased:x": TODAY - timedelta(days=13)}))
    assert proposal.edits == ()
    (proposal,) = harder_than_usual(replace(tired, answered={"A12:eased:x": TODAY - timedelta(days=14)}))
    assert proposal.edits
