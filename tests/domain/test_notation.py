"""The one-line notation: what parses, what it means, and that nothing is lost on the way back."""

import pytest
from hypothesis import given

from syncd.domain.notation import NotationError, format_workout, parse_workout
from syncd.domain.workout import (
    LAP_BUTTON,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    PaceBand,
    PaceZone,
    Repeat,
    Role,
    Step,
    ZoneTarget,
    covering,
    lasting,
)
from tests.support.workouts import workouts

EASY, INTERVAL = ZoneTarget(PaceZone.EASY), ZoneTarget(PaceZone.INTERVAL)


def test_the_example_of_the_documentation_reads_as_a_runner_reads_it() -> None:
    workout = parse_workout("15min E + 6x(800m I + 2min jog) + 10min E")
    assert workout.steps == (
        Step(lasting(900), EASY, Role.WARMUP),
        Repeat(6, (Step(covering(800), INTERVAL), Step(lasting(120), None, Role.RECOVERY))),
        Step(lasting(600), EASY, Role.COOLDOWN),
    )


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("15min", lasting(900)),
        ("90s", lasting(90)),
        ("1h05", lasting(3900)),
        ("2min30", lasting(150)),
        ("2h", lasting(7200)),
        ("800m", covering(800)),
        ("5km", covering(5000)),
        ("2.5km", covering(2500)),
        ("1mi", covering(1609.344)),
        ("lap", LAP_BUTTON),
    ],
)
def test_a_duration_is_a_time_a_distance_or_the_lap_button(text, duration) -> None:
    (step,) = parse_workout(text).steps
    assert step == Step(duration)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        *((zone.value, ZoneTarget(zone)) for zone in PaceZone),
        ("@4:15-4:25/km", PaceBand.of_paces(255, 265)),
        ("@4:25-4:15/km", PaceBand.of_paces(255, 265)),
        ("@7:00-7:20/mi", PaceBand.of_paces(420 / 1.609344, 440 / 1.609344)),
        ("@HR140-150", HeartRateBand(140, 150)),
        ("@Z2", HeartRateZone(2)),
        ("@RPE4", EffortTarget(4, 4)),
        ("@RPE8-9", EffortTarget(8, 9)),
    ],
)
def test_a_target_is_a_zone_a_pace_a_heart_rate_or_an_effort(text, target) -> None:
    (step,) = parse_workout(f"10min {text}").steps
    assert step.target == target


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("40min E", [Role.RUN]),
        ("10min E + 20min T", [Role.WARMUP, Role.RUN]),
        ("20min T + 10min E", [Role.RUN, Role.COOLDOWN]),
        ("10min E + 5min E + 20min T + 10min", [Role.WARMUP, Role.RUN, Role.RUN, Role.COOLDOWN]),
        ("14km run E + 20min M", [Role.RUN, Role.RUN]),
        ("10min E + 20min E", [Role.RUN, Role.RUN]),
    ],
)
def test_roles_are_inferred_only_where_they_are_obvious(text, roles) -> None:
    assert [step.role for step in parse_workout(text).steps] == roles


def test_repeats_nest_and_may_keep_their_last_recovery() -> None:
    (outer,) = parse_workout("2x(5x(10s R + 3min rest) + 5min jog) keep-last").steps
    assert isinstance(outer, Repeat)
    assert not outer.skip_last_recovery
    inner = outer.steps[0]
    assert isinstance(inner, Repeat)
    assert (inner.count, inner.skip_last_recovery) == (5, True)


@given(workouts())
def test_what_is_printed_parses_back_to_the_same_workout(workout) -> None:
    assert parse_workout(format_workout(workout)).steps == workout.steps


@given(workouts())
def test_printing_is_canonical(workout) -> None:
    text = format_workout(workout)
    assert format_workout(parse_workout(text)) == text


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", 0, "a duration"),
        ("15min E +", 9, "a duration"),
        ("15min E ++ 10min", 9, "a duration"),
        (
            "15min X",
            6,
            "a target (E, M, HM, T, 10K, 5K, I, R, @4:15-4:25/km, @HR140-150, @Z2, @RPE4), '+' or the end",
        ),
        ("6x(800m I + 2min jog", 20, "'+' or ')'"),
        ("6x(800m I))", 10, "'+' or the end"),
        ("800", 0, "a duration"),
        ("10min @4:15", 6, "a target"),
        ("10min @RPE11", 0, "a possible step (RPE goes from 1 to 10"),
        ("10min @HR20-300", 0, "a possible step (no heart-rate band"),
        ("0min E", 0, "a possible step (a step cannot last"),
        ("0x(800m)", 0, "a possible step (a block is repeated 1 to 99 times"),
        ("10min @Z9", 0, "a possible step (heart-rate zones"),
        ("800m5 I", 0, "a duration"),
        ("1x(" * 6 + "800m" + ")" * 6, 15, "at most 5 repeats"),
    ],
)
def test_an_error_points_at_the_place_and_says_what_was_expected(text, at, expected) -> None:
    with pytest.raises(NotationError) as error:
        parse_workout(text)
    assert (error.value.at, error.value.expected.startswith(expected)) == (at, True), str(error.value)
    assert error.value.pointer().splitlines()[1] == " " * at + "^"


def test_an_endless_line_is_refused_before_it_is_read() -> None:
    with pytest.raises(NotationError, match="at most 4000"):
        parse_workout("1min + " * 1000 + "1min")
