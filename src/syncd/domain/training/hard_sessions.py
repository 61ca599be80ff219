"""Which hard sessions a week has: how many, of which families, and how its long run ends.

Distance: one, long intervals. Speed: the 5K ladder, with a second one that rotates, where the
week can hold it. Combine: both, in the order of the goal.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncd.domain.athlete import Goal
from syncd.domain.session import Phase, WeekKind
from syncd.domain.training.calendar import CalendarWeek
from syncd.domain.training.health import Limits
from syncd.domain.training.ladders import HM_M, INTERVAL, RACE_PACE, REPETITION, THRESHOLD
from syncd.domain.training.special_sessions import FINISHES, RACE_FINISH, STEADY_FINISH, Finish
from syncd.domain.training.volume import COMPLIANCE

# Our defaults: below them one hard day and three easy ones (S27 allows both).
TWO_FROM_DAYS, TWO_FROM_M, TWO_FROM_M_MANY_DAYS, TWO_FROM_WEEKS = 4, 32_000.0, 35_000.0, 12
_ROTATION = (THRESHOLD, INTERVAL, REPETITION, HM_M)
_ONE_IN = 3  # with one hard day, every third is not of the 5K ladder (S16)
_LONG_GOALS = frozenset({Goal.HALF, Goal.MARATHON})


@dataclass(frozen=True, slots=True)
class WeekCapacity:
    """What decides how much a week can hold: runs, metres, weeks on record, the share done recently."""

    days: int
    target_m: float
    history_weeks: int
    compliance: float


@dataclass(frozen=True, slots=True)
class HardSessions:
    """Families of the hard sessions, the main one first, and finishes of the long run, best first."""

    families: tuple[str, ...] = ()
    finishes: tuple[Finish, ...] = ()


def hard_sessions_of(stage: CalendarWeek, goal: Goal, capacity: WeekCapacity, limits: Limits) -> HardSessions:
    """What the week asks for; whether it fits is for the composition to say."""
    if not limits.hard or stage.kind is WeekKind.REST:
        return HardSessions()
    match stage.phase:
        case Phase.DISTANCE:
            alone = capacity.days <= 2 and stage.number % 2 == 0  # two days: every second week
            return HardSessions() if alone else HardSessions((HM_M,))
        case Phase.SPEED:
            return HardSessions(_speed(stage, capacity, limits))
        case Phase.COMBINE:
            return _combine(stage, goal, capacity, limits)
    return HardSessions()


def one_of(stage: CalendarWeek, families: tuple[str, ...], hard_days: int) -> tuple[str, ...]:
    """Where the weekdays leave one hard day for two families, every third week is the second's (S16)."""
    if hard_days >= len(families) or len(families) == 1:
        return families
    return families[1:] if stage.index % _ONE_IN == _ONE_IN - 1 else families[:1]


def two_hard_days(stage: CalendarWeek, capacity: WeekCapacity, limits: Limits) -> bool:
    """Whether the week can hold a second hard day."""
    least_m = TWO_FROM_M if capacity.days <= TWO_FROM_DAYS else TWO_FROM_M_MANY_DAYS
    return (
        stage.kind is WeekKind.BUILD
        and capacity.days >= TWO_FROM_DAYS
        and capacity.target_m >= max(least_m, limits.two_hard_from_m)
        and capacity.history_weeks >= TWO_FROM_WEEKS
        and capacity.compliance >= COMPLIANCE
    )


def _speed(stage: CalendarWeek, capacity: WeekCapacity, limits: Limits) -> tuple[str, ...]:
    eased_in = capacity.days > TWO_FROM_DAYS or stage.index * 3 >= stage.length  # 4 days: after a third
    if eased_in and two_hard_days(stage, capacity, limits):
        second = _rotating_family(stage.index, capacity, limits)
        return (second, HM_M) if second == INTERVAL else (RACE_PACE, second)  # they share a cap (R24)
    if stage.index % _ONE_IN == _ONE_IN - 1:
        return (_rotating_family(stage.index // _ONE_IN, capacity, limits),)
    return (RACE_PACE,)


def _combine(stage: CalendarWeek, goal: Goal, capacity: WeekCapacity, limits: Limits) -> HardSessions:
    main = (HM_M, RACE_PACE) if goal in _LONG_GOALS else (RACE_PACE, HM_M)
    other_week = stage.index % 2 == 1 and stage.kind is WeekKind.BUILD
    if not two_hard_days(stage, capacity, limits):
        return HardSessions((main[stage.index % 2],), (STEADY_FINISH,) if other_week else ())
    if other_week and goal in _LONG_GOALS:
        return HardSessions((main[stage.index // 2 % 2],), _finishes(stage, goal))
    if stage.index % 4 == 2:
        main = (main[0], THRESHOLD)
    return HardSessions(main, (STEADY_FINISH,) if other_week else ())


def _finishes(stage: CalendarWeek, goal: Goal) -> tuple[Finish, ...]:
    """A step up every second week; smaller ones follow for when it does not fit."""
    steps = (*FINISHES[1:], RACE_FINISH[goal])
    reached = min(stage.index // 2 + 1, len(steps))
    return (*reversed(steps[:reached]), STEADY_FINISH)


def _rotating_family(turn: int, capacity: WeekCapacity, limits: Limits) -> str:
    family = _ROTATION[turn % len(_ROTATION)]
    held = family == REPETITION and capacity.history_weeks < limits.repetitions_from_weeks
    return THRESHOLD if held else family
