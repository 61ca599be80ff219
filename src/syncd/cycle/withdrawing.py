"""Runs that no longer count, or are assessed again. Nothing that is known of them is deleted."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.joining import around, parts_of
from syncd.cycle.open_sessions import state_without_run
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import Cause
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore


def withdraw(world: World, activity_id: int, why: Reason, now: datetime) -> None:
    """The run is no load, and the session that it completed is open again, or missed."""
    with world.store.transaction():
        take_back_changes(world, activity_id, now)
        free_session_of(world, activity_id, why, now)
        world.store.activities.withdraw(activity_id, why)


def take_back_changes(world: World, activity_id: int, now: datetime) -> None:
    """Withdraw what the run did to its session."""
    run = world.store.activities.get(activity_id)
    stored = world.store.scores.newest_of(activity_id)
    if run is None or stored is None or stored.session_id is None:
        return
    why = Reason(Cause.RUN_IS_OTHERWISE, {"day": run.day.isoformat()})
    for change in world.store.changes.of_session(stored.session_id):
        if change.evidence.get("activity") == activity_id:
            world.store.changes.withdraw(change.id, why, now)


def reassess(world: World, activity_id: int, why: Reason, now: datetime) -> None:
    """What the run was is decided anew by the next `assess`. In a transaction."""
    take_back_changes(world, activity_id, now)
    free_session_of(world, activity_id, why, now)


def free_session_of(world: World, activity_id: int, why: Reason, now: datetime) -> None:
    """The run is no session's any more; the one it had is open again, or missed. In a transaction.

    Runs that were joined with it, or gave way to it, are assessed again by the next `assess`.
    """
    scores, summary = world.store.scores, world.store.activities.get(activity_id)
    if summary is None:
        return
    before = scores.newest_of(activity_id)
    main = world.store.activities.get((before and before.part_of) or activity_id) or summary
    together = [run for run in (main, *parts_of(world, main)) if run.id != activity_id]
    session = world.store.plan.done_with(main.id) or stood_for(world, before)
    gone = Attribution(Method.WITHDRAWN, None, 1.0, why)
    scores.record(StoredScore(summary.id, gone, now))
    if session is not None:
        world.store.plan.set_state(session.session.id, state_without_run(world, session, now))
        together += [run for run in around(world, summary) if _gave_way(world, run)]
    again = Attribution(Method.WITHDRAWN, None, 1.0, Reason(MatchReason.REASSESSED))
    for run in {run.id: run for run in together}.values():
        scores.record(StoredScore(run.id, again, now))


def _gave_way(world: World, run: ActivitySummary) -> bool:
    stored = world.store.scores.newest_of(run.id)
    return stored is not None and stored.method is Method.UNPLANNED


def stood_for(world: World, stored: StoredScore | None) -> CommittedSession | None:
    """The session that was dropped because this run was a measurement (A18)."""
    if stored is None or stored.method is not Method.REPLACED or stored.session_id is None:
        return None
    session = world.store.plan.get(stored.session_id)
    return session if session is not None and session.state is SessionState.DROPPED else None
