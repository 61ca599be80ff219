"""R20: no run longer than 110 % of the longest of the 30 days before it.

The only measure of load that went with injuries in 5205 runners (Frandsen and others, Br J Sports
Med 2025): 64 % more injuries after a run 10 to 30 % over that longest one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from syncd.domain.athlete import PastRun
from syncd.domain.training.conditions import Condition, return_cap_m

WINDOW_DAYS = 30
FACTOR = 1.10
SMALL_RUN_M, SMALL_STEP_M = 5000.0, 500.0  # below 5 km ten per cent would be no progress: +0.5 km
RESTART_S, RESTART_SHARE = 1800.0, 0.40  # after 30 days without a run
FIRST_RUN_S = 1200.0  # our default for somebody with no run on record
LEAST_IN_RETURN_M = 1500.0  # our default: shorter is not worth going out for
_HELD_DAYS = 14


@dataclass(frozen=True, slots=True)
class CountedRun:
    """A run as R20 counts it: one that itself broke the cap counts as the cap for 14 days."""

    day: date
    distance_m: float
    held_m: float


def counted_runs(history: Iterable[PastRun], conditions: Sequence[Condition] = ()) -> list[CountedRun]:
    """The history in order of days, each run with what it counts.

    A run is judged only when the 30 days before it are on record: a history always starts
    with a run that follows nothing. In a return its own cap holds.
    """
    counted: list[CountedRun] = []
    for run in sorted((run for run in history if run.distance_m > 0), key=_by_day):
        known = bool(counted) and counted[0].day <= run.day - timedelta(days=WINDOW_DAYS)
        longest = longest_m(counted, run.day) if known else None
        held = run.distance_m if longest is None else min(run.distance_m, stretched_m(longest))
        held = max(held, min(run.distance_m, return_cap_m(conditions, run.day) or 0.0))
        counted.append(CountedRun(run.day, run.distance_m, held))
    return counted


@lru_cache(maxsize=8)
def counted(history: tuple[PastRun, ...], conditions: tuple[Condition, ...] = ()) -> tuple[CountedRun, ...]:
    """`counted_runs`, remembered for histories that are needed again and again."""
    return tuple(counted_runs(history, conditions))


def longest_m(runs: Sequence[CountedRun], day: date) -> float | None:
    """The longest of the 30 days before `day`, in metres; `runs` in order of days."""
    longest: float | None = None
    oldest, held_since = day - timedelta(days=WINDOW_DAYS), day - timedelta(days=_HELD_DAYS)
    for run in reversed(runs):
        if run.day < oldest:
            break
        if run.day < day:
            metres = run.held_m if run.day >= held_since else run.distance_m
            if longest is None or metres > longest:
                longest = metres
    return longest


def cap_m(
    runs: Sequence[CountedRun], day: date, easy_mps: float, conditions: Sequence[Condition] = ()
) -> float:
    """How long a run on `day` may be, in metres: in a return as long as that allows."""
    returning_m = return_cap_m(conditions, day)
    if returning_m is not None:
        return max(returning_m, LEAST_IN_RETURN_M)
    longest = longest_m(runs, day)
    if longest is not None:
        return stretched_m(longest)
    older = [run.distance_m for run in runs if run.day < day]
    if not older:
        return FIRST_RUN_S * easy_mps
    restart = min(RESTART_S * easy_mps, RESTART_SHARE * max(older))
    return max(restart, SMALL_STEP_M)  # a recording of some metres is no longest run


def stretched_m(longest: float) -> float:
    """The cap that follows from a longest run, both in metres."""
    return longest + SMALL_STEP_M if longest < SMALL_RUN_M else longest * FACTOR


def _by_day(run: PastRun) -> tuple[date, float]:
    return run.day, run.distance_m
