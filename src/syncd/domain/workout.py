"""A structured workout: steps, nested repeats, durations and targets.

Numbers are SI and quantised to what a FIT file can carry (milliseconds, centimetres,
millimetres per second, whole beats), so that a workout survives the way to a watch and
back unchanged and two equal workouts always have the same content hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

METRES_PER_MILE = 1609.344


class WorkoutError(ValueError):
    """A value that no watch could run; the message says which and why."""


class Role(StrEnum):
    """What a step is for. The value is how the one-line notation writes it."""

    WARMUP = "wu"
    RUN = "run"
    RECOVERY = "jog"
    REST = "rest"
    COOLDOWN = "cd"


RECOVERING = frozenset({Role.RECOVERY, Role.REST})


class PaceZone(StrEnum):
    """A symbolic pace of the athlete's own zones, quickest last."""

    EASY = "E"
    MARATHON = "M"
    HALF_MARATHON = "HM"
    THRESHOLD = "T"
    TEN_K = "10K"
    FIVE_K = "5K"
    INTERVAL = "I"
    REPETITION = "R"


class DurationUnit(StrEnum):
    """What ends a step."""

    TIME = "time"
    DISTANCE = "distance"
    LAP_BUTTON = "lap"


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a step lasts: seconds, metres, or until the lap button (amount 0)."""

    unit: DurationUnit
    amount: float = 0.0

    def __post_init__(self) -> None:
        if self.unit is DurationUnit.LAP_BUTTON:
            object.__setattr__(self, "amount", 0.0)
            return
        decimals = 3 if self.unit is DurationUnit.TIME else 2
        amount = round(self.amount, decimals)
        if not 0 < amount <= 1_000_000:
            raise WorkoutError(f"a step cannot last {self.amount:g} {self.unit.value}")
        object.__setattr__(self, "amount", float(amount))

    @property
    def seconds(self) -> float | None:
        """Seconds, if the step is timed."""
        return self.amount if self.unit is DurationUnit.TIME else None

    @property
    def metres(self) -> float | None:
        """Metres, if the step is measured."""
        return self.amount if self.unit is DurationUnit.DISTANCE else None


def lasting(seconds: float) -> Duration:
    """A timed duration."""
    return Duration(DurationUnit.TIME, seconds)


def covering(metres: float) -> Duration:
    """A measured duration."""
    return Duration(DurationUnit.DISTANCE, metres)


LAP_BUTTON = Duration(DurationUnit.LAP_BUTTON)


@dataclass(frozen=True, slots=True)
class ZoneTarget:
    """Run in a pace zone of the athlete; `resolve` turns it into a `PaceBand`."""

    zone: PaceZone


@dataclass(frozen=True, slots=True)
class PaceBand:
    """Run between two speeds, in m/s. Pushed to the watch and scored: the same object."""

    slow_mps: float
    fast_mps: float

    def __post_init__(self) -> None:
        slow, fast = round(self.slow_mps, 3), round(self.fast_mps, 3)
        if not 0 < slow <= fast <= 30:
            raise WorkoutError(f"no pace band from {self.slow_mps:g} to {self.fast_mps:g} m/s")
        object.__setattr__(self, "slow_mps", slow)
        object.__setattr__(self, "fast_mps", fast)

    @classmethod
    def of_paces(cls, fast_s_per_km: float, slow_s_per_km: float) -> PaceBand:
        """From paces in s/km, the quicker one first."""
        if fast_s_per_km <= 0 or slow_s_per_km <= 0:
            raise WorkoutError("a pace is a positive number of seconds per kilometre")
        return cls(slow_mps=1000 / slow_s_per_km, fast_mps=1000 / fast_s_per_km)

    @property
    def fast_s_per_km(self) -> float:
        """The quick edge in s/km."""
        return 1000 / self.fast_mps

    @property
    def slow_s_per_km(self) -> float:
        """The slow edge in s/km."""
        return 1000 / self.slow_mps

    @property
    def middle_mps(self) -> float:
        """The speed half-way between the edges, in m/s."""
        return (self.slow_mps + self.fast_mps) / 2


@dataclass(frozen=True, slots=True)
class HeartRateBand:
    """Stay between two heart rates, in bpm."""

    low_bpm: int
    high_bpm: int

    def __post_init__(self) -> None:
        if not 30 <= self.low_bpm <= self.high_bpm <= 240:
            raise WorkoutError(f"no heart-rate band from {self.low_bpm} to {self.high_bpm} bpm")


@dataclass(frozen=True, slots=True)
class HeartRateZone:
    """Stay in a numbered heart-rate zone (1 to 5) of the watch."""

    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 5:
            raise WorkoutError(f"heart-rate zones go from 1 to 5, not {self.number}")


@dataclass(frozen=True, slots=True)
class EffortTarget:
    """Run by feel: a perceived exertion (RPE) from 1 to 10. Watches show it as a note."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 1 <= self.low <= self.high <= 10:
            raise WorkoutError(f"RPE goes from 1 to 10, not {self.low} to {self.high}")


Target = ZoneTarget | PaceBand | HeartRateBand | HeartRateZone | EffortTarget


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do until its duration ends; `target` None is "as you like"."""

    duration: Duration
    target: Target | None = None
    role: Role = Role.RUN


@dataclass(frozen=True, slots=True)
class Repeat:
    """A block done `count` times; its last recovery is skipped unless `skip_last_recovery` is False."""

    count: int
    steps: tuple[Step | Repeat, ...]
    skip_last_recovery: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 99:
            raise WorkoutError(f"a block is repeated 1 to 99 times, not {self.count}")
        if not self.steps:
            raise WorkoutError("a repeat without steps")


Item = Step | Repeat


@dataclass(frozen=True, slots=True)
class Workout:
    """A named sequence of steps and repeats. `note` is for people, and no part of its content."""

    steps: tuple[Item, ...]
    name: str = ""
    sport: str = "running"
    note: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.steps:
            raise WorkoutError("a workout without steps")

    @property
    def content_hash(self) -> str:
        """Twelve hex digits that change when, and only when, the steps change."""
        return hashlib.sha256(repr((self.sport, self.steps)).encode()).hexdigest()[:12]

    def named(self, name: str) -> Workout:
        """The same steps under another name."""
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class FitRepeat:
    """The control message that FIT puts after the children of a repeat."""

    first_index: int
    count: int
    skip_last_recovery: bool


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step as it is run: `index` is its FIT message index, `round` which time round (from 1).

    `optional` and `skipped`: see `flatten`.
    """

    step: Step
    index: int
    round: int
    in_repeat: bool
    optional: bool = False
    skipped: bool = False


def fit_order(workout: Workout) -> tuple[Step | FitRepeat, ...]:
    """Messages in FIT order: a repeat comes after its children; position is the message index."""
    out: list[Step | FitRepeat] = []

    def place(items: Iterable[Item]) -> None:
        for item in items:
            if isinstance(item, Step):
                out.append(item)
            else:
                first = len(out)
                place(item.steps)
                out.append(FitRepeat(first, item.count, item.skip_last_recovery))

    place(workout.steps)
    return tuple(out)


def from_fit_order(messages: tuple[Step | FitRepeat, ...]) -> tuple[Item, ...]:
    """The nested form of `fit_order`. Raises WorkoutError on a repeat that points nowhere."""
    items: list[tuple[int, Item]] = []
    for position, message in enumerate(messages):
        if isinstance(message, Step):
            items.append((position, message))
            continue
        at = next((i for i, (start, _) in enumerate(items) if start == message.first_index), None)
        if at is None:
            raise WorkoutError(f"step {position} repeats from {message.first_index}, where no step starts")
        block = tuple(item for _, item in items[at:])
        items[at:] = [(message.first_index, Repeat(message.count, block, message.skip_last_recovery))]
    return tuple(item for _, item in items)


def flatten(workout: Workout) -> tuple[RunStep, ...]:
    """The steps in the order a watch runs them, last recoveries included and marked.

    A block's last recovery is `optional` because some watches run it and some skip it (the FIT
    field behind it is undocumented): neither is a fault. `skipped` says what the workout itself
    asks for.
    """
    return tuple(_run(workout.steps, index=0, lap=1, inside=False)[0])


def executed(workout: Workout) -> tuple[RunStep, ...]:
    """`flatten` without the recoveries that the workout skips: what a perfect run contains."""
    return tuple(run_step for run_step in flatten(workout) if not run_step.skipped)


def _run(items: Iterable[Item], index: int, lap: int, inside: bool) -> tuple[list[RunStep], int]:
    out: list[RunStep] = []
    for item in items:
        if isinstance(item, Step):
            out.append(RunStep(item, index, lap, inside))
            index += 1
            continue
        ends_resting = isinstance(item.steps[-1], Step) and item.steps[-1].role in RECOVERING
        for number in range(1, item.count + 1):
            block, after = _run(item.steps, index, number, inside=True)
            if number == item.count and ends_resting:
                block[-1] = replace(block[-1], optional=True, skipped=item.skip_last_recovery)
            out.extend(block)
        index = after + 1  # the repeat message itself takes a place
    return out, index


def steps_of(items: Iterable[Item]) -> Iterator[Step]:
    """Every step definition once, in order, repeats opened."""
    for item in items:
        if isinstance(item, Step):
            yield item
        else:
            yield from steps_of(item.steps)
