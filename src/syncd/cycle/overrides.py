"""What the athlete changes on the watch's calendar: a session moved or deleted there is an override."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from syncd.cycle.planning import resolved_workout
from syncd.cycle.world import World
from syncd.domain.delivery.remote import LedgerRow, LedgerState, RemoteWorkout
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState
from syncd.domain.training.facts import Fact, FactKind
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
        change = _by_reading(world, row, Change(now, BY_ATHLETE, before.id, reason, before, None))
        with world.store.transaction():
            world.store.plan.set_state(before.id, SessionState.DROPPED)
            kept = world.store.changes.keep(change)
            hold(world, OverrideKind.SKIP, kept, now)
        return kept
    if row.day == before.day:
        return None
    after = replace(before, day=row.day)
    reason = Reason(Cause.MOVED_ON_CALENDAR, {"was_on": before.day.isoformat()})
    change = _by_reading(world, row, Change(now, BY_ATHLETE, before.id, reason, before, after))
    with world.store.transaction():
        world.store.plan.replace(after, resolved_workout(world, after), known.zone_set_id)
        kept = world.store.changes.keep(change)
        hold(world, OverrideKind.MOVE, kept, now)
    return kept


def _by_reading(world: World, row: LedgerRow, change: Change) -> Change:
    """A change that rests on what a listing showed."""
    seen = {"day": row.day.isoformat(), "remote_id": row.remote_id}
    rests_on = (Fact(FactKind.READING, world.sink.name, seen),)
    return replace(change, evidence={"on": CALENDAR}, rests_on=rests_on)


def come_back(world: World, ours: Iterable[RemoteWorkout], now: datetime) -> tuple[Reason, ...]:
    """What was taken for removed and lies on its day, as we put it, was not: it is due again.

    Also where the athlete put it back.
    """
    taken = {
        row.key.identity: row
        for row in world.store.ledger.rows(world.sink.name)
        if row.state is LedgerState.RELEASED and row.remote_id is None and row.day >= world.today(now)
    }
    told = []
    for remote in ours:
        row = None if remote.key is None else taken.get(remote.key.identity)
        if row is None or remote.key is None or remote.day != row.day or not remote.intact:
            continue
        del taken[row.key.identity]
        kept = world.sink.read_back(remote.remote_id)
        with world.store.transaction():
            _due_again(world, row, now)
            world.store.ledger.done(world.sink.name, remote.key, row.day, remote.remote_id, kept, now)
        known = world.store.plan.get(row.key.session)
        if known is not None:
            facts = {"sink": world.sink.name, **session_facts(replace(known.session, day=row.day))}
            told.append(Reason(DeliveryTrouble.THERE_AGAIN, facts))
    return tuple(told)


def _due_again(world: World, row: LedgerRow, now: datetime) -> None:
    """Take back the belief that the athlete removed it; what they said by command stays."""
    known = world.store.plan.get(row.key.session)
    for override in world.store.overrides.of([OverrideKind.SKIP]):
        if override.session_id != row.key.session or override.change_id is None:
            continue
        change = world.store.changes.get(override.change_id)
        if change is None or change.before is None or change.evidence.get("on") != CALENDAR:
            continue
        if known is not None and known.state is SessionState.DROPPED:
            world.store.plan.replace(change.before, resolved_workout(world, change.before), known.zone_set_id)
            world.store.plan.set_state(row.key.session, SessionState.DUE)
        world.store.changes.withdraw(change.id, Reason(Cause.SHOWN_AGAIN), now)
        world.store.overrides.revoke_of_change(change.id, now)


def session_facts(session: Session) -> dict[str, Any]:
    """A session as facts of a reason."""
    return {
        "session": session.id,
        "title": session.title,
        "length_m": session.length_m,
        "day": session.day.isoformat(),
    }


def hold(world: World, kind: OverrideKind, change: Change, now: datetime) -> None:
    """Rules leave the session of the change alone from now on."""
    about = change.after or change.before
    if about is not None:
        override = Override(kind, now, about.day, session_id=about.id, change_id=change.id)
        world.store.overrides.add(override)
