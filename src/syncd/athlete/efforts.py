"""How hard a run felt, as the athlete enters it: it outranks every recording."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.rescoring import rescore_run
from syncd.cycle.world import World
from syncd.store.overrides import Override, OverrideKind
from syncd.store.scores import StoredScore


def enter_effort(world: World, activity_id: int, effort: float, now: datetime) -> StoredScore | None:
    """Keep the effort and score the run again; None where there is no such run."""
    run = world.store.activities.get(activity_id)
    if run is None or not run.is_run:
        return None
    override = Override(OverrideKind.RPE, now, run.day, activity_id=activity_id, detail={"rpe": effort})
    with world.store.transaction():
        world.store.overrides.add(override)
        world.store.activities.set_rpe(activity_id, effort)
        rescore_run(world, activity_id, now)
    return world.store.scores.newest_of(activity_id)
