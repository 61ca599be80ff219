"""What a workout is: values that a watch can carry, in the order a watch runs them."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from syncd.domain.notation import parse_workout
from syncd.domain.workout import (
    FitRepeat,
    PaceBand,
    Repeat,
    Role,
    RunStep,
    Step,
    Workout,
    WorkoutError,
    covering,
    executed,
    fit_order,
    flatten,
    from_fit_order,
    lasting,
)
from tests.support.workouts import workouts


def indexes(steps: Iterable[RunStep]) -> list[int]:
    return [each.index for each in steps]


def test_a_repeat_stands_after_its_children_in_fit_order() -> None:
    workout = parse_workout("15min E + 6x(800m I + 2min jog) + 10min E")
    assert fit_order(workout)[3] == FitRepeat(first_index=1, count=6, skip_last_recovery=True)
    assert indexes(executed(workout)) == [0, *[1, 2] * 5, 1, 4]


def test_nested_blocks_skip_their_last_recovery_at_both_levels() -> None:
    # Recorded on a watch: 2 x (5 x (10 s, 3 min), 5 min) ran as 0,(1,2)x4,1,4,(1,2)x4,1,6.
    workout = parse_workout("15min wu + 2x(5x(10s R + 3min rest) + 5min rest) + 10min cd")
    assert indexes(executed(workout)) == [0, *[1, 2] * 4, 1, 4, *[1, 2] * 4, 1, 6]


def test_the_last_recovery_may_be_run_or_skipped_and_the_workout_says_what_it_asks_for() -> None:
    skipping = flatten(parse_workout("2x(1km T + 1min jog)"))
    keeping = flatten(parse_workout("2x(1km T + 1min jog) keep-last"))
    assert [(each.optional, each.skipped) for each in skipping][-1] == (True, True)
    assert [(each.optional, each.skipped) for each in keeping][-1] == (True, False)
    assert [each.optional for each in keeping][:-1] == [False] * 3
    assert len(executed(parse_workout("2x(1km T + 1min jog) keep-last"))) == 4


def test_a_block_that_ends_in_work_has_nothing_to_skip() -> None:
    assert not any(each.optional for each in flatten(parse_workout("3x(1min jog + 1km T)")))


@given(workouts())
def test_fit_order_can_be_nested_again(workout: Workout) -> None:
    assert from_fit_order(fit_order(workout)) == workout.steps


@settings(max_examples=40)  # each may have thousands of steps
@given(workouts())
def test_every_executed_step_points_at_its_own_definition(workout: Workout) -> None:
    messages = fit_order(workout)
    executed = {(run.index, id(run.step)): run.step for run in flatten(workout)}  # thousands of the same few
    assert all(messages[index] == step for (index, _), step in executed.items())


def test_a_repeat_that_points_nowhere_is_refused() -> None:
    with pytest.raises(WorkoutError, match="repeats from 3, where no step starts"):
        from_fit_order((Step(lasting(60)), FitRepeat(3, 2, True)))


@given(workouts())
def test_the_hash_follows_the_content_and_not_the_name(workout: Workout) -> None:
    assert workout.named("another").content_hash == workout.content_hash
    longer = Workout((*workout.steps, Step(lasting(1))))
    assert longer.content_hash != workout.content_hash


def test_values_are_kept_as_a_fit_file_can_carry_them() -> None:
    assert covering(1609.344) == covering(1609.34)
    assert lasting(0.1 + 0.2) == lasting(0.3)
    assert PaceBand.of_paces(255, 265) == PaceBand(3.774, 3.922)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: lasting(0),
        lambda: covering(-5),
        lambda: covering(float("nan")),
        lambda: PaceBand(0, 3),
        lambda: PaceBand(4, 3),
        lambda: PaceBand.of_paces(0, 300),
        lambda: Repeat(0, (Step(lasting(1)),)),
        lambda: Repeat(2, ()),
        lambda: Workout(()),
    ],
)
def test_what_no_watch_could_run_is_refused(impossible) -> None:
    with pytest.raises(WorkoutError):
        impossible()


def test_a_step_is_run_as_you_like_unless_it_says_otherwise() -> None:
    assert Step(lasting(60)) == Step(lasting(60), target=None, role=Role.RUN)
