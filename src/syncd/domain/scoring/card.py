"""The result: a score, what it is made of, and a row for each step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.reason import Reason
from syncd.domain.scoring.reasons import Note
from syncd.domain.workout import Step


class Flag(StrEnum):
    """What a runner should know besides the number."""

    TOO_FAST_EASY = "too_fast_easy"
    FADED = "faded"
    SHORT = "short"
    OVERRUN = "overrun"
    EXTRA_REPS = "extra_reps"
    STRIDES_SKIPPED = "strides_skipped"
    HILLY = "hilly"
    HOT = "hot"
    TREADMILL = "treadmill"
    INTERRUPTED = "interrupted"
    GPS_POOR = "gps_poor"
    RAN_OTHER_VERSION = "ran_other_version"


class ScoreBand(StrEnum):
    """What a score means."""

    ON_PLAN = "on plan"
    CLOSE = "close"
    OFF_PLAN = "off plan"
    A_DIFFERENT_SESSION = "a different session"


class Tier(StrEnum):
    """How the steps were found in the run."""

    INDEX = "index"  # the watch numbered its laps
    LAPS = "laps"  # the laps look like the steps
    SIGNAL = "signal"  # changes of speed look like the steps
    WHOLE = "whole"  # nothing fits: the run as one


class StepStatus(StrEnum):
    """What became of a planned step; `extra` was not planned."""

    DONE = "done"
    SHORT = "short"
    MISSED = "missed"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Part:
    """One of pace, distance, intensity, structure: 0 to 100, or None when it cannot be judged.

    `weight` is its share of the total (0 when it has none), `why` what it was judged by.
    """

    name: str
    score: int | None
    weight: float
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the steps were found, and how many of the planned ones."""

    tier: Tier
    matched: int
    planned: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """A planned step and what was run; `planned` is None for an extra one.

    `n` counts rows from 1, `rep` the repetitions from 1. `role` is that of the notation ("" for an
    extra row), `effort` what the step was for (`effort.StepEffort`). `credit` is 0 to 1, None where
    the step has no pace target or no measurement. `in_band` allows the measurement tolerance on both
    sides; None likewise. Pace is that of the running part: standing still is left out.
    `level_pace_s_per_km` is what it would have been without the hills, None where there were none.
    """

    n: int
    role: str
    planned: Step | None
    distance_m: float | None
    timer_s: float | None
    pace_s_per_km: float | None
    hr_bpm: float | None
    credit: float | None
    status: StepStatus
    in_band: bool | None
    rep: int | None = None
    effort: str = ""
    level_pace_s_per_km: float | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How a run went against its prescription. `score` None: not enough could be judged.

    `legacy_text`, `legacy_notes`: written by a version that kept sentences; shown as they are, read by
    no rule.

    `reps_in_band` counts repetitions (and single blocks of work) whose mean pace was inside the
    band, tolerance included, and which were at least 80 % done.
    """

    algorithm: int
    score: int | None
    band: ScoreBand | None
    confidence: float
    parts: tuple[Part, ...]
    alignment: Alignment
    steps: tuple[StepRow, ...]
    flags: tuple[Flag, ...]
    notes: tuple[Note, ...]
    reps_planned: int
    reps_in_band: int
    legacy_text: str = ""
    legacy_notes: tuple[str, ...] = ()

    @property
    def reps_judged(self) -> int:
        """Repetitions that could be judged: one run without a usable pace is not a missed one."""
        return self.reps_planned - sum(
            row.rep is not None and row.in_band is None and row.status in (StepStatus.DONE, StepStatus.SHORT)
            for row in self.steps
        )

    def part(self, name: str) -> Part:
        """The part of that name. Raises KeyError when there is none."""
        return {part.name: part for part in self.parts}[name]


@dataclass(frozen=True, slots=True)
class Work:
    """Seconds on the timer at a pace of the athlete's own zones or quicker, repetitions added up.

    `quick_s`: quicker than easy; the others from the slow edge of the band of that pace on.
    """

    quick_s: float = 0.0
    marathon_s: float = 0.0
    half_s: float = 0.0
    threshold_s: float = 0.0
    five_k_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RaceEffort:
    """The distance of races that was run best inside a run, in metres, and its time in seconds.

    `predicted_s`: by the paces of that day, which later ones do not change; None without paces.
    """

    distance_m: float
    time_s: float
    predicted_s: float | None = None


@dataclass(frozen=True, slots=True)
class Strain:
    """What a run cost, whatever its score. Shares from 0 to 1; `decoupling` 0.1: 10 % fewer metres for
    each heart beat in the second half.

    `held_s`: 20 minutes where threshold pace was held so long, else 0. `work` None: not measured, as on a
    treadmill, without paces, or by an earlier version. `race`: where a part of it came near to a race.
    """

    above_lt1: float | None = None
    decoupling: float | None = None
    climb_m_per_km: float | None = None
    held_s: float = 0.0
    work: Work | None = None
    race: RaceEffort | None = None
