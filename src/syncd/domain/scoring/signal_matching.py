"""A run without useful laps against the planned steps: the segmentation that explains its speed best.

Dynamic programming over the plan's own shape: every step is a segment between two changes of
speed, or was left out; what belongs to no step is a segment of its own. A segment costs what
its speed varies inside, how far its mean is from the planned one, and how far its size is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, log

from syncd.domain.activity import Lap, LapTrigger
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.laps import Laps
from syncd.domain.scoring.planned_steps import PlannedStep, PlannedSteps
from syncd.domain.scoring.signals import Signal
from syncd.domain.scoring.speed_cuts import Cuts, cuts_of
from syncd.domain.workout import DurationUnit

SegmentMatch = tuple[dict[int, Laps], list[Laps]]
_SPREAD = 2 * c.SPEED_NOISE**2 * c.NOISE_MEMORY_S


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a segment must be for a step, and what it costs to be otherwise."""

    step: PlannedStep
    least: float  # sizes in the step's own unit
    most: float
    size: float
    size_spread: float
    slow_spread: float
    fast_spread: float
    skip: float
    by_metres: bool
    border_mps: float  # half-way between a repetition and the slow running around it


def segments_for(plan: PlannedSteps, signal: Signal, border_mps: float) -> SegmentMatch | None:
    """Laps made of the signal by place in `plan.steps`, and those that fit none.

    None: no repetitions to look for, too many steps, or too little of the plan in the signal.
    """
    steps = plan.steps
    if not plan.reps or len(steps) > c.MOST_SEARCHED_STEPS:
        return None
    shortest = min(step.seconds for step in steps)
    cuts = cuts_of(signal, shortest, _cuts_wanted(len(steps)))
    if cuts is None:
        return None
    spans = _best_spans(steps, cuts)
    kept = {
        place: span
        for place, span in spans.items()
        if steps[place].effort is not StepEffort.WORK
        or (_stands_out(place, spans, steps, cuts) and _is_whole(place, spans, steps, cuts))
    }
    if not _explains(steps, kept, cuts, border_mps):
        return None
    pairs: dict[int, Laps] = {place: (_lap(cuts, *span),) for place, span in kept.items()}
    return pairs, [(_lap(cuts, *span),) for span in _rest(kept, cuts, border_mps)]


def _cuts_wanted(steps: int) -> int:
    """Three for each step, fewer for long workouts: the cost grows with steps times cuts."""
    return min(c.CUTS_PER_STEP * steps + c.CUTS_AROUND, max(c.MOST_CUT_CHOICES // steps, 2 * steps))


def _shape(step: PlannedStep, border_mps: float) -> _Shape:
    by_metres = step.duration.unit is DurationUnit.DISTANCE
    size = step.duration.amount if step.has_size else step.seconds
    work = step.effort is StepEffort.WORK
    low, high = c.EXTRA_REP_SHARES if work else c.RECOVERY_SHARES
    spread = c.REP_SIZE_SPREAD if work else c.RECOVERY_SIZE_SPREAD
    slow, fast = (c.WORK_SPREAD, c.WORK_SPREAD) if work else (c.SLOW_SPREAD, c.EASY_SPREAD)
    skip = c.SKIPPED_REP_COST if work else c.SKIPPED_RECOVERY_COST
    if step.effort not in {StepEffort.WORK, StepEffort.RECOVERY}:
        low, high, spread, skip = c.LEAST_END_SHARE, inf, c.END_SIZE_SPREAD, c.SKIPPED_END_COST
    if not step.has_size:
        low, high, spread = c.LEAST_END_SHARE, inf, inf
    skip = 0.0 if step.run.optional else skip
    return _Shape(step, low * size, high * size, size, spread, slow, fast, skip, by_metres, border_mps)


def _best_spans(steps: Sequence[PlannedStep], cuts: Cuts) -> dict[int, tuple[int, int]]:
    """First and last cut of each step that was run, by place: the cheapest reading of the whole run."""
    ready, came = _with_strays([0.0] + [inf] * (len(cuts) - 1), cuts)
    back: list[tuple[list[int], list[int]]] = [([], came)]
    for place, step in enumerate(steps):
        row, origin = _row(_shape(step, _border_mps(place, steps)), ready, cuts)
        ready, came = _with_strays(row, cuts)
        back.append((origin, came))
    spans: dict[int, tuple[int, int]] = {}
    j = back[-1][1][len(cuts) - 1]
    for place in range(len(steps) - 1, -1, -1):
        i = back[place + 1][0][j]
        if i != j:
            spans[place] = (i, j)
        j = back[place][1][i]
    return spans


def _border_mps(place: int, steps: Sequence[PlannedStep]) -> float:
    """Half-way between a repetition and the slower of what is planned around it; 0 where there is none.

    Of a recovery: between it and the slower of its repetitions.
    """
    step = steps[place]
    around = [neighbour for neighbour in steps[max(place - 1, 0) : place + 2] if neighbour is not step]
    if step.effort is StepEffort.WORK:
        speeds = [neighbour.expected_mps for neighbour in around if neighbour.effort is not StepEffort.WORK]
    elif step.effort is StepEffort.RECOVERY:
        speeds = [neighbour.expected_mps for neighbour in around if neighbour.effort is StepEffort.WORK]
    else:
        return 0.0
    return (min(speeds) + step.expected_mps) / 2 if speeds else 0.0


def _row(shape: _Shape, ready: Sequence[float], cuts: Cuts) -> tuple[list[float], list[int]]:
    """The lowest cost of ending this step at each cut, and the cut where it then began.

    A step that begins and ends at the same cut was left out.
    """
    row = [cost + shape.skip for cost in ready]
    origin = list(range(len(ready)))
    clock = cuts.metres if shape.by_metres else cuts.timer_s
    begin = 0
    for j in range(1, len(cuts)):
        while clock[j] - clock[begin] > shape.most:
            begin += 1
        best, at = row[j], j
        for i in range(begin, j):
            size = clock[j] - clock[i]
            if size < shape.least:
                break
            if ready[i] >= best:
                continue
            cost = ready[i] + _cost(shape, size, cuts, i, j)
            if cost < best:
                best, at = cost, i
        row[j], origin[j] = best, at
    return row, origin


def _cost(shape: _Shape, size: float, cuts: Cuts, i: int, j: int) -> float:
    """Half the squared distances in units of their spread, those of speed and size bounded."""
    moving, metres = cuts.moving_s[j] - cuts.moving_s[i], cuts.metres[j] - cuts.metres[i]
    if moving <= 0 or metres <= 0:
        return c.MOST_MISFIT if shape.step.effort is StepEffort.WORK else 0.0
    mean = metres / moving
    if shape.step.effort is StepEffort.WORK and mean < shape.border_mps:
        return inf
    inside = max((cuts.squares[j] - cuts.squares[i]) - metres * mean, 0.0) / (mean * mean * _SPREAD)
    off = log(mean / shape.step.expected_mps)
    off /= shape.fast_spread if off > 0 else shape.slow_spread
    longer = log(size / shape.size) / shape.size_spread
    begun = 0.0
    if shape.step.effort is StepEffort.RECOVERY:
        begun = c.QUICK_RECOVERY_COST if mean > shape.border_mps > 0 else c.RECOVERY_COST
    return begun + inside + min(off * off / 2, c.MOST_MISFIT) + min(longer * longer / 2, c.MOST_MISFIT)


def _with_strays(row: Sequence[float], cuts: Cuts) -> tuple[list[float], list[int]]:
    """The cost at each cut if the running before it may belong to no step, and where that running begins."""
    out, came = [row[0]], [0]
    stray, began = row[0] + c.STRAY_COST, 0
    for j in range(1, len(row)):
        stray += c.STRAY_COST_PER_S * (cuts.timer_s[j] - cuts.timer_s[j - 1])
        out.append(min(row[j], stray))
        came.append(j if row[j] <= stray else began)
        if row[j] + c.STRAY_COST < stray:
            stray, began = row[j] + c.STRAY_COST, j
    return out, came


def _speed(cuts: Cuts, span: tuple[int, int]) -> float:
    moving = cuts.moving_s[span[1]] - cuts.moving_s[span[0]]
    return (cuts.metres[span[1]] - cuts.metres[span[0]]) / moving if moving > 0 else 0.0


def _stands_out(
    place: int, spans: dict[int, tuple[int, int]], steps: Sequence[PlannedStep], cuts: Cuts
) -> bool:
    """A repetition is past half-way from what surrounds it to what was asked: else it is a fartlek."""
    step = steps[place]
    near = list(_surrounding(place, spans, steps))
    jogs = [neighbour for neighbour in near if steps[neighbour].effort is StepEffort.RECOVERY]
    around = [_speed(cuts, spans[neighbour]) for neighbour in jogs or near]
    if not around:
        return True
    return _speed(cuts, spans[place]) > (sum(around) / len(around) + step.expected_mps) / 2


def _is_whole(
    place: int, spans: dict[int, tuple[int, int]], steps: Sequence[PlannedStep], cuts: Cuts
) -> bool:
    """Whether it is not just a piece of longer quick running, the rest of which belongs to no step."""
    first, last = spans[place]
    border = _border_mps(place, steps)
    for piece in ((first - 1, first), (last, last + 1)):
        inside = piece[0] >= 0 and piece[1] < len(cuts)
        stray = inside and not any(i <= piece[0] and piece[1] <= j for i, j in spans.values())
        if stray and 0 < border < _speed(cuts, piece):
            return False
    return True


def _surrounding(
    place: int, spans: dict[int, tuple[int, int]], steps: Sequence[PlannedStep]
) -> Iterator[int]:
    """The nearest steps before and after that were run and were not work."""
    slow = [other for other in spans if steps[other].effort is not StepEffort.WORK]
    before = [other for other in slow if other < place]
    after = [other for other in slow if other > place]
    if before:
        yield max(before)
    if after:
        yield min(after)


def _explains(
    steps: Sequence[PlannedStep], spans: dict[int, tuple[int, int]], cuts: Cuts, border_mps: float
) -> bool:
    """As for laps: enough of the work was found, and enough of the quick running is explained by it."""
    work = [place for place, step in enumerate(steps) if step.effort is StepEffort.WORK]
    found = [place for place in work if place in spans]
    if len(found) < max(1.0, c.LEAST_REPS_FOUND * len(work)):
        return False
    pieces = [(cut, cut + 1) for cut in range(len(cuts) - 1)]
    quick = sum(_seconds(cuts, piece) for piece in pieces if _speed(cuts, piece) >= border_mps)
    return sum(_seconds(cuts, spans[place]) for place in found) >= c.LEAST_EXPLAINED * quick


def _seconds(cuts: Cuts, span: tuple[int, int]) -> float:
    return cuts.timer_s[span[1]] - cuts.timer_s[span[0]]


def _rest(spans: dict[int, tuple[int, int]], cuts: Cuts, border_mps: float) -> Iterator[tuple[int, int]]:
    """What belongs to no step, split where quick running turns slow or slow running quick."""
    taken = sorted(spans.values())
    for (_, begin), (end, _) in pairwise([(0, 0), *taken, (len(cuts) - 1, 0)]):
        start = begin
        for cut in range(begin, end):
            last = cut + 1 == end
            if last or (_speed(cuts, (start, cut + 1)) >= border_mps) != (
                _speed(cuts, (cut + 1, cut + 2)) >= border_mps
            ):
                yield (start, cut + 1)
                start = cut + 1


def _lap(cuts: Cuts, first: int, last: int) -> Lap:
    return Lap(
        start_s=cuts.elapsed_s[first],
        end_s=cuts.elapsed_s[last],
        timer_s=cuts.timer_s[last] - cuts.timer_s[first],
        distance_m=cuts.metres[last] - cuts.metres[first],
        trigger=LapTrigger.OTHER,
    )
