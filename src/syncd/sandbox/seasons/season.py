"""A season day by day: the real planner commits weeks, the real rules change them, a body runs them.

Outcomes are made at the level of repetitions and not scored from samples: how many are in band
follows from the true fitness of the day against the pace that was planned, and a test is judged by
the rules for real ones. Nothing is read or written; the same seed gives the same season.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from syncd.cycle.planning import HISTORY
from syncd.cycle.situation import LOOK_BACK
from syncd.cycle.world import HORIZON_DAYS
from syncd.domain.athlete import Availability, Goal, Health, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import (
    Phase,
    Session,
    SessionKind,
    SessionState,
    Week,
    monday_of,
    state_when_not_run,
    week_of,
)
from syncd.domain.training.adaptation import QualityOutcome, levels_after
from syncd.domain.training.conditions import Condition
from syncd.domain.training.evidence import broken
from syncd.domain.training.fitness import race_time_s
from syncd.domain.training.health import limits_of
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import Decision, adapt
from syncd.domain.training.rules.situation import DoneRun, Edit, SessionRecord, Situation, Spell
from syncd.domain.training.rules.taking_back import taken_back
from syncd.domain.training.sessions import easy_speed_mps
from syncd.domain.training.special_sessions import measured_m
from syncd.domain.training.validity import TimedEffort, judged
from syncd.domain.training.validity import retest_from as retest_after
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zone_history import (
    FitnessResult,
    ResultOrigin,
    breaks_of,
    waiting_since,
    zone_set_on,
)
from syncd.domain.training.zones import zones_from_vdot
from syncd.domain.workout import Repeat
from syncd.sandbox.seasons.habits import (
    ABSENCES,
    RACE_DAYS,
    TRUE_OVER_ENTERED,
    Habit,
    easy_speed_over,
    known_after,
    long_run_over,
    misses,
)
from syncd.sandbox.seasons.physiology import Body

START = date(2026, 1, 5)
_CHECKED = timedelta(days=60)  # as in a sync
_RACE_M = 10_000.0
_DROP_PER_PERCENT = 0.18  # share of the reps lost for each percent that was asked too much


@dataclass(frozen=True, slots=True)
class SimulatedAthlete:
    """The simulated athlete: entered and true fitness, volume, days, habit."""

    seed: int
    habit: Habit
    entered_vdot: float
    true_vdot: float
    weekly_m: float
    days: int
    goal: Goal

    @classmethod
    def of(cls, seed: int) -> SimulatedAthlete:
        """The athlete of a seed: habits take turns, the other values vary with the seed."""
        random = Random(seed)
        habit = tuple(Habit)[seed % len(Habit)]
        entered = random.uniform(30.0, 52.0)
        over = TRUE_OVER_ENTERED.get(habit, random.gauss(0.0, 0.6))
        return cls(
            seed=seed,
            habit=habit,
            entered_vdot=entered,
            true_vdot=entered + over,
            weekly_m=random.choice((14, 18, 20, 25, 30, 36, 44)) * 1000.0,
            days=random.choice((3, 4, 4, 4, 5)),
            goal=random.choice((Goal.NONE, Goal.FIVE_K, Goal.TEN_K)),
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the season and its session; `planned` None: an unplanned run."""

    day: date
    distance_m: float
    planned: Session | None


@dataclass(frozen=True, slots=True)
class _Upload:
    """A run that is known from a day on, with what it says of its session."""

    known_on: date
    run: DoneRun
    session: Session
    outcome: QualityOutcome | None


@dataclass(slots=True)
class Season:
    """The record of a season."""

    athlete: SimulatedAthlete
    adapted: bool
    runs: list[Run] = field(default_factory=list)
    committed: list[Week] = field(default_factory=list)
    entries: dict[str, SessionRecord] = field(default_factory=dict)
    decisions: list[tuple[date, Decision]] = field(default_factory=list)
    repaced: list[date] = field(default_factory=list)
    tests: list[date] = field(default_factory=list)
    paces: dict[date, tuple[float, float]] = field(default_factory=dict)  # trained and true 5 km, s
    missed: int = 0
    asked: int = 0
    final_vdot: float = 0.0


def live(athlete: SimulatedAthlete, *, adapted: bool = True, weeks: int = 52) -> Season:
    """A season of that athlete, with the adaptation rules or without."""
    return _Life(athlete, adapted, weeks).lived()


class _Life:
    """The state of a season while it is simulated."""

    def __init__(self, athlete: SimulatedAthlete, adapted: bool, weeks: int) -> None:
        self.athlete, self.adapted, self.weeks = athlete, adapted, weeks
        self.random = Random(athlete.seed * 7919 + 1)
        longest = athlete.weekly_m * 0.4
        self.before = history_from_summary(START, athlete.weekly_m, longest, athlete.days)
        minutes = sum(run.duration_s for run in self.before) / 60 / 28
        self.body = Body(athlete.true_vdot, minutes, self.random)
        self.season = Season(athlete, adapted)
        self.runs: list[DoneRun] = []
        self.outcomes: dict[str, list[QualityOutcome]] = {}
        self.results: list[FitnessResult] = [
            FitnessResult(START - timedelta(days=1), 5000.0, athlete.entered_vdot, ResultOrigin.ENTERED)
        ]
        self.judged_tests: list[tuple[date, bool]] = []
        self.uploads: list[_Upload] = []
        self.ran: set[str] = set()
        self.withdrawn: set[str] = set()
        self.kinds_before: dict[str, tuple[Week, ...]] = {}
        self.conditions: tuple[Condition, ...] = ()
        self.answered: dict[str, date] = {}
        self.spells: tuple[Spell, ...] = ()
        self.availability = Availability(athlete.days)
        self.paces_depend_on: object = None
        self.zones = zones_from_vdot(
            athlete.entered_vdot,
            as_of=None,
            source=Reason(Cause.ENTERED_VDOT, {"vdot": athlete.entered_vdot}),
        )

    def lived(self) -> Season:
        for number in range(self.weeks * 7):
            today = START + timedelta(days=number)
            self._morning(number, today)
            self._run(number, today)
            self.body.sleep()
            trained = race_time_s(self.zones.vdot, 5000.0)
            self.season.paces[today] = (trained, race_time_s(self.body.true_vdot, 5000.0))
        self.season.final_vdot = self.body.true_vdot
        return self.season

    # --- the morning: what is known, what is decided, what is planned

    def _morning(self, number: int, today: date) -> None:
        self._receive(today)
        for entry in list(self._entries(today - timedelta(days=4), today)):
            if entry.is_due and state_when_not_run(entry.session.day, today) is SessionState.MISSED:
                self.season.entries[entry.session.id] = replace(entry, state=SessionState.MISSED)
                self.season.missed += 1
        self._report_absence(number, today)
        if self.adapted:
            self._new_paces(today)
            self._take_back(today)
            self._ask_the_rules(today)
        self._commit(today)

    def _receive(self, today: date) -> None:
        """What was uploaded by now counts, however long ago it was run."""
        for upload in [upload for upload in self.uploads if upload.known_on <= today]:
            self.uploads.remove(upload)
            self.runs = sorted([*self.runs, upload.run], key=lambda run: run.day)
            entry = self.season.entries[upload.session.id]
            if entry.state is SessionState.MISSED:
                self.season.missed -= 1
            self.season.entries[upload.session.id] = replace(entry, state=SessionState.DONE, run=upload.run)
            if upload.outcome is not None:
                of_family = self.outcomes.setdefault(upload.outcome.family, [])
                of_family.append(upload.outcome)
                of_family.sort(key=lambda outcome: outcome.day)

    def _take_back(self, today: date) -> None:
        """Withdraw what was decided on facts that are otherwise by now."""
        for day, decision in reversed(self.season.decisions):
            key = decision.proposal.key
            if today - day > _CHECKED or key in self.withdrawn:
                continue
            every_outcome = {family: tuple(outcomes) for family, outcomes in self.outcomes.items()}
            situation = replace(self._situation(today), outcomes=every_outcome)
            if broken(decision.proposal.rests_on, situation) is None:
                continue
            self.withdrawn.add(key)
            self.answered.pop(key, None)
            self.conditions = tuple(
                asked for asked in self.conditions if asked != decision.proposal.condition
            )
            found = taken_back(replace(situation, conditions=self.conditions), decision.edits)
            for edit in found.restored:
                self._restore(edit, today)
            was = {week.start: week for week in self.kinds_before.get(key, ())}
            self.season.committed = [was.get(week.start, week) for week in self.season.committed]

    def _restore(self, edit: Edit, today: date) -> None:
        entry = self.season.entries[edit.session_id]
        if edit.after is None:
            self.season.entries[edit.session_id] = replace(entry, state=SessionState.DROPPED)
            return
        state = entry.state
        if state is SessionState.DROPPED:
            state = state_when_not_run(edit.after.day, today)
        self.season.entries[edit.session_id] = replace(entry, session=edit.after, state=state)

    def _report_absence(self, number: int, today: date) -> None:
        for away in ABSENCES.get(self.athlete.habit, ()):
            if away.trouble is None:
                continue
            identity = f"s{away.first}"
            if number == away.first:
                self.spells = (*self.spells, Spell(identity, away.trouble, today))
            if number == away.first + away.days:
                over = today - timedelta(days=1)
                self.spells = tuple(
                    replace(spell, last_day=over) if spell.id == identity else spell for spell in self.spells
                )

    def _new_paces(self, today: date) -> None:
        phase = next(
            (week.phase for week in reversed(self.season.committed) if week.start <= today), Phase.DISTANCE
        )
        breaks = breaks_of(self.conditions, today)
        depend_on = (len(self.results), phase, breaks, today if breaks else monday_of(today))
        if depend_on == self.paces_depend_on:
            return
        self.paces_depend_on = depend_on  # a rise is taken in steps of whole weeks
        zones = zone_set_on(self.results, today, phase, breaks)
        if zones is not None and zones.vdot != self.zones.vdot:
            self.season.repaced.append(today)
        self.zones = zones or self.zones

    def _ask_the_rules(self, today: date) -> None:
        situation = self._situation(today)
        decisions, then = adapt(situation, self._planner)
        if not decisions:
            return
        self.season.entries |= {entry.session.id: entry for entry in then.entries}
        for decision in decisions:
            self.withdrawn.discard(decision.proposal.key)
            if decision.weeks:
                self.kinds_before[decision.proposal.key] = tuple(self.season.committed)
        weeks = {week.start: week for week in then.weeks}
        self.season.committed = [weeks.get(week.start, week) for week in self.season.committed]
        self.conditions, self.answered = then.conditions, dict(then.answered)
        self.season.decisions += [(today, decision) for decision in decisions]

    def _commit(self, today: date) -> None:
        known = {week.start for week in self.season.committed}
        last = monday_of(today + timedelta(days=HORIZON_DAYS - 1))
        wanted = 1 + (last - monday_of(today)).days // 7
        if all(monday_of(today) + timedelta(weeks=ahead) in known for ahead in range(wanted)):
            return
        for week in plan_weeks(self._inputs(today, wanted, self.conditions, today)):
            if week.start not in known:
                self.season.committed.append(week)
                for session in week.sessions:
                    self.season.entries[session.id] = SessionRecord(session)
                    self.season.asked += 1

    def _planner(self, situation: Situation) -> tuple[Week, ...]:
        today = situation.today
        inputs = self._inputs(today, 3, situation.conditions, today)
        return plan_weeks(
            replace(inputs, kept=tuple(week for week in inputs.kept if week.start < monday_of(today)))
        )

    def _inputs(
        self, today: date, weeks: int, conditions: tuple[Condition, ...], first_day: date
    ) -> PlanInputs:
        ahead = [today + timedelta(days=days) for days in range(30)]
        off = {day for day in ahead if any(spell.covers(day) for spell in self.spells)}
        return PlanInputs(
            first_day=first_day,
            availability=self.availability,
            zones=self.zones,
            history=self._history(today),
            weeks=weeks,
            phase_start=START,
            levels={family: progress.level for family, progress in levels_after(self.outcomes).items()},
            kept=self._kept(),
            goal=self.athlete.goal,
            cycle_start_m=self.athlete.weekly_m,
            blocked=frozenset(off) if self.adapted else frozenset(),
            retest_from=self._retest_from(today) if self.adapted else None,
            conditions=conditions,
        )

    def _retest_from(self, today: date) -> date | None:
        return retest_after(self.judged_tests, today, waiting_since(self.results, today))

    def _kept(self) -> tuple[Week, ...]:
        by_week: dict[date, list[Session]] = {}
        for entry in self.season.entries.values():
            if entry.state is not SessionState.DROPPED:
                by_week.setdefault(week_of(entry.session.id), []).append(entry.session)
        return tuple(
            replace(
                week,
                sessions=tuple(
                    sorted(by_week.get(week.start, ()), key=lambda session: (session.day, session.id))
                ),
            )
            for week in self.season.committed
        )

    def _history(self, today: date) -> tuple[PastRun, ...]:
        real = [
            PastRun(run.day, run.distance_m, run.duration_s)
            for run in self.runs
            if run.day >= today - HISTORY
        ]
        return (*self.before, *real)

    def _entries(self, first: date, last: date) -> Iterable[SessionRecord]:
        return (entry for entry in self.season.entries.values() if first <= entry.session.day <= last)

    def _situation(self, today: date) -> Situation:
        first = today - LOOK_BACK
        by_session = {run.session_id: run for run in self.runs if run.session_id is not None}
        entries = sorted(
            self._entries(first, today + timedelta(days=30)),
            key=lambda entry: (entry.session.day, entry.session.id),
        )
        return Situation(
            now=datetime.combine(today, time(6), tzinfo=UTC),
            zones=self.zones,
            entries=tuple(replace(entry, run=by_session.get(entry.session.id)) for entry in entries),
            runs=tuple(run for run in self.runs if run.day >= first),
            weeks=tuple(week for week in self.season.committed if week.start >= first),
            history=self._history(today),
            outcomes={family: tuple(outcomes[-8:]) for family, outcomes in self.outcomes.items()},
            conditions=self.conditions,
            spells=self.spells,
            answered=self.answered,
            availability=self.availability,
            limits=limits_of(Health(), today),
        )

    # --- the run

    def _run(self, number: int, today: date) -> None:
        habit = self.athlete.habit
        if any(away.first <= number < away.first + away.days for away in ABSENCES.get(habit, ())):
            return
        if habit is Habit.RACES and number in RACE_DAYS:
            self._race(today)
            return
        there = (entry for entry in self._entries(today, today) if entry.session.id not in self.ran)
        due = next((entry for entry in there if entry.is_due), None)
        if due is None or misses(habit, today.weekday(), self.random):
            return
        self._session(due, today)

    def _session(self, entry: SessionRecord, today: date) -> None:
        session, outcome = entry.session, None
        if session.kind is SessionKind.TEST:
            run = self._test(session, today)
        elif session.family in TOP_LEVEL:
            run, outcome = self._quality(session, today)
        else:
            run = self._easy(session, today)
        self.ran.add(session.id)
        self.season.runs.append(Run(today, run.distance_m, session))
        waits = known_after(self.athlete.habit, self.random)
        if waits is not None:
            self.uploads.append(_Upload(today + timedelta(days=waits), run, session, outcome))
        self._receive(today)

    def _easy(self, session: Session, today: date) -> DoneRun:
        over = easy_speed_over(self.athlete.habit)
        metres = session.distance_m
        if session.kind is SessionKind.LONG:
            metres *= long_run_over(self.athlete.habit, self.random)
        speed = easy_speed_mps(self.zones) * (1 + over)
        seconds = metres / speed
        self.body.load(seconds / 60, seconds / 60 * 2 * over)
        asked_over = (self.zones.vdot / self.body.day_vdot() - 1) * 100 + over * 100
        return self._done(session, today, metres, seconds, rpe=self.body.felt(3.0, max(asked_over, -2.0)))

    def _quality(self, session: Session, today: date) -> tuple[DoneRun, QualityOutcome]:
        reps = sum(step.count for step in session.workout.steps if isinstance(step, Repeat)) or 1
        over = (self.zones.vdot / self.body.day_vdot() - 1) * 100
        lost = min(1.0, max(0.0, over - 1.0) * _DROP_PER_PERCENT)
        in_band = sum(self.random.random() >= max(0.03, lost) for _ in range(reps))
        too_fast = sum(self.random.random() < 0.6 for _ in range(reps)) if over < -6.0 else 0
        middle = sum(session.rpe) / 2
        rpe = self.body.felt(middle, over)
        outcome = QualityOutcome(
            session_id=session.id,
            day=today,
            family=session.family,
            level=session.level,
            reps_planned=reps,
            reps_in_band=in_band,
            rpe=rpe,
            expected_rpe=session.rpe,
            confidence=0.9,
            score=None,
        )
        self.body.load(session.duration_s / 60, session.duration_s / 60 * 0.5)
        run = self._done(session, today, session.distance_m, session.duration_s, rpe=rpe)
        return replace(run, reps_planned=reps, reps_too_fast=too_fast), outcome

    def _test(self, session: Session, today: date) -> DoneRun:
        vdot = self.body.day_vdot()
        metres = measured_m(session)
        seconds = race_time_s(vdot, metres)
        kilometres = int(metres // 1000)
        even_s = seconds * 1000 / metres
        splits = tuple(even_s * (1 + self.random.uniform(-0.03, 0.03)) for _ in range(kilometres))
        effort = TimedEffort(metres, metres, seconds, splits, rpe=9.0)
        confirms = bool(self.judged_tests) and not self.judged_tests[-1][1]
        verdict = judged(effort, self.zones.vdot, confirms=confirms)
        self.judged_tests.append((today, verdict.valid))
        if verdict.valid:
            self.results.append(FitnessResult(today, metres, verdict.vdot, ResultOrigin.TEST))
        self.season.tests.append(today)
        self.body.load(session.duration_s / 60, seconds / 60)
        return self._done(session, today, session.distance_m, session.duration_s, rpe=9.0)

    def _race(self, today: date) -> None:
        seconds = race_time_s(self.body.day_vdot(), _RACE_M)
        self.body.load(seconds / 60, seconds / 60)
        run = DoneRun(f"race {today}", today, _RACE_M, seconds, held_s=1200.0, raced=True, rpe=9.0)
        self.runs.append(run)
        self.season.runs.append(Run(today, _RACE_M, None))

    def _done(
        self, session: Session, today: date, metres: float, seconds: float, *, rpe: float | None
    ) -> DoneRun:
        return DoneRun(
            id=session.id,
            day=today,
            distance_m=metres,
            duration_s=seconds,
            session_id=session.id,
            kind=session.kind,
            rpe=rpe,
        )
