"""What a race, or a run as good as one, does to the long run beside it: it is not missed (TRAINING 9.7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.cycle.done_runs import done_runs
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.evidence import run_fact
from syncd.domain.training.reasons import Cause, session_fact
from syncd.domain.training.rules.situation import DoneRun
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession

_BESIDE = timedelta(days=1)


def excused_by_race(world: World, session: CommittedSession, now: datetime) -> bool:
    """Whether the session is a long run on the day of an all-out run, or next to it: then it is dropped."""
    if session.session.kind is not SessionKind.LONG:
        return False
    race = _race_beside(world, session)
    if race is None:
        return False
    facts = {"session": session_fact(session.session), "day": race.day.isoformat()}
    reason = Reason(Cause.LONG_BESIDE_RACE, facts)
    identity = session.session.id
    with world.store.transaction():
        world.store.plan.set_state(identity, SessionState.DROPPED)
        rests_on, evidence = (run_fact(race, "all_out"),), {"run": race.id}
        change = Change(now, "A18", identity, reason, session.session, None, evidence, rests_on=rests_on)
        world.store.changes.keep(change)
    return True


def _race_beside(world: World, session: CommittedSession) -> DoneRun | None:
    first, last = session.session.day - _BESIDE, session.session.day + _BESIDE
    sessions = world.store.plan.between(first - _BESIDE, last + _BESIDE)
    runs = done_runs(world, first, last, sessions)
    return next((run for run in runs if run.all_out), None)
