"""Noticing that the wall clock and the time that passed do not agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

WENT_BACK_S = 5.0  # our default: a clock that is slewed stays below
SLEPT_S = 90.0  # our default: longer than any pass of the loop takes


class Jump(Enum):
    """What happened since the last reading."""

    NONE = auto()
    BACK = auto()
    AHEAD = auto()  # the machine slept, or the clock was set


@dataclass(slots=True)
class Clocks:
    """The last reading of both clocks."""

    wall: datetime
    monotonic: float

    def compare(self, wall: datetime, monotonic: float) -> tuple[Jump, timedelta]:
        """What the wall clock did beyond the time that passed, and by how much; then remember."""
        beyond = (wall - self.wall) - timedelta(seconds=monotonic - self.monotonic)
        self.wall, self.monotonic = wall, monotonic
        if beyond < timedelta(seconds=-WENT_BACK_S):
            return Jump.BACK, -beyond
        if beyond > timedelta(seconds=SLEPT_S):
            return Jump.AHEAD, beyond
        return Jump.NONE, timedelta(0)


def about(span: timedelta) -> str:
    """`3 days`, `2 h`, `40 s`: for a log line."""
    seconds = span.total_seconds()
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
