"""Runs that were recorded in several parts: which may be one session together, and which are one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from syncd.cycle.open_sessions import CERTAIN, GRACE, is_taken
from syncd.cycle.recordings import whole_activity
from syncd.cycle.world import World
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.joined_runs import LONGEST_GAP, MOST_PARTS, JoinedRuns, attribute_joined
from syncd.domain.scoring.session_matching import SessionCandidate
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession


def chains(world: World, summary: ActivitySummary) -> list[list[ActivitySummary]]:
    """Every row of two or three runs, each soon after the other, with this one among them."""
    near = [run for run in around(world, summary) if _may_be_part(world, run)]
    rows = [near[first : first + count] for first in range(len(near)) for count in (2, MOST_PARTS)]
    return [
        row
        for place, row in enumerate(rows)
        if summary.id in {run.id for run in row} and len(row) > 1 and row not in rows[:place]
        if all(b.start - a.start - timedelta(seconds=a.elapsed_s) <= LONGEST_GAP for a, b in pairwise(row))
    ]


def around(world: World, summary: ActivitySummary) -> list[ActivitySummary]:
    """Runs that began within a session's reach of this one, and itself."""
    nearby = world.store.activities.summaries(summary.day - GRACE, summary.day + GRACE)
    return [run for run in nearby if run.is_run]


def _may_be_part(world: World, run: ActivitySummary) -> bool:
    """Its session is not certain, and it is not part of another run."""
    stored = world.store.scores.newest_of(run.id)
    return stored is None or stored.method not in {*CERTAIN, Method.JOINED}


def parts_of(world: World, main: ActivitySummary) -> list[ActivitySummary]:
    """The runs that were joined to this one."""
    return [run for run in around(world, main) if _points_to(world, run, main)]


def _points_to(world: World, run: ActivitySummary, main: ActivitySummary) -> bool:
    stored = world.store.scores.newest_of(run.id)
    return stored is not None and stored.part_of == main.id


def joining_of(
    world: World, summary: ActivitySummary, sessions: tuple[CommittedSession, ...]
) -> tuple[list[ActivitySummary], JoinedRuns] | None:
    """The runs around this one that are one session with it, oldest first, and which; the best fit."""
    best: tuple[list[ActivitySummary], JoinedRuns] | None = None
    for runs in chains(world, summary):
        parts = [part for run in runs if (part := whole_activity(world, run)) is not None]
        if len(parts) < len(runs):
            continue
        free = tuple(session for session in sessions if _is_free_for(world, session, runs))
        joining = attribute_joined(parts, runs[0].day, candidates(world, free), world.zones)
        if joining and (best is None or joining.attribution.confidence > best[1].attribution.confidence):
            best = runs, joining
    return best


def _is_free_for(world: World, session: CommittedSession, runs: list[ActivitySummary]) -> bool:
    """Open, or held by one of these runs."""
    if not is_taken(session):
        return True
    stored = world.store.scores.for_session(session.session.id)
    return stored is not None and stored.activity_id in {run.id for run in runs}


def candidates(world: World, sessions: Iterable[CommittedSession]) -> list[SessionCandidate]:
    """The sessions as attribution compares them, with every version that was pushed."""
    return [
        SessionCandidate(
            session=session.session,
            workout=session.resolved,
            pushed=tuple(version.workout for version in world.store.ledger.versions(session.session.id)),
        )
        for session in sessions
    ]
