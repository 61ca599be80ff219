"""A workout as the JSON that Garmin Connect takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from syncd.connectors.garmin import vocabulary
from syncd.domain.delivery.fitting import nesting, step_count
from syncd.domain.delivery.labels import watch_name
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.notation import format_workout
from syncd.domain.workout import (
    RECOVERING,
    DurationUnit,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    Item,
    PaceBand,
    Repeat,
    Step,
    Target,
    Workout,
    WorkoutError,
    ZoneTarget,
)

MAX_STEPS = 50  # groups counted too; what other clients stop at, the service names no limit
MAX_DEPTH = 2  # repeats within repeats: seen stored, and run by a watch
MAX_DESCRIPTION_UNITS = 1024  # UTF-16; what other clients stay below


def encode(workout: Workout, key: OwnerKey) -> dict[str, Any]:
    """The body of a create or an update: metres, seconds, m/s, bpm; the marker ends the description.

    Raises WorkoutError for what the service cannot carry: too many steps, repeats nested too deep,
    another sport, a pace that is only a name.
    """
    sport = vocabulary.sport_type(workout.sport)
    if sport is None or workout.sport != "running":
        raise WorkoutError(f"a workout for {workout.sport} is not sent to Garmin Connect, only running")
    _check_size(workout)
    segment = {"segmentOrder": 1, "sportType": sport, "workoutSteps": list(_steps(workout.steps, count(1)))}
    body = {
        "workoutName": watch_name(workout.name, key),  # 60 characters: far from the 256 units kept there
        "description": description(workout, key),
        "sportType": sport,
        "workoutSegments": [segment],
    }
    estimate = _estimated_s(workout.steps)
    return body if estimate is None else {**body, "estimatedDurationInSecs": round(estimate)}


def description(workout: Workout, key: OwnerKey) -> str:
    """The notation and a note for people, then the marker, whose room is never used for anything else."""
    room = MAX_DESCRIPTION_UNITS - _units(key.marker) - 1
    text = format_workout(workout)
    if workout.note and _units(text) + _units(workout.note) + 2 <= room:
        text = f"{text}. {workout.note}"
    if _units(text) > room:
        text = text[: room - 3] + "..."
    return f"{text} {key.marker}"


def _units(text: str) -> int:
    """Length as the service counts it."""
    return len(text.encode("utf-16-le")) // 2


def _check_size(workout: Workout) -> None:
    total, depth = step_count(workout.steps), nesting(workout.steps)
    if total > MAX_STEPS:
        raise WorkoutError(f"{total} steps; Garmin Connect takes {MAX_STEPS}, repeats counted as one more")
    if depth > MAX_DEPTH:
        raise WorkoutError(f"repeats nested {depth} deep; Garmin Connect takes {MAX_DEPTH}")


def _steps(items: Iterable[Item], order: Iterator[int]) -> Iterator[dict[str, Any]]:
    """Numbered depth first, a group before its children, as the service itself numbers them."""
    for item in items:
        if isinstance(item, Step):
            yield _step(item, next(order))
        else:
            yield _group(item, order)


def _group(repeat: Repeat, order: Iterator[int]) -> dict[str, Any]:
    return {
        "type": vocabulary.REPEAT_GROUP,
        "stepOrder": next(order),
        "stepType": {"stepTypeId": 6, "stepTypeKey": "repeat"},
        "numberOfIterations": repeat.count,
        "endCondition": {"conditionTypeId": 7, "conditionTypeKey": "iterations"},
        "endConditionValue": repeat.count,
        "smartRepeat": False,
        "skipLastRestStep": repeat.skip_last_recovery,
        "workoutSteps": list(_steps(repeat.steps, order)),
    }


def _step(step: Step, order: int) -> dict[str, Any]:
    open_ended = step.duration.unit is DurationUnit.LAP_BUTTON
    return {
        "type": vocabulary.EXECUTABLE_STEP,
        "stepOrder": order,
        "stepType": vocabulary.step_type(step.role),
        "endCondition": vocabulary.end_condition(step.duration.unit),
        "endConditionValue": None if open_ended else step.duration.amount,
        **_target(step.target),
    }


def _target(target: Target | None) -> dict[str, Any]:
    match target:
        case None:
            return {"targetType": vocabulary.target_type(vocabulary.NO_TARGET)}
        case PaceBand(slow, fast):  # the fast edge first, as Garmin's own editor stores it
            return _range(vocabulary.PACE, fast, slow)
        case HeartRateBand(low, high):
            return _range(vocabulary.HEART_RATE, low, high)
        case HeartRateZone(number):
            return {"targetType": vocabulary.target_type(vocabulary.HEART_RATE), "zoneNumber": number}
        case EffortTarget(low, high):
            return {
                "targetType": vocabulary.target_type(vocabulary.NO_TARGET),
                "description": effort_note(low, high),
            }
        case ZoneTarget(zone):
            raise WorkoutError(f"the pace {zone.value} has no numbers yet")


def effort_note(low: int, high: int) -> str:
    """A perceived exertion as the note of a step: `RPE 3-4`."""
    return f"RPE {low}" if low == high else f"RPE {low}-{high}"


def _range(kind: int, first: float, second: float) -> dict[str, Any]:
    return {"targetType": vocabulary.target_type(kind), "targetValueOne": first, "targetValueTwo": second}


def _estimated_s(items: Iterable[Item]) -> float | None:
    """Seconds it takes, when every step says; the service shows what it is sent."""
    total = 0.0
    for item in items:
        took = _step_s(item) if isinstance(item, Step) else _repeat_s(item)
        if took is None:
            return None
        total += took
    return total


def _step_s(step: Step) -> float | None:
    metres = step.duration.metres
    if metres is not None and isinstance(step.target, PaceBand):
        return metres / step.target.middle_mps
    return step.duration.seconds


def _repeat_s(repeat: Repeat) -> float | None:
    once, last = _estimated_s(repeat.steps), repeat.steps[-1]
    if once is None:
        return None
    skipped = repeat.skip_last_recovery and isinstance(last, Step) and last.role in RECOVERING
    return once * repeat.count - (_step_s(last) or 0.0 if skipped and isinstance(last, Step) else 0.0)
