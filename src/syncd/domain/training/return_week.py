"""The weeks of a return after time off: days between runs, walks in the runs, a first run that is very easy.

How far and how much is the condition's (conditions.py); nothing here makes a run longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import EASY_KINDS, Session, SessionKind
from syncd.domain.training.conditions import Condition, first_run_s
from syncd.domain.training.sessions import easy_run, easy_speed_mps, placed
from syncd.domain.training.special_sessions import run_and_walk
from syncd.domain.workout import Repeat, Step

FIRST_RUN_RPE = (2, 3)
APART_DAYS = 2
_GRAIN_M = 100.0
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
    sessions: Sequence[Session], conditions: Sequence[Condition], zones: ZoneSet, run_on: Collection[date]
) -> tuple[Session, ...]:
    """The sessions of a week with walks where a return wants them; its first run at effort 3 at most.

    `run_on`: the days with a run before the week.
    """
    days = {*run_on, *(session.day for session in sessions)}
    return tuple(_gentler(session, conditions, zones, days) for session in sessions)


def as_first_run(session: Session, limit_s: float, zones: ZoneSet) -> Session:
    """An easy run or one with walks as the first of a return: no longer than that, at effort 3 at most."""
    if session.kind is SessionKind.WALK_RUN:
        return replace(_fewer_rounds(session, limit_s, zones), rpe=FIRST_RUN_RPE)
    if session.kind not in EASY_KINDS:
        return session
    most_m = limit_s * easy_speed_mps(zones)
    if session.distance_m > most_m or "S33" in session.rules:
        metres = min(session.distance_m, most_m) // _GRAIN_M * _GRAIN_M
        session = placed(easy_run(metres, zones), session.id, session.day, _without_strides(session))
    return replace(session, rpe=FIRST_RUN_RPE)


def _gentler(
    session: Session, conditions: Sequence[Condition], zones: ZoneSet, run_on: Collection[date]
) -> Session:
    for condition in conditions:
        if not condition.is_return or not condition.covers(session.day):
            continue
        if condition.walks_until is not None and session.day < condition.walks_until:
            session = _with_walks(session, condition, zones)
        if first_run_s((condition,), session.day, run_on) is not None:
            session = replace(session, rpe=FIRST_RUN_RPE)
    return session


def _fewer_rounds(session: Session, limit_s: float, zones: ZoneSet) -> Session:
    rounds = next((item for item in session.workout.steps if isinstance(item, Repeat)), None)
    if rounds is None or session.duration_s <= limit_s:
        return session
    round_s = session.duration_s / rounds.count
    run_min, *walk_min = (
        (step.duration.seconds or 0.0) / 60 for step in rounds.steps if isinstance(step, Step)
    )
    recipe = run_and_walk(run_min, sum(walk_min), max(1, int(limit_s // round_s)), zones)
    return placed(recipe, session.id, session.day, session.rules)


def _without_strides(session: Session) -> tuple[str, ...]:
    return tuple(rule for rule in session.rules if rule != "S33")


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
    return placed(recipe, session.id, session.day, _without_strides(session))
