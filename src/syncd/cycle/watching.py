"""Is it on my watch? The sink is asked; nothing there is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from syncd.connectors.base import AuthRequired, ConnectorError, DeviceAware, DeviceSync
from syncd.cycle.carrying import limits_of
from syncd.cycle.pushing import days_to_list, key_of
from syncd.cycle.sink_reading import told_apart
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.arrival import Arrived, PayloadOutcome
from syncd.domain.athlete import Health
from syncd.domain.delivery.fitting import why_unfit
from syncd.domain.delivery.remote import LedgerRow, LedgerState, RemoteWorkout
from syncd.domain.delivery.watch_state import Delivered, OnWatch, on_watch
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState, monday_of
from syncd.store.overrides import Override
from syncd.store.plan import CommittedSession


@dataclass(frozen=True, slots=True)
class Watched:
    """A session of the horizon, and how far it has come. `unfit`: why it cannot go there at all."""

    session: CommittedSession
    state: OnWatch
    unfit: Reason | None = None


@dataclass(frozen=True, slots=True)
class WatchReport:
    """What was seen. `asked`: whether the service said when a watch synced; `device` None: never.

    With `problems` the states come from the ledger alone. `time_off`: why days of the horizon are free;
    `committed`: this week is planned. `leaving`: sessions that leave the watch with the next sync.
    """

    sink: str
    consumes: bool
    sessions: tuple[Watched, ...]
    today: date
    asked: bool = False
    device: DeviceSync | None = None
    time_off: tuple[Override, ...] = ()
    health: Health = field(default_factory=Health)
    committed: bool = False
    leaving: tuple[CommittedSession, ...] = ()
    problems: tuple[str, ...] = ()
    needs_human: bool = False


def check_watch(world: World, now: datetime) -> WatchReport:
    """One listing, and where the sink knows it, when a watch last synced."""
    rows = world.store.ledger.rows(world.sink.name)
    today = world.today(now)
    listed: Sequence[RemoteWorkout] | None = None
    device, asked, error = None, False, None
    try:
        listed = world.sink.list_owned(days_to_list(rows, today))
        if not world.sink.capabilities.consumes:
            listed = told_apart(world, listed).ours
        if isinstance(world.sink, DeviceAware):
            device, asked = world.sink.last_device_sync(), True
    except ConnectorError as fault:
        error = fault
    synced_at = device.at if device else world.store.device_syncs.latest(world.sink.name)
    ledger = {row.key.session: row for row in rows}
    last = today + timedelta(days=HORIZON_DAYS - 1)
    ahead = world.store.plan.between(today, last)
    return WatchReport(
        sink=world.sink.name,
        consumes=world.sink.capabilities.consumes,
        sessions=tuple(
            _watched(world, session, ledger.get(session.session.id), listed, synced_at)
            for session in ahead
            if session.state is SessionState.DUE
        ),
        committed=bool(world.store.plan.weeks(since=monday_of(today))),
        leaving=tuple(session for session in ahead if _leaves(session, ledger.get(session.session.id))),
        time_off=world.store.overrides.time_off_between(today, last),
        health=world.health,
        today=today,
        asked=asked,
        device=device,
        problems=() if error is None else (str(error),),
        needs_human=isinstance(error, AuthRequired),
    )


def note_device_syncs(world: World, source: str, arrived: Sequence[Arrived]) -> None:
    """A run that came from the watch through the sink's own service: the watch synced after its end."""
    if source != world.sink.name or not isinstance(world.sink, DeviceAware):
        return
    for arrival in arrived:
        run = arrival.activity
        if (
            arrival.outcome is PayloadOutcome.RUN
            and run is not None
            and run.device.manufacturer == world.sink.name
        ):
            world.store.device_syncs.note(world.sink.name, run.start + timedelta(seconds=run.elapsed_s))


def _watched(
    world: World,
    session: CommittedSession,
    row: LedgerRow | None,
    listed: Sequence[RemoteWorkout] | None,
    synced_at: datetime | None,
) -> Watched:
    unfit = why_unfit(session.resolved, limits_of(world))
    if unfit is not None:
        return Watched(session, OnWatch.REFUSED, unfit)
    return Watched(session, _state(world, session, row, listed, synced_at))


def _state(
    world: World,
    session: CommittedSession,
    row: LedgerRow | None,
    listed: Sequence[RemoteWorkout] | None,
    synced_at: datetime | None,
) -> OnWatch:
    shown = None if listed is None or row is None else _days_of(row, listed)
    if row is not None and shown and row.day not in shown:
        return OnWatch.YOURS  # moved by the athlete; the second listing records it
    put_at = world.store.ledger.put_at(world.sink.name, key_of(world, session))
    consumes = world.sink.capabilities.consumes
    is_listed = None if shown is None else bool(shown)
    known = Delivered(is_listed, put_at, synced_at, session.session.day)
    return on_watch(row, session.version, known, consumes=consumes)


def _leaves(session: CommittedSession, row: LedgerRow | None) -> bool:
    """Whether a session that is planned no longer may still be on the watch."""
    dropped = session.state is SessionState.DROPPED
    return dropped and row is not None and row.state in (LedgerState.DONE, LedgerState.REMOVING)


def _days_of(row: LedgerRow, listed: Sequence[RemoteWorkout]) -> set[date]:
    """Where it is listed: by its mark, else by the id that we remember."""
    return {
        remote.day
        for remote in listed
        if remote.day is not None
        and (remote.key.identity == row.key.identity if remote.key else remote.remote_id == row.remote_id)
    }
