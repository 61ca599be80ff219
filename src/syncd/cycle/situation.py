"""The situation that the adaptation rules judge, read from state and settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from syncd.cycle.outcomes import quality_outcomes
from syncd.cycle.planning import counting_zones, days_without_running, history, recent_conditions
from syncd.cycle.world import AHEAD, World
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.card import StepRow, Strain
from syncd.domain.training.health import limits_of
from syncd.domain.training.rules.situation import DoneRun, SessionRecord, Situation, Spell, Trouble
from syncd.domain.workout import PaceBand
from syncd.store import Store
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

LOOK_BACK = timedelta(days=100)  # our default: eight weeks off, and the four weeks before them
_WITHOUT_RUN = frozenset({Method.WITHDRAWN, Method.JOINED})


def situation_of(world: World, now: datetime, *, covered: bool) -> Situation:
    """The situation at `now`. `covered`: every source was read, so that what is missing was not run."""
    today = world.today(now)
    sessions = world.store.plan.between(today - LOOK_BACK, today + AHEAD)
    holding = world.store.overrides.holding()
    runs = _runs(world, today, sessions)
    by_session = {run.session_id: run for run in runs if run.session_id is not None}
    return Situation(
        now=now.astimezone(world.zone),
        zones=counting_zones(world, today),
        entries=tuple(
            SessionRecord(
                session.session,
                session.state,
                held=session.session.id in holding,
                run=by_session.get(session.session.id),
            )
            for session in sessions
        ),
        runs=runs,
        weeks=world.store.plan.weeks(since=today - LOOK_BACK),
        history=history(world, today),
        outcomes=quality_outcomes(world.store, today),
        conditions=recent_conditions(world, today),
        answered={key: world.today(at) for key, at in world.store.changes.decided().items()},
        spells=spells_of(world.store),
        availability=world.availability,
        blocked=days_without_running(world, today),
        limits=limits_of(world.health, today),
        race=world.race,
        covered=covered,
        by_effort=world.zones is None,
    )


def _runs(world: World, today: date, sessions: Iterable[CommittedSession]) -> tuple[DoneRun, ...]:
    """Every run of the last `LOOK_BACK`, oldest first; one recorded in parts is one run."""
    planned = {session.activity_id: session for session in sessions if session.activity_id is not None}
    runs = []
    for summary in world.store.activities.summaries(today - LOOK_BACK, today):
        stored = world.store.scores.newest_of(summary.id)
        if not summary.is_run or stored is None or stored.method in _WITHOUT_RUN:
            continue
        runs.append(_run(world, summary, stored, planned.get(summary.id)))
    return tuple(runs)


def _run(
    world: World, summary: ActivitySummary, stored: StoredScore, session: CommittedSession | None
) -> DoneRun:
    strain = stored.strain or Strain()
    weather = world.store.details.weather_of(summary.id)
    reps = [] if stored.card is None else [row for row in stored.card.steps if row.rep is not None]
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
        climb_m_per_km=strain.climb_m_per_km,
        reps_planned=len(reps),
        reps_too_fast=sum(map(_is_quick, reps)),
        held_s=strain.held_s,
    )


def _is_quick(row: StepRow) -> bool:
    """Outside its band, and on the quick side."""
    band = row.planned.target if row.planned else None
    ran = row.pace_s_per_km
    return (
        row.in_band is False and isinstance(band, PaceBand) and ran is not None and ran < band.fast_s_per_km
    )


def spells_of(store: Store) -> tuple[Spell, ...]:
    """Pauses, illness and injuries, over or not, oldest first."""
    return tuple(
        Spell(
            id=str(override.id),
            trouble=Trouble(override.kind.value),
            first_day=override.first_day,
            last_day=override.last_day,
        )
        for override in store.overrides.time_off()
    )
