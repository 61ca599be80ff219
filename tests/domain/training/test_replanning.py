"""Planning again, starting small, and inputs that make no plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.athlete import Availability, PastRun
from syncd.domain.session import Phase, SessionKind, Week, WeekKind, monday_of
from syncd.domain.training.adaptation import QualityOutcome, next_level
from syncd.domain.training.weeks import PlanError, PlanInputs, history_from_summary, plan_weeks
from tests.domain.training.athletes import MONDAY, article_runner, as_run, inputs, long_of
from tests.support.said import in_km


def as_done(week: Week) -> list[QualityOutcome]:
    """The outcome of the week's quality session, run exactly as planned."""
    return [
        QualityOutcome(each.id, each.day, each.family, each.level, 4, 4, None, each.rpe, 1.0, 100)
        for each in week.sessions
        if each.family == "hm_m"
    ]


def later(before: PlanInputs, plan: tuple[Week, ...], weeks_on: int, committed: int) -> PlanInputs:
    """The inputs `weeks_on` weeks later, when all was run as planned."""
    run = plan[:weeks_on]
    level, outcomes = before.levels["hm_m"], []
    for outcome in (each for week in run for each in as_done(week)):
        outcomes.append(outcome)
        level = next_level("hm_m", outcomes, level).level
    return replace(
        before,
        first_day=plan[0].start + timedelta(weeks=weeks_on),
        history=(*before.history, *(as_run(each) for week in run for each in week.sessions)),
        weeks=before.weeks - weeks_on,
        levels={"hm_m": level},
        kept=plan[: weeks_on + committed],
    )


@settings(max_examples=150)
@given(inputs(), st.data())
def test_a_plan_followed_as_planned_is_planned_again_unchanged(given_inputs, data) -> None:
    plan = plan_weeks(given_inputs)
    weeks_on = data.draw(st.integers(1, given_inputs.weeks - 1))
    committed = data.draw(st.integers(0, min(2, given_inputs.weeks - weeks_on)))
    assert plan_weeks(later(given_inputs, plan, weeks_on, committed)) == plan[weeks_on:]


@settings(max_examples=50)
@given(inputs(), st.integers(1, 3))
def test_keeping_the_first_weeks_changes_nothing(given_inputs, kept) -> None:
    plan = plan_weeks(given_inputs)
    assert plan_weeks(replace(given_inputs, kept=plan[:kept])) == plan


def test_a_kept_week_is_taken_as_it_is_and_counts_as_run() -> None:
    runner = article_runner(6)
    plan = plan_weeks(runner)
    shorter = replace(plan[0], sessions=plan[0].sessions[:3])
    again = plan_weeks(replace(runner, kept=(shorter,)))
    assert again[0] is shorter
    assert again[1].distance_m < plan[1].distance_m


def test_a_day_that_has_a_run_already_gets_no_session_and_counts_once() -> None:
    runner = article_runner(4)
    plan = plan_weeks(runner)
    tuesday, *later_days = plan[0].sessions
    history = (*runner.history, as_run(tuesday))
    this_evening = replace(runner, first_day=tuesday.day, history=history, levels={"hm_m": 2})
    assert plan_weeks(this_evening)[0].sessions == tuple(later_days)
    assert plan_weeks(replace(this_evening, kept=plan[:1]))[1:] == plan[1:]


def test_new_availability_moves_the_days_of_weeks_that_are_not_committed() -> None:
    runner = article_runner(4)
    plan = plan_weeks(runner)
    saturday = replace(runner, availability=Availability(4, long_run_day=5), kept=plan[:1])
    again = plan_weeks(saturday)
    assert again[0] == plan[0]
    assert {long.day.weekday() for week in again[1:] if (long := long_of(week))} == {5}


def test_a_long_run_moved_into_the_next_week_pushes_its_quality_run_48_hours_away() -> None:
    runner = article_runner(2)
    plan = plan_weeks(runner)
    long = plan[0].sessions[-1]
    moved = replace(plan[0], sessions=(*plan[0].sessions[:-1], replace(long, day=MONDAY + timedelta(days=7))))
    again = plan_weeks(replace(runner, kept=(moved,)))
    (quality,) = [session for session in again[1].sessions if session.hard]
    assert (quality.day - moved.sessions[-1].day).days >= 2


def test_growth_holds_when_less_than_four_fifths_was_run() -> None:
    runner = replace(article_runner(8), levels={"hm_m": 1})
    plan = plan_weeks(runner)
    followed = later(runner, plan, 2, 0)
    less = tuple(
        run if run.day < MONDAY else replace(run, distance_m=run.distance_m * 0.75)
        for run in followed.history
    )
    lazy = plan_weeks(replace(followed, history=less))
    assert plan_weeks(followed)[0].distance_m > plan[1].distance_m
    assert lazy[0].distance_m <= plan[1].distance_m + 1


def test_the_runner_of_the_article_grows_from_20_to_36_kilometres_and_from_7_to_13() -> None:
    plan = plan_weeks(article_runner(20))
    assert plan[0].distance_m == pytest.approx(20_000, abs=150)
    assert max(week.distance_m for week in plan) == pytest.approx(36_000, abs=300)
    longs = [long.distance_m for week in plan if (long := long_of(week))]
    assert longs[0] == pytest.approx(7200, abs=100)
    assert max(longs) == pytest.approx(12_900, abs=300)


def test_s21_the_runner_of_the_article_has_one_quality_run_two_easy_runs_and_a_long_run() -> None:
    for week in plan_weeks(article_runner(20)):
        kinds = sorted(session.kind.value for session in week.sessions)
        if week.kind is WeekKind.TEST:
            assert {"easy", "long", "test"} <= set(kinds) <= {"easy", "long", "test"}
        else:
            assert kinds == ["easy", "easy", "hm_m", "long"]


def test_the_runner_of_the_article_climbs_the_ladder() -> None:
    plan = plan_weeks(article_runner(24))
    levels = [
        each.level
        for week in plan
        if week.kind is WeekKind.BUILD
        for each in week.sessions
        if each.family == "hm_m" and week.phase is Phase.DISTANCE
    ]
    assert levels[:2] == [1, 2]
    assert levels == sorted(levels)
    assert levels[-1] >= 6


def test_40_kilometres_and_then_four_weeks_off_come_back() -> None:
    runner = article_runner(20)
    away = tuple(
        replace(run, day=run.day - timedelta(weeks=5), distance_m=run.distance_m * 2)
        for run in runner.history
    )
    plan = plan_weeks(replace(runner, history=away))
    assert 5000 < plan[0].distance_m < 20_000
    assert not any(session.hard for session in plan[0].sessions)
    assert plan[-2].distance_m > 1.5 * plan[0].distance_m


def test_nobody_on_record_starts_with_short_easy_runs() -> None:
    first, second, third, *_ = plan_weeks(replace(article_runner(6), history=()))
    assert [session.kind for session in first.sessions] == [SessionKind.EASY] * 2 + [SessionKind.LONG]
    assert all(session.duration_s <= 20 * 60 + 5 for session in first.sessions)
    assert not any(session.hard for session in second.sessions)
    assert any(session.hard for session in third.sessions)


def test_no_quality_run_where_no_day_is_48_hours_from_the_long_run() -> None:
    weekend = Availability(2, weekdays=(5, 6))
    plan = plan_weeks(replace(article_runner(8), availability=weekend))
    assert not any(session.hard for week in plan for session in week.sessions)
    assert any("48 hours" in in_km(note) for week in plan for note in week.notes)


def test_a_recording_of_some_metres_is_no_longest_run() -> None:
    plan = plan_weeks(replace(article_runner(4), history=(PastRun(MONDAY - timedelta(days=40), 60, 30),)))
    assert all(session.distance_m >= 100 for week in plan for session in week.sessions)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"availability": Availability(1)}, "2 to 7 days"),
        ({"availability": Availability(8)}, "2 to 7 days"),
        ({"availability": Availability(4, weekdays=(1, 3, 5))}, "long-run day"),
        ({"availability": Availability(2, weekdays=(6,))}, "two weekdays"),
        ({"availability": Availability(2, weekdays=(1, 6, 9))}, "two weekdays"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 1000}, "weeks"),
        ({"phase_start": MONDAY + timedelta(days=1)}, "Monday"),
        ({"phase_start": MONDAY + timedelta(days=7)}, "begun"),
    ],
)
def test_inputs_that_make_no_plan_say_what_to_change(change, because) -> None:
    with pytest.raises(PlanError, match=because):
        plan_weeks(replace(article_runner(), **change))


@given(
    st.integers(1, 120), st.floats(0.15, 1.0), st.integers(2, 7), st.dates(date(2020, 1, 1), date(2030, 1, 1))
)
def test_a_summary_becomes_four_weeks_with_its_mean_and_its_longest_run(
    weekly_km, share, days, first_day
) -> None:
    longest = weekly_km * 1000 * share
    runs = history_from_summary(first_day, weekly_km * 1000, longest, days)
    assert sum(run.distance_m for run in runs) == pytest.approx(4000 * weekly_km)
    assert max(run.distance_m for run in runs) == pytest.approx(longest)
    monday = monday_of(first_day)
    assert all(monday - timedelta(days=28) <= run.day < monday for run in runs)
    assert len({run.day for run in runs}) == len(runs)


def test_a_summary_of_nothing_is_no_history() -> None:
    assert history_from_summary(MONDAY, 0, 0, 4) == ()


@pytest.mark.parametrize(
    ("weekly_m", "longest_m"), [(5000, 8000), (70_000, 5000), (20_000, 0), (-1, 0), (float("nan"), 1000)]
)
def test_a_summary_that_contradicts_itself_is_refused(weekly_m, longest_m) -> None:
    with pytest.raises(PlanError):
        history_from_summary(MONDAY, weekly_m, longest_m, 4)
