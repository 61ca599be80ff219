"""What must not happen in a season."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from syncd.domain.athlete import PastRun
from syncd.domain.session import MEASURED_KINDS, SessionKind, SessionState, week_of
from syncd.domain.training.conditions import Condition, newest, return_cap_m
from syncd.domain.training.health import limits_of
from syncd.domain.training.single_run import LEAST_IN_RETURN_M, counted_runs, longest_m, stretched_m
from syncd.sandbox.seasons.athletes import START
from syncd.sandbox.seasons.season import Season

GPS = 1.02
SETTLED = timedelta(days=30)  # of the season: before that, runs from before it count too
SHORTENS_LONG = frozenset({"A1", "A2", "A3", "A14", "R20", "W1"})  # safety and time off outrank S19


def broken(season: Season) -> Iterator[str]:
    """R rules, and the spacing of hard days, that planned sessions broke, each with its day."""
    yield from _too_near(season)
    yield from (f"R20 {day}" for day in planned_above_the_cap(season))
    yield from _long_run_rule(season)
    yield from _while_off(season)


def planned_above_the_cap(season: Season) -> Iterator[date]:
    """Days on which the plan itself asked for more than 110 % of the longest of 30 days, as it knew them.

    Except tests and races: they are run because they are due. In a return its own cap holds (TRAINING 9.3).
    A restart (after 30 days without a run) has one too, which is not checked here.
    """
    history: list[PastRun] = []
    for run in season.runs:
        returns = _returns(season, run.day)
        longest = longest_m(counted_runs(history[-100:], returns), run.day)
        planned = run.planned
        if planned is None or planned.kind in MEASURED_KINDS or run.day - START <= SETTLED or longest is None:
            pass
        elif planned.distance_m > max(stretched_m(longest), _return_cap_m(returns, run.day)) * GPS:
            yield run.day
        history.append(PastRun(run.day, run.distance_m, 0.0))


def _returns(season: Season, day: date) -> tuple[Condition, ...]:
    """The returns that were decided by that day: the newest of each group."""
    conditions = (
        decision.proposal.condition for decided_on, decision in season.plan.decisions if decided_on <= day
    )
    return newest(asked for asked in conditions if asked is not None and asked.is_return)


def _return_cap_m(returns: tuple[Condition, ...], day: date) -> float:
    """How long a run of that day may be because of a return; 0 without one."""
    allowed = return_cap_m(returns, day)
    return 0.0 if allowed is None else max(allowed, LEAST_IN_RETURN_M)


def above_the_cap(season: Season) -> Iterator[date]:
    """Days of runs, planned or not, beyond 110 % of the longest of the 30 days before them."""
    for place, run in enumerate(season.runs):
        before = [
            earlier.distance_m
            for earlier in season.runs[max(0, place - 40) : place]
            if 0 < (run.day - earlier.day).days <= 30
        ]
        if before and run.day - START > SETTLED and run.distance_m > stretched_m(max(before)) * GPS:
            yield run.day


def _too_near(season: Season) -> Iterator[str]:
    """Hard days less than 48 hours apart (72 from 50 years on) that were both planned."""
    gap = limits_of(season.athlete.health, START).gap_days
    hard = [run for run in season.runs if run.planned is not None and run.planned.hard]
    for earlier, later in pairwise(hard):
        if (later.day - earlier.day).days < gap:
            yield f"48 h {later.day}"


def _long_run_rule(season: Season) -> Iterator[str]:
    """S19: in a whole build week no easy run is longer than the long run."""
    for week in season.plan.committed:
        sessions = [
            entry.session
            for entry in season.plan.entries.values()
            if entry.state is not SessionState.DROPPED and week_of(entry.session.id) == week.start
        ]
        long = next((session for session in sessions if session.kind is SessionKind.LONG), None)
        easy_m = max(
            (session.distance_m for session in sessions if session.kind is SessionKind.EASY), default=0.0
        )
        if long is not None and long.distance_m < easy_m and not SHORTENS_LONG & set(long.rules):
            yield f"S19 {week.start}"


def _while_off(season: Season) -> Iterator[str]:
    """A session on a day of which syncd knew by the day before that nothing is run on it."""
    if not season.adapted:
        return
    for spell in season.off:
        for entry in season.plan.entries.values():
            day = entry.session.day
            told = spell.known_from is not None and spell.known_from < day
            if told and spell.covers(day) and entry.state is not SessionState.DROPPED:
                yield f"off {day}"
