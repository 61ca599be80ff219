"""When a quality family climbs to its next level (A8), stays (A9) or steps back (A10).

One rule for what really happened and for the projection, which takes every session as done.
Only the last three sessions count, and only the newest can move the level: deciding twice on the
same sessions never moves it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LOOK_BACK = 3
FLOOR = 1
QUICK_LEVELS = 2  # up to here one success is enough
SUCCESSES_LATER = 2
FAILURES = 2


class QualityResult(StrEnum):
    """How a quality session went, by its repetitions in band."""

    SUCCESS = "success"
    PARTLY = "partly"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A quality session at a level, and its result."""

    level: int
    result: QualityResult


def climbed(current: int, attempts: Sequence[Attempt], top: int) -> int:
    """The next level after these attempts, oldest first; between 1 and `top`."""
    recent = attempts[-LOOK_BACK:]
    if not recent:
        return current
    newest = recent[-1]
    if _carries(newest, current):
        if newest.level > current:  # it is brought up to what was run (TRAINING 9.4)
            return min(top, newest.level)
        needed = 1 if current <= QUICK_LEVELS else SUCCESSES_LATER
        enough = sum(_carries(attempt, current) for attempt in recent) >= needed
        return min(top, current + 1) if enough else current
    if newest.result is QualityResult.FAILURE and newest.level <= current:
        failed = [
            attempt.level
            for attempt in recent
            if attempt.result is QualityResult.FAILURE and attempt.level <= current
        ]
        if len(failed) >= FAILURES:
            return max(FLOOR, min(failed) - 1)
    return current


def _carries(attempt: Attempt, level: int) -> bool:
    """Whether it was a success at that level or above it."""
    return attempt.result is QualityResult.SUCCESS and attempt.level >= level
