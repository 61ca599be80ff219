"""The situation that the adaptation rules judge, read from state and settings."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from syncd.cycle.done_runs import done_runs
from syncd.cycle.lateness import late_days
from syncd.cycle.outcomes import quality_outcomes
from syncd.cycle.planning import (
    counting_zones,
    days_without_running,
    history,
    ladders_on,
    planned_race,
    recent_conditions,
)
from syncd.cycle.world import AHEAD, World
from syncd.domain.scoring.heat import Weather
from syncd.domain.training.health import limits_of
from syncd.domain.training.heat import HeatWord
from syncd.domain.training.rules.health_spells import health_spells
from syncd.domain.training.rules.situation import SessionRecord, Situation, Spell, Trouble
from syncd.store import Store
from syncd.store.overrides import Override, OverrideKind, needs_doctor

LOOK_BACK = timedelta(days=100)  # our default: eight weeks off, and the four weeks before them
SEEN = timedelta(days=400)  # our default: more than half a year off, and what was run before it


def situation_of(world: World, now: datetime, *, covered: bool) -> Situation:
    """The situation at `now`. `covered`: every source was read, so that what is missing was not run."""
    today = world.today(now)
    sessions = world.store.plan.between(today - LOOK_BACK, today + AHEAD)
    holding = world.store.overrides.holding()
    runs = done_runs(world, today - LOOK_BACK, today, sessions)
    by_session = {run.session_id: run for run in runs if run.session_id is not None}
    outcomes = quality_outcomes(world.store, today)
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
        history=history(world, today, SEEN),
        outcomes=outcomes,
        ladders=ladders_on(world, today, outcomes),
        conditions=recent_conditions(world, today),
        answered={key: world.today(at) for key, at in world.store.changes.decided().items()},
        spells=(*spells_of(world.store), *health_spells(world.health)),
        availability=world.availability,
        blocked=days_without_running(world, today),
        limits=limits_of(world.health, today),
        race=planned_race(world, today),
        covered=covered,
        by_effort=world.zones is None,
        pains=world.store.pains.since(today - LOOK_BACK),
        late_days=late_days(world, today, sessions),
        undone=world.store.changes.undone_keys(),
        heat=heat_words(world.store, today - LOOK_BACK),
    )


def heat_words(store: Store, since: date) -> tuple[HeatWord, ...]:
    """What the athlete said about heat, of days from one on, oldest first."""
    return tuple(
        HeatWord(
            id=override.id,
            first_day=override.first_day,
            last_day=override.last_day or override.first_day,
            weather=Weather(**override.detail) if override.detail else None,
            change=override.change_id,
        )
        for override in store.overrides.of([OverrideKind.HEAT])
        if (override.last_day or override.first_day) >= since
    )


def trouble_of(override: Override) -> Trouble:
    """Why nothing is run; an injury that a doctor has to look at first is a stop."""
    return Trouble.STOP if needs_doctor(override) else Trouble(override.kind.value)


def spells_of(store: Store) -> tuple[Spell, ...]:
    """Pauses, illness and injuries, over or not, oldest first."""
    return tuple(
        Spell(
            id=str(override.id),
            trouble=trouble_of(override),
            first_day=override.first_day,
            last_day=override.last_day,
            fever=bool(override.detail.get("fever")),
        )
        for override in store.overrides.time_off()
    )
