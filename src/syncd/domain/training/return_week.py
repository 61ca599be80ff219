"""The weeks of a return after time off: days between runs, walks in the runs, a first run that is very easy.

How far and how much is the condition's (conditions.py); nothing here makes a run longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import EASY_KINDS, Session, SessionKind
from syncd.domain.training.conditions import FIRST_RUN_DAYS, Condition
from syncd.domain.training.sessions import easy_speed_mps, placed
from syncd.domain.training.special_sessions import run_and_walk

FIRST_RUN_RPE = (2, 3)
APART_DAYS = 2
# Of five minutes, as physiotherapists let runners begin again: 1 running and 4 walking, until 4 and 1.
BRISK, BRISK_WALK_MPS = 1.05, 1.6
ROUND_MIN, FEWEST_ROUNDS, MOST_RUN_MIN = 5, 4, 4


def spaced(weekdays: Sequence[int], monday: date, conditions: Iterable[Condition]) -> tuple[int, ...]:
    """The weekdays without those that would follow a run at once, where a return wants a day between.

    The choice begins on the first day of the return, so that it is the same for both of its weeks.
    """
    left = set(weekdays)
    for condition in conditions:
        until = condition.spaced_until
        if not condition.is_return or until is None:
            continue
        last: date | None = None
        day = condition.first_day
        while day < until:
            inside = 0 <= (day - monday).days < 7
            if day.weekday() in weekdays and (last is None or (day - last).days >= APART_DAYS):
                last = day
            elif inside:
                left.discard(day.weekday())
            day += timedelta(days=1)
    return tuple(sorted(left)) or tuple(weekdays[:1])


def gentler(
    sessions: Iterable[Session], conditions: Sequence[Condition], zones: ZoneSet
) -> tuple[Session, ...]:
    """The sessions of a week with walks where a return wants them; its first run at effort 3 at most."""
    return tuple(_gentler(session, conditions, zones) for session in sessions)


def _gentler(session: Session, conditions: Sequence[Condition], zones: ZoneSet) -> Session:
    for condition in conditions:
        if not condition.is_return or not condition.covers(session.day):
            continue
        if condition.walks_until is not None and session.day < condition.walks_until:
            session = _with_walks(session, condition, zones)
        first = condition.first_run_s is not None
        if first and (session.day - condition.first_day).days < FIRST_RUN_DAYS:
            session = replace(session, rpe=FIRST_RUN_RPE)
    return session


def _with_walks(session: Session, condition: Condition, zones: ZoneSet) -> Session:
    """The run in rounds of five minutes; the running in them grows evenly until the walks end."""
    if (
        session.kind not in EASY_KINDS
        or session.kind is SessionKind.WALK_RUN
        or condition.walks_until is None
    ):
        return session
    passed = (session.day - condition.first_day).days / max(
        1, (condition.walks_until - condition.first_day).days
    )
    run_min = min(MOST_RUN_MIN, 1 + int(passed * MOST_RUN_MIN))
    walk_min = ROUND_MIN - run_min
    # who runs and walks briskly gets further than the estimate: the metres are a cap all the same
    round_m = 60 * (run_min * BRISK * easy_speed_mps(zones) + walk_min * BRISK_WALK_MPS)
    most = int(min(session.duration_s / 60 // ROUND_MIN, session.distance_m // round_m))
    recipe = run_and_walk(run_min, walk_min, max(FEWEST_ROUNDS, most), zones)
    return placed(recipe, session.id, session.day, tuple(rule for rule in session.rules if rule != "S33"))
