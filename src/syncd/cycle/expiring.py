"""Payloads that may not be kept for ever: what a service's policy allows, and no longer.

The summary of the run, its score and where it came from stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from syncd.cycle.world import World
from syncd.store.activities import ActivitySummary

KEPT_FOR: Mapping[str, timedelta] = {"strava": timedelta(days=7)}
LOOKED_EVERY = timedelta(days=1)
_LOOKED = "payloads.expired_at"


def expire_payloads(world: World, now: datetime) -> int:
    """Once a day, remove every payload that would be too old before the next look; how many."""
    last = world.store.meta.get(_LOOKED)
    if last is not None and timedelta(0) <= now - datetime.fromisoformat(last) < LOOKED_EVERY:
        return 0
    removed = 0
    for source, kept_for in KEPT_FOR.items():
        for raw_hash in world.store.arrivals.payloads_before(source, now - kept_for + LOOKED_EVERY):
            if world.store.raw.has(raw_hash):
                world.store.raw.remove(raw_hash)
                removed += 1
    world.store.meta.set(_LOOKED, now.isoformat())
    return removed


def is_expired(world: World, summary: ActivitySummary) -> bool:
    """Whether the recording of a run was removed because its time was over."""
    if world.store.raw.has(summary.raw_hash):
        return False
    return summary.source in KEPT_FOR or world.store.raw.is_retired(summary.raw_hash)
