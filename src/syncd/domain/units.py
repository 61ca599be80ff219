"""Numbers as runners read them: the only place where metres become kilometres or miles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from syncd.domain.calendar_names import SHORT_DAY_NAMES, SHORT_MONTH_NAMES
from syncd.domain.clock_time import format_clock
from syncd.domain.workout import METRES_PER_MILE, PaceBand


@dataclass(frozen=True, slots=True)
class Units:
    """Kilometres or miles, and how times of day are written: `24h` or `12h`."""

    name: str
    metres: float
    clock: str = "24h"

    def distance(self, metres: float, decimals: int = 1) -> str:
        """`10.2 km`."""
        text = f"{metres / self.metres:.{decimals}f}"
        return f"{text.removesuffix('.0')} {self.name}"

    def speed(self, mps: float) -> str:
        """`18.0 km/h`; of metres per second."""
        return f"{mps * 3600 / self.metres:.1f} {'mph' if self.name == 'mi' else 'km/h'}"

    def pace(self, s_per_km: float) -> str:
        """`5:12/km`."""
        return f"{self.bare_pace(s_per_km)}/{self.name}"

    def bare_pace(self, s_per_km: float) -> str:
        """`5:12`."""
        return format_clock(s_per_km * self.metres / 1000)

    def seconds(self, s_per_km: float) -> int:
        """Seconds per km as whole ones per unit of distance."""
        return round(s_per_km * self.metres / 1000)

    def band(self, band: PaceBand) -> str:
        """`5:05-5:23/km`, quicker first."""
        return f"{self.bare_pace(band.fast_s_per_km)}-{self.pace(band.slow_s_per_km)}"

    def temperature(self, celsius: float) -> str:
        """`31 C`; in Fahrenheit for who counts in miles, `88 F`. A tenth only where there is one."""
        degrees = celsius * 1.8 + 32 if self.name == "mi" else celsius
        return f"{degrees:.1f}".removesuffix(".0") + (" F" if self.name == "mi" else " C")

    def time_of_day(self, at: datetime) -> str:
        """`18:40` or `6:40 pm`, in the zone that `at` is in."""
        if self.clock == "24h":
            return f"{at:%H:%M}"
        return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


KILOMETRES = Units("km", 1000.0)
MILES = Units("mi", METRES_PER_MILE)


def units_named(name: str, clock: str = "24h") -> Units:
    """`km` or `mi`, with times of day as `24h` or `12h`."""
    return replace(MILES if name == "mi" else KILOMETRES, clock=clock)


def day_name(day: date) -> str:
    """`Tue 17 Mar`."""
    return f"{SHORT_DAY_NAMES[day.weekday()]} {day.day:2d} {SHORT_MONTH_NAMES[day.month - 1]}"
