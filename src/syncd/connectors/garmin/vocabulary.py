"""The numbers that Garmin Connect uses for the parts of a workout.

Each table is from stored workouts; the service believes the number and rewrites the name.
"""

from __future__ import annotations

from typing import Any

from syncd.domain.workout import DurationUnit, Role

SPORTS = {1: "running", 2: "cycling"}
STEP_TYPES = {
    1: ("warmup", Role.WARMUP),
    2: ("cooldown", Role.COOLDOWN),
    3: ("interval", Role.RUN),
    4: ("recovery", Role.RECOVERY),
    5: ("rest", Role.REST),
}
END_CONDITIONS = {
    1: ("lap.button", DurationUnit.LAP_BUTTON),
    2: ("time", DurationUnit.TIME),
    3: ("distance", DurationUnit.DISTANCE),
}
NO_TARGET, HEART_RATE, SPEED, PACE = 1, 4, 5, 6
TARGETS = {NO_TARGET: "no.target", HEART_RATE: "heart.rate.zone", SPEED: "speed.zone", PACE: "pace.zone"}
REPEAT_GROUP = "RepeatGroupDTO"
EXECUTABLE_STEP = "ExecutableStepDTO"


def sport_type(sport: str) -> dict[str, Any] | None:
    """The object that names a sport; None for one that is not in the table."""
    return next(
        ({"sportTypeId": number, "sportTypeKey": key} for number, key in SPORTS.items() if key == sport), None
    )


def step_type(role: Role) -> dict[str, Any]:
    """The object that names a step's role."""
    number, key = next((number, key) for number, (key, known) in STEP_TYPES.items() if known is role)
    return {"stepTypeId": number, "stepTypeKey": key}


def end_condition(unit: DurationUnit) -> dict[str, Any]:
    """The object that names what ends a step."""
    number, key = next((number, key) for number, (key, known) in END_CONDITIONS.items() if known is unit)
    return {"conditionTypeId": number, "conditionTypeKey": key}


def target_type(number: int) -> dict[str, Any]:
    """The object that names the kind of a target."""
    return {"workoutTargetTypeId": number, "workoutTargetTypeKey": TARGETS[number]}
