"""A life with a plan, week after week: runs are missed, A7 answers, the next week is planned."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from syncd.domain.athlete import PastRun
from syncd.domain.session import Session, SessionState, Week, WeekKind
from syncd.domain.training.conditions import Condition
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.rules.situation import DoneRun, SessionRecord, Situation
from syncd.domain.training.rules.too_little import too_little
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.athletes import article_runner, as_run


@dataclass(frozen=True)
class Life:
    """The weeks that were planned, the runs that were run, and the next full week's volume."""

    weeks: tuple[Week, ...]
    runs: tuple[PastRun, ...]
    conditions: tuple[Condition, ...]
    next_full_m: float


def lived_through(weeks: int, is_missed: Callable[[Session], bool], runner: PlanInputs | None = None) -> Life:
    """So many weeks of which the sessions that `is_missed` names were not run."""
    runner = runner or article_runner()
    kept: list[Week] = []
    entries: list[SessionRecord] = []
    runs: list[DoneRun] = []
    conditions: list[Condition] = []
    answered: dict[str, date] = {}
    monday = runner.first_day
    for _ in range(weeks):
        week = _next_weeks(runner, kept, runs, conditions, monday)[0]
        kept.append(week)
        for session in week.sessions:
            gone = is_missed(session)
            run = None
            if not gone:
                done = as_run(session)
                run = DoneRun(
                    session.id, done.day, done.distance_m, done.duration_s, session.id, session.kind
                )
                runs.append(run)
            state = SessionState.MISSED if gone else SessionState.DONE
            entries.append(SessionRecord(session, state, run=run))
        monday += timedelta(weeks=1)
        situation = Situation(
            now=datetime.combine(monday, datetime.min.time(), tzinfo=UTC) + timedelta(hours=6),
            zones=runner.zones,
            entries=tuple(entries),
            runs=tuple(runs),
            weeks=tuple(kept),
            history=(*runner.history, *map(_past, runs)),
            conditions=tuple(conditions),
            answered=answered,
            availability=runner.availability,
        )
        for proposal in too_little(situation):
            answered[proposal.key] = monday
            if proposal.condition is not None:
                conditions.append(proposal.condition)
    ahead = _next_weeks(runner, kept, runs, conditions, monday)
    full = next(week for week in ahead[1:] if week.kind is WeekKind.BUILD)
    return Life(tuple(kept), tuple(map(_past, runs)), tuple(conditions), full.distance_m)


def weekly_run_m(life: Life) -> list[float]:
    """What was run in each week."""
    return [
        sum(run.distance_m for run in life.runs if week.start <= run.day < week.start + timedelta(weeks=1))
        for week in life.weeks
    ]


def _next_weeks(
    runner: PlanInputs, kept: list[Week], runs: list[DoneRun], conditions: list[Condition], monday: date
) -> tuple[Week, ...]:
    return plan_weeks(
        replace(
            runner,
            first_day=monday,
            history=(*runner.history, *map(_past, runs)),
            kept=tuple(kept),
            conditions=tuple(conditions),
            weeks=6,
        )
    )


def _past(run: DoneRun) -> PastRun:
    return PastRun(run.day, run.distance_m, run.duration_s)
