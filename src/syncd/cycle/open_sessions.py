"""Which sessions a run could be: open ones around its day, and those it may still complete."""

from __future__ import annotations

from datetime import timedelta

from syncd.cycle.moves import moved_away
from syncd.cycle.world import World
from syncd.domain.scoring.attribution import Method
from syncd.domain.session import SessionState
from syncd.formats.garmin_json import MULTISPORT
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession

GRACE = timedelta(days=1)  # a session can be run until the end of the next day
CERTAIN = frozenset({Method.MANUAL, Method.EXACT, Method.NAME})


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
        each
        for each in near
        if each.state in (SessionState.DUE, SessionState.MISSED)
        or _guessed(world, each)
        or was_replaced(world, each)
        or was_skipped(world, each)
    )


def was_replaced(world: World, each: CommittedSession) -> bool:
    """Dropped for a measurement: a run that the watch names as the session still completes it."""
    stored = world.store.scores.for_session(each.session.id) if each.state is SessionState.DROPPED else None
    return stored is not None and stored.method == Method.REPLACED.value


def was_skipped(world: World, each: CommittedSession) -> bool:
    """Skipped or made way, but a run that the watch names as the session completes it all the same."""
    return each.state is SessionState.DROPPED and bool(world.store.ledger.versions(each.session.id))


def _guessed(world: World, each: CommittedSession) -> bool:
    if each.activity_id is None:
        return False
    stored = world.store.scores.newest_of(each.activity_id)
    return stored is not None and Method(stored.method) not in CERTAIN
