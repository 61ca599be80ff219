"""Forgetting a source: its runs are taken out of the training first, then deleted."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.corrections import take_back
from syncd.cycle.same_run import lose
from syncd.cycle.world import World
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.store.forgetting import forget_source, remote_ids

_WHY = Reason(WithdrawalCause.FORGOTTEN)


def forget(world: World, source: str, now: datetime) -> int:
    """Forget a source; how many runs were deleted. Those that another source has too stay, with its data."""
    for remote_id in remote_ids(world.store, source):
        with world.store.transaction():
            lose(world, source, remote_id, _WHY, now)
    for activity_id in world.store.corrections.runs_of(source):
        take_back(world, activity_id, now, source)
    return forget_source(world.store, source)
