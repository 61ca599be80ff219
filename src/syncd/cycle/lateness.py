"""How late the athlete's runs usually come in, from when syncs did not know them yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from syncd.cycle.world import World
from syncd.domain.session import SessionState
from syncd.domain.training.lateness import LOOK_BACK, usual_lateness
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession


def late_days(world: World, today: date, sessions: Iterable[CommittedSession]) -> int:
    """The usual lateness of the last weeks. Only runs of sessions count: what was there before the plan came
    in all at once. Who seldom syncs is not late: what counts is a sync that was answered and had no run.
    """
    late = []
    for session in sessions:
        recent = today - LOOK_BACK <= session.session.day <= today
        if recent and session.state is SessionState.DONE and session.activity_id is not None:
            run = world.store.activities.get(session.activity_id)
            late += [] if run is None else [_days_unknown(world, run)]
    return usual_lateness(late)


def _days_unknown(world: World, run: ActivitySummary) -> int:
    if world.today(run.added_at) <= run.day:
        return 0
    without = world.store.syncs.last_ok_before(run.added_at)
    return 0 if without is None else max(0, (world.today(without) - run.day).days)
