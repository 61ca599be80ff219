"""What must not happen in a season, and how seasons are measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from syncd.domain.athlete import Health, PastRun
from syncd.domain.session import MEASURED_KINDS, SessionKind, SessionState, monday_of, week_of
from syncd.domain.training.health import limits_of
from syncd.domain.training.single_run import counted_runs, longest_m, stretched_m
from syncd.sandbox.seasons.season import START, Season

GPS = 1.02
SETTLED_DAYS = 21  # a rise of one VDOT takes three weeks
CLOSE = 0.02
SETTLED_RUNS = 12  # by then there are 30 days of runs before each run
SHORTENS_LONG = frozenset({"A1", "A2", "A3", "A14", "R20"})  # safety and time off outrank S19


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one season. Shares from 0 to 1, distances in metres."""

    habit: str
    adapted: bool
    broken: tuple[str, ...]
    changes_a_week: tuple[int, ...]
    missed_share: float
    above_cap: int
    final_vdot: float
    true_vdot: float
    weekly_m: float
    pace_error: float | None


def measured(season: Season) -> Measures:
    """All figures of a season."""
    runs = season.runs
    return Measures(
        habit=season.athlete.habit.value,
        adapted=season.adapted,
        broken=tuple(broken(season)),
        changes_a_week=changes_a_week(season),
        missed_share=season.missed / season.asked if season.asked else 0.0,
        above_cap=sum(1 for _ in above_the_cap(season)),
        final_vdot=season.final_vdot,
        true_vdot=season.athlete.true_vdot,
        weekly_m=sum(run.distance_m for run in runs) / max(1, len(season.paces) / 7),
        pace_error=pace_error(season),
    )


def broken(season: Season) -> Iterator[str]:
    """R rules, and the spacing of hard days, that planned sessions broke, each with its day."""
    yield from _too_near(season)
    yield from (f"R20 {day}" for day in planned_above_the_cap(season))
    yield from _long_run_rule(season)


def planned_above_the_cap(season: Season) -> Iterator[date]:
    """Days on which the plan itself asked for more than 110 % of the longest of 30 days.

    Except tests and races: they are run because they are due. A restart (after 30 days without a run)
    has a cap of its own, which is not checked here.
    """
    history: list[PastRun] = []
    for place, run in enumerate(season.runs):
        longest = longest_m(counted_runs(history[-200:]), run.day)
        planned = run.planned
        if planned is None or planned.kind in MEASURED_KINDS or place <= SETTLED_RUNS or longest is None:
            pass
        elif planned.distance_m > stretched_m(longest) * GPS:
            yield run.day
        history.append(PastRun(run.day, run.distance_m, 0.0))


def above_the_cap(season: Season) -> Iterator[date]:
    """Days of runs, planned or not, beyond 110 % of the longest of the 30 days before them."""
    for place, run in enumerate(season.runs):
        before = [
            earlier.distance_m for earlier in season.runs[:place] if 0 < (run.day - earlier.day).days <= 30
        ]
        if before and place > SETTLED_RUNS and run.distance_m > stretched_m(max(before)) * GPS:
            yield run.day


def changes_a_week(season: Season) -> tuple[int, ...]:
    """Decisions that changed the plan, in each week of the season; new paces count as one."""
    days = [day for day, decision in season.decisions if decision.changes_the_plan]
    by_week: dict[date, int] = {}
    for day in (*days, *season.repaced):
        by_week[monday_of(day)] = by_week.get(monday_of(day), 0) + 1
    weeks = len(season.paces) // 7
    return tuple(by_week.get(START + timedelta(weeks=week), 0) for week in range(weeks))


def pace_error(season: Season) -> float | None:
    """How far training paces are off the true fitness, three weeks after the second test."""
    if len(season.tests) < 2:
        return None
    day = season.tests[1] + timedelta(days=SETTLED_DAYS)
    if day not in season.paces:
        return None
    trained, true = season.paces[day]
    return trained / true - 1


def _too_near(season: Season) -> Iterator[str]:
    """Hard days less than 48 hours apart that were both planned."""
    gap = limits_of(Health(), START).gap_days
    hard = [run for run in season.runs if run.planned is not None and run.planned.hard]
    for earlier, later in pairwise(hard):
        if (later.day - earlier.day).days < gap:
            yield f"48 h {later.day}"


def _long_run_rule(season: Season) -> Iterator[str]:
    """S19: in a whole build week no easy run is longer than the long run."""
    for week in season.committed:
        sessions = [
            entry.session
            for entry in season.entries.values()
            if entry.state is not SessionState.DROPPED and week_of(entry.session.id) == week.start
        ]
        long = next((session for session in sessions if session.kind is SessionKind.LONG), None)
        easy_m = max(
            (session.distance_m for session in sessions if session.kind is SessionKind.EASY), default=0.0
        )
        if long is not None and long.distance_m < easy_m and not SHORTENS_LONG & set(long.rules):
            yield f"S19 {week.start}"
