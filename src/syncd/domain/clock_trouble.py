"""What is wrong with the clock, as codes of reasons, each with its facts."""

from __future__ import annotations

from enum import StrEnum


class ClockTrouble(StrEnum):
    """Why nothing is done at this time, or what was taken back."""

    NOT_AS_THE_SERVICE = "clock_not_as_the_service"  # service, at, clock
    TAKEN_BACK = "clock_taken_back"  # clock
