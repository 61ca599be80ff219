"""How people live with a plan: each habit is a way of not quite following it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

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


@dataclass(frozen=True, slots=True)
class Away:
    """Days without running, from a day of the season on. `trouble` None: not reported."""

    first: int
    days: int
    trouble: Trouble | None = None


# Days of the season (from 0) without running, and whether they are reported to syncd.
ABSENCES: Mapping[Habit, tuple[Away, ...]] = {
    Habit.ILL_IN_WEEK_6: (Away(36, 7, Trouble.ILL),),
    Habit.FOUR_ILLNESSES: tuple(Away(day, 4, Trouble.ILL) for day in (40, 110, 190, 270)),
    Habit.TRAVELS: (Away(80, 14),),
    Habit.INJURED: (Away(100, 21, Trouble.HURT),),
    Habit.FOUR_WEEKS_OFF: (Away(90, 28),),
    Habit.THREE_MONTHS_OFF: (Away(90, 90),),
}
TRUE_OVER_ENTERED: Mapping[Habit, float] = {Habit.FITTER: 6.0, Habit.SLOWER: -3.0}  # in VDOT
RACE_DAYS = (75, 150, 215)
LATE_SHARE, LOST_SHARE = 0.25, 0.10  # our defaults
_LITTLE_MISSED = 0.04  # our default: life gets in the way of one run in 25


def misses(habit: Habit, weekday: int, random: Random) -> bool:
    """Whether a session on that weekday is missed."""
    if habit is Habit.SKIPS_FRIDAYS and weekday == 4:
        return True
    share = 0.25 if habit is Habit.BUSY else _LITTLE_MISSED
    return random.random() < share


def known_after(habit: Habit, random: Random) -> int | None:
    """How many days after a run it is uploaded; None: never.

    Late: one run of four after a day to a week, as after days without the phone.
    """
    if habit is Habit.UPLOADS_LATE and random.random() < LATE_SHARE:
        return random.randint(1, 7)
    return None if habit is Habit.LOSES_UPLOADS and random.random() < LOST_SHARE else 0


def easy_speed_over(habit: Habit) -> float:
    """How much faster than planned easy runs are, as a share."""
    return 0.10 if habit is Habit.EASY_TOO_FAST else 0.0


def long_run_over(habit: Habit, random: Random) -> float:
    """The factor by which a long run is longer than planned: every third one by a third."""
    return 1.33 if habit is Habit.OVERDOES_LONG and random.random() < 1 / 3 else 1.0
