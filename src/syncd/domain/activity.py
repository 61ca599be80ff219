"""One normalised value per run, whatever device or service it came from."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isnan, nan

from syncd.domain.plain_text import tidy_names
from syncd.domain.reason import Reason
from syncd.domain.workout import Workout

RUNNING = "running"
_TREADMILLS = frozenset({"treadmill", "indoor_running"})
MULTISPORT = "multisport"  # the sport of a whole one, and the sub-sport of its running legs
INDOORS = _TREADMILLS | {"virtual_activity"}  # no weather, and speed from no position


class LapTrigger(StrEnum):
    """What ended a lap; `other` covers position and fitness equipment triggers."""

    MANUAL = "manual"
    TIME = "time"
    DISTANCE = "distance"
    SESSION_END = "session_end"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Device:
    """What recorded the run: names in lower case, "" when unknown."""

    manufacturer: str = ""
    product: str = ""
    serial: int | None = None

    def __post_init__(self) -> None:
        tidy_names(self, "manufacturer", "product")

    def __str__(self) -> str:
        return " ".join(filter(None, (self.manufacturer, self.product))) or "unknown device"


@dataclass(frozen=True, slots=True)
class Lap:
    """A lap: where it lies on the elapsed clock of the run, and what the device says of it.

    `start_s` and `end_s` are seconds since the start of the activity, wall clock.
    `timer_s` leaves timer stops out. `step_index` is the FIT index of the workout step that
    was being run, None when no workout was.
    """

    start_s: float
    end_s: float
    timer_s: float
    distance_m: float | None
    trigger: LapTrigger
    step_index: int | None = None
    avg_hr_bpm: int | None = None
    max_hr_bpm: int | None = None


@dataclass(frozen=True, slots=True)
class Samples:
    """Columns of equal length, one entry a record, `nan` where a sensor said nothing.

    `elapsed_s` rises strictly from about 0; `timer_s` is the same moment on the timer, which
    stands still while the runner has stopped it.
    """

    elapsed_s: array[float] = field(default_factory=lambda: array("d"))
    timer_s: array[float] = field(default_factory=lambda: array("d"))
    distance_m: array[float] = field(default_factory=lambda: array("d"))
    speed_mps: array[float] = field(default_factory=lambda: array("f"))
    heart_rate_bpm: array[float] = field(default_factory=lambda: array("f"))
    altitude_m: array[float] = field(default_factory=lambda: array("f"))
    cadence_spm: array[float] = field(default_factory=lambda: array("f"))

    def __len__(self) -> int:
        return len(self.elapsed_s)

    def coverage(self, column: Sequence[float]) -> float:
        """Share of the samples in which `column` has a value, 0 to 1."""
        return sum(not isnan(x) for x in column) / len(column) if column else 0.0


NO_SAMPLES = Samples()


def last_known(column: Sequence[float]) -> float | None:
    """The last value of a column that was measured; None where none was."""
    return next((value for value in reversed(column) if not isnan(value)), None)


class Trait(StrEnum):
    """What is peculiar to a recording, and decides how it is treated."""

    BY_HAND = "by_hand"  # totals only: they count, there is nothing to score
    LEGS = "legs"  # the running legs of a multisport: they count, they are not scored
    HIDDEN_START = "hidden_start"  # the service hides the hour: the day is right


@dataclass(frozen=True, slots=True)
class StatedTotals:
    """What a summary says of a run before anything is put right; None where it is silent."""

    start: datetime | None = None
    timer_s: float | None = None
    elapsed_s: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A recorded activity. Times are aware; missing measurements are None, never 0.

    `workout` is the structured workout that the watch embedded in its recording, if any, and
    `workout_name` its name (empty for the watch's own suggestions). `has_position`: whether any
    record had coordinates (the coordinates themselves are not kept). `problems` are sentences on
    what was wrong with the recording, for people; rules read `traits`. `stated` is what its own
    summary claims.
    """

    start: datetime
    sport: str
    sub_sport: str = ""
    name: str = ""
    utc_offset: timedelta | None = None
    timer_s: float = 0.0
    elapsed_s: float = 0.0
    distance_m: float | None = None
    laps: tuple[Lap, ...] = ()
    samples: Samples = NO_SAMPLES
    device: Device = Device()
    workout: Workout | None = None
    workout_name: str = ""
    avg_hr_bpm: int | None = None
    max_hr_bpm: int | None = None
    ascent_m: float | None = None
    rpe: float | None = None
    feel: int | None = None
    has_position: bool = False
    problems: tuple[str, ...] = ()
    traits: frozenset[Trait] = frozenset()
    doubts: tuple[Reason, ...] = ()
    stated: StatedTotals = StatedTotals()

    def __post_init__(self) -> None:
        tidy_names(self, "sport", "sub_sport", "name", "workout_name")

    @property
    def is_run(self) -> bool:
        """Whether training counts it: running in any form, alone (not a leg of a multisport)."""
        return self.sport == RUNNING

    @property
    def is_treadmill(self) -> bool:
        """Indoors: its distance and pace are not to be trusted."""
        return self.sub_sport in _TREADMILLS

    def day(self, zone_offset: timedelta) -> date:
        """The athlete's local calendar day at the start; `zone_offset` where the file has none."""
        offset = self.utc_offset if self.utc_offset is not None else zone_offset
        return (self.start + offset).date()

    @property
    def pace_s_per_km(self) -> float | None:
        """Mean pace on the timer, s/km; None without a distance."""
        if not self.distance_m or self.timer_s <= 0:
            return None
        return self.timer_s * 1000 / self.distance_m


def column(values: Sequence[float | None], kind: str = "f") -> array[float]:
    """A samples column from values with gaps: None becomes nan."""
    return array(kind, [nan if value is None else value for value in values])
