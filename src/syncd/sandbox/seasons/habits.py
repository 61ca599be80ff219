"""How people live with a plan: each habit is a way of not quite following it. All shares are our defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.training.rules.situation import Trouble


class Habit(StrEnum):
    """What the athlete typically does."""

    FOLLOWS = "follows the plan"
    EASY_TOO_FAST = "runs easy days too fast"
    SKIPS_FRIDAYS = "skips Fridays"
    ILL_IN_WEEK_6 = "ill in week 6"
    FOUR_ILLNESSES = "four short illnesses"
    FITTER = "fitter than the 5 km says"
    SLOWER = "slower than the 5 km says"
    TRAVELS = "a fortnight away"
    INJURED = "injured for three weeks"
    OVERDOES_LONG = "overdoes long runs"
    RACES = "races that nobody planned"
    FOUR_WEEKS_OFF = "four weeks off"
    THREE_MONTHS_OFF = "three months off"
    BUSY = "misses one run of four"
    UPLOADS_LATE = "uploads late"
    LOSES_UPLOADS = "loses uploads"
    FORGETS_WATCH = "forgets the watch"
    HOLIDAY = "two weeks of holiday"
    NIGHT_SHIFTS = "night shifts"
    NEW_PARENT = "a new parent's weeks"
    HEAT = "a month of heat"
    TREADMILL = "treadmill winter"
    ANSWERS_NOTHING = "answers no question"
    ANSWERS_ALL = "answers every question"
    PAIN = "reports pain"


@dataclass(frozen=True, slots=True)
class Away:
    """Days without running, from a day of the season on. `trouble` None: there is no word for it.

    `known_days`: how long before it is entered.
    """

    first: int
    days: int
    trouble: Trouble | None = None
    known_days: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """What is usual for somebody; shares from 0 to 1.

    `missed`: of all sessions; `never_on`: a weekday (0 is Monday). `late` and `lost`: of all uploads;
    `by_hand`: of the lost ones, those that are entered without a recording. `easy_faster_by`: than planned,
    as a share. `long_over`: of the long runs, run a third longer. `rates`: of the runs, those with an effort.
    `says`: whether troubles and holidays are entered. `over_entered`: the true VDOT over the entered one.
    `races_on`: days of the season with a race that nobody planned. `pains`: of the runs after which something
    hurts, and is entered.
    """

    missed: float = 0.04
    never_on: int | None = None
    late: float = 0.0
    lost: float = 0.0
    by_hand: float = 0.0
    easy_faster_by: float = 0.0
    long_over: float = 0.0
    rates: float = 0.8
    says: bool = True
    over_entered: float | None = None
    away: tuple[Away, ...] = ()
    races_on: tuple[int, ...] = ()
    pains: float = 0.0


WAYS: Mapping[Habit, Ways] = {
    Habit.EASY_TOO_FAST: Ways(easy_faster_by=0.10),
    Habit.SKIPS_FRIDAYS: Ways(never_on=4),
    Habit.ILL_IN_WEEK_6: Ways(away=(Away(36, 7, Trouble.ILL),)),
    Habit.FOUR_ILLNESSES: Ways(away=tuple(Away(day, 4, Trouble.ILL) for day in (40, 110, 190, 270))),
    Habit.FITTER: Ways(over_entered=6.0),
    Habit.SLOWER: Ways(over_entered=-3.0),
    Habit.TRAVELS: Ways(away=(Away(80, 14),)),
    Habit.INJURED: Ways(away=(Away(100, 21, Trouble.HURT),)),
    Habit.OVERDOES_LONG: Ways(long_over=1 / 3),
    Habit.RACES: Ways(races_on=(75, 150, 215)),
    Habit.FOUR_WEEKS_OFF: Ways(away=(Away(90, 28),)),
    Habit.THREE_MONTHS_OFF: Ways(away=(Away(90, 90),)),
    Habit.BUSY: Ways(missed=0.25),
    Habit.UPLOADS_LATE: Ways(late=0.25),
    Habit.LOSES_UPLOADS: Ways(lost=0.10),
    Habit.FORGETS_WATCH: Ways(lost=0.15, by_hand=0.5),
    Habit.HOLIDAY: Ways(away=(Away(180, 14, Trouble.PAUSE, known_days=10),)),
    Habit.ANSWERS_NOTHING: Ways(rates=0.0, says=False, away=(Away(60, 5, Trouble.ILL),)),
    Habit.ANSWERS_ALL: Ways(rates=1.0, away=(Away(60, 5, Trouble.ILL),)),
    Habit.PAIN: Ways(rates=1.0, pains=0.03),
}
_USUAL = Ways()
_SHIFTS_EVERY, _SHIFT_MISSED, _SHIFT_RPE = 3, 0.5, 1.0
_BROKEN_WEEKS, _BROKEN_MISSED, _BROKEN_RPE = 0.4, 0.6, 1.0
_HEAT_FIRST, _HEAT_DAYS, HEAT_FROM_C, HEAT_OVER_C = 175, 31, 24.0, 9.0
_WINTERS = (range(77), range(333, 10_000))  # of the season: until the end of March, from December on


def ways_of(habit: Habit) -> Ways:
    """What is usual for that habit."""
    return WAYS.get(habit, _USUAL)


def missed_share(habit: Habit, number: int, weekday: int, week_luck: float) -> float:
    """How likely a session of that day of the season is missed. `week_luck`: 0 to 1, one for each week."""
    ways = ways_of(habit)
    if ways.never_on == weekday:
        return 1.0
    if habit is Habit.NIGHT_SHIFTS and _on_shift(number):
        return _SHIFT_MISSED if weekday < 5 else ways.missed
    if habit is Habit.NEW_PARENT and week_luck < _BROKEN_WEEKS:
        return _BROKEN_MISSED
    return ways.missed


def felt_more(habit: Habit, number: int, week_luck: float) -> float:
    """How much harder the same run feels after such nights."""
    if habit is Habit.NIGHT_SHIFTS and _on_shift(number):
        return _SHIFT_RPE
    return _BROKEN_RPE if habit is Habit.NEW_PARENT and week_luck < _BROKEN_WEEKS else 0.0


def is_indoors(habit: Habit, number: int) -> bool:
    """Whether the runs of that day are on a treadmill."""
    return habit is Habit.TREADMILL and any(number in winter for winter in _WINTERS)


def temperature_c(habit: Habit, number: int, luck: float) -> float | None:
    """How warm it is; None where nobody measured it."""
    if habit is Habit.HEAT and _HEAT_FIRST <= number < _HEAT_FIRST + _HEAT_DAYS:
        return HEAT_FROM_C + HEAT_OVER_C * luck
    return None


def _on_shift(number: int) -> bool:
    return number // 7 % _SHIFTS_EVERY == _SHIFTS_EVERY - 1
