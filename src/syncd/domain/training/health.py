"""Health first: what is withheld, from whom, and why. It outranks every other rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.athlete import Health, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import monday_of
from syncd.domain.training.calendar import BUILDS
from syncd.domain.training.pattern import LEAST_GAP_DAYS
from syncd.domain.training.reasons import Cause

NEW_WEEKS = 8  # fewer qualifying weeks: a newcomer (S3)
QUALIFYING_RUNS = 3
CONTINUOUS_S, CONTINUOUS_RUNS = 1800.0, 3
_LOOK_BACK_WEEKS = 12

# Our defaults, on the cautious side of coaches' practice.
_OLDER, _OLDER_GAP_DAYS, _OLDER_BUILDS, _OLDER_TWO_FROM_M = 50, 3, 2, 50_000.0
_OLDEST, _OLDEST_HISTORY_WEEKS = 60, 26


@dataclass(frozen=True, slots=True)
class Limits:
    """What health and age allow.

    `hard`: hard sessions and tests at all. `gap_days` between hard days and between hard and
    long; `builds`: the most build weeks in a row; `two_hard_from_m`: weekly metres for a second
    hard day; `repetitions_from_weeks`: weeks of history for repetition work.
    """

    hard: bool = True
    gap_days: int = LEAST_GAP_DAYS
    builds: int = BUILDS
    two_hard_from_m: float = 0.0
    repetitions_from_weeks: int = 0
    notes: tuple[Reason, ...] = ()


def limits_of(health: Health, on: date) -> Limits:
    """The limits of an athlete on a day; the notes say what is withheld, and why."""
    notes: list[Reason] = []
    held = bool(health.concerns) and not health.cleared
    if held:
        concerns = ", ".join(sorted(concern.value for concern in health.concerns))
        notes.append(Reason(Cause.NOT_CLEARED, {"concerns": concerns}))
    age = on.year - health.birth_year if health.birth_year is not None else 0
    if age < _OLDER:
        return Limits(hard=not held, notes=tuple(notes))
    notes.append(Reason(Cause.OVER_FIFTY))
    return Limits(
        hard=not held,
        gap_days=_OLDER_GAP_DAYS,
        builds=_OLDER_BUILDS,
        two_hard_from_m=_OLDER_TWO_FROM_M,
        repetitions_from_weeks=_OLDEST_HISTORY_WEEKS if age >= _OLDEST else 0,
        notes=tuple(notes),
    )


def qualifying_weeks(history: Iterable[PastRun], before: date) -> int:
    """Weeks with three runs or more among the twelve before the week of `before`."""
    monday = monday_of(before)
    days: dict[date, set[date]] = {}
    for run in history:
        if monday - timedelta(weeks=_LOOK_BACK_WEEKS) <= run.day < monday:
            days.setdefault(monday_of(run.day), set()).add(run.day)
    return sum(len(run_days) >= QUALIFYING_RUNS for run_days in days.values())


def runs_half_an_hour(history: Iterable[PastRun], before: date) -> bool:
    """Whether three runs of the four weeks before `before` lasted 30 minutes."""
    since = before - timedelta(weeks=4)
    long = [run for run in history if since <= run.day < before and run.duration_s >= CONTINUOUS_S]
    return len(long) >= CONTINUOUS_RUNS
