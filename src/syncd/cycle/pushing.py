"""What must be on the watch and in the calendar file, and the actions that make it so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from syncd.connectors.base import DateRange, Rejected
from syncd.cycle.open_sessions import GRACE
from syncd.cycle.planning import counting_zones
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.athlete import ZoneSet
from syncd.domain.delivery import labels
from syncd.domain.delivery.actions import Action
from syncd.domain.delivery.observation import observe
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey
from syncd.domain.notation import format_workout
from syncd.domain.session import Session, SessionState, monday_of
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
_MAY_LIE_THERE = frozenset({LedgerState.INTENDED, LedgerState.DONE, LedgerState.REMOVING})
NAME = "syncd.ics"


def propose(world: World, now: datetime) -> tuple[tuple[Action, ...], dict[OwnerKey, Workout]]:
    """The actions in order, and the workouts behind them. Raises ConnectorError when the sink cannot list."""
    today = world.today(now)
    kept = {key_of(world, each): each for each in _on_watch(world, now)}
    desired = [_desired(world, key, each.session) for key, each in kept.items()]
    ledger = labels.with_fingerprints(world.store.ledger.rows(world.sink.name), desired)
    world.store.ledger.note_fingerprints(world.sink.name, ledger)
    window = days_to_list(ledger, today)
    listed = world.sink.list_owned(window)
    consumes = world.sink.capabilities.consumes
    if not consumes:
        ledger = observe(ledger, listed, now=now, first=window.first, last=window.last)
        world.store.ledger.note_missing(world.sink.name, ledger)
    actions = reconcile(
        desired,
        listed,
        ledger,
        today=today,
        consumes=consumes,
        updates_in_place=world.sink.capabilities.updates_in_place,
        relabel_from=labels.first_day_after(now.astimezone(world.zone), FREEZE),
    )
    zones = counting_zones(world, today)
    return actions, {key: _with_note(world, each, zones) for key, each in kept.items()}


def _desired(world: World, key: OwnerKey, session: Session) -> Desired:
    return Desired(
        key,
        session.day,
        labels.watch_name(labels.title(session, world.units), key),
        until=session.day + GRACE,
        fingerprint=labels.fingerprint(session, world.units),
    )


def _with_note(world: World, each: CommittedSession, zones: ZoneSet) -> Workout:
    """What goes to the watch, with the easier version of a hard session for people to read."""
    return replace(each.resolved, note=labels.note(easier(each.session, zones), world.units))


def days_to_list(ledger: Iterable[LedgerRow], today: date) -> DateRange:
    """Yesterday's grace to the end of the horizon; more only while something of ours may lie outside.

    A service may charge a request for each month. Without a ledger (a new or lost database) the
    days around are looked through for what an earlier one left.
    """
    rows = tuple(ledger)
    first, last = today - GRACE, today + timedelta(days=HORIZON_DAYS - 1)
    if not rows:
        return DateRange(first - _AROUND, last + _AROUND)
    days = [row.day for row in rows if row.state in _MAY_LIE_THERE and abs(row.day - today) <= _FARTHEST]
    return DateRange(min([first, *days]), max([last, *days]))


def calendar_entries(world: World, now: datetime) -> tuple[CalendarEntry, ...]:
    """Every committed session from the start of this week on, for calendars that people read."""
    week, zones = monday_of(world.today(now)), counting_zones(world, world.today(now))
    return tuple(
        CalendarEntry(
            uid=f"{each.session.id}.{world.athlete_key}@syncd",
            day=each.session.day,
            title=labels.title(each.session, world.units),
            notation=format_workout(each.session.workout),
            purpose=labels.calendar_text(each.session, easier(each.session, zones), world.units),
        )
        for each in world.store.plan.between(week, week + timedelta(weeks=5))
        if each.state is not SessionState.DROPPED
    )


def key_of(world: World, each: CommittedSession) -> OwnerKey:
    """The mark that this version of the session carries."""
    return OwnerKey(world.athlete_key, each.session.id, each.version)


def _on_watch(world: World, now: datetime) -> list[CommittedSession]:
    """Due sessions from yesterday's grace to the end of the horizon; one done today until tomorrow."""
    today = world.today(now)
    near = world.store.plan.between(today - GRACE, today + timedelta(days=HORIZON_DAYS - 1))
    return [each for each in near if each.state is SessionState.DUE or _done_today(world, each, today)]


def _done_today(world: World, each: CommittedSession, today: date) -> bool:
    """Run on its own day, today: it leaves the watch tomorrow. One run a day early leaves at once."""
    if each.state is not SessionState.DONE or each.session.day != today or each.activity_id is None:
        return False
    run = world.store.activities.get(each.activity_id)
    return run is not None and run.day == today


def keep_calendar(world: World, now: datetime, file: Path | None = None) -> bool:
    """Make the file (beside the database, unless named) hold exactly these; whether it was written.

    Events keep their ids, so that a calendar that reads the file again moves them. Raises Rejected
    for a file that somebody else wrote, and StoreError.
    """
    path, entries = file or world.store.directory / NAME, calendar_entries(world, now)
    with disk_faults(path):
        there = path.read_bytes() if path.exists() else b""
        if there and not ics.is_ours(there):
            raise Rejected(f"{path} was not written by syncd: name another file")
        if ics.holds(there, entries):
            return False
        write_whole(path, ics.calendar(entries), mode=0o600 if file is None else 0o644)
    return True
