"""What the adaptation rules look at, read from state and settings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from syncd.cycle.outcomes import quality_outcomes
from syncd.cycle.planning import counting_zones, days_without_running, history, recent_conditions
from syncd.cycle.world import AHEAD, World
from syncd.domain.scoring.attribution import Method
from syncd.domain.training.health import limits_of
from syncd.domain.training.rules.situation import DoneRun, Entry, Situation, Spell, Trouble
from syncd.store import Store
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

LOOK_BACK = timedelta(days=100)  # our default: eight weeks off, and the four weeks before them
_WITHOUT_RUN = frozenset({Method.WITHDRAWN.value, Method.JOINED.value})


def situation_of(world: World, now: datetime, *, covered: bool) -> Situation:
    """The situation at `now`. `covered`: every source was read, so that what is missing was not run."""
    today = world.today(now)
    sessions = world.store.plan.between(today - LOOK_BACK, today + AHEAD)
    holding = world.store.words.holding()
    runs = _runs(world, today, sessions)
    by_session = {run.session_id: run for run in runs if run.session_id is not None}
    return Situation(
        now=now.astimezone(world.zone),
        zones=counting_zones(world, today),
        entries=tuple(
            Entry(
                each.session,
                each.state,
                held=each.session.id in holding,
                run=by_session.get(each.session.id),
            )
            for each in sessions
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
    """Every run of the time looked back on, oldest first; one recorded in parts is one run."""
    planned = {each.activity_id: each for each in sessions if each.activity_id is not None}
    found = []
    for summary in world.store.activities.summaries(today - LOOK_BACK, today):
        stored = world.store.scores.newest_of(summary.id)
        if not summary.is_run or stored is None or stored.method in _WITHOUT_RUN:
            continue
        found.append(_run(world, summary, stored, planned.get(summary.id)))
    return tuple(found)


def _run(
    world: World, summary: ActivitySummary, stored: StoredScore, session: CommittedSession | None
) -> DoneRun:
    payload = json.loads(stored.payload)
    strain = payload.get("strain", {})
    weather = world.store.details.weather_of(summary.id)
    planned, too_fast = _reps(payload)
    return DoneRun(
        id=str(summary.id),
        day=summary.day,
        distance_m=summary.distance_m or 0.0,
        duration_s=summary.timer_s,
        session_id=session.session.id if session else None,
        kind=session.session.kind if session else None,
        confidence=stored.confidence if session else 1.0,
        rpe=summary.rpe,
        above_lt1=strain.get("above_lt1"),
        decoupling=strain.get("decoupling"),
        temperature_c=weather[0] if weather else None,
        climb_m_per_km=strain.get("climb_m_per_km"),
        reps_planned=planned,
        reps_too_fast=too_fast,
        held_s=strain.get("held_s") or 0.0,
    )


def _reps(payload: dict[str, Any]) -> tuple[int, int]:
    """Repetitions that were planned, and those run quicker than their band."""
    reps = [row for row in payload.get("steps", ()) if row.get("rep") is not None]
    return len(reps), sum(map(_is_quick, reps))


def _is_quick(row: dict[str, Any]) -> bool:
    asked, ran = (row.get("planned") or {}).get("pace_s_per_km"), row["actual"]["pace_s_per_km"]
    return row["in_band"] is False and asked is not None and ran is not None and bool(ran < asked[0])


def spells_of(store: Store) -> tuple[Spell, ...]:
    """Over or not, oldest first."""
    return tuple(
        Spell(
            id=str(word.id),
            trouble=Trouble(word.kind.value),
            first_day=word.first_day,
            last_day=word.last_day,
        )
        for word in store.words.time_off()
    )
