"""A look at the sink: what is ours there, what is missing, and what only the athlete can know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from syncd.connectors.base import DateRange, Listing, ReadsWhole
from syncd.cycle.overrides import come_back
from syncd.cycle.removals import doubt_removals
from syncd.cycle.world import World
from syncd.domain.delivery.observation import Reading, lacks, observe
from syncd.domain.delivery.ownership import Installation, ToldApart, tell_apart
from syncd.domain.delivery.remote import LedgerRow, RemoteWorkout
from syncd.domain.delivery.troubles import DeliveryStopped, DeliveryTrouble
from syncd.domain.reason import Reason

_STANDS_BACK_FROM = 2  # our default: a friend's shared workout is one, a plan is several


@dataclass(frozen=True, slots=True)
class SinkReading:
    """What is ours, the ledger after the look, and what is to be told.

    `problems` is what is not known yet, `remarks` what the athlete should know.
    """

    listed: tuple[RemoteWorkout, ...]
    ledger: tuple[LedgerRow, ...]
    remarks: tuple[Reason, ...] = ()
    problems: tuple[Reason, ...] = ()


def read_sink(world: World, window: DateRange, now: datetime) -> SinkReading:
    """List, tell apart, observe. Raises ConnectorError, and DeliveryStopped where nothing may be done."""
    store, sink = world.store, world.sink
    if sink.capabilities.consumes:  # a folder of this machine: what lies there is ours, what went was taken
        return SinkReading(sink.list_owned(window), store.ledger.rows(sink.name))
    apart, reading = _looked(world, window, now, whole=False)
    if not reading.whole and lacks(store.ledger.rows(sink.name), apart.ours, reading):
        apart, reading = _looked(world, window, now, whole=True)
    today = world.today(now)
    others = _others(world, apart, today)
    again = come_back(world, apart.ours, now)
    earlier = store.readings.newest(sink.name)
    observed = observe(store.ledger.rows(sink.name), apart.ours, reading, today, earlier)
    if store.installation.is_new_on(sink.name) and not observed.most:
        for row in observed.missing:  # a restored copy: it may have been taken off since, by ourselves
            store.ledger.forget(sink.name, row.key, now)
        observed = observe(store.ledger.rows(sink.name), apart.ours, reading, today, earlier)
    store.ledger.note_missing(sink.name, observed.rows)
    store.readings.note(sink.name, observed.reading)
    doubt = doubt_removals(world, observed, now)
    if doubt.answered:
        observed = observe(store.ledger.rows(sink.name), apart.ours, reading, today, earlier, doubt.removed)
    return SinkReading(apart.ours, observed.rows, (*others, *again), doubt.problems)


def told_apart(world: World, listed: Sequence[RemoteWorkout]) -> ToldApart:
    """Whose each listed workout is."""
    rows = world.store.ledger.rows(world.sink.name)
    sessions = [remote.key.session for remote in listed if remote.key is not None]
    record = world.store.installation
    installation = Installation(
        nonce=record.nonce,
        taken_over=record.taken_over,
        sent=world.store.ledger.sent(sessions),
        takes_all=record.takes_all,
        is_new=_is_new(world),
    )
    return tell_apart(listed, rows, installation)


def delivered_cleanly(world: World) -> None:
    """Everything that was to be done is done: from now on a mark alone makes nothing ours."""
    world.store.installation.note_delivered(world.sink.name, whole=True)
    if world.store.installation.takes_all:
        world.store.installation.take_all(wanted=False)


def take_over_sink(world: World, window: DateRange) -> tuple[RemoteWorkout, ...]:
    """Whatever carries the athlete's mark is this installation's from now on; what others had written.

    Raises ConnectorError.
    """
    listed = _listing(world, window, whole=True).workouts
    apart = told_apart(world, listed)
    record = world.store.installation
    with world.store.transaction():
        if apart.second_copy:
            record.renew()
        record.take_over(remote.key.nonce for remote in apart.others if remote.key is not None)
        record.take_all(wanted=True)
        note_others(world, ())
    return (*apart.others, *apart.second_copy)


def note_others(world: World, days: Iterable[date], stopped: str = "") -> None:
    """Keep what others have there, for those who read the state without asking: days, and what stopped us."""
    kept = json.dumps({"days": sorted({day.isoformat() for day in days}), "stopped": stopped})
    key = others_key(world.sink.name)
    if world.store.meta.get(key) != kept:
        world.store.meta.set(key, kept)


def others_key(sink: str) -> str:
    """Where that is kept."""
    return f"delivery.others.{sink}"


def _looked(world: World, window: DateRange, now: datetime, *, whole: bool) -> tuple[ToldApart, Reading]:
    listing = _listing(world, window, whole=whole)
    reading = Reading(now, window.first, window.last, strangers=listing.strangers, whole=listing.whole)
    return told_apart(world, listing.workouts), reading


def _listing(world: World, window: DateRange, *, whole: bool) -> Listing:
    if isinstance(world.sink, ReadsWhole):
        return world.sink.listing(window, whole=whole)
    return Listing(world.sink.list_owned(window))


def _is_new(world: World) -> bool:
    """Whether nothing whole was ever delivered there: a new, a lost or a restored database."""
    sink, record = world.sink.name, world.store.installation
    if record.is_new_on(sink) is None:
        record.note_delivered(sink, whole=world.store.ledger.knows(sink))
    return bool(record.is_new_on(sink))


def _others(world: World, apart: ToldApart, today: date) -> tuple[Reason, ...]:
    """Name what others have written. Raises DeliveryStopped where going on would be fighting."""
    ahead = _days(apart.others, today)
    twice = _days(apart.second_copy, today)
    facts = {"sink": world.sink.name, "days": [day.isoformat() for day in twice or ahead]}
    if twice:
        note_others(world, twice, DeliveryTrouble.SECOND_COPY)
        raise DeliveryStopped(DeliveryTrouble.SECOND_COPY, facts, needs_human=True)
    known = {row.remote_id for row in world.store.ledger.rows(world.sink.name)}
    overwritten = any(remote.remote_id in known for remote in apart.others)
    if overwritten or (len(ahead) >= _STANDS_BACK_FROM and not known):
        note_others(world, ahead, DeliveryTrouble.STANDS_BACK)
        raise DeliveryStopped(DeliveryTrouble.STANDS_BACK, facts, needs_human=True)
    note_others(world, ahead)
    return (Reason(DeliveryTrouble.OTHER_INSTALLATION, facts),) if ahead else ()


def _days(remotes: Iterable[RemoteWorkout], today: date) -> list[date]:
    return sorted({remote.day for remote in remotes if remote.day is not None and remote.day >= today})
