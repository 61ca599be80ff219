"""What the athlete trains for, by command: it outranks the configuration until that is edited.

An override remembers what the configuration said then. Once the file says something else, the file
is the newer decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from syncd.athlete.rebuilding import rebuild_ahead
from syncd.athlete.sessions import EditOutcome, OverrideError
from syncd.cycle.world import World
from syncd.domain.athlete import Goal, Race, RacePriority
from syncd.domain.day_text import dated_text
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, monday_of
from syncd.domain.training.health_answers import marathon_allowed
from syncd.domain.training.reasons import Cause
from syncd.report.aim_texts import goal_text, phase_text
from syncd.store import Store
from syncd.store.overrides import Override, OverrideKind


def goal_in_force(store: Store, goal: Goal, race: Race | None) -> tuple[Goal, Race | None]:
    """The goal and race in force, where the configuration says `goal` and `race`."""
    override = store.overrides.newest(OverrideKind.GOAL)
    if override is None or override.detail["over"] != _written(goal, race):
        return goal, race
    return _read(override.detail["said"])


def phase_in_force(store: Store, phase: Phase | None) -> Phase | None:
    """The phase in force; None leaves it to the plan."""
    override = store.overrides.newest(OverrideKind.PHASE)
    if override is None or override.detail["over"] != (phase.value if phase else "auto"):
        return phase
    chosen = override.detail["said"]
    return None if chosen == "auto" else Phase(chosen)


def set_goal(
    world: World, configured: tuple[Goal, Race | None], goal: Goal, race: Race | None, now: datetime
) -> EditOutcome:
    """Set another goal, with or without a race. Raises OverrideError, and PlanError without a way there."""
    today = world.today(now)
    if race is not None and goal is Goal.NONE:
        raise OverrideError("a race needs a distance: syncd goal 10k --race DATE")
    if race is not None and race.day < today:
        raise OverrideError(f"the race on {dated_text(race.day, today)} is past: give a day in the future")
    if goal is Goal.MARATHON and not marathon_allowed(world.health, race.day if race else today):
        raise OverrideError(
            "no marathon before age 18 (your birth year): set another goal, such as syncd goal half"
        )
    if (goal, race) == (world.goal, world.race):
        raise OverrideError(f"{goal_text(goal, race)} is your goal already")
    detail = {"said": _written(goal, race), "over": _written(*configured)}
    wanted = replace(world, goal=goal, race=race)
    reason = Reason(Cause.GOAL_SET, _written(goal, race))
    return _keep(wanted, Override(OverrideKind.GOAL, now, today, detail=detail), reason, now)


def set_phase(world: World, configured: Phase | None, phase: Phase | None, now: datetime) -> EditOutcome:
    """Set another phase from this week on; None gives the choice back to the plan. Raises OverrideError."""
    if phase is world.phase:
        raise OverrideError(f"the phase is {phase_text(phase)} already")
    over = configured.value if configured else "auto"
    detail = {"said": phase.value if phase else "auto", "over": over}
    wanted = replace(world, phase=phase)
    reason = Reason(Cause.PHASE_SET, {"phase": phase.value if phase else None})
    return _keep(
        wanted, Override(OverrideKind.PHASE, now, monday_of(world.today(now)), detail=detail), reason, now
    )


def _keep(wanted: World, override: Override, reason: Reason, now: datetime) -> EditOutcome:
    """Keep the override and plan anew; neither is kept where no plan is possible."""
    with wanted.store.transaction():
        kept = wanted.store.overrides.add(override)
        changes = rebuild_ahead(wanted, now, reason, key=f"{override.kind.value}:{kept.id}")
        if changes:
            wanted.store.overrides.caused(kept.id, changes[0].id)
    return EditOutcome(changes)


def _written(goal: Goal, race: Race | None) -> dict[str, Any]:
    return {
        "goal": goal.value,
        "race": race.day.isoformat() if race else None,
        "priority": race.priority.value if race else None,
    }


def _read(chosen: Mapping[str, Any]) -> tuple[Goal, Race | None]:
    goal = Goal(chosen["goal"])
    if chosen["race"] is None:
        return goal, None
    return goal, Race(date.fromisoformat(chosen["race"]), goal, RacePriority(chosen["priority"]))
