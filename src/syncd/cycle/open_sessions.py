"""Which sessions a run could be: open ones around its day, and those it may still complete."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from syncd.cycle.planning import resolved_workout
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.run_assignment import SessionColumn
from syncd.domain.session import Session, SessionState, state_when_not_run
from syncd.domain.training.reasons import Cause
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession

MOVERS = frozenset({"A5", "A6"})
_KNOWN_FOR = timedelta(days=30)  # our default: later, nobody uploads a run to save a session


def free_sessions(
    world: World, runs: Collection[int], first: date, last: date
) -> list[tuple[CommittedSession, SessionColumn]]:
    """Sessions between two days that these runs could be: open, missed, or held by one of them.

    What was skipped, or made way for another, is there for a run that carries its name.
    """
    moved = first_days(world, first)
    near = {known.session.id: known for known in world.store.plan.between(first, last)}
    for identity in moved:
        known = near.get(identity) or world.store.plan.get(identity)
        if known is not None and first <= moved[identity].day <= last:
            near[identity] = known
    free = []
    for identity, known in near.items():
        only_named = False
        if known.state is SessionState.DONE:
            if known.activity_id not in runs:
                continue
        elif known.state is SessionState.DROPPED and replaced_by(world, known) not in runs:
            if not world.store.ledger.versions(identity):
                continue
            only_named = True
        before = moved.get(identity)
        first_day = before.day if before is not None else None
        free.append((known, SessionColumn(known.session, known.version, first_day, only_named)))
    return free


def replaced_by(world: World, session: CommittedSession) -> int | None:
    """The run that was a measurement in its place, where it was dropped for that (A18)."""
    if session.state is not SessionState.DROPPED:
        return None
    stored = world.store.scores.for_session(session.session.id)
    return stored.activity_id if stored is not None and stored.method is Method.REPLACED else None


def state_without_run(world: World, session: CommittedSession, now: datetime) -> SessionState:
    """What a session is when no run is it: due while it can be run, then missed."""
    return state_when_not_run(session.session.day, world.today(now))


def first_days(world: World, day: date) -> dict[str, Session]:
    """The sessions that a rule moved around that day or later, as they were before the first move."""
    moved: dict[str, Session] = {}
    for change in _moves(world, day):
        if change.session_id is not None and change.before is not None:
            moved.setdefault(change.session_id, change.before)
    return {
        identity: before
        for identity, before in moved.items()
        if (known := world.store.plan.get(identity)) is not None and known.session.day != before.day
    }


def take_back_move(world: World, known: CommittedSession, now: datetime) -> None:
    """It was run on its first day after all: shown there, and its run compared with it. In a transaction.

    What else moved or gave way comes back with the decision, whose ground is gone.
    """
    before = first_days(world, known.session.day - _KNOWN_FOR).get(known.session.id)
    if before is None:
        return
    world.store.plan.replace(before, resolved_workout(world, before), known.zone_set_id)
    why = Reason(Cause.RUN_AFTER_ALL, {"day": before.day.isoformat()})
    for change in _moves(world, before.day):
        if change.session_id == known.session.id and not change.rests_on:
            world.store.changes.withdraw(change.id, why, now)


def _moves(world: World, day: date) -> tuple[Change, ...]:
    since = datetime.combine(day - _KNOWN_FOR, datetime.min.time(), tzinfo=world.zone)
    return tuple(
        change
        for change in world.store.changes.since(since)
        if change.rule in MOVERS and change.holds and change.after is not None
    )
