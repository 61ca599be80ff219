"""From where heat is too much for a hard session, and how it becomes known: by a run, or by a word.

Source: the training model, 9.9 (a WBGT of 28, ACSM): 30 C, or 27 C with a dew point of 20. In a pregnancy
nothing is run from 25 C (9.1), which is kept with the other limits of health.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.scoring.heat import Weather

HOT_C = 30.0
HUMID_C, HUMID_DEW_POINT_C = 27.0, 20.0
LONG_SHARE = 0.75  # our default
PERSISTS = timedelta(days=2)  # our default: as long as that, it is as warm as it was
COLDEST_C, HOTTEST_C = -30.0, 60.0  # what a thermometer in the open air shows


def is_too_hot(weather: Weather) -> bool:
    """Whether hard sessions are run easy in it. An unknown dew point says nothing."""
    dew_point = weather.dew_point_c
    humid = dew_point is not None and dew_point >= HUMID_DEW_POINT_C
    return weather.temperature_c >= HOT_C or (weather.temperature_c >= HUMID_C and humid)


def is_off(weather: Weather, hottest_c: float | None) -> bool:
    """Whether nothing is run in it; `hottest_c`: what health sets as a limit, None without one."""
    return hottest_c is not None and weather.temperature_c >= hottest_c


def is_in_force(weather: Weather, hottest_c: float | None) -> bool:
    """Whether anything follows from it."""
    return is_too_hot(weather) or is_off(weather, hottest_c)


@dataclass(frozen=True, slots=True)
class HeatWord:
    """How warm it is on some days, as the athlete entered it. `weather` None: the heat is over.

    It begins on the day on which it was said. `change`: the number of the change that it made.
    """

    id: int
    first_day: date
    last_day: date
    weather: Weather | None = None
    change: int | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.first_day <= day <= self.last_day


def word_on(words: Iterable[HeatWord], day: date) -> HeatWord | None:
    """What was said last about a day."""
    return max((word for word in words if word.covers(day)), key=lambda word: word.id, default=None)
