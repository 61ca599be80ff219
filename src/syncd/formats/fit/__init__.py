"""FIT: reading activities and workouts, writing workouts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The bytes hold nothing of what was asked for. `reason` is a phrase for a runner.

    `foreign`: they are well readable, but something else (a workout, a course).
    """

    reason: str
    foreign: bool = False
