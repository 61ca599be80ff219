"""The athlete's decisions on single sessions: move, skip, pin. They outrank every rule.

Each is checked first and then kept in one transaction: the session, the change that explains it,
and the override that keeps rules away. The watch follows with the next sync.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from syncd.cycle.done_runs import recent_runs
from syncd.cycle.easy_returns import keep_returns_easy
from syncd.cycle.overrides import hold
from syncd.cycle.planning import (
    by_effort_without_paces,
    counting_zones,
    history,
    recent_conditions,
    resolved_workout,
)
from syncd.cycle.world import World
from syncd.domain.day_text import dated_text, day_text
from syncd.domain.delivery import labels
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionKind, SessionState
from syncd.domain.training.adaptation import ease_to_cap
from syncd.domain.training.conditions import newest
from syncd.domain.training.easier import easier
from syncd.domain.training.health import limits_of
from syncd.domain.training.health_answers import may_run
from syncd.domain.training.reasons import Cause, session_fact
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import OverrideKind
from syncd.store.plan import CommittedSession

_SWAPS = frozenset({SessionKind.EASY, SessionKind.RECOVERY})


class OverrideError(ValueError):
    """What was asked for cannot be done to the plan; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What an override did. `warnings`: what a rule would not have done; the athlete may."""

    changes: tuple[Change, ...] = ()
    warnings: tuple[Reason, ...] = ()
    text: Reason | None = None


def move(world: World, first: date, to: date, now: datetime) -> EditOutcome:
    """Move the session of a day to another; an easy run there takes its place. Raises OverrideError."""
    due = due_on(world, first, now)
    today = world.today(now)
    if to == first:
        raise OverrideError(f"it is on {day_text(first)} already")
    if to < today:
        raise OverrideError(f"{dated_text(to, today)} is past: give a day from {day_text(today)} on")
    last = last_settled(world, today)
    if to > last:
        raise OverrideError(
            f"{dated_text(to, today)} is not planned in detail yet: "
            f"give a day up to {dated_text(last, today)}"
        )
    _require_running(world, to)
    if to in world.blocked or to in world.store.overrides.days_off(to, to):
        raise OverrideError(f"{day_text(to)} is a day without running (blocked, a pause or illness)")
    swapped = _in_the_way(world, to)
    edits = [(due, replace(due.session, day=to))]
    if swapped is not None:
        edits.append((swapped, replace(swapped.session, day=first)))
    reason = Reason(Cause.MOVED, {"was_on": first.isoformat(), "to": to.isoformat()})
    with world.store.transaction():
        changes = [_put(world, known, after, reason, now) for known, after in edits]
        changes = world.store.changes.keep_together(changes)
        for change in changes:
            hold(world, OverrideKind.MOVE, change, now)
        eased = keep_returns_easy(world, now)
    return EditOutcome((*changes, *eased), _warnings(world, edits[0][1], now))


def skip(world: World, day: date, now: datetime) -> EditOutcome:
    """Drop the session of a day; it leaves the watch. Raises OverrideError."""
    due = due_on(world, day, now)
    with world.store.transaction():
        (change,) = dropped(world, [due], Reason(Cause.SKIPPED), now)
        hold(world, OverrideKind.SKIP, change, now)
    return EditOutcome((change,))


def pin(world: World, day: date, now: datetime) -> EditOutcome:
    """Keep the session of a day as it is, whatever rules and planning say. Raises OverrideError."""
    due = due_on(world, day, now)
    _require_running(world, day)
    if day in world.store.overrides.days_off(day, day):
        raise OverrideError(f"{day_text(day)} is in a pause or an illness: syncd resume ends it")
    if any(
        override.session_id == due.session.id for override in world.store.overrides.of([OverrideKind.PIN])
    ):
        raise OverrideError(f"{labels.title(due.session, world.units)} on {day_text(day)} is pinned already")
    change = Change(now, BY_ATHLETE, due.session.id, Reason(Cause.PINNED), due.session)
    with world.store.transaction():
        change = world.store.changes.keep(replace(change, after=due.session))
        hold(world, OverrideKind.PIN, change, now)
    return EditOutcome((change,))


def make_easier(world: World, session: CommittedSession, now: datetime) -> EditOutcome:
    """Put the easier version of a hard session in its place. Raises OverrideError where there is none."""
    today = world.today(now)
    after = easier(session.session, counting_zones(world, today))
    name = f"{labels.title(session.session, world.units)} on {day_text(session.session.day)}"
    if any(
        override.session_id == session.session.id
        for override in world.store.overrides.of([OverrideKind.EASIER])
    ):
        raise OverrideError(f"{name} is the easier version already: syncd skip leaves it out")
    if after is None:
        raise OverrideError(f"{name} has no easier version: syncd skip leaves it out")
    with world.store.transaction():
        change = world.store.changes.keep(
            _put(world, session, by_effort_without_paces(world, after), Reason(Cause.EASIER_CHOSEN), now)
        )
        hold(world, OverrideKind.EASIER, change, now)
    return EditOutcome((change,))


def due_on(world: World, day: date, now: datetime) -> CommittedSession:
    """The session of a day that is still to be run. Raises OverrideError where there is none."""
    if day < world.today(now):
        raise OverrideError(f"{day_text(day)} is past: what was run, or not, stays as it is")
    sessions = world.store.plan.between(day, day)
    due = next((session for session in sessions if session.state is SessionState.DUE), None)
    if due is not None:
        return due
    if any(session.state is SessionState.DONE for session in sessions):
        raise OverrideError(f"the session of {day_text(day)} is done already")
    raise OverrideError(f"no session on {day_text(day)}: syncd plan shows the days that have one")


def last_settled(world: World, today: date) -> date:
    """The last day of the committed weeks."""
    starts = [week.start for week in world.store.plan.weeks(since=today - timedelta(days=6))]
    return max(starts, default=today - timedelta(days=7)) + timedelta(days=6)


def dropped(
    world: World, sessions: Iterable[CommittedSession], reason: Reason, now: datetime
) -> list[Change]:
    """Drop sessions, all for one reason. In a transaction."""
    changes = []
    for session in sessions:
        world.store.plan.set_state(session.session.id, SessionState.DROPPED)
        changes.append(Change(now, BY_ATHLETE, session.session.id, reason, session.session, None))
    return world.store.changes.keep_together(changes)


def _require_running(world: World, day: date) -> None:
    """Raises OverrideError for a day on which health allows no run."""
    if not may_run(world.health, day):
        raise OverrideError(f"{day_text(day)}: no running until you are cleared (syncd health)")


def _put(world: World, committed: CommittedSession, after: Session, reason: Reason, now: datetime) -> Change:
    world.store.plan.replace(after, resolved_workout(world, after), committed.zone_set_id)
    return Change(now, BY_ATHLETE, after.id, reason, committed.session, after)


def _in_the_way(world: World, day: date) -> CommittedSession | None:
    """The easy run of the day, which swaps. Raises OverrideError for anything else on that day."""
    existing = [
        session
        for session in world.store.plan.between(day, day)
        if session.state in (SessionState.DUE, SessionState.DONE)
    ]
    if not existing:
        return None
    if len(existing) == 1 and existing[0].state is SessionState.DUE and existing[0].session.kind in _SWAPS:
        return existing[0]
    name = labels.title(existing[0].session, world.units)
    raise OverrideError(f"{name} is on {day_text(day)} already: move or skip that one first")


def _warnings(world: World, moved: Session, now: datetime) -> tuple[Reason, ...]:
    """What the rules of training say of the new day; the athlete decides."""
    warnings = []
    gap = limits_of(world.health, moved.day).gap_days
    around = world.store.plan.between(moved.day - timedelta(days=gap), moved.day + timedelta(days=gap))
    if moved.hard or moved.kind is SessionKind.LONG:
        for neighbour in around:
            strain = neighbour.session.hard or neighbour.session.kind is SessionKind.LONG
            apart = abs((neighbour.session.day - moved.day).days)
            open_ = neighbour.state in (SessionState.DUE, SessionState.DONE)
            if strain and open_ and neighbour.session.id != moved.id and apart < gap:
                facts = {"session": session_fact(neighbour.session), "hours": 24 * gap}
                warnings.append(Reason(Cause.TOO_NEAR, facts))
        warnings += [
            Reason(Cause.TOO_NEAR_RUN, {"day": run.day.isoformat(), "hours": 24 * gap})
            for run in recent_runs(world, world.today(now), gap)
            if run.is_extra_hard and abs((run.day - moved.day).days) < gap
        ]
    today = world.today(now)
    returns = newest(recent_conditions(world, today))
    eased = ease_to_cap(moved, counting_zones(world, today), history(world, today), today, returns)
    if eased is not None:
        warnings.append(eased[1])
    return tuple(warnings)
