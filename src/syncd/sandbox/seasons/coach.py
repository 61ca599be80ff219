"""What syncd knows of a simulated athlete, and what it makes of it.

It takes the place of a sync without state on a disk: the same functions decide on the same facts, in the same
order. What a sync also does, and this does not: it plans a committed week again when runs of before
come in late.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from syncd.cycle.outcomes import GATES_LOOK_BACK, evidence_of
from syncd.cycle.outcomes import LOOK_BACK as OUTCOMES_LOOK_BACK
from syncd.cycle.paces import zones_on
from syncd.cycle.planning import HISTORY, remembered
from syncd.cycle.situation import LOOK_BACK
from syncd.cycle.taking_back import LOOKED_AT
from syncd.cycle.world import AHEAD, HORIZON_DAYS
from syncd.domain.athlete import Availability, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import (
    EASY_KINDS,
    MEASURED_KINDS,
    Phase,
    Session,
    SessionKind,
    SessionState,
    Week,
    monday_of,
    state_when_not_run,
    week_of,
)
from syncd.domain.training.adaptation import QualityOutcome
from syncd.domain.training.conditions import Condition, newest
from syncd.domain.training.evidence import broken
from syncd.domain.training.health import limits_of
from syncd.domain.training.ladder_levels import LadderState, ladders_after
from syncd.domain.training.lateness import LOOK_BACK as LATENESS_LOOK_BACK
from syncd.domain.training.lateness import usual_lateness
from syncd.domain.training.pain import Pain
from syncd.domain.training.phases import PhaseEvidence
from syncd.domain.training.races import EASY_DAYS_AFTER
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import Decision, adapt
from syncd.domain.training.rules.situation import DoneRun, Edit, SessionRecord, Situation, Spell, Trouble
from syncd.domain.training.rules.taking_back import taken_back
from syncd.domain.training.rules.unplanned_runs import hard_again_after
from syncd.domain.training.special_sessions import measured_m
from syncd.domain.training.validity import CONFIRMED_WITHIN, judged
from syncd.domain.training.validity import retest_from as retest_after
from syncd.domain.training.volume import recent_mean_m, weekly_distances
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zone_history import FitnessResult, ResultOrigin, breaks_of, waiting_since
from syncd.domain.training.zones import zones_from_vdot
from syncd.sandbox.seasons.athletes import LONGEST_SHARE, START, SimulatedAthlete
from syncd.sandbox.seasons.running import Performance

_WEEKS_AHEAD = 3
_MISSED_WITHIN = timedelta(days=4)
PACES, RETESTS = "A16", "A17"  # kept by the results, not by a rule that is asked
_HALF_YEAR = timedelta(weeks=27)


@dataclass(frozen=True, slots=True)
class JudgedEffort:
    """What a test or race was worth on the day that it was known. `far_slower`: it waits for a second one."""

    day: date
    valid: bool
    origin: ResultOrigin
    far_slower: bool


@dataclass(slots=True)
class Record:
    """What happened in a season, as far as the plan goes."""

    committed: list[Week] = field(default_factory=list)
    entries: dict[str, SessionRecord] = field(default_factory=dict)
    decisions: list[tuple[date, Decision]] = field(default_factory=list)
    repaced: list[date] = field(default_factory=list)
    tests: list[date] = field(default_factory=list)
    missed: int = 0
    asked: int = 0


class Coach:
    """The plan of an athlete, with the rules or without any. `without`: ids of rules that are not asked."""

    def __init__(
        self, athlete: SimulatedAthlete, *, adapted: bool = True, without: Collection[str] = ()
    ) -> None:
        self.athlete, self.adapted, self._without = athlete, adapted, frozenset(without)
        self.availability = Availability(athlete.days)
        self.before = history_from_summary(
            START, athlete.weekly_m, athlete.weekly_m * LONGEST_SHARE, athlete.days
        )
        self.record = Record()
        self.entered = zones_from_vdot(
            athlete.entered_vdot,
            as_of=START - timedelta(days=1),
            source=Reason(Cause.ENTERED_VDOT, {"vdot": athlete.entered_vdot}),
        )
        self.zones = self.entered
        self._results = [
            FitnessResult(START - timedelta(days=1), 5000.0, athlete.entered_vdot, ResultOrigin.ENTERED)
        ]
        self._verdicts: list[JudgedEffort] = []
        self._runs: list[DoneRun] = []
        self._past: list[PastRun] = []
        self._outcomes: dict[str, list[QualityOutcome]] = {}
        self._conditions: tuple[Condition, ...] = ()
        self._ladders: dict[str, LadderState] = {}
        self._answered: dict[str, date] = {}
        self._spells: tuple[Spell, ...] = ()
        self._pains: tuple[Pain, ...] = ()
        self._withdrawn: set[str] = set()
        self._weeks_before: dict[str, tuple[Week, ...]] = {}
        self._paces_depend_on: object = None
        self._news = False
        self._cycle_start_m = recent_mean_m(weekly_distances(self.before), START)
        self._late: list[tuple[date, int]] = []

    # --- what it hears

    def receive(self, done: Performance, today: date) -> None:
        """A run came in, on its day or later: the sync of each morning before did not know it."""
        self._news = True
        if done.session is not None:
            self._late.append((done.run.day, max(0, (today - done.run.day).days - 1)))
        self._runs = sorted([*self._runs, done.run], key=lambda run: (run.day, run.id))
        past = PastRun(done.run.day, done.run.distance_m, done.run.duration_s)
        self._past = sorted([*self._past, past], key=lambda run: run.day)
        if done.session is not None:
            entry = self.record.entries[done.session.id]
            self.record.missed -= entry.state is SessionState.MISSED
            self.record.entries[done.session.id] = replace(entry, state=SessionState.DONE, run=done.run)
        if done.outcome is not None:
            of_family = self._outcomes.setdefault(done.outcome.family, [])
            of_family.append(done.outcome)
            of_family.sort(key=lambda outcome: (outcome.day, outcome.session_id))
        if done.effort is not None:
            self._judge(done)

    def hear(self, spells: Iterable[Spell], today: date) -> None:
        """Troubles and holidays, as they are known by now. A holiday clears its days at once."""
        known, before = {spell.id for spell in self._spells}, self._spells
        self._spells = tuple(spells)
        self._news = self._news or self._spells != before
        for spell in self._spells:
            if self.adapted and spell.id not in known and spell.trouble is Trouble.PAUSE:
                for entry in self._between(today, spell.last_day or today + AHEAD):
                    if entry.is_due and spell.covers(entry.session.day):
                        self._set(replace(entry, state=SessionState.DROPPED))

    def hear_pain(self, day: date, worst: int) -> None:
        """Something hurt in the run of that day, but not so much that it is an injury."""
        number = len(self._pains) + 1
        self._pains = (*self._pains, Pain(number, day, worst, id=number))
        self._news = True

    def _judge(self, done: Performance) -> None:
        if done.effort is None:
            return
        day, planned = done.run.day, done.session is not None
        last = self._verdicts[-1] if self._verdicts else None
        confirms = last is not None and last.far_slower and day - last.day <= CONFIRMED_WITHIN
        verdict = judged(done.effort, self.zones.vdot, confirms=confirms)
        is_test = done.session is not None and done.session.kind is SessionKind.TEST
        origin = ResultOrigin.TEST if is_test else ResultOrigin.RACE
        counts = verdict.valid and (planned or verdict.vdot > self.zones.vdot)
        self._verdicts.append(JudgedEffort(day, counts, origin, verdict.why.code == Cause.FAR_SLOWER))
        if counts:
            self._results.append(FitnessResult(day, verdict.distance_m, verdict.vdot, origin))
        if is_test:
            self.record.tests.append(day)

    # --- what it does in the morning

    def morning(self, today: date) -> None:
        """One sync: close what was missed, judge, decide, plan."""
        self._close(today)
        if self.adapted:
            self._new_paces(today)
            self._take_back(today)
            self._ask_the_rules(today)
            self._new_paces(today)
        self._commit(today)

    def due_on(self, today: date) -> SessionRecord | None:
        """The session of a day that is still to be run."""
        return next((entry for entry in self._between(today, today) if entry.is_due), None)

    def _close(self, today: date) -> None:
        for entry in self._between(today - _MISSED_WITHIN, today):
            if not entry.is_due or state_when_not_run(entry.session.day, today) is SessionState.DUE:
                continue
            if self.adapted and self._is_beside_race(entry.session):
                self._set(replace(entry, state=SessionState.DROPPED))
                continue
            self._set(replace(entry, state=SessionState.MISSED))
            self.record.missed += 1

    def _is_beside_race(self, session: Session) -> bool:
        return session.kind is SessionKind.LONG and any(
            run.all_out and abs((run.day - session.day).days) <= 1 for run in self._runs[-4:]
        )

    def _new_paces(self, today: date) -> None:
        if PACES in self._without:
            return
        phase = next(
            (week.phase for week in reversed(self.record.committed) if week.start <= today), Phase.DISTANCE
        )
        breaks = breaks_of(self._conditions, today)
        depends_on = (len(self._results), phase, breaks, today if breaks else monday_of(today))
        if depends_on == self._paces_depend_on:
            return
        self._paces_depend_on = depends_on  # a rise is taken in steps of whole weeks
        zones = zones_on(self._results, self.entered, breaks, phase, today)
        if zones is not None and zones.vdot != self.zones.vdot and today not in self.record.repaced:
            self.record.repaced.append(today)
        self.zones = zones or self.zones

    def _take_back(self, today: date) -> None:
        """Withdraw what was decided on facts that are otherwise by now: runs and words are the facts."""
        if not self._news:
            return
        self._news = False
        situation: Situation | None = None
        for day, decision in reversed(self.record.decisions):
            key = decision.proposal.key
            if today - day > LOOKED_AT:
                break
            if key in self._withdrawn or not decision.proposal.rests_on:
                continue
            situation = situation or self._situation(today)
            if broken(decision.proposal.rests_on, situation) is not None:
                self._withdraw(decision, situation, today)
                situation = None

    def _withdraw(self, decision: Decision, situation: Situation, today: date) -> None:
        key, asked = decision.proposal.key, decision.proposal.condition
        self._withdrawn.add(key)
        self._answered.pop(key, None)
        self._conditions = tuple(held for held in self._conditions if held != asked)
        found = taken_back(replace(situation, conditions=remembered(self._conditions, today)), decision.edits)
        for edit in found.restored:
            self._restore(edit, today)
        was = {week.start: week for week in self._weeks_before.get(key, ())}
        self.record.committed = [was.get(week.start, week) for week in self.record.committed]

    def _restore(self, edit: Edit, today: date) -> None:
        entry = self.record.entries[edit.session_id]
        if edit.after is None:
            self._set(replace(entry, state=SessionState.DROPPED))
            return
        state = entry.state
        if state is SessionState.DROPPED:
            state = state_when_not_run(edit.after.day, today)
        self._set(replace(entry, session=edit.after, state=state))

    def _ask_the_rules(self, today: date) -> None:
        decisions, then = adapt(self._situation(today), self._planner(today), without=self._without)
        if not decisions:
            return
        self.record.entries |= {entry.session.id: entry for entry in then.entries}
        for decision in decisions:
            self._withdrawn.discard(decision.proposal.key)
            if decision.weeks:
                self._weeks_before[decision.proposal.key] = tuple(self.record.committed)
            if decision.proposal.condition is not None:
                self._conditions = (*self._conditions, decision.proposal.condition)
        weeks = {week.start: week for week in then.weeks}
        self.record.committed = [weeks.get(week.start, week) for week in self.record.committed]
        self._answered = dict(then.answered)
        self.record.decisions += [(today, decision) for decision in decisions]

    def _commit(self, today: date) -> None:
        known = {week.start for week in self.record.committed}
        last = monday_of(today + timedelta(days=HORIZON_DAYS - 1))
        wanted = 1 + (last - monday_of(today)).days // 7
        if all(monday_of(today) + timedelta(weeks=ahead) in known for ahead in range(wanted)):
            return
        for week in plan_weeks(self._inputs(today, wanted, remembered(self._conditions, today))):
            if week.start not in known:
                self.record.committed.append(week)
                for session in week.sessions:
                    self._set(SessionRecord(session))
                    self.record.asked += 1

    # --- what it goes by

    def _planner(self, today: date) -> Callable[[Situation], tuple[Week, ...]]:
        def planned(then: Situation) -> tuple[Week, ...]:
            inputs = self._inputs(today, _WEEKS_AHEAD, then.conditions)
            before = tuple(week for week in inputs.kept if week.start < monday_of(today))
            return plan_weeks(replace(inputs, kept=before))

        return planned

    def _inputs(self, today: date, weeks: int, conditions: tuple[Condition, ...]) -> PlanInputs:
        levels = {family: ladder.decision for family, ladder in self._ladders_on(today).items()}
        retest = retest_after(
            [
                (verdict.day, verdict.valid)
                for verdict in self._verdicts
                if verdict.origin is ResultOrigin.TEST
            ],
            today,
            waiting_since(self._results, today),
        )
        return PlanInputs(
            first_day=today,
            availability=self.availability,
            zones=self.zones,
            history=self._history(today),
            weeks=weeks,
            phase_start=START,
            levels={family: decision.level for family, decision in levels.items()},
            kept=self._kept(),
            goal=self.athlete.goal,
            cycle_start_m=self._cycle_start_m,
            race=self.athlete.race,
            blocked=self._blocked(today),
            health=self.athlete.health,
            evidence=self._evidence(today),
            retest_from=retest if self.adapted and RETESTS not in self._without else None,
            conditions=conditions,
            hard_from=self._hard_from(today) if self.adapted else None,
        )

    def _situation(self, today: date) -> Situation:
        first = today - LOOK_BACK
        entries = sorted(
            self._between(first, today + AHEAD), key=lambda entry: (entry.session.day, entry.session.id)
        )
        return Situation(
            now=datetime.combine(today, time(6), tzinfo=UTC),
            zones=self.zones,
            entries=tuple(entries),
            runs=tuple(run for run in self._runs if run.day >= first),
            weeks=tuple(week for week in self.record.committed if week.start >= first),
            history=self._history(today),
            outcomes=self._recent_outcomes(today),
            ladders=self._ladders_on(today),
            conditions=remembered(self._conditions, today),
            spells=self._spells,
            answered=self._answered,
            availability=self.availability,
            blocked=self._blocked(today),
            limits=limits_of(self.athlete.health, today),
            race=self.athlete.race,
            pains=self._pains,
            late_days=usual_lateness(late for day, late in self._late if day >= today - LATENESS_LOOK_BACK),
        )

    def _ladders_on(self, today: date) -> dict[str, LadderState]:
        """The ladders as they are kept from one day to the next, as in a sync."""
        returns = [asked for asked in newest(remembered(self._conditions, today)) if asked.first_day <= today]
        since = today - OUTCOMES_LOOK_BACK
        self._ladders = ladders_after(self._ladders, self._recent_outcomes(today), returns, since)
        return self._ladders

    def _recent_outcomes(self, today: date) -> Mapping[str, tuple[QualityOutcome, ...]]:
        first = today - OUTCOMES_LOOK_BACK
        return {
            family: recent
            for family, outcomes in self._outcomes.items()
            if (recent := tuple(outcome for outcome in outcomes if outcome.day >= first))
        }

    def _evidence(self, today: date) -> PhaseEvidence:
        easy = [
            entry
            for entry in self._between(today - GATES_LOOK_BACK, today)
            if entry.session.kind in EASY_KINDS
        ]
        done = [entry.run for entry in easy if entry.state is SessionState.DONE and entry.run is not None]
        missed = sum(entry.state is SessionState.MISSED for entry in easy)
        felt = [run.rpe for run in done if run.rpe]
        runs = [run for run in self._past if run.day >= today - _HALF_YEAR]
        return evidence_of(len(done), missed, felt, runs, today)

    def _hard_from(self, today: date) -> date | None:
        first = today - timedelta(days=max(EASY_DAYS_AFTER.values()))
        recent = [run for run in self._runs[-40:] if run.day >= first]
        return hard_again_after(recent, limits_of(self.athlete.health, today))

    def _blocked(self, today: date) -> frozenset[date]:
        if not self.adapted or not self._spells:
            return frozenset()
        ahead = (today + timedelta(days=days) for days in range(AHEAD.days + 1))
        return frozenset(day for day in ahead if any(spell.covers(day) for spell in self._spells))

    def _history(self, today: date) -> tuple[PastRun, ...]:
        return (*self.before, *(run for run in self._past if run.day >= today - HISTORY))

    def _kept(self) -> tuple[Week, ...]:
        by_week: dict[date, list[Session]] = {}
        for entry in self.record.entries.values():
            if entry.state is not SessionState.DROPPED:
                by_week.setdefault(week_of(entry.session.id), []).append(entry.session)
        for sessions in by_week.values():
            sessions.sort(key=lambda session: (session.day, session.id))
        return tuple(
            replace(week, sessions=tuple(by_week.get(week.start, ()))) for week in self.record.committed
        )

    def _between(self, first: date, last: date) -> list[SessionRecord]:
        return [entry for entry in self.record.entries.values() if first <= entry.session.day <= last]

    def _set(self, entry: SessionRecord) -> None:
        self.record.entries[entry.session.id] = entry


def asked_m(session: Session) -> float:
    """Over how many metres a test or a race is judged; 0 for everything else."""
    return measured_m(session) if session.kind in MEASURED_KINDS else 0.0
