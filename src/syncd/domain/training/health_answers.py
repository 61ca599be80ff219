"""What the answers to the health questions mean on a day: no running, easy running, or no race.

Source: the training model, 9.1 (ACOG 804 for pregnancy, Goom 2019 for the time after a birth).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.athlete import (
    Concern,
    Goal,
    Health,
    HealthAnswer,
    HealthGrade,
    PastRun,
    Race,
    UsualRunning,
)
from syncd.domain.reason import Reason
from syncd.domain.training.conditions import Condition, newest
from syncd.domain.training.reasons import Cause

OF_HEALTH = "health:"  # how the ids of spells begin that follow from an answer
WAY_BACK = f"A3:{OF_HEALTH}"  # and the groups of their returns
WALKS_AFTER_BIRTH = timedelta(weeks=12)  # Goom 2019
ADULT = 18  # years; no marathon before (our default)
_USUAL_WEEKS, _LOOK_BACK_WEEKS, _LEAST_WEEKS = 4, 26, 4  # our defaults: four weeks with a run of half a year
_LONGEST_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NoRunning:
    """Days without running that follow from an answer; `last_day` None: until it is cleared."""

    answer: HealthAnswer
    first_day: date
    last_day: date | None

    def covers(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def days_without(health: Health) -> tuple[NoRunning, ...]:
    """All days without running that follow from the answers, in the order of the answers."""
    found = [off for answer in _with_births(health.answers) if (off := _days_without(answer)) is not None]
    walked = {off.last_day: off for off in found if off.answer.grade is HealthGrade.PREGNANCY}
    joined = []
    for off in found:
        before = walked.get(off.first_day - timedelta(days=1))
        if off.answer.grade is HealthGrade.BIRTH and before is not None:
            joined.append(replace(off, first_day=before.first_day))  # who walked until the birth
            del walked[before.last_day]
        elif off.answer.grade is not HealthGrade.PREGNANCY:
            joined.append(off)
    return (*joined, *walked.values())


def may_run(health: Health, day: date) -> bool:
    """Whether the answers allow any run on a day."""
    return not any(off.covers(day) for off in days_without(health))


def only_easy(health: Health, day: date) -> bool:
    """Whether the answers forbid hard sessions, tests and races on a day."""
    return any(_holds_back(answer, day) for answer in _with_births(health.answers))


def pregnancy_on(health: Health, day: date) -> HealthAnswer | None:
    """The pregnancy of a day, None without one."""
    answers = _with_births(health.answers)
    return next((answer for answer in answers if _is_pregnant(answer, day)), None)


def open_answers(health: Health, today: date) -> tuple[HealthAnswer, ...]:
    """Those that something follows from today or later, in their order."""
    return tuple(answer for answer in _with_births(health.answers) if _holds_back(answer, today))


def race_hindrance(
    health: Health, race: Race | None, today: date, conditions: Iterable[Condition] = ()
) -> Reason | None:
    """Why a race in the calendar is not planned for; None where it is.

    Neither is one in the first half of a return: `conditions` say how long that is.
    """
    if race is None:
        return None
    facts = {"goal": race.goal.value, "day": race.day.isoformat()}
    if race.goal is Goal.MARATHON and not marathon_allowed(health, race.day):
        return Reason(Cause.RACE_UNDER_AGE, facts)
    in_return = any(
        condition.hard_from is not None and condition.first_day <= race.day < condition.hard_from
        for condition in newest(conditions)
        if condition.rising is not None or condition.group.startswith(WAY_BACK)
    )
    if only_easy(health, today) or not may_run(health, race.day):
        return Reason(Cause.RACE_NOT_PLANNED_FOR, facts)
    return Reason(Cause.RACE_IN_RETURN, facts) if in_return else None


def marathon_allowed(health: Health, day: date) -> bool:
    """Whether the athlete is of age that day, as far as the year of birth says."""
    return health.birth_year is None or day.year - health.birth_year >= ADULT


def usual_running(history: Iterable[PastRun], since: date) -> UsualRunning | None:
    """The mean of the last four weeks with a run, of the half year before a day; None without four of them.

    So long back that weeks of sickness in a pregnancy do not make a runner a walker.
    """
    runs = [run for run in history if timedelta() < since - run.day <= timedelta(weeks=_LOOK_BACK_WEEKS)]
    weeks: dict[int, float] = {}
    for run in runs:
        back = ((since - run.day).days - 1) // 7
        weeks[back] = weeks.get(back, 0.0) + run.distance_m
    if len(weeks) < _LEAST_WEEKS:
        return None
    counted = [weeks[back] for back in sorted(weeks)[:_USUAL_WEEKS]]
    newest = max(run.day for run in runs)
    longest = max(run.distance_m for run in runs if newest - run.day <= _LONGEST_WITHIN)
    return UsualRunning(round(sum(counted) / len(counted)), round(longest))


def _with_births(answers: tuple[HealthAnswer, ...]) -> tuple[HealthAnswer, ...]:
    """The same, each pregnancy over with the first birth after it began."""
    births = sorted(answer.since for answer in answers if answer.concern is Concern.BIRTH)
    return tuple(
        replace(answer, over_on=born, easy_from=born, free_from=born)  # the birth says what follows
        if answer.grade is HealthGrade.PREGNANCY
        and answer.over_on is None
        and (born := next((day for day in births if day >= answer.since), None)) is not None
        else answer
        for answer in answers
    )


def _days_without(answer: HealthAnswer) -> NoRunning | None:
    match answer.grade:
        case HealthGrade.EASY_ONLY:
            return None
        case HealthGrade.PREGNANCY:
            if answer.usual is not None:
                return None
            back_on = answer.over_on
        case HealthGrade.BIRTH:
            back_on = answer.easy_from and max(answer.easy_from, answer.since + WALKS_AFTER_BIRTH)
        case _:
            back_on = answer.easy_from
    last = None if back_on is None else back_on - timedelta(days=1)
    if last is not None and last < answer.since:
        return None
    return NoRunning(answer, answer.since, last)


def _holds_back(answer: HealthAnswer, day: date) -> bool:
    """Whether it forbids more than easy running on a day."""
    if day < answer.since:
        return False
    if _is_pregnant(answer, day):
        return True
    free_from = answer.free_from
    if answer.grade is HealthGrade.PREGNANCY:
        # who is cleared while pregnant is not cleared for what comes after it
        return free_from is None or free_from > day or (answer.over_on or day) > free_from
    off = _days_without(answer)
    return free_from is None or free_from > day or (off is not None and off.covers(day))


def _is_pregnant(answer: HealthAnswer, day: date) -> bool:
    begun = answer.grade is HealthGrade.PREGNANCY and answer.since <= day
    return begun and (answer.over_on is None or day < answer.over_on)
