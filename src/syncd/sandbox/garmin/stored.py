"""How the service stores a workout that it is sent, as its stored workouts show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

_NAME_UNITS = 256  # UTF-16; longer names end in "..."
_STEP_KEYS = {1: "warmup", 2: "cooldown", 3: "interval", 4: "recovery", 5: "rest", 6: "repeat", 7: "other"}
_END_KEYS = {1: "lap.button", 2: "time", 3: "distance", 4: "calories", 6: "heart.rate", 7: "iterations"}
_TARGET_KEYS = {
    1: "no.target",
    2: "power.zone",
    3: "cadence",
    4: "heart.rate.zone",
    5: "speed.zone",
    6: "pace.zone",
}
_SPORT_KEYS = {1: "running", 2: "cycling"}
_NULL_STEP_FIELDS = (
    "description",
    "preferredEndConditionUnit",
    "endConditionCompare",
    "targetValueOne",
    "targetValueTwo",
    "targetValueUnit",
    "zoneNumber",
    "secondaryTargetType",
    "secondaryTargetValueOne",
    "secondaryTargetValueTwo",
    "secondaryTargetValueUnit",
    "secondaryZoneNumber",
    "endConditionZone",
    "category",
    "exerciseName",
)
_NULL_WORKOUT_FIELDS = (
    "subSportType",
    "trainingPlanId",
    "sharedWithUsers",
    "atpPlanId",
    "consumer",
    "locale",
)
_FLOATS = (
    "endConditionValue",
    "targetValueOne",
    "targetValueTwo",
    "secondaryTargetValueOne",
    "secondaryTargetValueTwo",
)


class BadWorkout(ValueError):  # noqa: N818 - the name says what it is
    """A workout that the service refuses with a 400."""


def stored_workout(sent: object, ids: Iterator[int], workout_id: int, owner: int) -> dict[str, Any]:
    """The workout as a later GET returns it. Raises BadWorkout."""
    if not isinstance(sent, Mapping) or not isinstance(sent.get("workoutSegments"), list):
        raise BadWorkout("workoutSegments")
    orders, groups = count(1), count(1)
    return {
        "workoutId": workout_id,
        "ownerId": owner,
        "workoutName": cut(str(sent.get("workoutName") or "")),
        "description": sent.get("description"),
        "sportType": _typed(sent.get("sportType"), "sportType", _SPORT_KEYS),
        **dict.fromkeys(_NULL_WORKOUT_FIELDS),
        "estimatedDurationInSecs": sent.get("estimatedDurationInSecs") or 0,
        "estimatedDistanceInMeters": float(sent.get("estimatedDistanceInMeters") or 0),
        "workoutSegments": [
            {
                "segmentOrder": number,
                "sportType": _typed(segment.get("sportType"), "sportType", _SPORT_KEYS),
                "poolLength": None,
                "workoutSteps": _steps(segment.get("workoutSteps"), ids, orders, groups, None),
            }
            for number, segment in enumerate(sent["workoutSegments"], 1)
        ],
    }


def cut(name: str) -> str:
    """A name, cut to the length that is stored."""
    coded = name.encode("utf-16-le", "surrogatepass")
    if len(coded) <= 2 * _NAME_UNITS:
        return name
    return coded[: 2 * (_NAME_UNITS - 3)].decode("utf-16-le", "ignore") + "..."


def _steps(
    sent: object, ids: Iterator[int], orders: Iterator[int], groups: Iterator[int], child: int | None
) -> list[dict[str, Any]]:
    if not isinstance(sent, list) or not all(isinstance(step, Mapping) for step in sent):
        raise BadWorkout("workoutSteps")
    return [
        _group(step, ids, orders, groups)
        if step.get("type") == "RepeatGroupDTO"
        else _step(step, ids, orders, child)
        for step in sent
    ]


def _group(
    sent: Mapping[str, Any], ids: Iterator[int], orders: Iterator[int], groups: Iterator[int]
) -> dict[str, Any]:
    """Without the end "iterations" the count is lost, as it is on the real service."""
    end = sent.get("endCondition") or {}
    counted = end.get("conditionTypeId") == 7
    child = next(groups)
    return {
        "type": "RepeatGroupDTO",
        "stepId": next(ids),
        "stepOrder": next(orders),
        "stepType": _typed(sent.get("stepType"), "stepType", _STEP_KEYS),
        "childStepId": child,
        "numberOfIterations": sent.get("numberOfIterations") if counted else None,
        "endConditionValue": float(sent.get("endConditionValue") or 0) if counted else None,
        "endCondition": _typed(end if counted else {"conditionTypeId": 6}, "conditionType", _END_KEYS),
        "smartRepeat": bool(sent.get("smartRepeat")),
        "skipLastRestStep": sent.get("skipLastRestStep"),
        "workoutSteps": _steps(sent.get("workoutSteps"), ids, orders, groups, child),
    }


def _step(
    sent: Mapping[str, Any], ids: Iterator[int], orders: Iterator[int], child: int | None
) -> dict[str, Any]:
    kept: dict[str, Any] = {name: sent.get(name) for name in _NULL_STEP_FIELDS}
    kept["endConditionValue"] = sent.get("endConditionValue")
    if kept["secondaryTargetType"] is not None:
        kept["secondaryTargetType"] = _typed(kept["secondaryTargetType"], "workoutTargetType", _TARGET_KEYS)
    try:
        kept |= {name: float(value) for name in _FLOATS if (value := kept[name]) not in (None, "")}
    except (TypeError, ValueError):
        raise BadWorkout("a value that is not a number") from None
    return {
        "type": "ExecutableStepDTO",
        "stepId": next(ids),
        "stepOrder": next(orders),
        "stepType": _typed(sent.get("stepType"), "stepType", _STEP_KEYS),
        "childStepId": child,
        "endCondition": _typed(sent.get("endCondition"), "conditionType", _END_KEYS),
        "targetType": _typed(sent.get("targetType"), "workoutTargetType", _TARGET_KEYS),
        **kept,
        "strokeType": {"strokeTypeId": 0, "strokeTypeKey": None, "displayOrder": 0},
        "equipmentType": {"equipmentTypeId": 0, "equipmentTypeKey": None, "displayOrder": 0},
    }


def _typed(sent: object, name: str, keys: Mapping[int, str]) -> dict[str, Any]:
    """A type object: its number decides, its key is rewritten, a display order is added."""
    number = sent.get(f"{name}Id") if isinstance(sent, Mapping) else None
    if not isinstance(number, int) or number not in keys:
        raise BadWorkout(name)
    return {f"{name}Id": number, f"{name}Key": keys[number], "displayOrder": number}
