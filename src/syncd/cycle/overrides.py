"""What the athlete changes on the watch's calendar: a session moved or deleted there is an override."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from syncd.cycle.planning import resolved_workout
from syncd.cycle.world import World
from syncd.domain.delivery.remote import LedgerRow, LedgerState
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import Cause
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import Override, OverrideKind

CALENDAR = "calendar"  # in the evidence: changed on the watch's calendar, not by command


def take_over(world: World, now: datetime) -> tuple[Change, ...]:
    """What was released to the athlete becomes an override: the session moves there too, or is dropped.

    Read from the ledger, so that a sync that dies in between loses nothing. A workout that was
    changed in place stays in the plan; syncd only leaves it alone.
    """
    held = world.store.overrides.holding()
    changes = []
    for row in world.store.ledger.rows(world.sink.name):
        if row.state is LedgerState.RELEASED and row.key.session not in held:
            change = _override(world, row, now)
            changes += [] if change is None else [change]
    return tuple(changes)


def _override(world: World, row: LedgerRow, now: datetime) -> Change | None:
    known = world.store.plan.get(row.key.session)
    if known is None or known.state is not SessionState.DUE or row.key.athlete != world.athlete_key:
        return None
    before = known.session
    if row.remote_id is None:
        reason = Reason(Cause.REMOVED_ON_CALENDAR)
        change = Change(now, BY_ATHLETE, before.id, reason, before, None, {"on": CALENDAR})
        with world.store.transaction():
            world.store.plan.set_state(before.id, SessionState.DROPPED)
            kept = world.store.changes.keep(change)
            hold(world, OverrideKind.SKIP, kept, now)
        return kept
    if row.day == before.day:
        return None
    after = replace(before, day=row.day)
    reason = Reason(Cause.MOVED_ON_CALENDAR, {"was_on": before.day.isoformat()})
    change = Change(now, BY_ATHLETE, before.id, reason, before, after, {"on": CALENDAR})
    with world.store.transaction():
        world.store.plan.replace(after, resolved_workout(world, after), known.zone_set_id)
        kept = world.store.changes.keep(change)
        hold(world, OverrideKind.MOVE, kept, now)
    return kept


def hold(world: World, kind: OverrideKind, change: Change, now: datetime) -> None:
    """Rules leave the session of the change alone from now on."""
    about = change.after or change.before
    if about is not None:
        override = Override(kind, now, about.day, session_id=about.id, change_id=change.id)
        world.store.overrides.add(override)
