"""Who reads: their units, how hours are told, and the day that weeks of what was run begin with."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.domain.units import KILOMETRES, Units


@dataclass(frozen=True, slots=True)
class Reader:
    """How an athlete reads. `week_start`: a weekday, 0 is Monday; the plan's own weeks begin on Monday."""

    units: Units = KILOMETRES
    week_start: int = 0
