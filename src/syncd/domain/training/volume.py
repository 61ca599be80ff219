"""How much to run in a week: where to start, how to grow, when to rest, where to stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from syncd.domain.athlete import Goal, PastRun
from syncd.domain.session import Week, monday_of

STEP, STEP_PER_RUN_M = 1.07, 800.0  # R18: 7 %, never more than Daniels' half mile for each run of the week
DOWN = 0.75  # R21: every fourth week
CYCLE_WEEKS = 4
SPIKE = 1.30  # R22: over the best of the last four weeks
CEILING, CEILING_PER_DAY_M = 1.8, 4000.0  # coaches' practice, per macro-cycle
LEAST_PER_RUN_M = 5000.0  # an extra day is worth it from 5 km on average
ALWAYS_DAYS = 3
COMPLIANCE = 0.80  # R18: hold below it
_ROUNDING = 1.02  # a plan in hundreds of metres must not lose a day to 0.1 km

PER_DAY_M: Mapping[Goal, float] = {  # our default
    Goal.FIVE_K: 10_000.0,
    Goal.TEN_K: 10_000.0,
    Goal.NONE: 10_000.0,
    Goal.HALF: 12_000.0,
    Goal.MARATHON: 14_000.0,
}


def weekly_distances(history: Iterable[PastRun]) -> dict[date, float]:
    """Metres run in each ISO week that had a run, by its Monday."""
    metres_in: dict[date, float] = {}
    for run in sorted(history, key=lambda run: (run.day, run.distance_m)):  # sums must not depend on order
        if run.distance_m > 0:
            monday = monday_of(run.day)
            metres_in[monday] = metres_in.get(monday, 0.0) + run.distance_m
    return metres_in


def recent_mean_m(weeks: Mapping[date, float], monday: date) -> float:
    """R17: the mean of the four calendar weeks before `monday`, empty ones included."""
    return sum(_last_four(weeks, monday)) / CYCLE_WEEKS


def spike_limit_m(
    weeks: Mapping[date, float], monday: date, planned: Mapping[date, float] | None = None
) -> float | None:
    """R22: the most that the week may hold; None when the last four weeks had no run at all.

    From the best of them, so that runs missed at random take nothing away; each counts at most as
    `planned` (metres by Monday, where there was a plan), so that a week of overdoing lifts nothing.
    """
    asked = planned or {}
    counted = {week: min(metres, asked.get(week, metres)) for week, metres in weeks.items()}
    best = max(_last_four(counted, monday))
    return SPIKE * best if best > 0 else None


def whole_weeks_m(taken: Iterable[Week], today_monday: date) -> dict[date, float]:
    """Metres planned in each week, by its Monday; without weeks that the plan entered half-way."""
    return {
        week.start: week.distance_m
        for place, week in enumerate(taken)
        if has_first(week) or (place > 0 and week.start < today_monday)
    }


def has_first(week: Week) -> bool:
    """Whether the first run of the week is in it: then the plan knew the week from its beginning."""
    return any(session.id.endswith("-1") for session in week.sessions)


def has_settled(weeks: Mapping[date, float], monday: date) -> bool:
    """S7: whether the body has run enough of late for a quality session: last week, and one before."""
    last, *earlier = _last_four(weeks, monday)
    return last > 0 and any(earlier)


def stepped_m(volume_m: float, runs: int) -> float:
    """R18: the next build week."""
    return min(volume_m * STEP, volume_m + STEP_PER_RUN_M * runs)


def ceiling_m(start_m: float, days: int, goal: Goal) -> float:
    """The most that a macro-cycle grows to; never below its own start."""
    grown = max(CEILING * start_m, start_m + CEILING_PER_DAY_M * days)
    return max(start_m, min(grown, PER_DAY_M[goal] * days))


def running_days(days: int, volume_m: float) -> int:
    """R19: three days (or as many as there are), more only for 5 km a run on average."""
    return max(min(days, ALWAYS_DAYS), min(days, int(volume_m * _ROUNDING // LEAST_PER_RUN_M)))


def _last_four(weeks: Mapping[date, float], monday: date) -> list[float]:
    return [weeks.get(monday - timedelta(weeks=back), 0.0) for back in range(1, CYCLE_WEEKS + 1)]
