"""What is wrong with the clock, as codes of reasons, each with its facts."""

from __future__ import annotations

from enum import StrEnum


class ClockTrouble(StrEnum):
    """Why nothing is done at this time."""

    NOT_AS_THE_SERVICE = "clock_not_as_the_service"  # service, at, clock
