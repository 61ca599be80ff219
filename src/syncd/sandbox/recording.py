"""What a watch stores of a run, before it is written to a file."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from syncd.domain.activity import RUNNING, Lap, Samples
from syncd.domain.workout import Workout


@dataclass(frozen=True, slots=True)
class Track:
    """Positions in degrees, one a sample; empty indoors."""

    latitude_deg: array[float] = field(default_factory=lambda: array("d"))
    longitude_deg: array[float] = field(default_factory=lambda: array("d"))


@dataclass(frozen=True, slots=True)
class TimerStop:
    """The timer was stopped from `start_s` to `end_s` of the elapsed clock."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class WatchRecording:
    """A run as the watch has it: quantised to what a FIT file can carry.

    `workout` is the workout on the watch (concrete targets), None without one.
    `rpe` is 1 to 10; `feel` 0 (very weak) to 100 (very strong) in steps of 25.
    """

    samples: Samples
    laps: tuple[Lap, ...]
    elapsed_s: float
    timer_s: float
    distance_m: float
    stops: tuple[TimerStop, ...] = ()
    track: Track = field(default_factory=Track)
    workout: Workout | None = None
    sport: str = RUNNING
    sub_sport: str = "generic"
    rpe: int | None = None
    feel: int | None = None
