"""The runs that were done, as the rules judge them: with what they cost, and how hard they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.cycle.world import World
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.card import StepRow, Strain
from syncd.domain.scoring.race_effort import is_all_out
from syncd.domain.training.hardness import ALL_OUT_RPE
from syncd.domain.training.rules.situation import DoneRun
from syncd.domain.workout import PaceBand
from syncd.store.activities import ActivitySummary
from syncd.store.overrides import OverrideKind
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

_WITHOUT_RUN = frozenset({Method.WITHDRAWN, Method.JOINED})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up once for all runs."""

    sessions: dict[int, CommittedSession]
    races: frozenset[int]


def done_runs(
    world: World, first: date, last: date, sessions: Iterable[CommittedSession]
) -> tuple[DoneRun, ...]:
    """Every run of these days, oldest first; one recorded in parts is one run. `sessions`: of the days
    around, which the runs may have completed.
    """
    planned = {session.activity_id: session for session in sessions if session.activity_id is not None}
    known = _Known(planned, races_between(world, first, last))
    runs = []
    for summary in world.store.activities.summaries(first, last):
        stored = world.store.scores.newest_of(summary.id)
        if summary.is_run and stored is not None and stored.method not in _WITHOUT_RUN:
            runs.append(_done_run(world, summary, stored, known))
    return tuple(runs)


def recent_runs(world: World, today: date, days: int) -> tuple[DoneRun, ...]:
    """The runs of the last days, today's among them."""
    first = today - timedelta(days=days)
    sessions = world.store.plan.between(first - timedelta(days=days), today + timedelta(days=days))
    return done_runs(world, first, today, sessions)


def races_between(world: World, first: date, last: date) -> frozenset[int]:
    """The runs of these days that a service or the athlete calls a race."""
    return world.store.race_marks.between(first, last) | entered_races(world)


def entered_races(world: World) -> frozenset[int]:
    """The runs that the athlete called a race here."""
    entered = world.store.overrides.of([OverrideKind.RACE])
    return frozenset(override.activity_id for override in entered if override.activity_id is not None)


def _done_run(world: World, summary: ActivitySummary, stored: StoredScore, known: _Known) -> DoneRun:
    strain = stored.strain or Strain()
    weather = world.store.details.weather_of(summary.id)
    session = known.sessions.get(summary.id)
    reps = [] if stored.card is None else [row for row in stored.card.steps if row.rep is not None]
    raced = summary.id in known.races
    return DoneRun(
        id=str(summary.id),
        day=summary.day,
        distance_m=summary.distance_m or 0.0,
        duration_s=summary.timer_s,
        session_id=session.session.id if session else None,
        kind=session.session.kind if session else None,
        confidence=stored.confidence if session else 1.0,
        rpe=summary.rpe,
        above_lt1=strain.above_lt1,
        decoupling=strain.decoupling,
        temperature_c=weather[0] if weather else None,
        dew_point_c=weather[1] if weather else None,
        climb_m_per_km=strain.climb_m_per_km,
        reps_planned=len(reps),
        reps_too_fast=sum(map(is_too_fast, reps)),
        held_s=strain.held_s,
        work=strain.work,
        raced=raced,
        all_out=raced or _is_all_out(summary, stored),
        as_planned=session is not None and session.session.hard,
    )


def _is_all_out(summary: ActivitySummary, stored: StoredScore) -> bool:
    """As good as a race: it stands for a hard session, it is as quick as one, or it felt like one."""
    race = stored.strain.race if stored.strain else None
    felt = summary.rpe is not None and summary.rpe >= ALL_OUT_RPE and race is not None
    return stored.method is Method.REPLACED or felt or is_all_out(race)


def is_too_fast(row: StepRow) -> bool:
    """Outside its band, and on the quick side."""
    band = row.planned.target if row.planned else None
    ran = row.pace_s_per_km
    return (
        row.in_band is False and isinstance(band, PaceBand) and ran is not None and ran < band.fast_s_per_km
    )
