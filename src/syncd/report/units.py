"""Numbers as runners read them: the only place where metres become kilometres or miles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syncd.domain.clock_time import format_clock
from syncd.domain.workout import METRES_PER_MILE, PaceBand


@dataclass(frozen=True, slots=True)
class Units:
    """Kilometres or miles."""

    name: str
    metres: float

    def distance(self, metres: float, decimals: int = 1) -> str:
        """`10.2 km`."""
        text = f"{metres / self.metres:.{decimals}f}"
        return f"{text.removesuffix('.0')} {self.name}"

    def pace(self, s_per_km: float) -> str:
        """`5:12/km`."""
        return f"{self.bare_pace(s_per_km)}/{self.name}"

    def bare_pace(self, s_per_km: float) -> str:
        """`5:12`."""
        return format_clock(s_per_km * self.metres / 1000)

    def band(self, band: PaceBand) -> str:
        """`5:05-5:23/km`, quicker first."""
        return f"{self.bare_pace(band.fast_s_per_km)}-{self.pace(band.slow_s_per_km)}"


KILOMETRES = Units("km", 1000.0)
MILES = Units("mi", METRES_PER_MILE)


def units_named(name: str) -> Units:
    """`km` or `mi`."""
    return MILES if name == "mi" else KILOMETRES


def day_name(day: date) -> str:
    """`Tue 17 Mar`."""
    return f"{_DAYS[day.weekday()]} {day.day:2d} {_MONTHS[day.month - 1]}"


# Not strftime: its words follow the locale, and the rest of the text is English.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS = tuple(name[:3] for name in MONTH_NAMES)
