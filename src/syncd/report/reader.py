"""Who reads: units, clock, and the first day of the week."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.domain.units import KILOMETRES, Units


@dataclass(frozen=True, slots=True)
class Reader:
    """How an athlete reads. `week_start` is a weekday, 0 is Monday; the plan's own weeks begin on Monday."""

    units: Units = KILOMETRES
    week_start: int = 0
