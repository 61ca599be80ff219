"""Dated zone sets: what a result does to training paces, how it ages, and what time off costs."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.reason import Reason
from syncd.domain.session import Phase
from syncd.domain.training.rules.gaps import Before
from syncd.domain.training.rules.situation import Trouble
from syncd.domain.training.rules.time_off import returning
from syncd.domain.training.zone_history import (
    Break,
    FitnessResult,
    PacesInForce,
    ResultOrigin,
    breaks_of,
    detraining_factor,
    is_stale,
    paces_in_force_on,
    return_factor,
    widened,
    zone_set_on,
)
from syncd.domain.training.zones import LOWEST_VDOT, zones_from_vdot
from syncd.domain.workout import PaceZone
from tests.support.said import in_km

START = date(2026, 1, 5)
TEST, RACE, ENTERED = ResultOrigin.TEST, ResultOrigin.RACE, ResultOrigin.ENTERED


def after(days: int) -> date:
    return START + timedelta(days=days)


def result(days: int, vdot: float, distance_m: float = 5000, origin: ResultOrigin = TEST) -> FitnessResult:
    return FitnessResult(after(days), distance_m, vdot, origin)


def on(days: int, *results: FitnessResult) -> PacesInForce:
    found = paces_in_force_on(results, after(days))
    assert found is not None
    return found


ENTRY = result(0, 40, origin=ENTERED)
TESTED = result(0, 40)
BEFORE = Before(30_000, 12_000)


def test_without_a_result_there_is_no_vdot() -> None:
    assert paces_in_force_on((), START) is None
    assert paces_in_force_on((TESTED,), after(-1)) is None


def test_the_first_result_is_in_force_at_once_and_in_full() -> None:
    assert on(0, TESTED).vdot == 40
    assert on(500, TESTED).vdot == 40


@pytest.mark.parametrize("fall", [0.1, 3, 10])
def test_a_fall_applies_at_once(fall: float) -> None:
    assert on(1, TESTED, result(1, 40 - fall)).vdot == pytest.approx(40 - fall)


@pytest.mark.parametrize(("day", "vdot"), [(30, 41), (50, 41), (51, 42), (71, 42), (72, 42.5), (400, 42.5)])
def test_a_rise_moves_one_vdot_in_three_weeks(day: int, vdot: float) -> None:
    assert on(day, TESTED, result(30, 42.5)).vdot == vdot


@pytest.mark.parametrize(("day", "vdot"), [(20, 40), (21, 41)])
def test_the_three_weeks_count_from_the_last_move(day: int, vdot: float) -> None:
    assert on(day, TESTED, result(10, 42)).vdot == vdot


def test_a_long_wait_does_not_save_up_steps() -> None:
    assert on(90, TESTED, result(90, 43)).vdot == 41


def test_the_first_valid_test_after_an_entered_time_goes_in_full() -> None:
    assert on(10, ENTRY, result(10, 43)).vdot == 43
    assert on(31, ENTRY, result(10, 41), result(31, 43)).vdot == 42


def test_another_entered_time_is_no_test() -> None:
    assert on(30, ENTRY, result(30, 43, origin=ENTERED)).vdot == 41


@pytest.mark.parametrize(("age", "vdot"), [(97, 41), (98, 41), (99, 43)])
def test_a_set_older_than_fourteen_weeks_takes_a_rise_in_full(age: int, vdot: float) -> None:
    assert on(age, TESTED, result(age, 43)).vdot == vdot


def test_a_rise_of_three_is_taken_and_of_more_waits() -> None:
    assert on(30, TESTED, result(30, 43)).goal_vdot == 43
    waiting = on(30, TESTED, result(30, 43.01))
    assert (waiting.vdot, waiting.goal_vdot) == (40, 40)
    assert waiting.waiting == result(30, 43.01)


@pytest.mark.parametrize(("second", "vdot"), [(30 + 42, 45), (30 + 43, 40)], ids=["six weeks", "a day more"])
def test_a_second_result_within_six_weeks_brings_it_in_full(second: int, vdot: float) -> None:
    assert on(second, TESTED, result(30, 45), result(second, 45)).vdot == vdot


def test_a_waiting_result_is_forgotten_after_six_weeks() -> None:
    assert on(72, TESTED, result(30, 45)).waiting is not None
    assert on(73, TESTED, result(30, 45)).waiting is None


def test_in_full_means_what_both_results_have_shown() -> None:
    assert on(40, TESTED, result(30, 48), result(40, 45)).vdot == 45
    better = on(40, TESTED, result(30, 45), result(40, 47))
    assert (better.vdot, better.goal_vdot) == (45, 47)


def test_a_second_result_that_does_not_confirm_is_an_ordinary_rise() -> None:
    found = on(40, TESTED, result(30, 50), result(40, 42))
    assert (found.vdot, found.goal_vdot, found.waiting) == (41, 42, None)


def test_a_wrong_entry_is_put_right_by_two_tests() -> None:
    """A 22:00 runner (44.5) who entered 25:00 (38.3)."""
    entry = result(0, 38.3, origin=ENTERED)
    assert on(28, entry, result(28, 44.5)).vdot == 38.3
    assert on(49, entry, result(28, 44.5), result(49, 44.5)).vdot == 44.5


def test_a_half_marathon_may_raise_but_never_lower() -> None:
    assert on(30, TESTED, result(30, 36, 21_097.5, RACE)).vdot == 40
    assert on(30, TESTED, result(30, 41, 21_097.5, RACE)).vdot == 41
    climbing = on(31, TESTED, result(30, 43), result(31, 42, 21_097.5, RACE))
    assert climbing.goal_vdot == 43


def test_a_half_that_lowers_nothing_does_not_make_the_set_younger() -> None:
    assert on(99, TESTED, result(60, 36, 21_097.5, RACE), result(99, 42)).vdot == 42


@pytest.mark.parametrize("distance_m", [2399, 21_601, 42_195])
def test_a_mile_or_a_marathon_does_not_count(distance_m: float) -> None:
    assert on(30, TESTED, result(30, 30, distance_m, RACE)) == TESTED_STANDING


TESTED_STANDING = PacesInForce(40, 40, TESTED, moved_on=START)

DATED = st.builds(
    result,
    st.integers(0, 300),
    st.floats(20, 80),
    st.sampled_from([5000.0, 10_000.0, 21_097.5]),
    st.just(TEST),
)


@given(st.lists(DATED, min_size=1, max_size=12), st.integers(0, 320))
def test_the_order_in_which_results_arrive_does_not_matter(results: list[FitnessResult], day: int) -> None:
    assert paces_in_force_on(results, after(day)) == paces_in_force_on(reversed(results), after(day))


@given(st.lists(DATED, min_size=1, max_size=12))
def test_paces_never_quicken_by_more_than_a_step_without_a_result_and_never_pass_the_best(
    results: list[FitnessResult],
) -> None:
    best = max(each.vdot for each in results)
    days = [paces_in_force_on(results, after(day)) for day in range(301)]
    shown = {(each.day - START).days for each in results}
    for day, (before, now) in enumerate(pairwise(days), 1):
        assert now is None or now.vdot <= now.goal_vdot <= best
        if before and now and day not in shown:
            assert 0 <= now.vdot - before.vdot <= 1 + 1e-9


@pytest.mark.parametrize(
    ("phase", "days", "stale"),
    [
        (Phase.SPEED, 70, False),
        (Phase.SPEED, 71, True),
        (Phase.DISTANCE, 98, False),
        (Phase.DISTANCE, 99, True),
        (Phase.COMBINE, 98, False),
    ],
)
def test_a_result_is_stale_after_ten_weeks_of_speed_or_fourteen(phase: Phase, days: int, stale: bool) -> None:
    assert is_stale(START, after(days), phase) is stale


def test_a_result_without_a_date_is_not_judged() -> None:
    assert not is_stale(None, START, Phase.SPEED)


def test_stale_zones_have_the_same_paces_and_wider_bands() -> None:
    zones = zones_from_vdot(40, as_of=START, source=Reason.legacy("test"))
    wide = widened(zones)
    assert wide.paces == zones.paces
    for zone in PaceZone:
        assert wide.bands[zone].slow_mps < zones.bands[zone].slow_mps
        assert wide.bands[zone].fast_mps > zones.bands[zone].fast_mps


@pytest.mark.parametrize(
    ("days", "left", "cross_trained"),
    [
        (5, 1, 1),
        (6, 0.997, 0.998),
        (7, 0.994, 0.997),
        (10, 0.985, 0.992),
        (14, 0.973, 0.986),
        (21, 0.952, 0.976),
        (28, 0.931, 0.965),
        (35, 0.910, 0.955),
        (42, 0.889, 0.944),
        (49, 0.868, 0.934),
        (56, 0.847, 0.923),
        (63, 0.826, 0.913),
        (70, 0.805, 0.902),
        (72, 0.800, 0.900),
        (400, 0.800, 0.900),
    ],
)
def test_daniels_table_of_time_off(days: int, left: float, cross_trained: float) -> None:
    assert detraining_factor(days) == left
    assert detraining_factor(days, cross_trained=True) == cross_trained


@pytest.mark.parametrize(
    ("day", "factor"), [(-1, 1), (0, 0.973), (7, 0.9865), (13, 0.9865), (14, 1), (90, 1)]
)
def test_two_weeks_off_come_back_over_two_weeks_a_step_each_monday(day: int, factor: float) -> None:
    gap = Break(START, 14)
    assert return_factor((gap,), after(day)) == pytest.approx(factor, abs=0.0001)


@pytest.mark.parametrize(("days_off", "month_later"), [(28, 1.0), (29, 0.928)])
def test_more_than_four_weeks_off_need_a_result(days_off: int, month_later: float) -> None:
    assert return_factor((Break(START, days_off),), after(30)) == month_later
    assert return_factor((Break(START, days_off),), after(30), last_result=START) == 1
    assert return_factor((Break(START, days_off),), after(30), last_result=after(-1)) == month_later


def paces_left(conditions, day: int) -> float:
    return return_factor(breaks_of(conditions, after(day)), after(day))


@pytest.mark.parametrize(
    ("trouble", "lasts"), [(None, 14), (Trouble.ILL, 14), (Trouble.HURT, 28), (Trouble.BIRTH, 84)]
)
def test_the_old_paces_are_back_when_the_return_is_over_and_no_sooner(trouble, lasts: int) -> None:
    gap_days = 60 if trouble is Trouble.BIRTH else 14
    asked = returning("A3:1", START, 14, BEFORE, trouble=trouble, gap_days=gap_days)
    assert (asked.last_day - asked.first_day).days + 1 == lasts
    by_day = [paces_left([asked], day) for day in range(lasts + 8)]
    assert by_day[0] == detraining_factor(14)
    assert by_day == sorted(by_day)
    assert all(left < 1 for left in by_day[: lasts - 1])
    assert by_day[-1] == 1


def test_while_nobody_runs_no_pace_comes_back() -> None:
    opened = replace(returning("A2:1", START, 10, BEFORE), last_day=after(27), rising=(0.5, 0.5))
    assert {paces_left([opened], day) for day in range(28)} == {detraining_factor(10)}
    begun = returning("A2:1", after(5), 15, BEFORE)
    assert paces_left([opened, begun], 5) == detraining_factor(15)


def test_paces_of_a_return_that_was_cut_short_come_back_in_the_next() -> None:
    first = returning("A2:1", START, 20, BEFORE)
    second = returning("A3:1", after(20), 9, BEFORE, trouble=Trouble.ILL, gap_days=18)
    by_day = [paces_left([first, second], day) for day in range(20, 20 + 18 + 7)]
    assert by_day[0] == detraining_factor(9 + 9)  # half of the first return was still to go
    assert by_day == sorted(by_day)
    assert all(left < 1 for left in by_day[:17])
    assert by_day[-1] == 1


def test_a_result_in_a_return_that_was_cut_short_has_measured_what_it_cost() -> None:
    first = returning("A2:1", START, 28, BEFORE)
    breaks = breaks_of([first, returning("A3:1", after(24), 3, BEFORE, trouble=Trouble.ILL)], after(24))
    assert return_factor(breaks, after(24), last_result=after(16)) == 1
    assert return_factor(breaks, after(24), last_result=after(-1)) == detraining_factor(3 + 7)


def test_what_needs_a_result_still_needs_it_after_more_days_off() -> None:
    first = returning("A2:1", START, 40, BEFORE)
    both = [first, returning("A3:1", after(40), 3, BEFORE, trouble=Trouble.ILL)]
    assert {paces_left(both, day) for day in range(40, 200)} == {detraining_factor(40)}
    assert return_factor(breaks_of(both, after(90)), after(90), last_result=after(30)) == 1


def test_a_short_break_still_has_a_return_of_six_days() -> None:
    assert Break(START, 2).return_days == 6
    assert Break(START, 7).return_days == 7


def test_four_short_illnesses_do_not_ratchet_the_fitness_down() -> None:
    ill = [Break(after(30 * k), 8) for k in range(4)]
    assert return_factor(ill, after(90)) == detraining_factor(8)
    assert return_factor(ill, after(98)) == 1


def test_the_zones_of_a_day_come_from_the_vdot_in_force() -> None:
    assert zone_set_on((), START, Phase.DISTANCE) is None
    zones = zone_set_on((TESTED, result(30, 42.5)), after(30), Phase.DISTANCE)
    assert zones is not None
    assert (zones.vdot, zones.as_of, in_km(zones.source)) == (41, after(30), "5 km test")


def test_the_zones_of_a_return_say_what_time_off_has_cost() -> None:
    zones = zone_set_on((TESTED,), after(50), Phase.DISTANCE, (Break(after(50), 14),))
    assert zones is not None
    assert zones.vdot == pytest.approx(40 * 0.973)
    assert in_km(zones.source) == "5 km test, less 2.7% after time off"


def test_the_zones_of_a_stale_result_are_wider() -> None:
    fresh = zone_set_on((TESTED,), after(98), Phase.DISTANCE)
    stale = zone_set_on((TESTED,), after(99), Phase.DISTANCE)
    assert fresh is not None
    assert stale == widened(fresh)


def test_zones_never_fall_below_the_lowest_running_pace() -> None:
    zones = zone_set_on((result(0, 19),), after(200), Phase.DISTANCE, (Break(after(100), 90),))
    assert zones is not None
    assert zones.vdot == LOWEST_VDOT
