"""The content of the report as plain values: every text is made already, in the reader's units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from syncd.domain.scoring.card import ScoreBand
from syncd.report.page.run_chart import RunPicture
from syncd.report.page.small_chart import SmallPicture


@dataclass(frozen=True, slots=True)
class Ahead:
    """A session of the next days, or a day of rest. `why` are the reasons for what it is."""

    day: str
    title: str
    steps: str = ""
    effort: str = ""
    watch: str = ""
    why: tuple[str, ...] = ()
    easier: str = ""
    hard: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """An open question: what to type, and what happens without an answer."""

    number: int
    text: str
    answers: str
    default: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A row of a run's table."""

    name: str
    planned: str
    did: str
    heart: str
    verdict: str
    good: bool | None


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run. `anchor` is its place on the page. Without a picture, `no_picture` says why.

    `full`: with everything that is known of it; else a line and a small picture.
    """

    anchor: str
    day: str
    title: str
    totals: str
    score: int | None
    band: ScoreBand | None
    confidence: str
    summary: str
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    steps: tuple[StepLine, ...] = ()
    picture: RunPicture | None = None
    small: SmallPicture | None = None
    no_picture: str = ""
    full: bool = True


@dataclass(frozen=True, slots=True)
class Month:
    """Earlier runs of one month, newest first."""

    name: str
    runs: tuple[RunCard, ...]
    totals: str = ""


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A week: metres planned (None before there was a plan) and run, and its longest run."""

    start: date
    label: str
    phase: str
    kind: str
    planned_m: float | None
    done_m: float
    longest_m: float
    efficiency: float | None = None  # metres per heartbeat, the median of its easy runs


@dataclass(frozen=True, slots=True)
class FitnessPoint:
    """The result that the paces came from, from that day on."""

    day: date
    label: str
    vdot: float
    source: str


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A pace zone in force: `band` is what the watch gets."""

    name: str
    pace: str
    band: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of the plan."""

    when: str
    what: str
    why: str
    rule: str
    undo: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything on the page. `unit` is a kilometre or a mile, in metres, and its name."""

    title: str
    as_of: str
    status: tuple[str, ...]
    needs: tuple[str, ...]
    ahead: tuple[Ahead, ...]
    runs: tuple[RunCard, ...]
    earlier: tuple[Month, ...]
    weeks: tuple[WeekBar, ...]
    this_week: date
    zones: tuple[ZoneLine, ...]
    zones_from: str
    fitness: tuple[FitnessPoint, ...]
    changes: tuple[ChangeLine, ...]
    notes: tuple[str, ...]
    weeks_note: str = ""
    race: str = ""
    time_off: tuple[str, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    unit: tuple[float, str] = field(default=(1000.0, "km"))
