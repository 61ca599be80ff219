"""The athlete's word on single sessions: move, skip, pin. It outranks every rule.

Each is checked first and then kept in one transaction: the session, the change that explains it,
and the word that keeps rules away. The watch follows with the next cycle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from syncd.cycle.overrides import hold
from syncd.cycle.planning import by_effort_without_paces, counting_zones, history, resolved_workout
from syncd.cycle.world import World
from syncd.domain.day_text import dated_text, day_text
from syncd.domain.delivery import labels
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionKind, SessionState
from syncd.domain.training.adaptation import ease_to_cap
from syncd.domain.training.easier import easier
from syncd.domain.training.health import limits_of
from syncd.domain.training.reasons import Cause, session_fact
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import OverrideKind
from syncd.store.plan import CommittedSession

_SWAPS = frozenset({SessionKind.EASY, SessionKind.RECOVERY})


class OverrideError(ValueError):
    """What was asked cannot be done to the plan; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What a word did. `warnings` are what a rule would have forbidden; nothing is."""

    changes: tuple[Change, ...] = ()
    warnings: tuple[Reason, ...] = ()
    text: Reason | None = None


def move(world: World, first: date, to: date, now: datetime) -> EditOutcome:
    """The session of a day to another one; an easy run there takes its place. Raises WordError."""
    each = due_on(world, first, now)
    today = world.today(now)
    if to == first:
        raise OverrideError(f"{day_text(first)} is where it is already")
    if to < today:
        raise OverrideError(f"{dated_text(to, today)} is past: give a day from {day_text(today)} on")
    settled = last_settled(world, today)
    if to > settled:
        raise OverrideError(
            f"{dated_text(to, today)} is not settled yet: give a day up to {dated_text(settled, today)}"
        )
    if to in world.blocked or to in world.store.overrides.days_off(to, to):
        raise OverrideError(f"{day_text(to)} is a day without running (blocked, a pause or illness)")
    other = _in_the_way(world, to)
    edits = [(each, replace(each.session, day=to))]
    if other is not None:
        edits.append((other, replace(other.session, day=first)))
    reason = Reason(Cause.MOVED, {"was_on": first.isoformat(), "to": to.isoformat()})
    with world.store.transaction():
        changes = [_put(world, known, after, reason, now) for known, after in edits]
        changes = world.store.changes.keep_together(changes)
        for change in changes:
            hold(world, OverrideKind.MOVE, change, now)
    return EditOutcome(tuple(changes), _warnings(world, edits[0][1], now))


def skip(world: World, day: date, now: datetime) -> EditOutcome:
    """The session of a day is dropped, and leaves the watch. Raises WordError."""
    each = due_on(world, day, now)
    with world.store.transaction():
        (change,) = dropped(world, [each], Reason(Cause.SKIPPED), now)
        hold(world, OverrideKind.SKIP, change, now)
    return EditOutcome((change,))


def pin(world: World, day: date, now: datetime) -> EditOutcome:
    """No rule and no planning touches the session of a day any more. Raises WordError."""
    each = due_on(world, day, now)
    if day in world.store.overrides.days_off(day, day):
        raise OverrideError(f"{day_text(day)} is in a pause or an illness: syncd resume ends it")
    if any(word.session_id == each.session.id for word in world.store.overrides.of([OverrideKind.PIN])):
        raise OverrideError(f"{labels.title(each.session, world.units)} on {day_text(day)} is pinned already")
    change = Change(now, BY_ATHLETE, each.session.id, Reason(Cause.PINNED), each.session)
    with world.store.transaction():
        change = world.store.changes.keep(replace(change, after=each.session))
        hold(world, OverrideKind.PIN, change, now)
    return EditOutcome((change,))


def make_easier(world: World, each: CommittedSession, now: datetime) -> EditOutcome:
    """The easier version of a hard session takes its place. Raises WordError where there is none."""
    today = world.today(now)
    after = easier(each.session, counting_zones(world, today))
    name = f"{labels.title(each.session, world.units)} on {day_text(each.session.day)}"
    if any(word.session_id == each.session.id for word in world.store.overrides.of([OverrideKind.EASIER])):
        raise OverrideError(f"{name} is the easier version already: syncd skip leaves it out")
    if after is None:
        raise OverrideError(f"{name} has no easier version: syncd skip leaves it out")
    with world.store.transaction():
        change = world.store.changes.keep(
            _put(world, each, by_effort_without_paces(world, after), Reason(Cause.EASIER_CHOSEN), now)
        )
        hold(world, OverrideKind.EASIER, change, now)
    return EditOutcome((change,))


def due_on(world: World, day: date, now: datetime) -> CommittedSession:
    """The session of a day that is still to be run. Raises WordError where there is none."""
    if day < world.today(now):
        raise OverrideError(f"{day_text(day)} is past: what was run, or not, stays as it is")
    found = world.store.plan.between(day, day)
    due = next((each for each in found if each.state is SessionState.DUE), None)
    if due is not None:
        return due
    if any(each.state is SessionState.DONE for each in found):
        raise OverrideError(f"the session of {day_text(day)} is done already")
    raise OverrideError(f"no session on {day_text(day)}: syncd plan shows the days that have one")


def last_settled(world: World, today: date) -> date:
    """The last day of the committed weeks."""
    starts = [week.start for week in world.store.plan.weeks(since=today - timedelta(days=6))]
    return max(starts, default=today - timedelta(days=7)) + timedelta(days=6)


def dropped(
    world: World, sessions: Iterable[CommittedSession], reason: Reason, now: datetime
) -> list[Change]:
    """Sessions that are not run, with one reason. In a transaction."""
    changes = []
    for each in sessions:
        world.store.plan.set_state(each.session.id, SessionState.DROPPED)
        changes.append(Change(now, BY_ATHLETE, each.session.id, reason, each.session, None))
    return world.store.changes.keep_together(changes)


def _put(world: World, known: CommittedSession, after: Session, reason: Reason, now: datetime) -> Change:
    world.store.plan.replace(after, resolved_workout(world, after), known.zone_set_id)
    return Change(now, BY_ATHLETE, after.id, reason, known.session, after)


def _in_the_way(world: World, day: date) -> CommittedSession | None:
    """The easy run of the day, which swaps. Raises WordError for anything else that is there."""
    there = [
        each
        for each in world.store.plan.between(day, day)
        if each.state in (SessionState.DUE, SessionState.DONE)
    ]
    if not there:
        return None
    if len(there) == 1 and there[0].state is SessionState.DUE and there[0].session.kind in _SWAPS:
        return there[0]
    name = labels.title(there[0].session, world.units)
    raise OverrideError(f"{name} is on {day_text(day)} already: move or skip that one first")


def _warnings(world: World, moved: Session, now: datetime) -> tuple[Reason, ...]:
    """What the rules of training say of the new day; the athlete decides."""
    found = []
    gap = limits_of(world.health, moved.day).gap_days
    around = world.store.plan.between(moved.day - timedelta(days=gap), moved.day + timedelta(days=gap))
    if moved.hard or moved.kind is SessionKind.LONG:
        for each in around:
            strain = each.session.hard or each.session.kind is SessionKind.LONG
            apart = abs((each.session.day - moved.day).days)
            open_ = each.state in (SessionState.DUE, SessionState.DONE)
            if strain and open_ and each.session.id != moved.id and apart < gap:
                facts = {"session": session_fact(each.session), "hours": 24 * gap}
                found.append(Reason(Cause.TOO_NEAR, facts))
    today = world.today(now)
    eased = ease_to_cap(moved, counting_zones(world, today), history(world, today), today)
    if eased is not None:
        found.append(eased[1])
    return tuple(found)
