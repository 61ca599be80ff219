"""Whether two workouts are one, as far as watches and services keep them, or one a piece of the other."""

from __future__ import annotations

from itertools import zip_longest

from syncd.domain.scoring import constants as c
from syncd.domain.workout import (
    EffortTarget,
    FitRepeat,
    HeartRateBand,
    Item,
    PaceBand,
    Step,
    Target,
    Workout,
    fit_order,
)


def same_workout(first: Workout, second: Workout) -> bool:
    """Whether they are equal but for names and what services change: durations exactly, targets within 1 %.

    An effort (RPE) is a note on a watch and may be lost, and so may the flag that skips the last
    recovery of a block.
    """
    if first.content_hash == second.content_hash:
        return True
    pairs = zip_longest(fit_order(first), fit_order(second))
    return first.sport == second.sport and all(_same_message(a, b) for a, b in pairs)


def is_piece_of(piece: Workout, whole: Workout) -> bool:
    """Whether it has the steps of another workout, or some of them in a row, at whatever pace.

    So it is where a warm-up was started by itself, or paces were changed by hand.
    """
    wanted, count = [*map(_structure, piece.steps)], len(piece.steps)
    steps = [*map(_structure, whole.steps)]
    return piece.sport == whole.sport and any(
        steps[first : first + count] == wanted for first in range(len(steps) - count + 1)
    )


def _structure(item: Item) -> object:
    """A step or block without its targets."""
    if isinstance(item, Step):
        return item.duration, item.role
    return item.count, tuple(map(_structure, item.steps))


def _same_message(first: Step | FitRepeat | None, second: Step | FitRepeat | None) -> bool:
    if isinstance(first, Step) and isinstance(second, Step):
        same = first.duration == second.duration and first.role == second.role
        return same and _same_target(first.target, second.target)
    if isinstance(first, FitRepeat) and isinstance(second, FitRepeat):
        return (first.first_index, first.count) == (second.first_index, second.count)
    return False


def _same_target(first: Target | None, second: Target | None) -> bool:
    match first, second:
        case PaceBand(), PaceBand():
            return _close(first.slow_mps, second.slow_mps) and _close(first.fast_mps, second.fast_mps)
        case HeartRateBand(), HeartRateBand():
            return _close(first.low_bpm, second.low_bpm) and _close(first.high_bpm, second.high_bpm)
        case ((EffortTarget() | None), (EffortTarget() | None)):
            return None in (first, second) or first == second
    return first == second


def _close(first: float, second: float) -> bool:
    return abs(first - second) <= c.TARGET_ROUNDING * max(first, second)
