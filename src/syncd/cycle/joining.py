"""Runs that were recorded in several parts: which may be one session together, and which are one."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.cycle.world import World
from syncd.domain.scoring.joined_runs import MOST_PARTS, may_join
from syncd.domain.session import GRACE
from syncd.store.activities import ActivitySummary


def chains(runs: Sequence[ActivitySummary]) -> list[list[ActivitySummary]]:
    """Every row of two or three of these runs, each soon after the other."""
    ordered = sorted(runs, key=lambda run: (run.start, run.id))
    rows = [
        ordered[first : first + count] for first in range(len(ordered)) for count in range(2, MOST_PARTS + 1)
    ]
    return [row for place, row in enumerate(rows) if row not in rows[:place] and may_join(row)]


def around(world: World, summary: ActivitySummary) -> list[ActivitySummary]:
    """Runs that began within a session's reach of this one, and itself."""
    nearby = world.store.activities.summaries(summary.day - GRACE, summary.day + GRACE)
    return [run for run in nearby if run.is_run]


def parts_of(world: World, main: ActivitySummary) -> list[ActivitySummary]:
    """The runs that were joined to this one."""
    return [run for run in around(world, main) if _points_to(world, run, main)]


def _points_to(world: World, run: ActivitySummary, main: ActivitySummary) -> bool:
    stored = world.store.scores.newest_of(run.id)
    return stored is not None and stored.part_of == main.id
