"""The library: what each session is, and what it is estimated to take."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.by_effort import session_by_effort
from syncd.domain.training.sessions import (
    TOP_LEVEL,
    descent,
    easy_run,
    easy_speed_mps,
    estimate,
    long_run,
    placed,
    quality_metres,
    quality_session,
    recovery_run,
    strides_choices,
)
from syncd.domain.training.special_sessions import five_k_test
from syncd.domain.training.zones import resolve_workout, zones_from_result, zones_from_vdot
from syncd.domain.workout import PaceZone, Repeat, Role, Workout, steps_of
from tests.domain.training.athletes import MONDAY
from tests.support.workouts import steps

ZONES = zones_from_result(5000, 25 * 60, as_of=None, source=Reason.legacy("test"))


@pytest.mark.parametrize(
    ("level", "notation"),
    [
        (0, "15min E + 2x(5min HM + 90s jog) + 10min E"),
        (1, "15min E + 3x(5min HM + 90s jog) + 10min E"),
        (2, "15min E + 2x(10min M + 2min jog) + 10min E"),
        (3, "15min E + 4x(5min HM + 90s jog) + 2min jog + 4x(200m 5K + 60s jog) + 10min E"),
        (4, "15min E + 3x(8min HM + 2min jog) + 10min E"),
        (5, "15min E + 2x(15min M + 3min jog) + 10min E"),
        (6, "15min E + 3x(10min HM + 2min jog) + 10min E"),
        (7, "15min E + 3x(1km T + 60s jog) + 3min jog + 2x(12min M + 2min jog) + 10min E"),
        (8, "15min E + 2x(20min M + 3min jog) + 10min E"),
    ],
)
def test_the_ladder_of_half_marathon_and_marathon_pace(level, notation) -> None:
    recipe = quality_session("hm_m", level, ZONES)
    assert format_workout(recipe.workout) == notation
    assert recipe.hard
    assert recipe.rpe == ((6, 7) if level == 7 else (5, 6))


@pytest.mark.parametrize("level", range(TOP_LEVEL["hm_m"] + 1))
@pytest.mark.parametrize("vdot", [25, 40, 60, 80])
def test_s22_s23_its_repetitions_are_long_and_mostly_at_half_marathon_or_marathon_pace(level, vdot) -> None:
    recipe = quality_session("hm_m", level, zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test")))
    steady = sum(recipe.quality_m.get(z, 0) for z in (PaceZone.HALF_MARATHON, PaceZone.MARATHON))
    total = sum(recipe.quality_m.values())
    assert steady > total / 2
    short = sum(
        step.duration.metres or 0
        for step in steps_of(recipe.workout.steps)
        if step.role is Role.RUN and step.duration.metres and step.duration.metres < 1000
    )
    assert short * 4 <= total / 4  # the 200s, run four times: at most a quarter


def test_the_way_down_is_level_then_repetitions_then_warm_up() -> None:
    down = descent("hm_m", 3, ZONES)
    assert [recipe.level for recipe in down] == [3, 2, 1, 0, 0, 0]
    assert format_workout(down[-2].workout) == "15min E + 5min HM + 10min E"
    assert format_workout(down[-1].workout) == "8min E + 5min HM + 8min E"


@given(st.integers(18, 85))
def test_from_level_0_down_each_form_is_shorter(vdot) -> None:
    smallest = descent("hm_m", 1, zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test")))
    assert all(larger.distance_m > smaller.distance_m for larger, smaller in pairwise(smallest))


def test_an_easy_run_is_one_step_by_distance() -> None:
    run = easy_run(8000, ZONES)
    assert format_workout(run.workout) == "8km E"
    assert (run.title, run.length_m, run.kind, run.hard, run.rpe) == (
        "easy",
        8000,
        SessionKind.EASY,
        False,
        (2, 4),
    )
    assert run.duration_s == pytest.approx(8000 / easy_speed_mps(ZONES), abs=1)


def test_strides_end_an_easy_run_without_making_it_longer() -> None:
    run = easy_run(8000, ZONES, strides=6)
    assert format_workout(run.workout) == "6.8km run E + 6x(20s R + 60s jog)"
    assert (run.title, run.length_m) == ("easy + 6 strides", 8000)
    assert 7900 <= run.distance_m <= 8000
    assert not run.hard


def test_a_long_run_has_a_level_for_strides() -> None:
    assert (long_run(12_000, ZONES).level, long_run(12_000, ZONES, strides=4).level) == (1, 2)


def test_a_recovery_run_is_its_own_kind() -> None:
    assert recovery_run(4000, ZONES).kind is SessionKind.RECOVERY


def test_s13_the_5k_test_is_run_by_effort_without_a_pace_alarm() -> None:
    test = five_k_test(ZONES)
    assert test.kind is SessionKind.TEST
    assert (test.rpe, test.hard) == ((8, 9), True)
    (five_k,) = [step for step in steps_of(test.workout.steps) if step.duration.metres == 5000]
    assert "5km @RPE8-9" in format_workout(test.workout)
    assert (
        next(s for s in steps_of(resolve_workout(test.workout, ZONES).steps) if s.duration.metres == 5000)
        == five_k
    )
    assert test.quality_m[PaceZone.FIVE_K] == 5000


def test_a_placed_session_carries_its_recipe() -> None:
    recipe = quality_session("hm_m", 4, ZONES)
    session = placed(recipe, "2026w10-1", MONDAY, ("S22",))
    assert (session.id, session.day, session.rules) == ("2026w10-1", MONDAY, ("S22",))
    assert session.workout.name == session.title == "3 x 8 min at half-marathon pace"
    assert (session.family, session.level, session.tag) == ("hm_m", 4, "w10-1")


def test_an_estimate_adds_up_steps_at_their_paces_and_jogs_at_the_slow_end_of_easy() -> None:
    metres, seconds = estimate(parse_workout("10min E + 3x(1km T + 2min jog)"), ZONES)
    threshold = ZONES.paces[PaceZone.THRESHOLD].fast_s_per_km
    jog_mps = 1000 / ZONES.paces[PaceZone.EASY].slow_s_per_km
    assert seconds == pytest.approx(600 + 3 * threshold + 2 * 120)  # the last jog is skipped
    assert metres == pytest.approx(600 * easy_speed_mps(ZONES) + 3000 + 240 * jog_mps)


def test_a_rest_has_time_and_no_distance_and_a_lap_button_neither() -> None:
    with_rest = estimate(parse_workout("1km T + 3min rest + 1km T + lap E"), ZONES)
    without = estimate(parse_workout("1km T + 1km T"), ZONES)
    assert with_rest == (pytest.approx(without[0]), pytest.approx(without[1] + 180))


@given(st.integers(18, 85), st.sampled_from(range(9)))
def test_a_resolved_workout_is_estimated_like_its_symbols(vdot, level) -> None:
    zones = zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test"))
    recipe = quality_session("hm_m", level, zones)
    metres, _ = estimate(resolve_workout(recipe.workout, zones), zones)
    assert metres == pytest.approx(recipe.distance_m, rel=0.03)


@given(st.lists(steps(), min_size=1).map(lambda found: Workout((Repeat(3, tuple(found)), *found))))
def test_quality_is_part_of_the_distance(workout) -> None:
    metres, seconds = estimate(workout, ZONES)
    assert seconds >= 0
    assert sum(quality_metres(workout, ZONES).values()) <= metres + 1e-6 * (1 + metres)


def test_more_strides_take_more_room() -> None:
    six, four = strides_choices(ZONES)
    assert (six.count, four.count) == (6, 4)
    assert six.distance_m > four.distance_m > 0


def test_by_effort_the_purpose_of_a_long_run_is_still_english() -> None:
    session = placed(long_run(12_000, ZONES), "2026w02-1", MONDAY)
    assert "at a pace you can talk at" in session.purpose
    assert "at an effort you can talk at" in session_by_effort(session).purpose
