"""Where the speed of a run changes: the moments between which a planned step may lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from syncd.domain.scoring import constants as c
from syncd.domain.scoring.signals import Signal


@dataclass(frozen=True, slots=True)
class Cuts:
    """Possible borders of steps, in order, the first and last moment included.

    Columns of equal length, one entry a cut, summed from the start of the recording: timer
    seconds, moving seconds, metres, and sum of squared speeds times seconds (m2/s). `elapsed_s`
    is the same moment on the wall clock.
    """

    elapsed_s: Sequence[float]
    timer_s: Sequence[float]
    moving_s: Sequence[float]
    metres: Sequence[float]
    squares: Sequence[float]

    def __len__(self) -> int:
        return len(self.timer_s)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The sums of a signal at even moments of the timer, `cell_s` apart."""

    cell_s: float
    elapsed_s: list[float]
    timer_s: list[float]
    moving_s: list[float]
    metres: list[float]
    squares: list[float]


def cuts_of(signal: Signal, shortest_s: float, most: int) -> Cuts | None:
    """The `most` greatest changes of speed; None where the recording is too short to have any.

    `shortest_s` is the shortest step that must be found: the speeds compared are means over up
    to half of it on either side.
    """
    grid = _gridded(signal)
    if grid is None:
        return None
    reach = max(1, round(min(max(shortest_s / 2, c.CUT_WINDOW_S[0]), c.CUT_WINDOW_S[1]) / grid.cell_s))
    places = [0, *_peaks(_contrasts(grid, reach), max(1, reach // 2), most), len(grid.timer_s) - 1]
    columns = (grid.elapsed_s, grid.timer_s, grid.moving_s, grid.metres, grid.squares)
    return Cuts(*([column[place] for place in places] for column in columns))


def _gridded(signal: Signal) -> _Grid | None:
    """A cell is two seconds, more for runs of many hours: the cost stays that of four hours."""
    timer = signal.timer_s
    if len(timer) < 2 or timer[-1] - timer[0] < c.SHORTEST_SEARCHED_S:
        return None
    length = timer[-1] - timer[0]
    cell = max(c.CUT_CELL_S, length / c.MOST_CUT_CELLS)
    out = _Grid(cell, [], [], [], [], [])
    place, last = 1, len(timer) - 1
    for number in range(int(length / cell) + 1):
        now = timer[0] + number * cell
        while place < last and timer[place] < now:
            place += 1
        before, span = place - 1, timer[place] - timer[place - 1]
        share = min(max((now - timer[before]) / span, 0.0), 1.0) if span > 0 else 1.0
        out.timer_s.append(now)
        out.elapsed_s.append(_at(signal.elapsed_s, before, share))
        out.moving_s.append(_at(signal.moving_s, place, share))
        out.metres.append(_at(signal.moving_m, place, share))
    ways = zip(out.metres, out.metres[1:], out.moving_s, out.moving_s[1:], strict=False)
    squared = [(m1 - m0) ** 2 / (s1 - s0) if s1 > s0 else 0.0 for m0, m1, s0, s1 in ways]
    out.squares.extend(accumulate(squared, initial=0.0))
    return out


def _at(sums: Sequence[float], before: int, share: float) -> float:
    return sums[before] + share * (sums[before + 1] - sums[before])


def _contrasts(grid: _Grid, reach: int) -> list[float]:
    """At each moment how much the next mean speed differs from the last, as a share of their mean."""
    metres = grid.metres
    steps = [b - a for a, b in zip(metres, metres[reach:], strict=False)]
    inner = [
        2 * abs(after - before) / (after + before) if after + before > 0 else 0.0
        for before, after in zip(steps, steps[reach:], strict=False)
    ]
    return [0.0] * reach + inner


def _peaks(contrasts: Sequence[float], apart: int, most: int) -> list[int]:
    """The greatest of their surroundings, at most so many, in order."""
    found = [
        place
        for place in range(1, len(contrasts))
        if contrasts[place] >= c.LEAST_CUT_CONTRAST
        and contrasts[place] == max(contrasts[max(place - apart, 0) : place + apart + 1])
    ]
    return sorted(sorted(found, key=lambda place: -contrasts[place])[:most])
