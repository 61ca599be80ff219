"""Committed weeks as they were on a day: later decisions, and those that hold no more, are left out.

What the next week is planned from must not depend on when the runs of these days came in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, tzinfo

from syncd.domain.session import Session, SessionState, Week, monday_of, week_of
from syncd.domain.training.reasons import Cause
from syncd.store import Store
from syncd.store.changes import BY_FACTS, REZONED


def as_it_was(store: Store, week: Week, as_of: date, zone: tzinfo) -> Week:
    """A committed week with its sessions as they were on that day; over weeks as they are."""
    if week.start < monday_of(as_of):
        return week
    near = store.plan.between(week.start - timedelta(weeks=1), week.start + timedelta(weeks=2))
    ids = [committed.session.id for committed in near if week_of(committed.session.id) == week.start]
    sessions = (_session_on(store, identity, as_of, zone) for identity in ids)
    found = sorted(filter(None, sessions), key=lambda session: (session.day, session.id))
    return replace(week, sessions=tuple(found))


def _session_on(store: Store, session_id: str, as_of: date, zone: tzinfo) -> Session | None:
    """A session as of a day: as it was first planned, with what holds and was decided before that day."""
    known = store.plan.get(session_id)
    changes = [
        change
        for change in store.changes.of_session(session_id)
        if change.before != change.after and change.rule != REZONED
    ]
    if not changes:
        return None if known is None or known.state is SessionState.DROPPED else known.session
    session = changes[0].before
    for change in changes:
        by_late_facts = change.reason.code == Cause.PLANNED_WITHOUT_RUNS
        decided = change.holds and change.rule != BY_FACTS and change.at.astimezone(zone).date() < as_of
        if by_late_facts or decided:
            session = change.after
    return session
