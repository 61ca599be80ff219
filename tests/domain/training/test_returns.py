"""Coming back from time off (TRAINING 9.3): an even rise, gentle at first, over when it should be over."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.session import Phase, SessionKind, WeekKind
from syncd.domain.training.conditions import return_cap_m
from syncd.domain.training.rules.situation import Trouble
from syncd.domain.training.single_run import LEAST_IN_RETURN_M
from syncd.domain.training.weeks import history_from_summary, plan_weeks
from tests.domain.training.athletes import article_runner
from tests.domain.training.coming_back import ComingBack, coming_back
from tests.domain.training.test_replanning import later

GAPS = st.one_of(st.integers(8, 30), st.integers(30, 200))
GRAIN_M = 100.0
TWENTY_MINUTES_M = 3000.0  # with walks in them: no shorter, whatever the share (20 to 30 min)


def runner(weekly_km: int = 30, days: int = 4, five_k_s: int = 1500):
    asked = article_runner()
    longest = weekly_km * 1000 * {2: 0.6, 3: 0.45}.get(days, 0.4)
    return replace(
        asked,
        availability=replace(asked.availability, days_per_week=days),
        history=history_from_summary(asked.first_day, weekly_km * 1000, longest, days),
        levels={"hm_m": 1},
    )


@st.composite
def returns(draw) -> ComingBack:
    return coming_back(
        runner(draw(st.integers(12, 70)), draw(st.integers(2, 7))),
        days_off=draw(GAPS),
        trouble=draw(st.sampled_from([None, Trouble.ILL, Trouble.HURT, Trouble.STOP, Trouble.BIRTH])),
        fever=draw(st.booleans()),
        weeks_before=draw(st.integers(1, 8)),
        weekday=draw(st.integers(0, 6)),
        weeks=18,
    )


@settings(max_examples=40, deadline=None)
@given(returns())
def test_no_run_of_a_return_is_longer_than_its_share_and_nothing_is_hard_in_the_first_half(back) -> None:
    asked = back.condition
    for session in back.sessions:
        cap_m = return_cap_m([asked], session.day)
        if cap_m is not None:
            least_m = TWENTY_MINUTES_M if session.kind is SessionKind.WALK_RUN else LEAST_IN_RETURN_M
            allowed_m = max(cap_m, least_m) + GRAIN_M
            assert session.distance_m <= allowed_m or session.kind is SessionKind.TEST
        if asked.first_day <= session.day < asked.hard_from:
            assert not session.hard
    assert asked.hard_from >= asked.first_day + (asked.last_day - asked.first_day) / 2


@settings(max_examples=25, deadline=None)
@given(returns())
def test_the_first_week_has_a_day_between_runs_where_the_return_is_gentle(back) -> None:
    asked = back.condition
    if asked.spaced_until is None:
        return
    days = [session.day for session in back.sessions if session.day < asked.spaced_until]
    assert all(later - earlier >= timedelta(days=2) for earlier, later in itertools.pairwise(days))
    first = [session for session in back.sessions if session.day < asked.first_day + timedelta(days=3)]
    assert all(session.rpe[1] <= 3 and session.duration_s <= 1900 for session in first)


@settings(max_examples=25, deadline=None)
@given(returns())
def test_a_week_of_a_return_is_called_one_and_none_is_called_down(back) -> None:
    asked = back.condition
    for week in back.weeks:
        inside = asked.first_day - timedelta(days=6) <= week.start <= asked.last_day
        assert (week.kind is WeekKind.RETURN) == inside


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("trouble", [Trouble.ILL, Trouble.HURT])
def test_with_two_days_a_week_the_first_run_is_half_an_hour_on_whichever_day_it_comes(
    trouble, weekday
) -> None:
    asked = runner(40, 2)
    tuesday_and_sunday = replace(asked.availability, weekdays=(1, 6), long_run_day=6)
    back = coming_back(replace(asked, availability=tuesday_and_sunday), days_off=9 + weekday, trouble=trouble)
    first, second = back.sessions[:2]
    assert (first.rpe, first.duration_s <= 1_860) == ((2, 3), True)
    assert second.duration_s > 1_900 or (second.day - back.condition.first_day).days < 3


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("days", [2, 3, 4, 5])
def test_runs_that_time_off_or_days_between_them_left_out_are_planned_again_in_whole_weeks(
    days, weekday
) -> None:
    back = coming_back(
        runner(40, days), days_off=11, trouble=Trouble.ILL, weeks_before=4, weekday=weekday, weeks=5
    )
    off_from = back.condition.first_day - timedelta(days=11)
    kept = tuple(
        replace(week, sessions=tuple(session for session in week.sessions if session.day < off_from))
        for week in back.asked.kept
    )
    weeks = plan_weeks(replace(back.asked, kept=kept))
    whole = [week for week in weeks if week.start >= back.condition.spaced_until]
    assert {len(week.sessions) for week in whole} == {days}


@settings(max_examples=25, deadline=None)
@given(returns())
def test_runs_have_walks_in_them_until_the_day_that_the_return_says(back) -> None:
    until = back.condition.walks_until or back.condition.first_day
    for session in back.sessions:
        if session.day <= back.condition.last_day and not session.hard:
            assert (session.kind is SessionKind.WALK_RUN) == (session.day < until)


@pytest.mark.parametrize("days_off", [8, 16, 28])
@pytest.mark.parametrize("trouble", [None, Trouble.ILL, Trouble.HURT])
@pytest.mark.parametrize("days", [3, 4, 5])
def test_after_up_to_four_weeks_the_old_long_run_is_back_a_week_after_the_return(
    days_off, trouble, days
) -> None:
    back = coming_back(runner(30, days), days_off=days_off, trouble=trouble)
    length = (back.condition.last_day - back.condition.first_day).days + 1
    weeks = back.weeks_until_back()
    assert weeks is not None
    assert weeks <= -(-length // 7) + 2


def test_sixteen_days_hurt_are_over_after_five_weeks() -> None:
    assert coming_back(runner(30, 4), days_off=16, trouble=Trouble.HURT).weeks_until_back() == 5


@pytest.mark.parametrize(("days_off", "weeks"), [(29, 8), (56, 8), (57, 12), (90, 12)])
def test_longer_ones_follow_their_own_schedule_and_then_the_usual_growth(days_off, weeks) -> None:
    back = coming_back(runner(30, 4), days_off=days_off, weeks=30)
    until = back.weeks_until_back()
    assert until is not None
    assert weeks < until <= weeks + 4


def test_the_clock_of_the_phase_stands_still() -> None:
    plain = coming_back(runner(), days_off=0 + 1, weeks=30, weeks_before=5)
    off = coming_back(runner(), days_off=21, trouble=Trouble.ILL, weeks=30, weeks_before=5)
    speed = [next(week.start for week in back.weeks if week.phase is Phase.SPEED) for back in (plain, off)]
    assert timedelta(weeks=5) <= speed[1] - speed[0] <= timedelta(weeks=7)


@settings(max_examples=40, deadline=None)
@given(returns())
def test_the_weeks_of_a_return_never_get_smaller(back) -> None:
    over = back.condition.last_day
    walked = back.condition.walks_until or back.condition.first_day  # rounds with walks are whole ones
    inside = [
        week for week in back.weeks[1:] if walked <= week.start and week.start + timedelta(days=6) <= over
    ]
    volumes = [week.distance_m for week in inside]
    assert all(later_m >= 0.95 * m - 3 * GRAIN_M for m, later_m in itertools.pairwise(volumes))
    assert all(m <= 1.05 * back.week_m + GRAIN_M or m <= 5500 for m in volumes)


@settings(max_examples=25, deadline=None)
@given(returns(), st.integers(1, 14))
def test_a_return_that_is_run_as_planned_is_planned_again_unchanged(back, weeks_on) -> None:
    again = later(back.asked, back.weeks, weeks_on, 0)
    again = replace(again, kept=(*back.asked.kept, *again.kept))
    assert plan_weeks(again) == back.weeks[weeks_on:]


def test_a_birth_comes_back_over_twelve_weeks_with_walks_in_the_first_half() -> None:
    back = coming_back(runner(30, 4), days_off=90, trouble=Trouble.BIRTH, weeks=16)
    first, last = back.condition.first_day, back.condition.last_day
    assert (last - first).days + 1 == 84
    assert all(
        session.kind is SessionKind.WALK_RUN
        for session in back.sessions
        if session.day < first + timedelta(days=42)
    )
