"""Runs that do not count any more, and runs that count again. Nothing that is known of them goes."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.assessment import free_session_of
from syncd.cycle.world import World
from syncd.formats.recording import TOLD_KINDS, kind_of
from syncd.store import Store


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


def restore(world: World, activity_id: int) -> bool:
    """It counts again, and is looked at like a new one; whether it did not count."""
    run = world.store.activities.get(activity_id)
    if run is None or run.withdrawn is None:
        return False
    world.store.activities.restore(activity_id)
    return True


def is_recorded(store: Store, raw_hash: str) -> bool:
    """Whether the payload is here and a recording: no edit changes one."""
    return store.raw.has(raw_hash) and kind_of(store.raw.get(raw_hash)) not in TOLD_KINDS


def withdraw_what_was_told(
    world: World, source: str, remote_id: str, newer: int | None, now: datetime
) -> None:
    """What a service told of a run earlier counts no more beside the `newer` activity, if there is one."""
    for arrival in world.store.arrivals.of_remote(source, remote_id):
        if arrival.activity_id in (None, newer):
            continue
        earlier = world.store.activities.get(arrival.activity_id)
        if earlier is None or earlier.withdrawn or is_recorded(world.store, earlier.raw_hash):
            continue
        withdraw(world, earlier.id, "was edited there", now)
