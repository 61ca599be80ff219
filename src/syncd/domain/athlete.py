"""The athlete as the training model sees them: constraints, history, dated zone sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from syncd.domain.reason import Reason
from syncd.domain.workout import PaceBand, PaceZone


class Goal(StrEnum):
    """What the training leads to."""

    FIVE_K = "5k"
    TEN_K = "10k"
    HALF = "half"
    MARATHON = "marathon"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PaceRange:
    """The textbook zone, in s/km, quicker end first."""

    fast_s_per_km: float
    slow_s_per_km: float


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """Paces from one result, valid from its date on.

    `paces` is the textbook zone of each pace, `bands` what the watch and the scorer use.
    """

    vdot: float
    five_k_s: float
    as_of: date | None
    source: Reason
    paces: Mapping[PaceZone, PaceRange]
    bands: Mapping[PaceZone, PaceBand]

    def __hash__(self) -> int:
        """By what nearly always tells two apart; the maps have no hash."""
        return hash((self.vdot, self.as_of))


@dataclass(frozen=True, slots=True)
class PastRun:
    """What the planner needs of a run that was really run."""

    day: date
    distance_m: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Availability:
    """When the athlete can run: how often, and on which weekdays (0 is Monday)."""

    days_per_week: int
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    long_run_day: int = 6


class RacePriority(StrEnum):
    """How much a race matters: A gets a taper, B three easy days, C replaces the hard session."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Race:
    """A race on the calendar; its goal says the distance (never `none`)."""

    day: date
    goal: Goal
    priority: RacePriority = RacePriority.A

    def __str__(self) -> str:
        """`2026-10-04 10k A`: `race_from_text` reads it back."""
        return f"{self.day} {self.goal.value} {self.priority.value}"


def race_from_text(text: str) -> Race | None:
    """The race of `str`; None where there is none."""
    if not text:
        return None
    day, goal, priority = text.split(" ")
    return Race(date.fromisoformat(day), Goal(goal), RacePriority(priority))


class Concern(StrEnum):
    """What a yes to a health question was about."""

    CHEST_PAIN = "chest pain"
    FAINTING = "fainting"
    HEART_DISEASE = "heart disease"
    DOCTORS_ADVICE = "a doctor's advice against exercise"
    PREGNANCY = "pregnancy or a recent birth"
    SURGERY = "surgery"
    INJURY = "a current injury"


@dataclass(frozen=True, slots=True)
class Health:
    """The answers to the health questions. `cleared`: the athlete has confirmed that it is safe now."""

    concerns: frozenset[Concern] = frozenset()
    cleared: bool = False
    birth_year: int | None = None
