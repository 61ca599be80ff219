"""A session in up to three files is one run, where together they look like it clearly better."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.activity import Activity
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.joined_runs import joined, may_join
from tests.domain.scoring.matching import attribute_joined
from tests.domain.scoring.sessions import EASY, ZONES, six_800, workout
from tests.domain.scoring.test_session_matching import INTERVALS, SHORT_EASY, THURSDAY
from tests.support.runs import START, Leg, recorded

LEGS = six_800(numbered=False)


def in_files(*groups: list[Leg], gap_s: float = 300) -> list[Activity]:
    parts: list[Activity] = []
    start = START
    for seed, legs in enumerate(groups, start=1):
        parts.append(replace(recorded(legs, seed=seed, bpm=150), start=start))
        start += timedelta(seconds=parts[-1].elapsed_s + gap_s)
    return parts


def three(gap_s: float = 300) -> list[Activity]:
    return in_files(LEGS[:1], LEGS[1:-1], LEGS[-1:], gap_s=gap_s)


def test_warm_up_main_part_and_cool_down_are_the_session_and_the_main_part_is_the_middle() -> None:
    found = attribute_joined(three(), THURSDAY, [INTERVALS, SHORT_EASY], ZONES)
    assert found is not None
    assert (found.attribution.method, found.attribution.session_id) == (Method.SHAPE, "2026w11-1")
    assert found.main == 1
    assert (found.attribution.why.code, found.attribution.why.facts["parts"]) == ("look_like_it_together", 3)


@pytest.mark.parametrize(
    ("gap_s", "may"), [(0, True), (2400, True), (2700, True), (2701, False), (-1, False)]
)
def test_files_may_be_joined_up_to_three_quarters_of_an_hour_apart(gap_s: float, may: bool) -> None:
    assert may_join(three(gap_s)) is may
    assert (attribute_joined(three(gap_s), THURSDAY, [INTERVALS], ZONES) is not None) is may


def test_one_file_four_files_and_other_sports_are_not_joined() -> None:
    jog = [Leg(EASY, seconds=600)]
    assert not may_join(in_files(jog))
    assert not may_join(in_files(jog, jog, jog, jog))
    first, second = in_files(jog, jog)
    assert not may_join([first, replace(second, sport="cycling")])
    assert not may_join([first, replace(second, sub_sport="treadmill")])


def test_a_jog_after_the_whole_session_is_not_joined_to_it() -> None:
    parts = in_files(LEGS, [Leg(EASY, seconds=600)])
    assert attribute_joined(parts, THURSDAY, [INTERVALS], ZONES) is None


@pytest.mark.parametrize("place", [0, 1])
def test_a_crash_in_the_middle_is_the_session_with_our_workout_in_either_file(place: int) -> None:
    parts = in_files(LEGS[:6], LEGS[6:], gap_s=2400)
    parts[place] = replace(parts[place], workout=INTERVALS.workout)
    found = attribute_joined(parts, THURSDAY, [INTERVALS, SHORT_EASY], ZONES)
    assert found is not None
    assert (found.attribution.method, found.attribution.session_id) == (Method.EXACT, "2026w11-1")


def test_a_jog_after_the_whole_workout_of_the_watch_is_not_joined_to_it() -> None:
    parts = in_files(LEGS, [Leg(EASY, seconds=1200)], gap_s=2400)
    parts[0] = replace(parts[0], workout=INTERVALS.workout)
    assert attribute_joined(parts, THURSDAY, [INTERVALS], ZONES) is None


def test_a_part_with_a_workout_that_is_not_ours_is_joined_to_nothing() -> None:
    parts = three()
    parts[2] = replace(parts[2], workout=workout("20min @4:00-4:20/km"))
    assert attribute_joined(parts, THURSDAY, [INTERVALS], ZONES) is None


def test_parts_that_look_like_no_session_together_stay_apart() -> None:
    jogs = in_files([Leg(EASY, seconds=900)], [Leg(EASY, seconds=900)])
    assert attribute_joined(jogs, THURSDAY, [INTERVALS], ZONES) is None


def test_a_steady_run_in_two_files_has_the_longer_one_as_its_main_part() -> None:
    parts = in_files([Leg(EASY, metres=3000)], [Leg(EASY, metres=5000)])
    today = replace(SHORT_EASY, session=replace(SHORT_EASY.session, day=THURSDAY))
    found = attribute_joined(parts, THURSDAY, [today], ZONES)
    assert found is not None
    assert (found.attribution.session_id, found.main) == ("2026w11-2", 1)


@given(
    lengths=st.lists(st.integers(60, 300), min_size=2, max_size=3),
    gap_s=st.integers(0, 1800),
)
@settings(max_examples=25, deadline=None)
def test_a_joined_run_is_the_sum_of_its_parts_and_the_gap_is_no_running_time(
    lengths: list[int], gap_s: int
) -> None:
    parts = in_files(*([Leg(EASY, seconds=length)] for length in lengths), gap_s=gap_s)
    whole = joined(parts)
    assert whole.timer_s == sum(part.timer_s for part in parts)
    assert whole.distance_m == pytest.approx(sum(part.distance_m or 0 for part in parts))
    assert whole.elapsed_s == sum(part.elapsed_s for part in parts) + gap_s * (len(parts) - 1)
    samples = whole.samples
    assert all(a < b for a, b in pairwise(samples.elapsed_s))
    assert all(a <= b for a, b in pairwise(samples.timer_s))
    assert all(a <= b for a, b in pairwise(samples.distance_m))
    assert samples.timer_s[-1] == whole.timer_s
    assert len(samples) == sum(len(part.samples) for part in parts)
    assert all(lap.end_s <= after.start_s for lap, after in pairwise(whole.laps))
    assert sum(lap.timer_s for lap in whole.laps) == pytest.approx(whole.timer_s)


def test_a_distance_that_one_file_lacks_is_not_made_up() -> None:
    first, second = in_files([Leg(EASY, seconds=600)], [Leg(EASY, seconds=600)])
    assert joined([first, replace(second, distance_m=None)]).distance_m is None


def test_the_effort_of_a_joined_run_is_that_of_its_hardest_part() -> None:
    first, second = in_files([Leg(EASY, seconds=600)], [Leg(EASY, seconds=600)])
    assert joined([replace(first, rpe=3.0), replace(second, rpe=8.0)]).rpe == 8.0
    assert joined([first, second]).rpe is None
