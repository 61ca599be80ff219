"""Sessions that adaptation moved because they looked missed: a late upload gives them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.cycle.planning import resolved_workout
from syncd.cycle.world import World
from syncd.domain.session import SessionState
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession

MOVERS = frozenset({"A5", "A6"})
_KNOWN_FOR = timedelta(days=30)  # our default: later, nobody uploads a run to save a session


def moved_away(world: World, day: date, reach: timedelta) -> tuple[CommittedSession, ...]:
    """Sessions still due that stood near that day until a rule moved them, on their first day."""
    found = []
    for change in _moves(world, day):
        known = world.store.plan.get(change.session_id or "")
        if known is None or change.before is None or known.state is not SessionState.DUE:
            continue
        if abs(change.before.day - day) <= reach < abs(known.session.day - day):
            found.append(replace(known, session=change.before))
    return tuple(found)


def take_back_move(world: World, each: CommittedSession, now: datetime) -> None:
    """It was run on its first day after all; what gave way for the move is due again. In a transaction."""
    first_day = each.session.day
    for change in _moves(world, first_day):
        if change.session_id != each.session.id:
            continue
        world.store.changes.undo(change.id, now)
        world.store.plan.replace(each.session, resolved_workout(world, each.session), each.zone_set_id)
        for other in world.store.changes.because_of(change.id):
            gave_way = other.before
            if other.after is None and gave_way is not None and gave_way.day >= world.today(now):
                world.store.plan.set_state(gave_way.id, SessionState.DUE)
                world.store.changes.undo(other.id, now)


def _moves(world: World, day: date) -> tuple[Change, ...]:
    since = datetime.combine(day - _KNOWN_FOR, datetime.min.time(), tzinfo=world.zone)
    return tuple(
        change
        for change in world.store.changes.since(since)
        if change.rule in MOVERS and change.undone_at is None and change.after is not None
    )
