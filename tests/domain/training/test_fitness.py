"""From a result to a fitness and back, against published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.training.fitness import FitnessError, race_time_s, speed_at, vdot_of

MILE, FIVE_K, TEN_K, HALF, MARATHON = 1609.344, 5000.0, 10_000.0, 21_097.5, 42_195.0


def clock(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


@pytest.mark.parametrize(
    ("vdot", "times"),
    [
        (30, ("30:40", "63:46", "2:21:04", "4:49:17")),
        (40, ("24:08", "50:03", "1:50:59", "3:49:45")),
        (50, ("19:57", "41:21", "1:31:35", "3:10:49")),
        (60, ("17:03", "35:22", "1:18:09", "2:43:25")),
    ],
)
def test_race_times_are_those_of_the_published_table_within_two_per_mille(vdot, times) -> None:
    for distance_m, published in zip((FIVE_K, TEN_K, HALF, MARATHON), times, strict=True):
        assert race_time_s(vdot, distance_m) == pytest.approx(clock(published), rel=0.002)


@pytest.mark.parametrize(("vdot", "published"), [(30, "9:11"), (40, "7:07"), (50, "5:50"), (60, "4:57")])
def test_mile_times_are_those_of_the_published_table(vdot, published) -> None:
    assert race_time_s(vdot, MILE) == pytest.approx(clock(published), rel=0.002)


@pytest.mark.parametrize(
    ("five_k", "vdot"),
    [("30:00", 30.82), ("25:00", 38.31), ("22:00", 44.54), ("20:00", 49.81), ("18:00", 56.32)],
)
def test_the_vdot_of_a_5k(five_k, vdot) -> None:
    assert vdot_of(FIVE_K, clock(five_k)) == pytest.approx(vdot, abs=0.01)


@given(st.floats(13, 85), st.sampled_from([FIVE_K, TEN_K, HALF]))
def test_a_predicted_time_is_worth_the_fitness_it_came_from(vdot, distance_m) -> None:
    assert vdot_of(distance_m, race_time_s(vdot, distance_m)) == pytest.approx(vdot, abs=1e-6)


@given(st.floats(13, 85), st.floats(0.5, 1.1))
def test_a_larger_share_of_a_fitness_is_a_faster_speed(vdot, fraction) -> None:
    assert speed_at(vdot, fraction) < speed_at(vdot, fraction + 0.01) < speed_at(vdot + 1, fraction + 0.01)


@pytest.mark.parametrize(
    ("distance_m", "time_s", "because"),
    [
        (FIVE_K, 9 * 60, "world record"),
        (FIVE_K, 755, "world record"),
        (TEN_K, 24 * 60, "world record"),
        (FIVE_K, 60 * 60 + 1, "walking"),
        (FIVE_K, 0, "above zero"),
        (FIVE_K, -5, "above zero"),
        (FIVE_K, float("nan"), "above zero"),
        (float("inf"), 100, "above zero"),
        (800, 120, "1500 m"),
        (100_000, 36_000, "marathon"),
    ],
)
def test_a_result_that_no_runner_ran_is_refused_in_a_sentence(distance_m, time_s, because) -> None:
    with pytest.raises(FitnessError, match=because):
        vdot_of(distance_m, time_s)


@pytest.mark.parametrize("time_s", [755.36, 756, 3600])
def test_the_record_itself_and_an_hour_are_still_results(time_s) -> None:
    assert 12 < vdot_of(FIVE_K, time_s) < 86


@pytest.mark.parametrize(("vdot", "distance_m"), [(0, FIVE_K), (-3, FIVE_K), (40, 0), (float("nan"), FIVE_K)])
def test_nothing_is_predicted_from_nothing(vdot, distance_m) -> None:
    with pytest.raises(FitnessError):
        race_time_s(vdot, distance_m)
