"""Whether a workout fits on a road to the watch: how many steps it has, how deep its repeats nest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.reason import Reason
from syncd.domain.workout import Item, Repeat, Step, Workout


class Unfit(StrEnum):
    """Why a workout cannot be carried; each is followed by its facts."""

    TOO_MANY_STEPS = "too_many_steps"  # steps, most
    NESTED_TOO_DEEP = "nested_too_deep"  # depth, most


@dataclass(frozen=True, slots=True)
class CarryLimits:
    """What a road carries: steps (a block of repeats counts as one more), and repeats within repeats."""

    max_steps: int
    repeat_depth: int


def why_unfit(workout: Workout, limits: CarryLimits) -> Reason | None:
    """What keeps it from being carried; None where it fits."""
    steps, depth = step_count(workout.steps), nesting(workout.steps)
    if steps > limits.max_steps:
        return Reason(Unfit.TOO_MANY_STEPS, {"steps": steps, "most": limits.max_steps})
    if depth > limits.repeat_depth:
        return Reason(Unfit.NESTED_TOO_DEEP, {"depth": depth, "most": limits.repeat_depth})
    return None


def step_count(items: Iterable[Item]) -> int:
    """Steps as they are written, a block counted as one more than what is in it."""
    return sum(1 if isinstance(item, Step) else 1 + step_count(item.steps) for item in items)


def nesting(items: Iterable[Item]) -> int:
    """How many blocks of repeats lie within one another."""
    return max((1 + nesting(item.steps) for item in items if isinstance(item, Repeat)), default=0)
