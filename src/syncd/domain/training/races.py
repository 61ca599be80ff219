"""The week of a race, the days after it, and whether it is within reach.

Priorities: A has a taper (in `calendar`), B three easy days, C replaces the hard session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.athlete import Goal, Race, RacePriority, ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Session, session_id
from syncd.domain.training.reasons import Cause
from syncd.domain.training.sessions import Recipe, easy_run, easy_speed_mps, placed
from syncd.domain.training.special_sessions import race, sharpener

# Easy days after a race: one for each 3 km of a short one; the others are our defaults.
EASY_DAYS_AFTER: Mapping[Goal, int] = {Goal.FIVE_K: 2, Goal.TEN_K: 4, Goal.HALF: 10, Goal.MARATHON: 21}
WALKING_DAYS = 4  # after a marathon
GENTLE_SHARE = 0.3  # of the volume, up to which a week is a walk-and-jog week
_GENTLE_S, _GENTLE_RPE = 1800.0, (2, 3)
_EVE_S = 1200.0
B_SHARE = 0.80
_SHARPEN_DAYS = (5, 4)
_GRAIN_M = 100.0
_LEAST_M = 1000.0
_REFUSED_BELOW = 0.6  # of the long run wanted: our default for "never a silly plan"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a race distance needs before it: the largest week, and the long run in metres or seconds."""

    week_m: float
    long_m: float
    long_s: float


DEMANDS: Mapping[Goal, Demand] = {  # 5K and 10K are our defaults
    Goal.FIVE_K: Demand(8_000.0, 4_000.0, 1800.0),
    Goal.TEN_K: Demand(15_000.0, 8_000.0, 3600.0),
    Goal.HALF: Demand(28_000.0, 16_000.0, 7200.0),
    Goal.MARATHON: Demand(45_000.0, 26_000.0, 9900.0),
}
_SHORTER = (Goal.HALF, Goal.TEN_K, Goal.FIVE_K)


@dataclass(frozen=True, slots=True)
class RaceWeek:
    """What a race week is built from; `weekdays` are free, `full_m` is the volume before the taper."""

    monday: date
    race: Race
    weekdays: tuple[int, ...]
    runs: int
    full_m: float
    share: float
    zones: ZoneSet
    hard_from: int
    cap_m: Callable[[int], float]


def race_week_sessions(week: RaceWeek) -> tuple[Session, ...]:
    """Short easy runs, for an A race a little at race pace 4-5 days before, and the race."""
    recipes = sorted([*_before(week), (week.race.day.weekday(), race(week.race.goal, week.zones), ("S4",))])
    return tuple(
        placed(recipe, session_id(week.monday, slot), week.monday + timedelta(days=day), rules)
        for slot, (day, recipe, rules) in enumerate(recipes, start=1)
    )


def gentle_week(
    monday: date,
    weekdays: Iterable[int],
    earliest: date,
    room_m: float,
    zones: ZoneSet,
    cap_m: Callable[[int], float],
) -> tuple[Session, ...]:
    """After a marathon: half an hour at most every second day, from `earliest` on."""
    sessions: list[Session] = []
    for day in sorted(weekdays):
        on = monday + timedelta(days=day)
        if on < earliest or (sessions and (on - sessions[-1].day).days < 2):
            continue
        metres = min(_GENTLE_S * easy_speed_mps(zones), cap_m(day), room_m) // _GRAIN_M * _GRAIN_M
        if metres < _LEAST_M:
            break
        room_m -= metres
        sessions.append(placed(easy_run(metres, zones), session_id(monday, len(sessions) + 1), on, ("R30",)))
    return tuple(sessions)


def shortfall(goal: Goal, week_m: float, long_m: float, long_s: float) -> Reason | None:
    """What a plan that reaches these figures lacks for a race, and what is possible; None: nothing."""
    if _meets(goal, week_m, long_m, long_s):
        return None
    wanted = DEMANDS[goal]
    instead = next((less.value for less in _shorter(goal) if _meets(less, week_m, long_m, long_s)), None)
    facts = {
        "goal": goal.value,
        "wanted_week_m": wanted.week_m,
        "wanted_long_m": wanted.long_m,
        "wanted_long_s": wanted.long_s,
        "week_m": week_m,
        "long_m": long_m,
        "instead": instead,
    }
    return Reason(Cause.SHORT_OF_RACE, facts)


def out_of_reach(goal: Goal, long_m: float, long_s: float) -> bool:
    """Whether a plan for the race would make no sense."""
    wanted = DEMANDS[goal]
    return long_m < _REFUSED_BELOW * wanted.long_m and long_s < _REFUSED_BELOW * wanted.long_s


def _meets(goal: Goal, week_m: float, long_m: float, long_s: float) -> bool:
    wanted = DEMANDS[goal]
    return week_m >= wanted.week_m and (long_m >= wanted.long_m or long_s >= wanted.long_s)


def _shorter(goal: Goal) -> tuple[Goal, ...]:
    return _SHORTER[_SHORTER.index(goal) + 1 :] if goal in _SHORTER else _SHORTER


def _before(week: RaceWeek) -> Iterator[tuple[int, Recipe, tuple[str, ...]]]:
    """The runs before the race by weekday: as many as usual where the days allow it."""
    race_day = week.race.day.weekday()
    free = [day for day in week.weekdays if day < race_day]
    sharp = _sharpener_day(week, free)
    eve = race_day - 1
    order = sorted(free, key=lambda day: (day != sharp, day == eve, day))
    for day in sorted(order[: week.runs - 1]):
        if day == sharp:
            yield day, sharpener(week.race.goal, week.zones), ("R27",)
            continue
        room_m = week.share * week.full_m / week.runs
        limit_m = _EVE_S * easy_speed_mps(week.zones) if day == eve else room_m
        metres = min(room_m, limit_m, week.cap_m(day)) // _GRAIN_M * _GRAIN_M
        if metres >= _LEAST_M:
            rule = "R28" if week.race.priority is RacePriority.B else "R27"
            yield day, easy_run(metres, week.zones), ("S9", rule)


def _sharpener_day(week: RaceWeek, free: list[int]) -> int | None:
    if week.race.priority is not RacePriority.A:
        return None
    recipe = sharpener(week.race.goal, week.zones)
    for ahead in _SHARPEN_DAYS:
        day = week.race.day.weekday() - ahead
        if day in free and day >= week.hard_from and recipe.distance_m <= week.cap_m(day):
            return day
    return None
