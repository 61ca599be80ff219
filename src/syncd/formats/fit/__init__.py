"""FIT: reading activities and workouts, writing workouts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The bytes hold nothing of what was asked for. `reason` is a phrase for a runner.

    `foreign` names what they are instead, well readable (`workout`, `course`); "" for what is damaged.
    """

    reason: str
    foreign: str = ""
