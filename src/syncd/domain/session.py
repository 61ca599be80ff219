"""A planned session, and the week it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from syncd.domain.reason import Reason
from syncd.domain.workout import Workout


class SessionKind(StrEnum):
    """What a session is for."""

    EASY = "easy"
    RECOVERY = "recovery"
    LONG = "long"
    WALK_RUN = "walk_run"
    HM_M = "hm_m"
    THRESHOLD = "threshold"
    INTERVAL = "interval"
    REPETITION = "repetition"
    RACE_PACE = "race_pace"
    TEST = "test"
    RACE = "race"


QUALITY_KINDS = frozenset(
    {
        SessionKind.HM_M,
        SessionKind.THRESHOLD,
        SessionKind.INTERVAL,
        SessionKind.REPETITION,
        SessionKind.RACE_PACE,
    }
)


EASY_KINDS = frozenset({SessionKind.EASY, SessionKind.RECOVERY, SessionKind.LONG})
MEASURED_KINDS = frozenset({SessionKind.TEST, SessionKind.RACE})


class SessionState(StrEnum):
    """What became of a session."""

    DUE = "due"
    DONE = "done"
    MISSED = "missed"
    DROPPED = "dropped"


GRACE = timedelta(days=1)  # a session can be run until the end of the next day


def state_when_not_run(day: date, today: date) -> SessionState:
    """What a session of a day is when no run is it: due while it can be run, then missed."""
    return SessionState.MISSED if day + GRACE < today else SessionState.DUE


class Phase(StrEnum):
    """What the training of these weeks is about."""

    FOUNDATION = "foundation"
    DISTANCE = "distance"
    SPEED = "speed"
    COMBINE = "combine"


class WeekKind(StrEnum):
    """What a week does to the load."""

    BUILD = "build"
    DOWN = "down"
    TEST = "test"
    TAPER = "taper"
    RACE = "race"
    REST = "rest"
    RETURN = "return"  # after time off: on the way back to what was run before


_ID = re.compile(r"(\d{4})w(\d{2})-(\d{1,2})")


def session_id(week: date, slot: int) -> str:
    """`2026w12-3`: ISO year and week, and the slot in it. Survives moves to another day."""
    iso = week.isocalendar()
    return f"{iso.year}w{iso.week:02d}-{slot}"


@lru_cache(maxsize=1024)
def week_of(identity: str) -> date:
    """The Monday of the ISO week in a session id. Raises ValueError on anything else."""
    found = _ID.fullmatch(identity)
    if found is None:
        raise ValueError(f"not a session id: {identity!r}")
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)


@lru_cache(maxsize=4096)
def monday_of(day: date) -> date:
    """The first day of the ISO week of `day`."""
    return first_of_week(day, 0)


def first_of_week(day: date, begins: int) -> date:
    """The first day of the week of `day` where weeks begin on that weekday; 0 is Monday."""
    return day - timedelta(days=(day.weekday() - begins) % 7)


@dataclass(frozen=True, slots=True)
class Session:
    """One planned run.

    `workout` has symbolic zones: it becomes paces with the zone set of the moment it is pushed.
    `distance_m` and `duration_s` are estimates at those zones. `length_m` is the length that its
    name begins with ("8 km easy" has the title "easy"), None where the title alone is the name.
    `family` and `level` say which rung of the session library it is (level 0: the smallest
    version). `rules` are the ids of the training rules that shaped it.
    """

    id: str
    day: date
    kind: SessionKind
    title: str
    workout: Workout
    distance_m: float
    duration_s: float
    rpe: tuple[int, int]
    hard: bool
    purpose: str = ""
    family: str = ""
    level: int = 0
    rules: tuple[str, ...] = ()
    length_m: float | None = None

    @property
    def tag(self) -> str:
        """The short mark at the end of the name on the watch: `w12-3`."""
        return self.id[4:]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the plan, from Monday `start`. `notes` are for the runner to read."""

    start: date
    phase: Phase
    kind: WeekKind
    sessions: tuple[Session, ...]
    notes: tuple[Reason, ...] = ()

    @property
    def distance_m(self) -> float:
        """The sum over the sessions."""
        return sum(session.distance_m for session in self.sessions)
