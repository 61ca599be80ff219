"""All that the adaptation rules may use, and what they answer: values only.

Missing values are None and neutral: what nobody measured never counts for or against the runner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from syncd.domain.athlete import Availability, PastRun, Race, ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.scoring.card import Work
from syncd.domain.session import (
    MEASURED_KINDS,
    QUALITY_KINDS,
    Session,
    SessionKind,
    SessionState,
    Week,
    WeekKind,
    monday_of,
    week_of,
)
from syncd.domain.training.adaptation import TRUSTED, QualityOutcome
from syncd.domain.training.conditions import Condition, in_force, newest
from syncd.domain.training.facts import Fact
from syncd.domain.training.hardness import Hardness, hardness_of
from syncd.domain.training.health import Limits
from syncd.domain.training.heat import HeatWord
from syncd.domain.training.ladder_levels import LadderState
from syncd.domain.training.pain import Pain

FREEZE = timedelta(hours=36)  # inside, a session only ever gets easier
LIGHT = frozenset({WeekKind.TAPER, WeekKind.RACE, WeekKind.REST})


@dataclass(frozen=True, slots=True)
class DoneRun:
    """A run that was done. Distances in metres, shares from 0 to 1.

    `above_lt1`: share of the time above a measured LT1, past the first ten minutes. `decoupling`:
    how much more heart beats the second half cost. `held_s`: seconds held at threshold or
    faster; `work`: how long it was quick; `raced`: a race, by its mark or the athlete's word;
    `all_out`: as good as one. `as_planned`: it was the hard session that its day was meant for.
    `confidence`: of its score.
    """

    id: str
    day: date
    distance_m: float
    duration_s: float
    session_id: str | None = None
    kind: SessionKind | None = None
    confidence: float = 1.0
    rpe: float | None = None
    above_lt1: float | None = None
    decoupling: float | None = None
    temperature_c: float | None = None
    dew_point_c: float | None = None
    climb_m_per_km: float | None = None
    reps_planned: int = 0
    reps_too_fast: int = 0
    held_s: float = 0.0
    work: Work | None = None
    raced: bool = False
    all_out: bool = False
    as_planned: bool = False

    @property
    def trusted(self) -> bool:
        """Whether its score may feed a rule."""
        return self.confidence >= TRUSTED

    @property
    def hardness(self) -> Hardness:
        """How hard it was, whatever it was meant to be."""
        return hardness_of(
            work=self.work,
            held_s=self.held_s,
            rpe=self.rpe,
            above_lt1=self.above_lt1,
            raced=self.raced,
            all_out=self.all_out,
        )

    @property
    def is_extra_hard(self) -> bool:
        """A hard day that the plan does not know of: beside its sessions, or instead of an easier one."""
        planned = self.as_planned or self.kind in QUALITY_KINDS | MEASURED_KINDS
        return not planned and self.hardness.is_hard


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A committed session: what became of it, whether the athlete holds it, and its run."""

    session: Session
    state: SessionState = SessionState.DUE
    held: bool = False
    run: DoneRun | None = None

    @property
    def is_due(self) -> bool:
        """Still to be run."""
        return self.state is SessionState.DUE

    @property
    def is_strain(self) -> bool:
        """A hard day or a long run: what needs two days on either side."""
        return self.session.hard or self.session.kind is SessionKind.LONG


class Trouble(StrEnum):
    """Why nothing is run."""

    PAUSE = "pause"
    ILL = "ill"
    HURT = "hurt"
    STOP = "stop"  # an answer about health: until a doctor has cleared it
    BIRTH = "birth"  # walking until cleared, twelve weeks at least


@dataclass(frozen=True, slots=True)
class Spell:
    """Days without running that the athlete entered; `last_day` None: not over yet.

    `fever`: with an illness.
    """

    id: str
    trouble: Trouble
    first_day: date
    last_day: date | None = None
    fever: bool = False

    @property
    def days(self) -> int:
        """How many; 0 while it lasts."""
        return 0 if self.last_day is None else (self.last_day - self.first_day).days + 1

    def covers(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at `now` (in the athlete's own time).

    `covered`: a pull has shown everything up to yesterday. `entries`: the committed sessions of
    the last weeks and of the horizon, by day. `weeks`: the committed weeks. `history`: real runs,
    with what stood in for them. `answered`: what was decided before, undone or not: the key and the
    day. `by_effort`: no 5 km is known, so nothing has a pace. `late_days`: for so many days after a run
    a sync usually does not know it yet. `undone`: the keys of what the athlete undid.
    """

    now: datetime
    zones: ZoneSet
    entries: tuple[SessionRecord, ...] = ()
    runs: tuple[DoneRun, ...] = ()
    weeks: tuple[Week, ...] = ()
    history: tuple[PastRun, ...] = ()
    outcomes: Mapping[str, Sequence[QualityOutcome]] = field(default_factory=dict)
    ladders: Mapping[str, LadderState] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    spells: tuple[Spell, ...] = ()
    answered: Mapping[str, date] = field(default_factory=dict)
    availability: Availability = field(default_factory=lambda: Availability(4))
    blocked: frozenset[date] = frozenset()
    limits: Limits = field(default_factory=Limits)
    race: Race | None = None
    covered: bool = True
    by_effort: bool = False
    pains: tuple[Pain, ...] = ()
    late_days: int = 0
    undone: frozenset[str] = frozenset()
    heat: tuple[HeatWord, ...] = ()

    @property
    def today(self) -> date:
        """The athlete's day."""
        return self.now.date()

    @property
    def due(self) -> tuple[SessionRecord, ...]:
        """Sessions still to be run, from today on."""
        today = self.today
        return tuple(entry for entry in self.entries if entry.is_due and entry.session.day >= today)

    @property
    def returns(self) -> tuple[Condition, ...]:
        """The returns after time off, over or not."""
        return tuple(asked for asked in newest(self.conditions) if asked.is_return)

    def in_force(self) -> tuple[Condition, ...]:
        """The conditions of today."""
        return in_force(self.conditions, self.today)

    def fired_on(self, prefix: str, days: int) -> tuple[date, ...]:
        """When something with that beginning was decided in so many days, each time."""
        since = self.today - timedelta(days=days)
        return tuple(day for key, day in self.answered.items() if key.startswith(prefix) and day > since)

    def fired_within(self, prefix: str, days: int) -> bool:
        """Whether something with that beginning was decided in so many days."""
        return bool(self.fired_on(prefix, days))

    def week_of(self, day: date) -> Week | None:
        """The committed week of a day, with its sessions as they are now."""
        week = self._committed(day)
        if week is None:
            return None
        kept = (entry.session for entry in self.entries if entry.state is not SessionState.DROPPED)
        return replace(week, sessions=tuple(session for session in kept if week_of(session.id) == week.start))

    def kind_of(self, day: date) -> WeekKind | None:
        """What the committed week of a day does to the load."""
        week = self._committed(day)
        return None if week is None else week.kind

    def _committed(self, day: date) -> Week | None:
        monday = monday_of(day)
        return next((week for week in self.weeks if week.start == monday), None)

    def may_come_late(self, day: date) -> bool:
        """Whether a run of that day may only not be known yet, as the athlete usually uploads."""
        return (self.today - day).days <= self.late_days

    def is_off(self, day: date) -> bool:
        """Whether a pause, an illness or an injury covers the day."""
        return any(spell.covers(day) for spell in self.spells)

    def is_frozen(self, day: date) -> bool:
        """Whether a session of that day may only get easier."""
        begins = datetime.combine(day, time.min, tzinfo=self.now.tzinfo)
        return begins - self.now < FREEZE

    def is_excused(self, day: date) -> bool:
        """Whether a missed session means nothing: in taper, race and rest weeks, time off, a return."""
        if self.kind_of(day) in LIGHT:
            return True
        for condition in newest(self.conditions):
            off_from = condition.first_day - timedelta(days=condition.days_off)
            if (
                condition.is_return
                and off_from <= day
                and (condition.covers(day) or day < condition.first_day)
            ):
                return True
        return self.is_off(day)


@dataclass(frozen=True, slots=True)
class Edit:
    """One session before and after; `after` None: dropped. `before` None: added.

    `loading`: it asks more of the runner, and waits for a session that is not near.
    """

    before: Session | None
    after: Session | None
    loading: bool = False

    @property
    def session_id(self) -> str:
        """The session that it is about. Raises ValueError without one."""
        about = self.after or self.before
        if about is None:
            raise ValueError("an edit without a session")
        return about.id

    @property
    def day(self) -> date:
        """The nearest day that it touches."""
        return min(session.day for session in (self.before, self.after) if session is not None)


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """What one rule found, and what it would change.

    `key` names the rule with its evidence: the same is never decided twice. `reason` is for the
    runner, `evidence` JSON-able. Neither edits nor a condition: a message. `rests_on`: once one of these
    facts no longer holds, it is withdrawn.
    """

    rule: str
    key: str
    reason: Reason
    evidence: Mapping[str, Any]
    edits: tuple[Edit, ...] = ()
    condition: Condition | None = None
    about: str | None = None
    rests_on: tuple[Fact, ...] = ()


def after(situation: Situation, key: str, edits: Iterable[Edit], condition: Condition | None) -> Situation:
    """The situation once a decision was carried out."""
    entries = {entry.session.id: entry for entry in situation.entries}
    for edit in edits:
        known = entries.get(edit.session_id)
        if edit.after is None:
            if known is not None:
                entries[edit.session_id] = replace(known, state=SessionState.DROPPED)
        elif known is None:
            entries[edit.session_id] = SessionRecord(edit.after)
        else:
            entries[edit.session_id] = replace(known, session=edit.after, state=SessionState.DUE)
    return replace(
        situation,
        entries=tuple(sorted(entries.values(), key=lambda entry: (entry.session.day, entry.session.id))),
        answered={**situation.answered, **({key: situation.today} if key else {})},
        conditions=(*situation.conditions, *((condition,) if condition else ())),
    )
