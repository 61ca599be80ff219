"""The simulated runner knows their paces, heart and feelings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.training.fitness import FitnessError, race_time_s
from syncd.domain.workout import (
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    PaceBand,
    PaceZone,
    Role,
    Step,
    ZoneTarget,
    covering,
    lasting,
)
from syncd.sandbox.runner import Runner, effort_of_rpe, rpe_of_effort

FITNESS = st.floats(25, 70)


@given(FITNESS, st.sampled_from(PaceZone))
def test_a_zone_is_run_inside_the_band_of_the_true_fitness(vdot: float, zone: PaceZone) -> None:
    runner = Runner(vdot=vdot)
    step = Step(lasting(600), ZoneTarget(zone))
    band = runner.zones.bands[zone]
    assert band.slow_mps <= runner.speed_for(step) <= band.fast_mps


def test_easy_preference_chooses_the_place_in_the_easy_band() -> None:
    easy = Runner().zones.bands[PaceZone.EASY]
    assert Runner(easy_preference=0.0).easy_mps == easy.slow_mps
    assert Runner(easy_preference=1.0).easy_mps == easy.fast_mps


def test_a_pace_band_for_work_is_run_in_its_middle() -> None:
    band = PaceBand.of_paces(255, 265)
    assert Runner(easy_preference=1.0).speed_for(Step(covering(800), band)) == band.middle_mps


def test_a_recovery_without_target_is_jogged_and_a_rest_walked() -> None:
    runner = Runner()
    jog = runner.speed_for(Step(lasting(120), role=Role.RECOVERY))
    assert runner.effort(jog) < 0.62
    assert runner.speed_for(Step(lasting(120), role=Role.REST)) < jog < runner.easy_mps


@given(FITNESS, st.integers(110, 170))
def test_a_heart_rate_band_is_run_at_the_speed_that_gives_it(vdot: float, low: int) -> None:
    runner = Runner(vdot=vdot)
    speed = runner.speed_for(Step(lasting(600), HeartRateBand(low, low + 10)))
    assert runner.heart_rate(runner.effort(speed)) == pytest.approx(low + 5, abs=3)


def test_higher_heart_rate_zones_and_efforts_are_run_faster() -> None:
    runner = Runner()
    zones = [runner.speed_for(Step(lasting(600), HeartRateZone(n))) for n in range(1, 6)]
    efforts = [runner.speed_for(Step(lasting(600), EffortTarget(n, n))) for n in range(1, 11)]
    assert zones == sorted(set(zones))
    assert efforts == sorted(set(efforts))


@given(FITNESS)
def test_the_feeling_of_each_zone_is_what_a_session_of_it_expects(vdot: float) -> None:
    runner = Runner(vdot=vdot)

    def feeling(zone: PaceZone) -> float:
        speed = runner.speed_for(Step(lasting(600), ZoneTarget(zone)))
        return rpe_of_effort(runner.effort(speed), 600)

    assert 2 <= feeling(PaceZone.EASY) <= 4
    assert 5 <= feeling(PaceZone.THRESHOLD) <= 7
    assert 7 <= feeling(PaceZone.INTERVAL) <= 9.5


@given(st.floats(1, 9.99))
def test_feeling_and_effort_are_inverse(rpe: float) -> None:
    assert rpe_of_effort(effort_of_rpe(rpe), 600) == pytest.approx(rpe, abs=0.01)


@given(FITNESS, st.floats(1500, 42_000))
def test_all_out_is_what_the_fitness_predicts_by_distance_and_by_time(vdot: float, metres: float) -> None:
    runner = Runner(vdot=vdot)
    seconds = race_time_s(vdot, metres)
    assert runner.all_out_mps(covering(metres)) == pytest.approx(metres / seconds, rel=1e-5)
    assert runner.all_out_mps(lasting(seconds)) == pytest.approx(metres / seconds, rel=1e-3)


def test_a_fitness_without_paces_is_refused() -> None:
    with pytest.raises(FitnessError):
        _ = Runner(vdot=10).zones
