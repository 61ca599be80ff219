"""Which sessions a run could be: open ones around its day, and those it may still complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.cycle.planning import resolved_workout
from syncd.cycle.world import World
from syncd.domain.activity import MULTISPORT
from syncd.domain.scoring.attribution import Method
from syncd.domain.session import SessionState
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession

GRACE = timedelta(days=1)  # a session can be run until the end of the next day
CERTAIN = frozenset({Method.MANUAL, Method.EXACT, Method.NAME})
MOVERS = frozenset({"A5", "A6"})
_KNOWN_FOR = timedelta(days=30)  # our default: later, nobody uploads a run to save a session


def is_taken(session: CommittedSession) -> bool:
    """Done by a run, or dropped: only a run that names it completes it."""
    return session.activity_id is not None or session.state is SessionState.DROPPED


def open_sessions(world: World, summary: ActivitySummary) -> tuple[CommittedSession, ...]:
    """Sessions that this run could be: around its day, open, or done by a run that only looked like it."""
    if summary.sub_sport == MULTISPORT:
        return ()  # legs of something else
    near = world.store.plan.between(summary.day - GRACE, summary.day + GRACE)
    near += moved_away(world, summary.day, GRACE)
    return tuple(
        session
        for session in near
        if session.state in (SessionState.DUE, SessionState.MISSED)
        or _guessed(world, session)
        or was_replaced(world, session)
        or was_skipped(world, session)
    )


def was_replaced(world: World, session: CommittedSession) -> bool:
    """Dropped for a measurement: a run that carries the session's name still completes it."""
    stored = (
        world.store.scores.for_session(session.session.id) if session.state is SessionState.DROPPED else None
    )
    return stored is not None and stored.method is Method.REPLACED


def was_skipped(world: World, session: CommittedSession) -> bool:
    """Skipped, or made way for another: a run that carries the session's name still completes it."""
    return session.state is SessionState.DROPPED and bool(world.store.ledger.versions(session.session.id))


def _guessed(world: World, session: CommittedSession) -> bool:
    if session.activity_id is None:
        return False
    stored = world.store.scores.newest_of(session.activity_id)
    return stored is not None and stored.method not in CERTAIN


def moved_away(world: World, day: date, reach: timedelta) -> tuple[CommittedSession, ...]:
    """Sessions still due that were near that day until a rule moved them, on their first day."""
    moved = []
    for change in _moves(world, day):
        known = world.store.plan.get(change.session_id or "")
        if known is None or change.before is None or known.state is not SessionState.DUE:
            continue
        if abs(change.before.day - day) <= reach < abs(known.session.day - day):
            moved.append(replace(known, session=change.before))
    return tuple(moved)


def take_back_move(world: World, session: CommittedSession, now: datetime) -> None:
    """It was run on its first day after all; what gave way for the move is due again. In a transaction."""
    first_day = session.session.day
    for change in _moves(world, first_day):
        if change.session_id != session.session.id:
            continue
        world.store.changes.undo(change.id, now)
        world.store.plan.replace(
            session.session, resolved_workout(world, session.session), session.zone_set_id
        )
        for linked in world.store.changes.because_of(change.id):
            gave_way = linked.before
            if linked.after is None and gave_way is not None and gave_way.day >= world.today(now):
                world.store.plan.set_state(gave_way.id, SessionState.DUE)
                world.store.changes.undo(linked.id, now)


def _moves(world: World, day: date) -> tuple[Change, ...]:
    since = datetime.combine(day - _KNOWN_FOR, datetime.min.time(), tzinfo=world.zone)
    return tuple(
        change
        for change in world.store.changes.since(since)
        if change.rule in MOVERS and change.holds and change.after is not None
    )
