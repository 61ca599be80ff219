"""Answers about health: what each means on a day, on both sides of its limits (training model, 9.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.athlete import (
    GRADES,
    Concern,
    Goal,
    Health,
    HealthAnswer,
    HealthGrade,
    PastRun,
    Race,
    UsualRunning,
)
from syncd.domain.session import Session, SessionKind, Week
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.health import limits_of
from syncd.domain.training.health_answers import (
    days_without,
    marathon_allowed,
    may_run,
    only_easy,
    open_answers,
    race_hindrance,
    usual_running,
)
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.health_spells import health_spells
from syncd.domain.training.rules.situation import Trouble
from syncd.domain.training.weeks import PlanInputs, plan_weeks
from syncd.domain.workout import PaceBand, ZoneTarget, steps_of
from tests.domain.training.athletes import MONDAY, article_runner, inputs

DAY, USUAL = timedelta(days=1), UsualRunning(20_000, 8_000)
STOPS = [concern for concern, grade in GRADES.items() if grade is HealthGrade.STOP]
EASY = [concern for concern, grade in GRADES.items() if grade is HealthGrade.EASY_ONLY]


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def answered(
    concern: Concern,
    since: int = 0,
    *,
    easy: int | None = None,
    free: int | None = None,
    over: int | None = None,
    usual: UsualRunning | None = USUAL,
) -> Health:
    """One yes, since a day, with what was cleared on others."""
    cleared = [None if day is None else on(day) for day in (easy if easy is not None else free, free, over)]
    return Health((HealthAnswer(concern, on(since), *cleared, usual=usual),))


def planned(health: Health, weeks: int = 20, **changes) -> tuple[Week, ...]:
    return plan_weeks(replace(article_runner(weeks), health=health, **changes))


def sessions(weeks: tuple[Week, ...]) -> list[Session]:
    return [session for week in weeks for session in week.sessions]


# --- a stop


@pytest.mark.parametrize("concern", STOPS)
def test_a_stop_allows_no_run_from_its_first_day_until_the_day_before_it_is_cleared(concern: Concern) -> None:
    health = answered(concern, 3, easy=10)
    assert [may_run(health, on(day)) for day in (2, 3, 9, 10)] == [True, False, False, True]


@pytest.mark.parametrize("concern", STOPS)
def test_a_stop_that_nobody_cleared_has_no_end(concern: Concern) -> None:
    assert not may_run(answered(concern), on(2000))
    assert sessions(planned(answered(concern))) == []


def test_cleared_for_easy_running_leaves_easy_running_only() -> None:
    plan = planned(answered(Concern.CHEST_PAIN, -9, easy=0))
    assert sessions(plan)
    assert not any(session.hard or session.kind is SessionKind.TEST for session in sessions(plan))


def test_cleared_for_everything_leaves_the_plan_as_it_is_without_the_answer() -> None:
    assert planned(answered(Concern.CHEST_PAIN, -9, free=0)) == planned(Health())


def test_two_stops_hold_until_both_are_cleared() -> None:
    both = Health((*answered(Concern.FAINTING, 0, free=5).answers, *answered(Concern.SURGERY, 2).answers))
    assert not may_run(both, on(30))
    assert [spell.last_day for spell in health_spells(both)] == [on(4), None]


# --- easy only until cleared


@pytest.mark.parametrize("concern", EASY)
def test_easy_only_forbids_what_is_hard_until_everything_is_cleared(concern: Concern) -> None:
    health = answered(concern, 1, free=20)
    assert [only_easy(health, on(day)) for day in (0, 1, 19, 20)] == [False, True, True, False]
    assert may_run(health, on(5))
    plan = planned(answered(concern))
    assert sessions(plan)
    assert not any(session.hard for session in sessions(plan))
    assert days_without(health) == ()


def test_cleared_for_easy_running_changes_nothing_where_easy_running_was_allowed() -> None:
    assert only_easy(answered(Concern.STRESS_FRACTURE, 0, easy=3), on(9))


# --- a current injury


def test_a_current_injury_is_a_spell_of_being_hurt_until_it_is_better() -> None:
    (spell,) = health_spells(answered(Concern.INJURY, 2, free=9))
    assert (spell.trouble, spell.first_day, spell.last_day) == (Trouble.HURT, on(2), on(8))
    assert sessions(planned(answered(Concern.INJURY))) == []


# --- pregnancy


def test_a_pregnant_runner_runs_by_effort_within_the_usual_week_and_long_run() -> None:
    plan = planned(answered(Concern.PREGNANCY), 40)
    assert sessions(plan)
    assert max(week.distance_m for week in plan) <= USUAL.week_m
    assert max(session.distance_m for session in sessions(plan)) <= USUAL.long_m
    targets = [step.target for session in sessions(plan) for step in steps_of(session.workout.steps)]
    assert not any(isinstance(target, (ZoneTarget, PaceBand)) for target in targets)
    assert not any(session.hard or session.kind is SessionKind.TEST for session in sessions(plan))


@given(inputs(), st.booleans(), st.integers(3, 60), st.floats(0.3, 0.6))
@settings(max_examples=15, deadline=None)
def test_no_pregnant_runner_of_any_kind_is_given_more_than_the_usual_week_and_run(
    case: PlanInputs, by_effort: bool, week_km: int, share: float
) -> None:
    usual = UsualRunning(week_km * 1000, round(week_km * 1000 * share))
    health = Health((HealthAnswer(Concern.PREGNANCY, case.first_day, usual=usual),))
    for week in plan_weeks(replace(case, health=health, zones=None if by_effort else case.zones)):
        assert week.distance_m <= usual.week_m
        assert all(session.distance_m <= usual.long_m for session in week.sessions)


def test_the_same_runner_who_is_not_pregnant_grows_beyond_it() -> None:
    plan = planned(Health(), 40)
    assert max(week.distance_m for week in plan) > USUAL.week_m
    assert max(session.distance_m for session in sessions(plan)) > USUAL.long_m


def test_a_pregnancy_that_a_doctor_has_cleared_is_still_without_tests_and_races() -> None:
    health = answered(Concern.PREGNANCY, 0, free=1)
    race = Race(on(60), Goal.TEN_K)
    assert not any(session.hard for session in sessions(planned(health)))
    assert race_hindrance(health, race, on(2)) is not None
    assert limits_of(health, on(2)).tests is False


def test_no_run_from_25_degrees_in_a_pregnancy() -> None:
    assert limits_of(answered(Concern.PREGNANCY), on(1)).hottest_c == 25
    assert limits_of(answered(Concern.PREGNANCY, 2), on(1)).hottest_c is None


def test_who_did_not_run_before_a_pregnancy_walks() -> None:
    health = answered(Concern.PREGNANCY, usual=None)
    assert not may_run(health, on(1))
    assert sessions(planned(health)) == []


def test_a_pregnancy_that_is_over_leaves_easy_running_until_that_is_cleared_too() -> None:
    over = answered(Concern.PREGNANCY, 0, free=5, over=30)
    assert only_easy(over, on(31))  # what was cleared before it ended is no clearance for after it
    assert limits_of(over, on(31)).paced
    cleared = answered(Concern.PREGNANCY, 0, free=40, over=30)
    assert [only_easy(cleared, on(day)) for day in (39, 40)] == [True, False]


def test_who_walked_in_a_pregnancy_walks_on_after_the_birth_in_one_spell() -> None:
    health = Health(
        (*answered(Concern.PREGNANCY, 0, usual=None).answers, HealthAnswer(Concern.BIRTH, on(100)))
    )
    (spell,) = health_spells(health)
    assert (spell.first_day, spell.last_day, spell.trouble) == (on(0), None, Trouble.BIRTH)


@pytest.mark.parametrize(
    ("weeks_with_a_run", "runs"), [(3, False), (4, True), (12, True)], ids=["three", "four", "twelve"]
)
def test_a_runner_is_who_ran_in_four_weeks_of_the_half_year_before(weeks_with_a_run: int, runs: bool) -> None:
    history = [PastRun(on(-1 - 7 * week), 6000.0, 2400.0) for week in range(weeks_with_a_run)]
    assert (usual_running(history, on(0)) is not None) is runs


def test_three_months_of_sickness_do_not_make_a_runner_a_walker() -> None:
    history = [PastRun(on(-92 - 7 * week - back), 7000.0, 2700.0) for week in range(5) for back in (0, 1)]
    assert usual_running(history, on(0)) == UsualRunning(14_000, 7_000)
    assert usual_running(history, on(150)) is None


# --- birth


@pytest.mark.parametrize(
    ("cleared", "first_run"),
    [(42, 84), (84, 84), (85, 85), (120, 120)],
    ids=["at six weeks", "at twelve", "a day later", "late"],
)
def test_a_birth_is_walks_to_twelve_weeks_and_until_cleared(cleared: int, first_run: int) -> None:
    health = answered(Concern.BIRTH, 0, free=cleared)
    assert [may_run(health, on(first_run + step)) for step in (-1, 0)] == [False, True]


def test_twelve_weeks_alone_end_nothing() -> None:
    assert not may_run(answered(Concern.BIRTH), on(400))


def test_leaking_heaviness_or_pain_after_a_birth_is_walks_again() -> None:
    running = answered(Concern.BIRTH, -100, free=-10).answers
    leaks = Health((*running, HealthAnswer(Concern.PELVIC_FLOOR, on(5))))
    assert [may_run(leaks, on(day)) for day in (4, 5, 300)] == [True, False, False]
    assert [spell.trouble for spell in health_spells(leaks)] == [Trouble.BIRTH, Trouble.BIRTH]


# --- the race


@pytest.mark.parametrize("concern", list(Concern))
def test_a_race_behind_an_open_answer_is_not_planned_for(concern: Concern) -> None:
    race = Race(on(90), Goal.TEN_K)
    without = planned(answered(concern), 15, race=race, goal=Goal.TEN_K)
    assert race_hindrance(answered(concern), race, on(0)) is not None
    assert not any(session.kind is SessionKind.RACE for session in sessions(without))
    assert {week.kind.value for week in without} & {"taper", "race"} == set()


def test_the_race_is_planned_for_again_once_everything_is_cleared() -> None:
    race = Race(on(90), Goal.TEN_K)
    plan = planned(answered(Concern.CHEST_PAIN, -9, free=0), 15, race=race, goal=Goal.TEN_K)
    assert [session.day for session in sessions(plan) if session.kind is SessionKind.RACE] == [race.day]


@pytest.mark.parametrize(("hard_from", "hindered"), [(91, True), (90, False)])
def test_a_race_in_the_first_half_of_the_return_is_not_planned_for(hard_from: int, hindered: bool) -> None:
    back = Condition(Demanded.RETURN, "A3:health:1", on(60), on(120), hard_from=on(hard_from))
    race = Race(on(90), Goal.TEN_K)
    assert (race_hindrance(Health(), race, on(61), [back]) is not None) is hindered
    assert race_hindrance(Health(), race, on(61), [replace(back, group="A3:1")]) is None


# --- age


@pytest.mark.parametrize(("born", "allowed"), [(2008, True), (2009, False), (None, True)])
def test_no_marathon_before_the_year_of_the_eighteenth_birthday(born: int | None, allowed: bool) -> None:
    health = Health(birth_year=born)
    assert marathon_allowed(health, date(2026, 10, 4)) is allowed
    hindrance = race_hindrance(health, Race(date(2026, 10, 4), Goal.MARATHON), MONDAY)
    assert (hindrance is None) is allowed
    assert hindrance is None or hindrance.code == Cause.RACE_UNDER_AGE


def test_who_is_under_18_and_trains_for_a_marathon_trains_for_a_half() -> None:
    young = planned(Health(birth_year=2009), 40, goal=Goal.MARATHON)
    assert young == planned(Health(birth_year=2009), 40, goal=Goal.HALF)


# --- together


def test_the_first_two_weeks_after_four_answers_differ_as_they_should() -> None:
    race = Race(on(13), Goal.FIVE_K)
    runner = replace(article_runner(2), race=race, goal=Goal.FIVE_K)

    def two_weeks(health: Health) -> list[tuple[int, bool]]:
        weeks = plan_weeks(replace(runner, health=health))
        return [(round(week.distance_m), any(session.hard for session in week.sessions)) for week in weeks]

    stop, easy, pregnant, free = map(
        two_weeks,
        (
            answered(Concern.CHEST_PAIN),
            answered(Concern.KIDNEY_OR_DIABETES),
            answered(Concern.PREGNANCY, usual=UsualRunning(16_000, 6_000)),
            Health(),
        ),
    )
    assert stop == [(0, False), (0, False)]
    assert [hard for _, hard in easy] == [False, False]
    assert all(0 < metres <= 16_000 and not hard for metres, hard in pregnant)
    assert any(hard for _, hard in free)
    assert [metres for metres, _ in easy] != [metres for metres, _ in pregnant]


def test_an_answer_of_yesterday_counts_in_this_week() -> None:
    wednesday = replace(article_runner(1), first_day=on(2), health=answered(Concern.STRESS_FRACTURE, 2))
    assert not any(session.hard for session in sessions(plan_weeks(wednesday)))


def test_planning_again_with_the_weeks_kept_gives_the_same_weeks() -> None:
    runner = replace(article_runner(8), health=answered(Concern.PREGNANCY))
    weeks = plan_weeks(runner)
    assert plan_weeks(replace(runner, kept=weeks[:3])) == weeks


def test_open_answers_are_those_that_something_still_follows_from() -> None:
    health = Health((*answered(Concern.FAINTING, 0, free=4).answers, *answered(Concern.INJURY, 6).answers))
    assert [answer.concern for answer in open_answers(health, on(3))] == [Concern.FAINTING]
    assert [answer.concern for answer in open_answers(health, on(7))] == [Concern.INJURY]
