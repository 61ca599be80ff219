"""Laps without step numbers against the planned steps: global alignment (Needleman-Wunsch)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf, sqrt

from syncd.domain.activity import Activity, Lap
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.laps import Laps, amount_of, joined_while_alike, speed_of, timer_of
from syncd.domain.scoring.planned_steps import PlannedStep, PlannedSteps
from syncd.domain.workout import PaceZone

Pairs = dict[int, Laps]
Match = tuple[Pairs, list[Laps], float]


def quick_border_mps(plan: PlannedSteps, zones: ZoneSet | None, laps: Sequence[Lap]) -> float:
    """The speed that separates work from easy running for this athlete and this plan, in m/s.

    Half-way between the quick edge of easy and the slow edge of the slowest work; a little beyond
    the one that is known, if only one is; else in the widest gap between the speeds of the laps, and
    infinite where they do not differ.
    """
    work = [step.band.slow_mps for step in plan.steps if step.band and step.effort is StepEffort.WORK]
    easy = [step.band.fast_mps for step in plan.steps if step.band and step.effort is not StepEffort.WORK]
    slow = zones.bands[PaceZone.EASY].fast_mps if zones else max(easy, default=None)
    quick = min(work, default=None)
    if quick is not None:
        if slow is None or slow >= quick:
            return quick * c.FAST_BELOW_WORK
        return (slow + quick) / 2
    if slow is not None:
        return slow * c.FAST_ABOVE_EASY
    return max(_contrasts(laps), default=(0.0, inf))[1]


def _contrasts(laps: Sequence[Lap]) -> list[tuple[float, float]]:
    """Gaps in the speeds of the laps, each as (ratio, speed in its middle)."""
    speeds = sorted(speed for lap in laps if (speed := speed_of((lap,))) and speed > c.STILL_MPS)
    return [(high / low, sqrt(low * high)) for low, high in pairwise(speeds) if high / low >= c.CONTRAST]


def best_match(
    steps: Sequence[PlannedStep], activity: Activity, border: float, zones: ZoneSet | None
) -> Match | None:
    """Pairs by place in `steps`, the laps that fit none, and the border used; None: no fit.

    A tired runner's repetitions may all be slower than the border and still stand out from the
    jogs: then a border in a gap between the speeds of the laps, above easy running, explains more.
    """
    if len(steps) * len(activity.laps) > c.MOST_MATCH_CELLS:
        return None
    easy = zones.bands[PaceZone.EASY].fast_mps if zones else 0.0
    others = [middle for _, middle in sorted(_contrasts(activity.laps), reverse=True)[:3] if middle > easy]
    best: Match | None = None
    most = -inf
    for mps in (border, *others):
        laps = joined_while_alike(activity.laps, mps)
        value, pairs = _aligned(steps, laps[:-1] if _is_late_stop(steps[-1], laps[-1]) else laps, mps)
        if value > most and _explains(steps, laps, pairs, mps):
            used = set(pairs.values())
            best, most = (pairs, [group for group in laps if group not in used], mps), value
    return best


def _is_late_stop(last: PlannedStep, laps: Laps) -> bool:
    """Whether a last lap is only the time until somebody pressed stop, and no part of the last step."""
    return timer_of(laps) < c.LATE_STOP_S and _size_ratio(last, laps) < c.NEUTRAL_SIZE


def _fits(step: PlannedStep, laps: Laps, border: float) -> bool:
    """Whether laps are quick or slow as the step asks; an easy block may be either."""
    speed = speed_of(laps)
    if step.effort is StepEffort.EASY or speed is None:
        return True
    return (step.effort is StepEffort.WORK) == (speed >= border)


def _size_ratio(step: PlannedStep, laps: Laps) -> float:
    done = amount_of(step.duration, laps)
    if not done:
        return c.NEUTRAL_SIZE
    planned = step.duration.amount
    return min(done, planned) / max(done, planned)


def _similarity(step: PlannedStep, laps: Laps, border: float) -> float:
    likeness = c.CLASS_MATCH if _fits(step, laps, border) else c.CLASS_MISMATCH
    return likeness + _size_ratio(step, laps) - c.NEUTRAL_SIZE


def _aligned(steps: Sequence[PlannedStep], laps: Sequence[Laps], border: float) -> tuple[float, Pairs]:
    """The best pairing that keeps both orders, and its value.

    Of equally good ones, the one that leaves out later steps.
    """
    gaps = [0.0 if step.run.optional else c.GAP_PENALTY for step in steps]
    best = [[skipped * c.GAP_PENALTY for skipped in range(len(laps) + 1)]]
    for step, gap in zip(steps, gaps, strict=True):
        above = best[-1]
        row = [above[0] + gap]
        for column, group in enumerate(laps):
            paired = above[column] + _similarity(step, group, border)
            row.append(max(paired, above[column + 1] + gap, row[column] + c.GAP_PENALTY))
        best.append(row)
    return best[-1][-1], _traced(best, gaps, steps, laps, border)


def _traced(
    best: Sequence[Sequence[float]],
    gaps: Sequence[float],
    steps: Sequence[PlannedStep],
    laps: Sequence[Laps],
    border: float,
) -> Pairs:
    pairs: Pairs = {}
    i, j = len(steps), len(laps)
    while i and j:
        here = best[i][j]
        if here == best[i - 1][j] + gaps[i - 1]:
            i -= 1
        elif here == best[i][j - 1] + c.GAP_PENALTY:
            j -= 1
        else:
            i, j = i - 1, j - 1
            if _fits(steps[i], laps[j], border):
                pairs[i] = laps[j]
    return pairs


def _explains(steps: Sequence[PlannedStep], laps: Sequence[Laps], pairs: Pairs, border: float) -> bool:
    """Whether enough of the work was found, and enough of the run is explained by it."""
    work = [place for place, step in enumerate(steps) if step.effort is StepEffort.WORK]
    found = [place for place in work if place in pairs and _is_sized(steps[place], pairs[place])]
    if work and len(found) < max(1.0, c.LEAST_REPS_FOUND * len(work)):
        return False
    if _time_of(pairs.values()) < c.LEAST_EXPLAINED * _time_of(laps):
        return False
    quick = [group for group in laps if (speed_of(group) or 0.0) >= border]
    matched = set(pairs.values())
    return _time_of(group for group in quick if group in matched) >= c.LEAST_EXPLAINED * _time_of(quick)


def reps_found(steps: Sequence[PlannedStep], pairs: Pairs) -> int:
    """How many steps of work have laps of about their size."""
    return sum(
        steps[place].effort is StepEffort.WORK and _is_sized(steps[place], laps)
        for place, laps in pairs.items()
    )


def _is_sized(step: PlannedStep, laps: Laps) -> bool:
    low, high = c.EXTRA_REP_SHARES
    done = amount_of(step.duration, laps)
    return done is None or low * step.duration.amount <= done <= high * step.duration.amount


def _time_of(groups: Iterable[Laps]) -> float:
    return sum(timer_of(laps) for laps in groups)
