"""Workout steps as FIT messages, and back.

In FIT a repeat is a control step after its children: `duration_value` is the index of the first
child, `target_value` the rounds. Speeds are in mm/s, times in ms, distances in cm; heart rates
above 100 are bpm + 100, up to 100 percent of the maximum (FIT profile, `workout_step`).
Field 18 of a repeat is missing from the public profile: 1 on the repeats of Garmin's own
workouts, which then drop the last recovery of the block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from syncd.domain.workout import (
    LAP_BUTTON,
    Duration,
    DurationUnit,
    EffortTarget,
    FitRepeat,
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
    ZoneTarget,
    covering,
    fit_order,
    from_fit_order,
    lasting,
)
from syncd.formats.fit.decode import FitFile, Message
from syncd.formats.fit.profile import INDEX_MASK, SPORTS, name_of

# Our defaults, so that a hostile or damaged file cannot open into millions of steps. Watches
# take 50 steps and 2 levels; the largest real file seen has 77.
MAX_MESSAGES = 400
MAX_DEPTH = 5
MAX_OPENED = 10_000

_TIME, _DISTANCE, _OPEN, _REPEAT, _REPETITION_TIME, _TIME_ONLY = 0, 1, 5, 6, 28, 31
_OTHER_REPEATS = frozenset({7, 8, 9, 10, 11, 12, 13, 17, 18, 27})
OTHER_ENDS = {
    2: "a heart rate",
    3: "a heart rate",
    4: "calories",
    14: "a power",
    15: "a power",
    29: "a number of repetitions",
}

_SPEED, _HEART_RATE, _NO_TARGET, _SPEED_LAP, _HEART_RATE_LAP = 0, 1, 2, 12, 13
OTHER_TARGETS = {3: "cadence", 4: "power", 5: "grade", 6: "resistance", 11: "swim stroke"}
_POWER_TARGETS = frozenset({7, 8, 9, 10})  # over 3, 10, 30 s and the lap

_BPM_OFFSET = 100

_INTENSITIES = {Role.RUN: 0, Role.REST: 1, Role.WARMUP: 2, Role.COOLDOWN: 3, Role.RECOVERY: 4}
_ROLES = {intensity: role for role, intensity in _INTENSITIES.items()}  # 5, "interval", is a run too

_EFFORT_NOTE = re.compile(r"RPE (\d{1,2})(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class ReadWorkout:
    """A workout as far as it could be read: None, with the reason in `problems`, if not at all."""

    workout: Workout | None
    problems: tuple[str, ...] = ()


def workout_in(fit: FitFile) -> ReadWorkout:
    """The structured workout of a file, a recording or a workout file.

    What has no counterpart here is left open and said in `problems`; where the order of the
    steps would become wrong there is no workout at all.
    """
    messages = fit.all("workout_step")
    if not messages:
        return ReadWorkout(None)
    if len(messages) > MAX_MESSAGES:
        return ReadWorkout(None, (f"a workout of {len(messages)} steps is not read",))
    numbered = sorted((_index(message, place), place) for place, message in enumerate(messages))
    if [index for index, _ in numbered] != list(range(len(messages))):
        return ReadWorkout(None, ("the steps of the workout are not numbered one after the other",))
    losses = _Losses()
    try:
        items = from_fit_order(tuple(_read_message(messages[place], i, losses) for i, place in numbered))
        _check_size(items)
    except WorkoutError as fault:
        return ReadWorkout(None, (f"the workout cannot be modelled: {fault}",))
    head = fit.first("workout")
    sport = name_of(SPORTS, head.whole("sport"), "generic")
    return ReadWorkout(Workout(items, head.text("wkt_name"), sport), losses.sentences())


def step_messages(workout: Workout) -> tuple[dict[str, int | str], ...]:
    """`workout_step` messages, fields by profile name, raw values.

    Raises WorkoutError on a symbolic zone (resolve it first) and on a workout that opens into
    more than a watch could run.
    """
    _check_size(workout.steps)
    return tuple(
        {"message_index": index, **_written(message)} for index, message in enumerate(fit_order(workout))
    )


class _Losses:
    """What could not be read, and at which steps (counted from 1)."""

    def __init__(self) -> None:
        self._steps: dict[str, list[int]] = {}

    def note(self, loss: str, index: int) -> None:
        self._steps.setdefault(loss, []).append(index + 1)

    def sentences(self) -> tuple[str, ...]:
        return tuple(
            f"workout step {steps[0]}{f' and {len(steps) - 1} more' if len(steps) > 1 else ''}: {loss}"
            for loss, steps in self._steps.items()
        )


def _index(message: Message, place: int) -> int:
    index = message.whole("message_index")
    return place if index is None else index & INDEX_MASK


def _check_size(items: tuple[Item, ...]) -> None:
    opened = _opened(items, 0)
    if opened > MAX_OPENED:
        raise WorkoutError(f"it opens into {opened} steps, at most {MAX_OPENED} are run")


def _opened(items: tuple[Item, ...], depth: int) -> int:
    """How many steps are run. Raises WorkoutError when repeats nest too deep."""
    if depth > MAX_DEPTH:
        raise WorkoutError(f"repeats nest deeper than {MAX_DEPTH}")
    return sum(
        item.count * _opened(item.steps, depth + 1) if isinstance(item, Repeat) else 1 for item in items
    )


def _read_message(message: Message, index: int, losses: _Losses) -> Step | FitRepeat:
    kind = message.whole("duration_type")
    if kind in _OTHER_REPEATS:
        raise WorkoutError(f"step {index + 1} repeats until something else than a number of rounds")
    value = message.whole("duration_value")
    if kind == _REPEAT:
        count = message.whole("target_value")
        if value is None or count is None:
            raise WorkoutError(f"step {index + 1} repeats, but not what or how often")
        return FitRepeat(value, count, message.whole("skip_last_recovery") == 1)
    role = _ROLES.get(message.whole("intensity") or 0, Role.RUN)
    return Step(_read_duration(kind, value, index, losses), _read_target(message, index, losses), role)


def _read_duration(kind: int | None, value: int | None, index: int, losses: _Losses) -> Duration:
    try:
        if kind in (_TIME, _REPETITION_TIME, _TIME_ONLY) and value is not None:
            return lasting(value / 1000)
        if kind == _DISTANCE and value is not None:
            return covering(value / 100)
    except WorkoutError as fault:
        losses.note(f"{fault}; read as until the lap button", index)
        return LAP_BUTTON
    if kind not in (_OPEN, None):
        end = name_of(OTHER_ENDS, kind, "something unknown")
        losses.note(f"it ends by {end}; read as until the lap button", index)
    return LAP_BUTTON


def _read_target(message: Message, index: int, losses: _Losses) -> Target | None:
    kind = message.whole("target_type")
    if kind in (None, _NO_TARGET):
        return _read_effort(message.text("notes"))
    try:
        if kind in (_SPEED, _SPEED_LAP):
            return _read_speed(message, index, losses)
        if kind in (_HEART_RATE, _HEART_RATE_LAP):
            return _read_heart_rate(message, index, losses)
    except WorkoutError as fault:
        losses.note(f"{fault}; read without a target", index)
        return None
    other = "power" if kind in _POWER_TARGETS else name_of(OTHER_TARGETS, kind, "an unknown kind")
    losses.note(f"a target of {other} is left out", index)
    return None


def _read_effort(note: str) -> EffortTarget | None:
    found = _EFFORT_NOTE.fullmatch(note)
    if found is None:
        return None
    low = int(found[1])
    high = int(found[2] or low)
    return EffortTarget(low, high) if 1 <= low <= high <= 10 else None


def _custom_range(message: Message) -> tuple[int, int] | None:
    """The two edges of a custom target, the lower first; None when there is none."""
    low, high = message.whole("custom_target_value_low"), message.whole("custom_target_value_high")
    return (min(low, high), max(low, high)) if low and high else None


def _read_speed(message: Message, index: int, losses: _Losses) -> PaceBand | None:
    if message.whole("target_value"):
        losses.note("a speed zone of the watch is left out", index)
        return None
    edges = _custom_range(message)
    return PaceBand(edges[0] / 1000, edges[1] / 1000) if edges else None


def _read_heart_rate(message: Message, index: int, losses: _Losses) -> Target | None:
    zone = message.whole("target_value")
    if zone:
        return HeartRateZone(zone)
    edges = _custom_range(message)
    if edges is None:
        return None
    if edges[0] <= _BPM_OFFSET:
        losses.note("a heart rate in percent of the maximum is left out", index)
        return None
    return HeartRateBand(edges[0] - _BPM_OFFSET, edges[1] - _BPM_OFFSET)


_Fields = dict[str, int | str]


def _written(message: Step | FitRepeat) -> _Fields:
    if isinstance(message, FitRepeat):
        return {
            "duration_type": _REPEAT,
            "duration_value": message.first_index,
            "target_value": message.count,
            "intensity": 0,
            "skip_last_recovery": int(message.skip_last_recovery),
        }
    return {
        "intensity": _INTENSITIES[message.role],
        **_written_duration(message.duration),
        **_written_target(message.target),
    }


def _written_duration(duration: Duration) -> _Fields:
    if duration.unit is DurationUnit.TIME:
        return {"duration_type": _TIME, "duration_value": round(duration.amount * 1000)}
    if duration.unit is DurationUnit.DISTANCE:
        return {"duration_type": _DISTANCE, "duration_value": round(duration.amount * 100)}
    return {"duration_type": _OPEN}


def _written_target(target: Target | None) -> _Fields:
    match target:
        case None:
            return {"target_type": _NO_TARGET}
        case EffortTarget(low, high):
            return {"target_type": _NO_TARGET, "notes": f"RPE {low}" if low == high else f"RPE {low}-{high}"}
        case PaceBand(slow, fast):
            return _custom(_SPEED, round(slow * 1000), round(fast * 1000))
        case HeartRateBand(low, high):
            return _custom(_HEART_RATE, low + _BPM_OFFSET, high + _BPM_OFFSET)
        case HeartRateZone(number):
            return {"target_type": _HEART_RATE, "target_value": number}
        case ZoneTarget(zone):
            raise WorkoutError(f"resolve zone {zone} to a pace band before it goes to a watch")


def _custom(kind: int, low: int, high: int) -> _Fields:
    return {
        "target_type": kind,
        "target_value": 0,
        "custom_target_value_low": low,
        "custom_target_value_high": high,
    }
