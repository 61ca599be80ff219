"""What must be on the watch, and the actions that make it so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from syncd.connectors.base import DateRange
from syncd.cycle.assessment import GRACE
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.delivery.actions import Action
from syncd.domain.delivery.observation import observe
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import Desired, OwnerKey
from syncd.domain.notation import format_workout
from syncd.domain.session import monday_of
from syncd.domain.workout import Workout
from syncd.formats.ics import CalendarEntry
from syncd.store.plan import CommittedSession, SessionState


def propose(world: World, now: datetime) -> tuple[tuple[Action, ...], dict[OwnerKey, Workout]]:
    """The actions in order, and the workouts behind them. Raises ConnectorError when the sink cannot list."""
    today = world.today(now)
    kept = {key_of(world, each): each for each in _on_watch(world, now)}
    desired = [
        Desired(key, each.session.day, each.resolved.name, until=each.session.day + GRACE)
        for key, each in kept.items()
    ]
    window = DateRange(today - timedelta(days=30), today + timedelta(days=2 * HORIZON_DAYS))
    listed = world.sink.list_owned(window)
    ledger = world.store.ledger.rows(world.sink.name)
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
    )
    return actions, {key: each.resolved for key, each in kept.items()}


def calendar_entries(world: World, now: datetime) -> tuple[CalendarEntry, ...]:
    """Every committed session from the start of this week on, for calendars that people read."""
    week = monday_of(world.today(now))
    return tuple(
        CalendarEntry(
            uid=f"{each.session.id}.{world.athlete_key}@syncd",
            day=each.session.day,
            title=each.session.title,
            notation=format_workout(each.session.workout),
            purpose=each.session.purpose,
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
