"""Warm days: how much slower the same effort is. The weather comes from outside, never from a watch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from syncd.domain.scoring import constants as c


@dataclass(frozen=True, slots=True)
class Weather:
    """At the time and place of a run, in degrees Celsius; the dew point may be unknown."""

    temperature_c: float
    dew_point_c: float | None = None

    @property
    def slow_down(self) -> float:
        """The share of speed that sustained running loses (M. Hadley's chart, upper ends, linear between).

        The chart adds temperature and dew point in Fahrenheit. Without a dew point: that of air
        at half humidity, which is about 11 degrees below the temperature (our default).
        """
        dew_point = (
            self.temperature_c - c.USUAL_DEW_POINT_BELOW_C if self.dew_point_c is None else self.dew_point_c
        )
        heat = 1.8 * (self.temperature_c + dew_point) + 64
        if heat <= c.HEAT_SLOW_DOWN[0][0]:
            return 0.0
        for (low, at_low), (high, at_high) in pairwise(c.HEAT_SLOW_DOWN):
            if heat <= high:
                return at_low + (at_high - at_low) * (heat - low) / (high - low)
        return c.HEAT_SLOW_DOWN[-1][1]

    @property
    def is_hot(self) -> bool:
        """Whether it explains something: a loss of at least 1 %."""
        return self.slow_down >= c.HOT_FROM
