"""Recordings read again by a newer version: what it reads otherwise counts from now on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from syncd.cycle.corrections import follow
from syncd.cycle.same_run import read_again
from syncd.cycle.world import World

_EARLIEST = date(1970, 1, 1)


def reread(world: World, now: datetime) -> tuple[int, ...]:
    """Read every recording that is kept again; the ids of the runs that are read otherwise now.

    Their scores follow with `assess`. Each in its own transaction; again, it changes nothing.
    """
    runs = world.store.activities.summaries(_EARLIEST, now.astimezone(UTC).date() + timedelta(days=2))
    changed = []
    for summary in world.watching.over(runs, "recordings", len(runs)):
        with world.store.transaction():
            if read_again(world, summary):
                follow(world, summary.id, now)
                changed.append(summary.id)
    return tuple(changed)
