"""A runner some weeks into a plan that was followed, and what can happen to it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from syncd.domain.athlete import PastRun
from syncd.domain.session import Session, SessionKind, SessionState, Week, monday_of
from syncd.domain.training.adaptation import QualityOutcome
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.rules.decisions import Decision, decide
from syncd.domain.training.rules.situation import (
    DoneRun,
    RuleProposal,
    SessionRecord,
    Situation,
    Spell,
    Trouble,
)
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.athletes import MONDAY, article_runner

RUNNER = replace(article_runner(30))
PLAN = plan_weeks(RUNNER)
TODAY = MONDAY + timedelta(weeks=6)  # a Monday, at 6 in the morning


def day_of(days: int) -> date:
    """`days` after today, negative before."""
    return TODAY + timedelta(days=days)


def run_of(session: Session, **facts) -> DoneRun:
    """The session as it was planned."""
    values = {"id": f"run {session.id}", "session_id": session.id, "kind": session.kind}
    reps = {"reps_planned": 4} if session.family in {"hm_m", "race_pace"} else {}
    return DoneRun(
        day=session.day,
        distance_m=session.distance_m,
        duration_s=session.duration_s,
        **(values | reps | facts),
    )


def lived(today: date = TODAY, plan: tuple[Week, ...] = PLAN) -> Situation:
    """Everything before today was run as planned; the rest of the horizon is due."""
    committed = [week for week in plan if week.start <= monday_of(today + timedelta(days=9))]
    entries = []
    for session in (session for week in committed for session in week.sessions):
        done = session.day < today
        run = run_of(session) if done else None
        entries.append(SessionRecord(session, SessionState.DONE if done else SessionState.DUE, run=run))
    runs = tuple(entry.run for entry in entries if entry.run is not None)
    return Situation(
        now=datetime.combine(today, datetime.min.time(), tzinfo=UTC) + timedelta(hours=6),
        zones=RUNNER.zones,
        entries=tuple(entries),
        runs=runs,
        weeks=tuple(committed),
        history=(*RUNNER.history, *map(_past, runs)),
        availability=RUNNER.availability,
    )


def _past(run: DoneRun) -> PastRun:
    return PastRun(run.day, run.distance_m, run.duration_s)


def missed(situation: Situation, *sessions: Session) -> Situation:
    """These sessions were not run, and everybody knows."""
    gone = {session.id for session in sessions}
    entries = tuple(
        replace(each, state=SessionState.MISSED, run=None) if each.session.id in gone else each
        for each in situation.entries
    )
    lost = {run for run in situation.runs if run.session_id in gone}
    return _with_runs(replace(situation, entries=entries), [run for run in situation.runs if run not in lost])


def without_runs(situation: Situation, days: int) -> Situation:
    """Nothing was run for so many days up to yesterday."""
    first = situation.today - timedelta(days=days)
    return missed(
        situation, *(e.session for e in situation.entries if first <= e.session.day < situation.today)
    )


def also_run(situation: Situation, *runs: DoneRun) -> Situation:
    """Runs more, on their days."""
    return _with_runs(situation, [*situation.runs, *runs])


def changed(situation: Situation, **by_kind) -> Situation:
    """The last runs of a kind, oldest first, with other values: `easy=[{"rpe": 6}, ...]`."""
    runs = list(situation.runs)
    for kind, values in by_kind.items():
        places = [n for n, run in enumerate(runs) if run.kind == kind][-len(values) :]
        for place, facts in zip(places, values, strict=True):
            runs[place] = replace(runs[place], **facts)
    return _with_runs(situation, runs)


def easy_runs(situation: Situation, *values: dict) -> Situation:
    """The last easy runs of any kind (long ones too), with other values, oldest first."""
    easy = {SessionKind.EASY, SessionKind.LONG, SessionKind.RECOVERY}
    runs = list(situation.runs)
    places = [n for n, run in enumerate(runs) if run.kind in easy]
    places = places[len(places) - len(values) :]
    for place, facts in zip(places, values, strict=True):
        runs[place] = replace(runs[place], **facts)
    return _with_runs(situation, runs)


def _with_runs(situation: Situation, runs: Iterable[DoneRun]) -> Situation:
    ordered = tuple(sorted(runs, key=lambda run: (run.day, run.id)))
    by_session = {run.session_id: run for run in ordered if run.session_id}
    entries = tuple(replace(each, run=by_session.get(each.session.id)) for each in situation.entries)
    return replace(situation, entries=entries, runs=ordered, history=(*RUNNER.history, *map(_past, ordered)))


def planned(situation: Situation, kind: str, *, first: date | None = None) -> Session:
    """The first session of a kind (or family) that is still due from a day on."""
    day = first or situation.today
    return next(
        each.session
        for each in situation.entries
        if each.is_due and each.session.day >= day and kind in (each.session.kind, each.session.family)
    )


def last(situation: Situation, kind: str) -> Session:
    """The last session of a kind (or family) before today."""
    return next(
        each.session
        for each in reversed(situation.entries)
        if each.session.day < situation.today and kind in (each.session.kind, each.session.family)
    )


def held(situation: Situation, session: Session) -> Situation:
    """The athlete pinned it."""
    entries = tuple(
        replace(each, held=True) if each.session.id == session.id else each for each in situation.entries
    )
    return replace(situation, entries=entries)


def spell(trouble: Trouble, first: int, until: int | None, **facts) -> Spell:
    """Days from today."""
    return Spell("s1", trouble, day_of(first), None if until is None else day_of(until), **facts)


def outcome(session: Session, in_band: int, of: int = 4, **facts) -> QualityOutcome:
    values = {"rpe": None, "expected_rpe": (5, 6), "confidence": 0.9, "score": 80} | facts
    return QualityOutcome(session.id, session.day, session.family, session.level, of, in_band, **values)


def later(situation: Situation, days: int) -> Situation:
    """The same situation, so many days later."""
    return replace(situation, now=situation.now + timedelta(days=days))


def planner_of(runner: PlanInputs) -> Callable[[Situation], tuple[Week, ...]]:
    """Who plans the weeks from this one on, under the conditions of a situation."""

    def planned(situation: Situation) -> tuple[Week, ...]:
        monday = monday_of(situation.today)
        return plan_weeks(
            replace(
                runner,
                first_day=situation.today,
                history=situation.history,
                weeks=3,
                kept=tuple(week for week in situation.weeks if week.start < monday),
                conditions=situation.conditions,
            )
        )

    return planned


planner = planner_of(RUNNER)


def said(situation: Situation, rule: str) -> list[Decision]:
    """What a rule decides, all rules asked."""
    return [each for each in decide(situation, planner) if each.rule == rule]


def proposed(rule, situation: Situation) -> list[RuleProposal]:
    """What one rule proposes, alone."""
    return list(rule(situation))
