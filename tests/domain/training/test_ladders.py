"""The ladders: every family has its rungs, from a smallest one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.athlete import Goal
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.ladders import LADDERS, LONGEST_REP_S, TOP_LEVEL
from syncd.domain.training.sessions import descent, quality_session
from syncd.domain.training.special_sessions import (
    FINISHES,
    RACE_M,
    WALK_RUN_TOP,
    forms_of_test,
    progression,
    race,
    sharpener,
    walk_run,
)
from syncd.domain.training.zones import zones_from_result, zones_from_vdot
from syncd.domain.workout import PaceZone, Repeat

ZONES = zones_from_result(5000, 22 * 60, as_of=None, source=Reason.legacy("test"))
vdots = st.integers(18, 85).map(lambda vdot: zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test")))


@pytest.mark.parametrize(
    ("family", "mains"),
    [
        ("race_pace", "8 x 200, 8 x 400, 10 x 400, 5 x 800, 2 x 1600, 2 x 2000, 3 x 1600"),
        ("threshold", "3 x 5 min, 4 x 5 min, 2 x 10 min, 20 min, 5 x 1 km, 3 x 10 min, 3 x 1600"),
        ("interval", "6 x 1 min, 5 x 2 min, 4 x 3 min, 5 x 3 min, 4 x 4 min, 5 x 1 km, 5 x 4 min"),
        ("repetition", "6 x 20 s, 8 x 200, 6 x 300, 8 x 400"),
    ],
)
def test_the_rungs_of_a_family_are_those_of_the_library(family, mains) -> None:
    quick = zones_from_result(5000, 18 * 60, as_of=None, source=Reason.legacy("test"))
    titles = [quality_session(family, level, quick).title for level in range(1, TOP_LEVEL[family] + 1)]
    wanted = mains.split(", ")
    assert all(title.startswith(main) for title, main in zip(titles, wanted, strict=True))


@pytest.mark.parametrize("family", LADDERS)
@given(vdots)
def test_every_rung_says_what_it_is_for_and_can_be_written_in_one_line(family, zones) -> None:
    for recipe in descent(family, TOP_LEVEL[family], zones):
        assert recipe.hard
        assert recipe.title
        assert recipe.purpose.endswith(".")
        assert 1 <= recipe.rpe[0] <= recipe.rpe[1] <= 10
        assert parse_workout(format_workout(recipe.workout)).steps == recipe.workout.steps


@pytest.mark.parametrize("family", LADDERS)
def test_a_descent_never_goes_up_a_level(family) -> None:
    levels = [recipe.level for recipe in descent(family, TOP_LEVEL[family], ZONES)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == 0


@given(vdots, st.integers(0, 7))
def test_s24_each_5k_repetition_is_8_minutes_at_most_and_has_half_of_it_to_recover(zones, level) -> None:
    (block,) = [
        item for item in quality_session("race_pace", level, zones).workout.steps if isinstance(item, Repeat)
    ]
    run, jog = block.steps
    seconds = run.duration.metres * zones.paces[PaceZone.FIVE_K].fast_s_per_km / 1000
    assert seconds <= LONGEST_REP_S + 1
    share = 0.4 if run.duration.metres >= 1600 else 0.5
    assert jog.duration.seconds >= min(share * seconds, 300)
    assert block.skip_last_recovery


@pytest.mark.parametrize("goal", RACE_M)
def test_a_race_covers_its_distance_and_takes_about_as_long_as_predicted(goal) -> None:
    recipe = race(goal, ZONES)
    assert recipe.kind is SessionKind.RACE
    assert RACE_M[goal] <= recipe.distance_m <= RACE_M[goal] + 6000
    assert parse_workout(format_workout(recipe.workout)).steps == recipe.workout.steps
    assert sharpener(goal, ZONES).kind is SessionKind.RACE_PACE


def test_a_marathon_is_estimated_at_marathon_pace() -> None:
    pace = ZONES.paces[PaceZone.MARATHON].fast_s_per_km
    assert race(Goal.MARATHON, ZONES).duration_s == pytest.approx(42.195 * pace, abs=2)


def test_the_test_keeps_its_five_kilometres_in_every_form() -> None:
    forms = forms_of_test(ZONES)[:3]
    assert all("5km @RPE8-9" in format_workout(form.workout) for form in forms)
    distances = [form.distance_m for form in forms]
    assert distances == sorted(distances, reverse=True)


@pytest.mark.parametrize("finish", FINISHES)
def test_a_progression_keeps_its_length_and_is_easy_for_the_first_half(finish) -> None:
    recipe = progression(26_000, finish, ZONES)
    assert recipe is not None
    assert recipe.distance_m == pytest.approx(26_000, abs=110)
    assert recipe.hard is (finish.zone is not None)
    assert progression(5000, finish, ZONES) is None or not recipe.hard


@given(vdots)
def test_first_runs_lead_to_half_an_hour_without_a_break(zones) -> None:
    runs = [walk_run(level, zones) for level in range(1, WALK_RUN_TOP + 1)]
    assert all(run.kind is SessionKind.WALK_RUN and not run.hard for run in runs)
    assert "walking" in runs[0].title
    assert format_workout(runs[-1].workout).startswith("30min")
    assert walk_run(3, zones, share=0.75).distance_m < runs[2].distance_m
