"""Slow and low-volume runners get a test in time, those without a 5K too; two days keep their volume."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.athlete import Availability, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, SessionKind, WeekKind
from syncd.domain.training.reasons import Cause
from syncd.domain.training.special_sessions import forms_of_test
from syncd.domain.training.validity import TimedEffort, counts_as_result, judged
from syncd.domain.training.weeks import history_from_summary, plan_weeks
from syncd.domain.training.zone_history import FitnessResult, ResultOrigin, paces_in_force_on
from syncd.domain.training.zones import zones_from_result
from tests.domain.training.athletes import MONDAY, Diary, article_runner, long_of

DISTANCES_M = (5000.0, 3000.0, 2414.0)


def zones_of(five_k_min: float):
    return zones_from_result(5000, five_k_min * 60, as_of=None, source=Reason.legacy("test"))


def runner(days: int, weekly_km: float, longest_km: float, five_k_min: float | None, weeks: int = 52):
    weekdays = {2: (2, 6), 3: (1, 3, 6), 4: (1, 3, 4, 6)}[days]
    return replace(
        article_runner(weeks),
        availability=Availability(days, weekdays, 6),
        history=history_from_summary(MONDAY, weekly_km * 1000, longest_km * 1000, days),
        zones=None if five_k_min is None else zones_of(five_k_min),
    )


def planned_tests(weeks):
    return [session for week in weeks for session in week.sessions if session.kind is SessionKind.TEST]


@pytest.mark.parametrize("five_k_min", [16, 25, 40, 45])
def test_a_test_gives_way_by_its_frame_then_by_its_distance(five_k_min) -> None:
    forms = forms_of_test(zones_of(five_k_min))
    measured = [max(step.duration.metres or 0 for step in form.workout.steps[-2:]) for form in forms]
    assert [m for n, m in enumerate(measured) if m not in measured[:n]] == list(DISTANCES_M)
    for distance_m in DISTANCES_M:
        sizes = [form.distance_m for form, m in zip(forms, measured, strict=True) if m == distance_m]
        assert sizes == sorted(sizes, reverse=True)
    assert [form.title for form in forms[::3]] == ["5K test", "3K test", "1.5-mile test"]


@pytest.mark.parametrize("form", range(9))
def test_the_first_form_that_keeps_r20_is_chosen_on_both_sides_of_each(form) -> None:
    forms = forms_of_test(zones_of(40))
    for over_m in (1.0, -1.0):
        cap_m = forms[form].distance_m + over_m
        first = next((each for each in forms if each.distance_m <= cap_m), None)
        tests = planned_tests(plan_weeks(week_after(longest_for(cap_m))))
        assert [test.title for test in tests] == ([first.title] if first else [])
        assert [test.distance_m for test in tests] == ([first.distance_m] if first else [])


def longest_for(cap_m: float) -> float:
    """The longest run whose cap is that."""
    return cap_m / 1.1 if cap_m >= 5500 else cap_m - 500


def week_after(longest_m: float):
    """A week in which a test is due, after weeks of runs of that length; there is room in it for any."""
    days = range(1, 29)
    history = tuple(PastRun(MONDAY - timedelta(days=n), longest_m, longest_m * 0.5) for n in days)
    given = replace(runner(4, 20, 8, 40, weeks=1), phase_start=MONDAY - timedelta(weeks=7))
    return replace(given, history=history)


@pytest.mark.parametrize("days", [2, 3, 4])
@pytest.mark.parametrize(
    ("weekly_km", "longest_km", "five_k_min"),
    [(8, 3.5, 40), (8, 4.5, 40), (10, 4, 38), (12, 5, 45), (12, 5, None), (8, 3.5, None), (20, 8, None)],
)
def test_every_runner_has_a_test_in_time_and_none_goes_past_r20(
    days, weekly_km, longest_km, five_k_min
) -> None:
    given = runner(days, weekly_km, max(longest_km, weekly_km / days), five_k_min, weeks=40)
    weeks = plan_weeks(given)
    diary = Diary.of(given, weeks)
    tests = planned_tests(weeks)
    for session in tests:
        longest = max(diary.before(session.day, 30))
        assert session.distance_m <= max(longest * 1.1, min(longest, 5000) + 500) + 1
    assert tests[0].day < MONDAY + timedelta(weeks=13)
    waits = [note.code for week in weeks for note in week.notes if note.code == Cause.TEST_TOO_LONG]
    assert len(waits) <= 1
    for before, after in pairwise(tests):
        assert after.day - before.day <= timedelta(weeks=13)


@pytest.mark.parametrize(
    ("metres", "counts"),
    [(2399.0, False), (2400.0, True), (2414.0, True), (3000.0, True), (21_600.0, True), (21_601.0, False)],
)
def test_results_count_from_a_mile_and_a_half_to_a_half_marathon(metres, counts) -> None:
    assert counts_as_result(metres) is counts
    result = FitnessResult(date(2026, 3, 1), metres, 40.0, ResultOrigin.TEST)
    assert (paces_in_force_on([result], date(2026, 3, 2)) is not None) is counts


@pytest.mark.parametrize("asked_m", DISTANCES_M)
@pytest.mark.parametrize(("of_asked", "valid"), [(0.985, False), (0.992, True), (1.018, True), (1.03, False)])
def test_a_test_is_valid_within_one_percent_short_and_two_long_of_its_distance(
    asked_m, of_asked, valid
) -> None:
    metres = asked_m * of_asked
    splits = (330.0,) * int(metres // 1000)
    verdict = judged(TimedEffort(asked_m, metres, metres * 0.33, splits, rpe=9.0), None)
    assert verdict.valid is valid
    assert verdict.distance_m == asked_m


@pytest.mark.parametrize(
    ("weekly_km", "longest_km", "five_k_min"), [(12, 7, 30), (20, 12, 25), (30, 18, 22), (8, 4.5, 40)]
)
def test_two_days_a_week_keep_their_volume_over_a_year(weekly_km, longest_km, five_k_min) -> None:
    weeks = plan_weeks(runner(2, weekly_km, longest_km, five_k_min))
    builds = [week for week in weeks if week.kind is WeekKind.BUILD]
    start_m = builds[0].distance_m
    for week in builds:
        least = 0.93 if week.phase is Phase.DISTANCE else 0.8  # S28, and back from there (S31)
        assert week.distance_m >= least * start_m
        long = long_of(week)
        assert long is not None
        assert long.distance_m <= 0.6 * week.distance_m + 101
    assert max(week.distance_m for week in builds[-4:]) >= 0.95 * start_m


def test_a_quality_session_of_two_days_carries_easy_running_and_stays_what_it_is() -> None:
    weeks = plan_weeks(runner(2, 30, 18, 22, weeks=4))
    quality = next(s for week in weeks for s in week.sessions if s.hard)
    plain = plan_weeks(runner(4, 30, 10, 22, weeks=4))
    other = next(s for week in plain for s in week.sessions if s.hard and s.title == quality.title)
    assert quality.distance_m > other.distance_m + 2000
    assert quality.workout.steps[1:-1] == other.workout.steps[1:-1]


@settings(max_examples=40, deadline=None)
@given(
    weekly_km=st.integers(8, 40),
    share=st.floats(0.5, 0.65),
    five_k_min=st.integers(18, 42),
    weekdays=st.sampled_from([(2, 6), (1, 5), (0, 3), (1, 6)]),
)
def test_two_days_never_shrink_without_misses(weekly_km, share, five_k_min, weekdays) -> None:
    longest_km = min(weekly_km * share, 2.3 * 60 / (five_k_min / 5 * 1.3))
    given_inputs = replace(
        runner(2, weekly_km, longest_km, five_k_min, weeks=20),
        availability=Availability(2, weekdays, weekdays[-1]),
    )
    builds = [week.distance_m for week in plan_weeks(given_inputs) if week.kind is WeekKind.BUILD]
    assert min(builds[2:]) >= 0.9 * max(builds[:2])  # an easy run ends at 90 minutes, a quality run may not
    assert max(builds[-2:]) >= 0.97 * max(builds[:2])
