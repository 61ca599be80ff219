"""What must be on the watch and in the calendar file, and the actions that make it so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from syncd.connectors.base import DateRange, Rejected
from syncd.cycle.carrying import limits_of, told_uncarried, uncarried
from syncd.cycle.planning import counting_zones
from syncd.cycle.sink_reading import read_sink, take_over_sink
from syncd.cycle.time_off_entries import time_off_entries
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.athlete import ZoneSet
from syncd.domain.delivery import labels
from syncd.domain.delivery.actions import Action
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey, RemoteWorkout
from syncd.domain.notation import format_workout
from syncd.domain.reason import Reason
from syncd.domain.session import GRACE, Session, SessionState, monday_of
from syncd.domain.training.easier import easier
from syncd.domain.training.rules.situation import FREEZE
from syncd.domain.workout import Workout
from syncd.durable import write_whole
from syncd.formats import ics
from syncd.formats.ics import CalendarEntry
from syncd.store.errors import disk_faults
from syncd.store.plan import CommittedSession

_AROUND = timedelta(days=30)  # our default
_FARTHEST = timedelta(days=90)  # our default: as long as the ledger remembers what it does not see
_FARTHEST_AHEAD = timedelta(days=800)  # our default: only a wrong clock puts anything beyond the horizon
_MAY_BE_THERE = frozenset({LedgerState.INTENDED, LedgerState.DONE, LedgerState.REMOVING})
NAME = "syncd.ics"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The actions in order, the workouts behind them, and what is to be told.

    `problems` is what is not known yet, `remarks` what the athlete should know.
    """

    actions: tuple[Action, ...]
    workouts: dict[OwnerKey, Workout]
    remarks: tuple[Reason, ...] = ()
    problems: tuple[Reason, ...] = ()


def propose(world: World, now: datetime) -> Proposal:
    """Look at the sink and say what is to be done there.

    Raises ConnectorError when it cannot list, and DeliveryStopped where nothing may be done.
    """
    today = world.today(now)
    world.store.installation.note_limits(world.sink.name, limits_of(world))
    rows = world.store.ledger.rows(world.sink.name)
    looked = read_sink(world, days_to_list(rows, today, _run_by_now(world, rows)), now)
    kept = {key_of(world, session): session for session in _on_watch(world, now)}
    desired = [_desired(world, key, session.session) for key, session in kept.items()]
    ledger = labels.with_fingerprints(looked.ledger, desired)
    world.store.ledger.note_fingerprints(world.sink.name, ledger)
    unfit = uncarried(world, kept.values())
    actions = reconcile(
        desired,
        looked.listed,
        ledger,
        today=today,
        consumes=world.sink.capabilities.consumes,
        updates_in_place=world.sink.capabilities.updates_in_place,
        relabel_from=labels.first_day_after(now.astimezone(world.zone), FREEZE),
        over=_run_by_now(world, ledger) - {key.session for key in kept},
        refused={session.session.id for session, _ in unfit},
    )
    zones = counting_zones(world, today)
    return Proposal(
        actions,
        {key: _with_note(world, session, zones) for key, session in kept.items()},
        (*looked.remarks, *(told_uncarried(world, session, why) for session, why in unfit)),
        looked.problems,
    )


def take_over_all(world: World, now: datetime) -> tuple[RemoteWorkout, ...]:
    """Take over what another installation has on the sink; the next sync makes it right.

    Raises ConnectorError.
    """
    rows = world.store.ledger.rows(world.sink.name)
    return take_over_sink(world, days_to_list(rows, world.today(now)))


def _run_by_now(world: World, rows: Iterable[LedgerRow]) -> frozenset[str]:
    """Sessions that the athlete moved on the calendar, and then ran."""
    moved = [row for row in rows if row.state is LedgerState.RELEASED and row.remote_id is not None]
    known = {row.key.session: world.store.plan.get(row.key.session) for row in moved}
    return frozenset(
        session
        for session, committed in known.items()
        if committed is not None and committed.state is SessionState.DONE
    )


def _desired(world: World, key: OwnerKey, session: Session) -> Desired:
    return Desired(
        key,
        session.day,
        labels.watch_name(labels.title(session, world.units), key),
        until=session.day + GRACE,
        fingerprint=labels.fingerprint(session, world.units),
    )


def _with_note(world: World, session: CommittedSession, zones: ZoneSet) -> Workout:
    """What goes to the watch, with the easier version of a hard session for people to read."""
    return replace(session.resolved, note=labels.note(easier(session.session, zones), world.units))


def days_to_list(ledger: Iterable[LedgerRow], today: date, run_by_now: Collection[str] = ()) -> DateRange:
    """Yesterday's grace to the end of the horizon; more only while something of ours may be outside.

    A service may charge a request for each month. Without a ledger (a new or lost database) the
    days around are searched for what an earlier one left.
    """
    rows = tuple(ledger)
    first, last = today - GRACE, today + timedelta(days=HORIZON_DAYS - 1)
    if not rows:
        return DateRange(first - _AROUND, last + _AROUND)
    near = [row for row in rows if -_FARTHEST <= row.day - today <= _FARTHEST_AHEAD]
    days = [row.day for row in near if row.state in _MAY_BE_THERE or row.key.session in run_by_now]
    return DateRange(min([first, *days]), max([last, *days]))


def calendar_entries(world: World, now: datetime) -> tuple[CalendarEntry, ...]:
    """Every committed session from the start of this week on, for calendars that people read.

    Days without running are events too: they say why there is nothing else.
    """
    week, zones = monday_of(world.today(now)), counting_zones(world, world.today(now))
    sessions = tuple(
        CalendarEntry(
            uid=f"{session.session.id}.{world.athlete_key}@syncd",
            day=session.session.day,
            title=labels.title(session.session, world.units),
            notation=format_workout(session.session.workout),
            purpose=labels.calendar_text(session.session, easier(session.session, zones), world.units),
        )
        for session in world.store.plan.between(week, week + timedelta(weeks=5))
        if session.state is not SessionState.DROPPED
    )
    return (*time_off_entries(world, week, world.today(now)), *sessions)


def key_of(world: World, session: CommittedSession) -> OwnerKey:
    """The mark that this version of the session carries."""
    return OwnerKey(world.athlete_key, session.session.id, session.version, world.store.installation.nonce)


def _on_watch(world: World, now: datetime) -> list[CommittedSession]:
    """Due sessions from yesterday's grace to the end of the horizon; one done today until tomorrow."""
    today = world.today(now)
    near = world.store.plan.between(today - GRACE, today + timedelta(days=HORIZON_DAYS - 1))
    return [
        session for session in near if session.state is SessionState.DUE or _done_today(world, session, today)
    ]


def _done_today(world: World, session: CommittedSession, today: date) -> bool:
    """Run on its own day, today: it leaves the watch tomorrow. One run a day early leaves at once."""
    if session.state is not SessionState.DONE or session.session.day != today or session.activity_id is None:
        return False
    run = world.store.activities.get(session.activity_id)
    return run is not None and run.day == today


def keep_calendar(world: World, now: datetime, file: Path | None = None) -> bool:
    """Make the file (beside the database unless named) hold exactly these sessions; whether it was written.

    Events keep their ids, so that a calendar that reads the file again moves them. Raises Rejected
    for a file that somebody else wrote, and StoreError.
    """
    path, entries = file or world.store.directory / NAME, calendar_entries(world, now)
    with disk_faults(path):
        existing = path.read_bytes() if path.exists() else b""
        if existing and not ics.is_ours(existing):
            raise Rejected(f"{path} was not written by syncd: name another file")
        if ics.holds(existing, entries):
            return False
        write_whole(path, ics.calendar(entries), mode=0o600 if file is None else 0o644)
    return True
