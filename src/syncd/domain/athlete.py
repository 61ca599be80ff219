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
    """What a yes to a health question was about; the names are those of the configuration."""

    CHEST_PAIN = "chest pain"
    FAINTING = "fainting"
    PALPITATIONS = "palpitations"
    BREATHLESSNESS = "unusual breathlessness"
    HEART_DISEASE = "diagnosed heart disease"
    DOCTORS_ADVICE = "a doctor's advice against exercise"
    SURGERY = "surgery"
    BONE_PAIN = "pain in one bony spot, or at night"
    KIDNEY_OR_DIABETES = "diabetes or kidney disease"
    MISSED_PERIODS = "no period for three months"
    STRESS_FRACTURE = "a second stress fracture"
    INJURY = "a current injury"
    PREGNANCY = "pregnancy"
    BIRTH = "a birth"
    PELVIC_FLOOR = "leaking, heaviness or pain after a birth"


class HealthGrade(StrEnum):
    """What an answer means for running."""

    STOP = "stop"  # nothing until a doctor has cleared it
    EASY_ONLY = "easy_only"  # easy running until a doctor has cleared everything
    INJURY = "injury"  # nothing until better
    PREGNANCY = "pregnancy"  # by the talk test, never more than usual
    BIRTH = "birth"  # walks until twelve weeks and cleared
    WALKS = "walks"  # walks until cleared


GRADES: Mapping[Concern, HealthGrade] = {
    Concern.CHEST_PAIN: HealthGrade.STOP,
    Concern.FAINTING: HealthGrade.STOP,
    Concern.PALPITATIONS: HealthGrade.STOP,
    Concern.BREATHLESSNESS: HealthGrade.STOP,
    Concern.HEART_DISEASE: HealthGrade.STOP,
    Concern.DOCTORS_ADVICE: HealthGrade.STOP,
    Concern.SURGERY: HealthGrade.STOP,
    Concern.BONE_PAIN: HealthGrade.STOP,
    Concern.KIDNEY_OR_DIABETES: HealthGrade.EASY_ONLY,
    Concern.MISSED_PERIODS: HealthGrade.EASY_ONLY,
    Concern.STRESS_FRACTURE: HealthGrade.EASY_ONLY,
    Concern.INJURY: HealthGrade.INJURY,
    Concern.PREGNANCY: HealthGrade.PREGNANCY,
    Concern.BIRTH: HealthGrade.BIRTH,
    Concern.PELVIC_FLOOR: HealthGrade.WALKS,
}


@dataclass(frozen=True, slots=True)
class UsualRunning:
    """What was run before: the mean week and the longest run, in metres."""

    week_m: float
    long_m: float


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """One yes, from `since` on; for a birth that is its date.

    `easy_from` and `free_from`: the days from which a doctor (after an injury, the athlete) has cleared easy
    running, and everything. `over_on`: the pregnancy ended that day. `usual`: what was run before it;
    None: not a runner then. `id`: "" until it is kept. `in_file`: it is written in the configuration.
    """

    concern: Concern
    since: date
    easy_from: date | None = None
    free_from: date | None = None
    over_on: date | None = None
    usual: UsualRunning | None = None
    id: str = ""
    in_file: bool = False

    @property
    def grade(self) -> HealthGrade:
        """What it means for running."""
        return GRADES[self.concern]


@dataclass(frozen=True, slots=True)
class Health:
    """The answers to the health questions, the oldest first, and the year in which the athlete was born."""

    answers: tuple[HealthAnswer, ...] = ()
    birth_year: int | None = None

    @staticmethod
    def saying(*concerns: Concern, since: date, birth_year: int | None = None) -> Health:
        """Yes to these since a day, nothing cleared."""
        return Health(tuple(HealthAnswer(concern, since) for concern in concerns), birth_year)
