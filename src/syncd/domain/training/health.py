"""Health first: what is withheld, from whom, and why. It outranks every other rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.athlete import Health, HealthGrade, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import monday_of
from syncd.domain.training.calendar import BUILDS
from syncd.domain.training.health_answers import (
    marathon_allowed,
    may_run,
    only_easy,
    open_answers,
    pregnancy_on,
)
from syncd.domain.training.pattern import LEAST_GAP_DAYS
from syncd.domain.training.reasons import Cause

NEW_WEEKS = 8  # fewer qualifying weeks: a newcomer (S3)
QUALIFYING_RUNS = 3
CONTINUOUS_S, CONTINUOUS_RUNS = 1800.0, 3
_LOOK_BACK_WEEKS = 12
HOTTEST_PREGNANT_C = 25.0  # our default

# Our defaults, on the cautious side of coaches' practice.
_OLDER, _OLDER_GAP_DAYS, _OLDER_BUILDS, _OLDER_TWO_FROM_M = 50, 3, 2, 50_000.0
_OLDEST, _OLDEST_HISTORY_WEEKS = 60, 26


@dataclass(frozen=True, slots=True)
class Limits:
    """What health and age allow.

    `hard`: hard sessions. `gap_days` between hard days and between hard and long; `builds`: the most
    build weeks in a row; `two_hard_from_m`: weekly metres for a second hard day;
    `repetitions_from_weeks`: weeks of history for repetition work. `running`: any run at all; `tests`:
    tests; `paced` False: by effort, so that you can talk. `week_m` and `long_m`: the most metres in a
    week and in a run; `hottest_c`: no run from there on; `marathon`: a marathon at all.
    """

    hard: bool = True
    gap_days: int = LEAST_GAP_DAYS
    builds: int = BUILDS
    two_hard_from_m: float = 0.0
    repetitions_from_weeks: int = 0
    notes: tuple[Reason, ...] = ()
    running: bool = True
    tests: bool = True
    paced: bool = True
    week_m: float | None = None
    long_m: float | None = None
    hottest_c: float | None = None
    marathon: bool = True


def limits_of(health: Health, on: date, *, age_on: date | None = None) -> Limits:
    """The limits of an athlete on a day; the notes say what is withheld, and why.

    `age_on`: the day whose age counts, where that is another one.
    """
    limits = _by_age(health, age_on or on)
    if not health.answers:
        return limits
    limits = replace(limits, running=may_run(health, on))
    if only_easy(health, on):
        notes = (*_notes(health, on), *limits.notes)
        limits = replace(limits, hard=False, tests=False, notes=notes)
    pregnancy = pregnancy_on(health, on)
    if pregnancy is None:
        return limits
    usual = pregnancy.usual
    return replace(
        limits,
        paced=False,
        week_m=None if usual is None else usual.week_m,
        long_m=None if usual is None else usual.long_m,
        hottest_c=HOTTEST_PREGNANT_C,
    )


def _notes(health: Health, on: date) -> Iterator[Reason]:
    """What is withheld, a note for each kind of answer."""
    answers = open_answers(health, on)
    easy = [answer for answer in answers if answer.grade is not HealthGrade.PREGNANCY]
    if easy:
        concerns = ", ".join(sorted({answer.concern.value for answer in easy}))
        yield Reason(Cause.NOT_CLEARED, {"concerns": concerns})
    if len(easy) < len(answers):
        yield Reason(Cause.PREGNANT)


def _by_age(health: Health, on: date) -> Limits:
    age = on.year - health.birth_year if health.birth_year is not None else None
    marathon = marathon_allowed(health, on)
    if age is None or age < _OLDER:
        return Limits(marathon=marathon)
    notes = [Reason(Cause.OVER_FIFTY)]
    return Limits(
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
