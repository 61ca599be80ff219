"""Runs that do not count any more, and runs that count again. Nothing that is known of them goes."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.assessment import free_session_of
from syncd.cycle.world import World


def withdraw(world: World, activity_id: int, why: str, now: datetime) -> None:
    """The run is no load, and the session that it completed is open again, or missed."""
    with world.store.transaction():
        free_session_of(world, activity_id, why, now)
        world.store.activities.withdraw(activity_id, why)


def restore(world: World, activity_id: int) -> bool:
    """It counts again, and is looked at like a new one; whether it did not count."""
    run = world.store.activities.get(activity_id)
    if run is None or run.withdrawn is None:
        return False
    world.store.activities.restore(activity_id)
    return True
