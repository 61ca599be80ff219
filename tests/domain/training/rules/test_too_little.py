"""A7: runs missed again and again take a run out of the week first, and only then kilometres."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.athlete import Availability
from syncd.domain.session import SessionState, WeekKind, monday_of
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.rules.too_little import FEWER_FOR, too_little
from syncd.domain.training.weeks import history_from_summary, plan_weeks
from tests.domain.training.athletes import MONDAY, article_runner
from tests.domain.training.rules.followed_plan import RUNNER, TODAY, last, lived, missed, planner, proposed
from tests.domain.training.rules.living import lived_through, weekly_run_m

LIVED = lived()


def three_weeks(share: float):
    """Only the runs that come to that share of three weeks, the same weekday never missed thrice."""
    inside = [e.session for e in LIVED.entries if 0 < (TODAY - e.session.day).days <= 21]
    total = sum(session.distance_m for session in inside)
    kept, order = 0.0, sorted(inside, key=lambda s: (s.day.toordinal() * 5 % 7, s.day))
    gone = []
    for session in order:
        if (kept + session.distance_m) / total <= share:
            kept += session.distance_m
        else:
            gone.append(session)
    return missed(LIVED, *gone), kept / total


def one_of_each_week(weeks: int, skipped: int = 0):
    """One run missed in each of the last weeks, each time another weekday; `skipped`: so many more."""
    gone = []
    for back in range(weeks):
        monday = TODAY - timedelta(weeks=back + 1)
        inside = [e.session for e in LIVED.entries if monday_of(e.session.day) == monday]
        gone += [inside[(back + more) % len(inside)] for more in range(1 + skipped)]
    return missed(LIVED, *gone)


def asked_of(situation) -> list[Condition]:
    return [each.condition for each in proposed(too_little, situation)]


def day_fewer_in_force(situation):
    """The first step was taken some weeks ago."""
    fewer = Condition(Demanded.FEWER_DAYS, "A7:days", TODAY - timedelta(weeks=4), TODAY + timedelta(weeks=8))
    return replace(
        situation,
        conditions=(fewer,),
        answered={"A7:days:any:2026-01-01": TODAY - timedelta(days=29)},
    )


@pytest.mark.parametrize(("weeks", "fires"), [(2, False), (3, False), (4, True)])
def test_one_run_of_four_missed_week_after_week_takes_a_run_out_of_the_week(weeks, fires) -> None:
    asked = asked_of(one_of_each_week(weeks))  # 3 of 16 missed are over 80 % run, 4 are not
    assert [(each.asked, each.weekday) for each in asked] == ([(Demanded.FEWER_DAYS, None)] if fires else [])
    for each in asked:
        assert each.first_day == TODAY + timedelta(weeks=1)
        assert each.last_day == each.first_day + FEWER_FOR - timedelta(days=1)


def test_fewer_kilometres_are_not_asked_before_a_day_fewer_was_tried() -> None:
    situation, _ = three_weeks(0.5)
    assert [each.asked for each in asked_of(situation)] == [Demanded.FEWER_DAYS]
    assert [each.asked for each in asked_of(day_fewer_in_force(situation))] == [Demanded.LOWER]


@pytest.mark.parametrize("share", [0.65, 0.9])
def test_below_70_percent_growth_begins_anew_from_a_tenth_less_at_most(share) -> None:
    situation, really = three_weeks(share)
    asked = asked_of(day_fewer_in_force(situation))
    assert bool(asked) is (really < 0.70)
    for each in asked:
        full = [w for w in situation.weeks if w.start < TODAY and w.kind is WeekKind.BUILD][-4:]
        best_m = max(week.distance_m for week in full)
        run_m = max(
            sum(run.distance_m for run in situation.runs if monday_of(run.day) == week.start) for week in full
        )
        assert each.of_m == pytest.approx(max(0.9 * best_m, run_m), abs=1)
        assert each.first_day == TODAY + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("days", "asked"), [(2, Demanded.LOWER), (3, Demanded.LOWER), (4, Demanded.FEWER_DAYS)]
)
def test_three_runs_a_week_are_left_and_kilometres_go(days, asked) -> None:
    situation, _ = three_weeks(0.5)
    fewer = replace(situation, availability=replace(situation.availability, days_per_week=days))
    assert [each.asked for each in asked_of(fewer)] == [asked]


def test_a7_speaks_at_most_once_in_four_weeks() -> None:
    situation, _ = three_weeks(0.5)
    for days, silent in ((27, True), (28, False)):
        answered = replace(situation, answered={"A7:volume:2026-01-01": TODAY - timedelta(days=days)})
        assert (proposed(too_little, answered) == []) is silent


def test_a_day_fewer_is_not_asked_again_for_twelve_weeks_undone_or_not() -> None:
    situation = one_of_each_week(4)
    for days, silent in ((83, True), (84, False)):
        answered = replace(situation, answered={"A7:days:any:2026-01-01": TODAY - timedelta(days=days)})
        assert (asked_of(answered) == []) is silent


@pytest.mark.parametrize(("times", "fires"), [(2, False), (3, True)])
def test_a_weekday_missed_three_times_of_four_is_left_out(times, fires) -> None:
    weekday = last(LIVED, "easy").day.weekday()
    on_it = [e.session for e in LIVED.entries if e.session.day < TODAY and e.session.day.weekday() == weekday]
    situation = missed(LIVED, *on_it[-times:])
    asked = asked_of(situation)
    assert [each.weekday for each in asked if each.asked is Demanded.FEWER_DAYS] == (
        [weekday] if fires else []
    )


def test_a_day_fewer_keeps_long_run_quality_and_kilometres() -> None:
    situation = one_of_each_week(4)
    (asked,) = asked_of(situation)
    week = planner(situation)[2]  # after the test week
    fewer = planner(replace(situation, conditions=(asked,)))[2]
    assert week.kind is fewer.kind is WeekKind.BUILD
    assert len(fewer.sessions) == len(week.sessions) - 1
    assert fewer.distance_m >= 0.95 * week.distance_m
    kinds = {session.kind for session in week.sessions}
    assert {session.kind for session in fewer.sessions} == kinds
    assert max(s.distance_m for s in fewer.sessions) >= max(s.distance_m for s in week.sessions)


@settings(max_examples=8, deadline=None)
@given(share=st.floats(0.0, 0.4), seed=st.integers(0, 2**16))
def test_runs_missed_at_random_do_not_ratchet_the_plan_down(share, seed) -> None:
    """After twelve weeks the plan holds 90 % of what was really run in the best of the last four."""
    random = Random(seed)
    life = lived_through(12, lambda session: random.random() < share)
    best_m = max(weekly_run_m(life)[-4:])
    assert life.next_full_m >= 0.9 * best_m


def test_one_run_of_four_missed_for_a_year_leaves_the_volume_where_it_began() -> None:
    random = Random(7)
    life = lived_through(40, lambda session: random.random() < 0.25)
    builds = [week.distance_m for week in life.weeks[-12:] if week.kind is WeekKind.BUILD]
    assert sum(builds) / len(builds) >= 20_000.0


def test_always_skipping_friday_does_not_shrink_the_plan_to_nothing() -> None:
    life = lived_through(26, lambda session: session.day.weekday() == 4)
    assert life.next_full_m >= 20_000.0


@pytest.mark.parametrize("days", [4, 5, 6])
def test_of_any_number_of_days_one_is_left_out_and_the_rest_is_kept(days) -> None:
    """Missing one run of five and keeping the quality, the long run and most of the kilometres."""
    weekdays = tuple(range(7))
    many = replace(
        RUNNER,
        availability=Availability(days, weekdays, 6),
        history=history_from_summary(MONDAY, days * 7000.0, 12_000.0, days),
    )
    fewer = Condition(Demanded.FEWER_DAYS, "A7:days", MONDAY, MONDAY + FEWER_FOR)
    for week, with_fewer in zip(
        plan_weeks(many)[:3], plan_weeks(replace(many, conditions=(fewer,)))[:3], strict=True
    ):
        assert (len(week.sessions), len(with_fewer.sessions)) == (days, days - 1)
        assert with_fewer.distance_m >= 0.95 * week.distance_m
        assert {s.kind for s in week.sessions if s.hard} == {s.kind for s in with_fewer.sessions if s.hard}
        longest = [max(s.distance_m for s in each.sessions) for each in (week, with_fewer)]
        assert longest[1] >= longest[0]


def test_what_the_athlete_skips_in_advance_is_not_missed() -> None:
    situation = one_of_each_week(4)
    skipped = tuple(
        replace(each, state=SessionState.DROPPED) if each.state is SessionState.MISSED else each
        for each in situation.entries
    )
    assert asked_of(replace(situation, entries=skipped)) == []


def test_a_day_fewer_ends_after_twelve_weeks_and_the_plan_of_then_has_all_days() -> None:
    fewer = Condition(Demanded.FEWER_DAYS, "A7:days", MONDAY, MONDAY + FEWER_FOR)
    weeks = plan_weeks(replace(article_runner(24), conditions=(fewer,)))
    builds = [week for week in weeks if week.kind is WeekKind.BUILD]
    assert {len(week.sessions) for week in builds if week.start < MONDAY + FEWER_FOR} == {3}
    assert {len(week.sessions) for week in builds[-3:]} == {4}
