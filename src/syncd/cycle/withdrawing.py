"""Runs that do not count any more, or are looked at again. Nothing that is known of them goes."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.assessment import free_session_of
from syncd.cycle.world import World


def withdraw(world: World, activity_id: int, why: str, now: datetime) -> None:
    """The run is no load, and the session that it completed is open again, or missed."""
    with world.store.transaction():
        _take_back_changes(world, activity_id, now)
        free_session_of(world, activity_id, why, now)
        world.store.activities.withdraw(activity_id, why)


def _take_back_changes(world: World, activity_id: int, now: datetime) -> None:
    """What the run did to its session is undone."""
    stored = world.store.scores.newest_of(activity_id)
    if stored is None or stored.session_id is None:
        return
    for change in world.store.changes.of_session(stored.session_id):
        if change.evidence.get("activity") == activity_id and change.undone_at is None:
            world.store.changes.undo(change.id, now)


def look_again(world: World, activity_id: int, why: str, now: datetime) -> None:
    """What the run was is decided anew by the next `assess`. In a transaction."""
    _take_back_changes(world, activity_id, now)
    free_session_of(world, activity_id, why, now)
