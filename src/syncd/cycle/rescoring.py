"""Scores given again: after a new version of the algorithm, and when the athlete matches a run by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from syncd.cycle.housekeeping import is_expired
from syncd.cycle.open_sessions import state_without_run
from syncd.cycle.recordings import whole_activity
from syncd.cycle.scored import stored_score_of
from syncd.cycle.withdrawing import stood_for, take_back_changes
from syncd.cycle.world import World
from syncd.domain.notation import NotationError, parse_workout
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.constants import ALGORITHM
from syncd.domain.scoring.prescription import Prescription
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import session_fact
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore


@dataclass(frozen=True, slots=True)
class Rescored:
    """A run's score before and now; the earlier one is kept with its version."""

    before: StoredScore
    now: StoredScore


def rescore(world: World, now: datetime, *, every: bool = False) -> tuple[Rescored, ...]:
    """Score again what an earlier version of the algorithm scored (with `every`: all), against the
    same prescription and for the same session. Each in its own transaction; running it again does
    nothing unless `every` is asked for.
    """
    rescored = []
    due = tuple(_due(world, every=every))
    for summary, before in world.watching.over(due, "runs", len(due)):
        again = _again(world, summary, before, now)
        if again is not None:
            with world.store.transaction():
                world.store.scores.record(again)
            rescored.append(Rescored(before, again))
    return tuple(rescored)


def expired(world: World, *, every: bool = False) -> int:
    """How many runs keep the score they have, because their recording could not be kept."""
    return sum(is_expired(world, summary) for summary, _ in _due(world, every=every))


def _due(world: World, *, every: bool) -> Iterator[tuple[ActivitySummary, StoredScore]]:
    """Scored runs, oldest first: with `every` all, else those of an earlier version."""
    for summary in reversed(world.store.activities.newest(world.store.activities.count_runs())):
        before = world.store.scores.newest_of(summary.id)
        if before is None or before.judgement.notation is None:
            continue
        if every or before.algorithm != str(ALGORITHM):
            yield summary, before


def rescore_run(world: World, activity_id: int, now: datetime, *, always: bool = False) -> StoredScore | None:
    """Score one run again, with what became known since; None where nothing changes. Opens a transaction.

    `always`: also an equal score is kept, because what it was read from is another recording.
    """
    summary, before = world.store.activities.get(activity_id), world.store.scores.newest_of(activity_id)
    if summary is None or before is None or before.judgement.notation is None:
        return None
    again = _again(world, summary, before, now)
    if again is None or (not always and again.judgement == before.judgement):
        return None
    with world.store.transaction():
        world.store.scores.record(again)
    return again


def match(world: World, activity_id: int, session_id: str, now: datetime) -> StoredScore | None:
    """Link a run to a session by hand and score it so; None where there is no such run or session.

    Outranks every other attribution and stays: later syncs leave both alone. A run that had the
    session becomes load.
    """
    summary = world.store.activities.get(activity_id)
    session = world.store.plan.get(session_id)
    if summary is None or session is None:
        return None
    attribution = Attribution(Method.MANUAL, session_id, 1.0, Reason(MatchReason.CHOSEN_BY_ATHLETE))
    stored = stored_score_of(world, summary, session, attribution, now)
    with world.store.transaction():
        if session.activity_id is not None and session.activity_id != activity_id:
            earlier = world.store.activities.get(session.activity_id)
            if earlier is not None:
                released = Attribution(
                    Method.MANUAL,
                    None,
                    1.0,
                    Reason(MatchReason.WAS_ANOTHER_RUN, session_fact(session.session)),
                )
                world.store.scores.record(stored_score_of(world, earlier, None, released, now))
        _free_replaced(world, activity_id, session_id, now)
        had = world.store.plan.done_with(activity_id)
        if had is not None and had.session.id != session_id:
            world.store.plan.set_state(had.session.id, state_without_run(world, had, now))
        world.store.scores.record(stored)
        world.store.plan.set_state(session_id, SessionState.DONE, activity_id)
    return stored


def _free_replaced(world: World, activity_id: int, session_id: str, now: datetime) -> None:
    """The session that the run stood for as a measurement (A18) is open again, or missed."""
    replaced = stood_for(world, world.store.scores.newest_of(activity_id))
    if replaced is not None and replaced.session.id != session_id:
        take_back_changes(world, activity_id, now)
        world.store.plan.set_state(replaced.session.id, state_without_run(world, replaced, now))


def _again(world: World, summary: ActivitySummary, before: StoredScore, now: datetime) -> StoredScore | None:
    """None where the recording or the prescription can no longer be read: the old score stays."""
    session = world.store.plan.get(before.session_id) if before.session_id else None
    prescription = _pinned_before(before, session)
    if prescription is None or whole_activity(world, summary) is None:
        return None
    return stored_score_of(world, summary, session, before.attribution, now, pinned=prescription)


def _pinned_before(before: StoredScore, session: CommittedSession | None) -> Prescription | None:
    try:
        workout = parse_workout(before.judgement.notation or "")
    except NotationError:
        return None
    kind = session.session.kind if session else None
    rpe = session.session.rpe if session else None
    return Prescription(before.judgement.origin, workout, kind, rpe)
