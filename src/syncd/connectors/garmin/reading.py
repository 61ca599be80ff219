"""The JSON that Garmin Connect keeps, as a workout."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncd.connectors.garmin import vocabulary
from syncd.domain.delivery.remote import OwnerKey, find_key
from syncd.domain.workout import (
    LAP_BUTTON,
    Duration,
    DurationUnit,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    Item,
    PaceBand,
    Repeat,
    Role,
    Step,
    Target,
    Workout,
    WorkoutError,
)

_EFFORT = re.compile(r"RPE (\d{1,2})(?:-(\d{1,2}))?")
_DEEPEST = 8  # our default: a limit against a reply that nests without end


@dataclass(frozen=True, slots=True)
class Decoded:
    """A workout of the service. `beyond` names what it has that our workouts cannot express.

    An end that we do not know reads as the lap button, such a target as none.
    """

    workout: Workout
    key: OwnerKey | None
    beyond: tuple[str, ...] = ()


def decode(payload: object) -> Decoded:
    """Read a workout as sent or as stored. Raises WorkoutError when it is not one."""
    reader = _PayloadReader([])
    body = _mapping(payload, "a workout")
    sport = _sport(body.get("sportType"))
    items = [
        item
        for segment in _sequence(body.get("workoutSegments"), "workoutSegments")
        for item in reader.items(_mapping(segment, "a segment").get("workoutSteps"), 0)
    ]
    workout = Workout(tuple(items), name=str(body.get("workoutName") or ""), sport=sport)
    return Decoded(workout, find_key(str(body.get("description") or "")), tuple(reader.beyond))


@dataclass(frozen=True, slots=True)
class _PayloadReader:
    beyond: list[str]

    def items(self, payload: object, depth: int) -> tuple[Item, ...]:
        if depth > _DEEPEST:
            raise WorkoutError("repeats nested without end")
        return tuple(self._item(item, depth) for item in _sequence(payload, "workoutSteps"))

    def _item(self, payload: object, depth: int) -> Item:
        body = _mapping(payload, "a step")
        if body.get("type") == vocabulary.REPEAT_GROUP:
            return Repeat(
                _iterations(body),
                self.items(body.get("workoutSteps"), depth + 1),
                skip_last_recovery=body.get("skipLastRestStep") is True,
            )
        return Step(self._duration(body), self._target(body), self._role(body))

    def _role(self, body: Mapping[str, Any]) -> Role:
        number, key = _named(body.get("stepType"), "stepTypeId", "stepTypeKey")
        for known, (name, role) in vocabulary.STEP_TYPES.items():
            if number == known or (number is None and key == name):
                return role
        self.beyond.append(f"step type {key or number}")
        return Role.RUN

    def _duration(self, body: Mapping[str, Any]) -> Duration:
        number, key = _named(body.get("endCondition"), "conditionTypeId", "conditionTypeKey")
        for known, (name, unit) in vocabulary.END_CONDITIONS.items():
            if number == known or (number is None and key == name):
                if unit is DurationUnit.LAP_BUTTON:
                    return LAP_BUTTON
                return Duration(unit, _number(body, "endConditionValue"))
        self.beyond.append(f"end condition {key or number}")
        return LAP_BUTTON

    def _target(self, body: Mapping[str, Any]) -> Target | None:
        if _named(body.get("secondaryTargetType"), "workoutTargetTypeId", "")[0] not in (None, 0, 1):
            self.beyond.append("a second target")
        number, key = _named(body.get("targetType"), "workoutTargetTypeId", "workoutTargetTypeKey")
        if number is None:
            number = next((known for known, name in vocabulary.TARGETS.items() if name == key), None)
        if number in (vocabulary.NO_TARGET, None) and key in (None, vocabulary.TARGETS[vocabulary.NO_TARGET]):
            return _effort(str(body.get("description") or ""))
        zone, ends = _optional(body, "zoneNumber"), _ends(body)
        if number == vocabulary.HEART_RATE and zone is not None:
            return HeartRateZone(round(zone))
        if number == vocabulary.HEART_RATE and ends is not None:
            return HeartRateBand(round(ends[0]), round(ends[1]))
        if number in (vocabulary.PACE, vocabulary.SPEED) and ends is not None:
            return PaceBand(slow_mps=ends[0], fast_mps=ends[1])
        self.beyond.append(f"target {key or number}")
        return None


def _effort(note: str) -> EffortTarget | None:
    found = _EFFORT.fullmatch(note.strip())
    if found is None:
        return None
    return EffortTarget(int(found[1]), int(found[2] or found[1]))


def _sport(payload: object) -> str:
    number, key = _named(payload, "sportTypeId", "sportTypeKey")
    return vocabulary.SPORTS.get(number or 0) or key or "unknown"


def _iterations(body: Mapping[str, Any]) -> int:
    found = _optional(body, "numberOfIterations")
    count = found if found is not None else _number(body, "endConditionValue")
    if count != int(count):
        raise WorkoutError(f"a block cannot be repeated {count:g} times")
    return int(count)


def _ends(body: Mapping[str, Any]) -> tuple[float, float] | None:
    """The lower and the upper value: either may come first."""
    first, second = _optional(body, "targetValueOne"), _optional(body, "targetValueTwo")
    return None if first is None or second is None else (min(first, second), max(first, second))


def _named(payload: object, number: str, key: str) -> tuple[int | None, str | None]:
    """The number and the name of a type object; the number decides where there is one."""
    body = payload if isinstance(payload, Mapping) else {}
    found, name = _optional(body, number), body.get(key)
    return (None if found is None else int(found)), (name if isinstance(name, str) else None)


def _number(body: Mapping[str, Any], name: str) -> float:
    found = _optional(body, name)
    if found is None:
        raise WorkoutError(f"{name} is missing")
    return found


def _optional(body: Mapping[str, Any], name: str) -> float | None:
    """A number, or a text that is one; the service takes both."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise WorkoutError(f"{name} is not a number: {value!r:.40}")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise WorkoutError(f"{name} is not a number: {value!r:.40}") from None
    if not math.isfinite(number):
        raise WorkoutError(f"{name} is not a number: {value!r:.40}")
    return number


def _mapping(payload: object, what: str) -> Mapping[str, Any]:
    if not isinstance(payload, Mapping):
        raise WorkoutError(f"not {what}: {type(payload).__name__}")
    return payload


def _sequence(payload: object, what: str) -> list[Any]:
    if not isinstance(payload, list):
        raise WorkoutError(f"{what} is not a list: {type(payload).__name__}")
    return payload
