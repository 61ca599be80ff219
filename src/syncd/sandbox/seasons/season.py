"""A season day by day: the real planner commits weeks, the real rules change them, a body runs them.

Nothing is read or written; the same seed gives the same season, and the same luck with the rules and without.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from syncd.domain.session import Session, SessionKind
from syncd.domain.training.fitness import race_time_s
from syncd.domain.training.pain import HURT_FROM
from syncd.sandbox.seasons.athletes import START, SimulatedAthlete
from syncd.sandbox.seasons.body import Body, easy_minutes
from syncd.sandbox.seasons.chance import Chance
from syncd.sandbox.seasons.coach import Coach, Record, asked_m
from syncd.sandbox.seasons.days_off import TimeOff, injury, rest, usual
from syncd.sandbox.seasons.habits import missed_share, ways_of
from syncd.sandbox.seasons.injuries import Hazards, LoadedRun, days_lost, hazard
from syncd.sandbox.seasons.running import Performance, SimulatedRunner, by_hand, week_luck

_NO_MORE = Hazards()
_LATEST_DAYS = 7  # of an upload
_WORST_PAIN, _PAIN_DAYS = 6, (2, 6)  # our defaults


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the season and its session; `planned` None: an unplanned run."""

    day: date
    distance_m: float
    planned: Session | None


@dataclass(frozen=True, slots=True)
class _Upload:
    known_on: date
    done: Performance


@dataclass(slots=True)
class Season:
    """The record of a season. `off`: the days without running; `paces`: trained and true 5 km in seconds;
    `fitness`: the true VDOT of each day.
    """

    athlete: SimulatedAthlete
    adapted: bool
    plan: Record
    runs: list[Run] = field(default_factory=list)
    off: list[TimeOff] = field(default_factory=list)
    paces: dict[date, tuple[float, float]] = field(default_factory=dict)
    fitness: list[float] = field(default_factory=list)

    @property
    def hurt_days(self) -> int:
        """Days lost to injuries that running brought, not those that the habit has."""
        last = max(self.paces, default=START)
        return sum(1 for spell in self.off if spell.injury for day in _days(spell) if day <= last)


def live(
    athlete: SimulatedAthlete,
    *,
    adapted: bool = True,
    weeks: int = 52,
    hazards: Hazards = _NO_MORE,
    without: Collection[str] = (),
) -> Season:
    """A season of that athlete, with the adaptation rules or without; `without`: all rules but these."""
    return lived_with(Coach(athlete, adapted=adapted, without=without), weeks=weeks, hazards=hazards)


def lived_with(coach: Coach, *, weeks: int = 52, hazards: Hazards = _NO_MORE) -> Season:
    """A season of the athlete of that coach."""
    return _Life(coach, hazards).lived(weeks)


class _Life:
    """The state of a season while it is simulated."""

    def __init__(self, coach: Coach, hazards: Hazards) -> None:
        athlete = coach.athlete
        self._athlete, self._coach, self._hazards = athlete, coach, hazards
        self._ways = ways_of(athlete.habit)
        self._chance = Chance(athlete.seed)
        minutes = easy_minutes(sum(run.distance_m for run in coach.before) / 28, athlete.true_vdot)
        self._body = Body(athlete.true_vdot, minutes, self._chance)
        self._runner = SimulatedRunner(athlete, self._body, self._chance)
        self._season = Season(athlete, coach.adapted, coach.record)
        self._season.off = usual(athlete, self._chance)
        self._loads = [LoadedRun(run.day, run.distance_m, run.duration_s / 60, 0.0) for run in coach.before]
        self._uploads: list[_Upload] = []
        self._ran: set[str] = set()

    def lived(self, weeks: int) -> Season:
        for number in range(weeks * 7):
            today = START + timedelta(days=number)
            self._receive(today)
            spells = (spell for off in self._season.off if (spell := off.spell_on(today)) is not None)
            self._coach.hear(spells, today)
            self._coach.morning(today)
            self._run(number, today)
            self._body.sleep()
            trained = race_time_s(self._coach.zones.vdot, 5000.0)
            self._season.fitness.append(self._body.true_vdot)
            self._season.paces[today] = (trained, race_time_s(self._body.true_vdot, 5000.0))
        return self._season

    def _receive(self, today: date) -> None:
        """What was uploaded by now counts, however long ago it was run."""
        for upload in [upload for upload in self._uploads if upload.known_on <= today]:
            self._uploads.remove(upload)
            self._coach.receive(upload.done, today)

    def _run(self, number: int, today: date) -> None:
        if any(off.covers(today) for off in self._season.off):
            return
        if number in self._ways.races_on:
            self._done(self._runner.race(self._coach.zones, today), today)
            return
        entry = self._coach.due_on(today)
        if entry is None or entry.session.id in self._ran or self._misses(entry.session, number, today):
            return
        session = entry.session
        self._ran.add(session.id)
        self._done(self._runner.session(session, self._coach.zones, asked_m(session), today), today)

    def _misses(self, session: Session, number: int, today: date) -> bool:
        """Whether life gets in the way; nobody misses a race."""
        share = missed_share(self._athlete.habit, number, today.weekday(), week_luck(self._chance, today))
        return session.kind is not SessionKind.RACE and self._chance.happens(share, today, "missed")

    def _done(self, done: Performance, today: date) -> None:
        self._season.runs.append(Run(today, done.load.distance_m, done.session))
        if self._chance.happens(hazard(done.load, self._loads, self._hazards), today, "injury"):
            self._season.off.append(injury(self._athlete, today, days_lost(self._chance, today)))
        self._loads.append(self._with_pain(done.load, today))
        self._upload(done, today)
        self._receive(today)

    def _with_pain(self, load: LoadedRun, today: date) -> LoadedRun:
        """Something hurts, now and then; who tells syncd rests until it is better."""
        if not self._chance.happens(self._ways.pains, today, "pain"):
            return load
        worst = self._chance.whole(1, _WORST_PAIN, today, "how bad")
        off = self._season.off
        if self._coach.adapted and not any(spell.last_day > today for spell in off):
            if worst < HURT_FROM:
                self._coach.hear_pain(today, worst)
            else:
                off.append(rest(today, self._chance.whole(*_PAIN_DAYS, today, "days of pain")))
        return replace(load, pain=worst)

    def _upload(self, done: Performance, today: date) -> None:
        """It is known at once, late, by hand, or never."""
        if self._chance.happens(self._ways.lost, today, "lost"):
            if self._chance.happens(self._ways.by_hand, today, "by hand"):
                self._uploads.append(_Upload(today, by_hand(done)))
            return
        late = self._chance.happens(self._ways.late, today, "late")
        wait = self._chance.whole(1, _LATEST_DAYS, today, "days late") if late else 0
        self._uploads.append(_Upload(today + timedelta(days=wait), done))


def _days(spell: TimeOff) -> list[date]:
    return [spell.first_day + timedelta(days=number) for number in range(spell.days)]
