"""Workouts go elsewhere now: what lies where they went before is taken off, or told."""

from __future__ import annotations

from datetime import datetime

from syncd.connectors.base import WorkoutSink
from syncd.connectors.delivery import deliver
from syncd.cycle.world import World
from syncd.domain.delivery.actions import Remove
from syncd.domain.delivery.remote import LedgerRow, LedgerState, RemoteWorkout
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.reason import Reason
from syncd.domain.session import GRACE
from syncd.store import Store

_MAY_LIE_THERE = frozenset({LedgerState.DONE, LedgerState.INTENDED, LedgerState.REMOVING})


def clear_earlier_sinks(world: World, now: datetime) -> tuple[Reason, ...]:
    """Take ours off the sinks that are no longer used; what was done, and what was not.

    What is the athlete's there stays. Days that are over are forgotten.
    """
    told = []
    for name in left_on(world.store, world.sink.name):
        sink = next((earlier for earlier in world.earlier_sinks if earlier.name == name), None)
        rows = [row for row in world.store.ledger.rows(name) if row.state in _MAY_LIE_THERE]
        for row in rows:
            if row.remote_id is None or row.day < world.today(now) - GRACE:
                world.store.ledger.forget(name, row.key, now)
        rows = [row for row in world.store.ledger.rows(name) if row.state in _MAY_LIE_THERE]
        if rows:
            told.append(_cleared(world, name, sink, rows, now))
    return tuple(told)


def left_on(store: Store, sink: str) -> tuple[str, ...]:
    """The sinks but this one that have something of ours."""
    return tuple(
        name
        for name in store.ledger.sinks()
        if name != sink and any(row.state in _MAY_LIE_THERE for row in store.ledger.rows(name))
    )


def _cleared(
    world: World, name: str, sink: WorkoutSink | None, rows: list[LedgerRow], now: datetime
) -> Reason:
    facts = {"sink": name, "days": [row.day.isoformat() for row in sorted(rows, key=lambda row: row.day)]}
    if sink is None:
        return Reason(DeliveryTrouble.LEFT_ON_EARLIER, facts | {"why": ""})
    actions = [
        Remove(RemoteWorkout(row.remote_id or "", row.day, row.key), row.key, "workouts go elsewhere now")
        for row in rows
    ]
    delivery = deliver(sink, world.store.ledger, actions, {}, now)
    undone = (*delivery.failed, *delivery.unknown)
    if not undone:
        return Reason(DeliveryTrouble.CLEARED_EARLIER, facts)
    days = sorted(
        one.action.remote.day for one in undone if isinstance(one.action, Remove) and one.action.remote.day
    )
    facts["days"] = [day.isoformat() for day in days]
    return Reason(DeliveryTrouble.LEFT_ON_EARLIER, facts | {"why": str(undone[0].error)})
