"""From values to places on a picture, and the round numbers to write beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` lies at `start`, `high` at `end`, in units of the picture; linear between."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, rounded to a tenth: finer is not seen and only makes files large."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return round(self.start + share * (self.end - self.start), 1)

    def clamped(self, value: float) -> float:
        """The same, never outside the picture."""
        return self(min(max(value, min(self.low, self.high)), max(self.low, self.high)))


def ticks(low: float, high: float, most: int, steps: Sequence[float] = ()) -> list[float]:
    """Round numbers within the range, at most `most`; `steps` are the distances allowed, ascending."""
    span = high - low
    if span <= 0 or most < 1:
        return [low]
    every = next((step for step in steps if span / step <= most), steps[-1] if steps else 0.0)
    if not every:
        rough = span / most
        power = 10 ** floor(log10(rough))
        every = next(each * power for each in _ROUND if each * power >= rough)
    first = ceil(low / every)
    return [round(number * every, 6) for number in range(first, floor(high / every) + 1)]


def path(points: Sequence[tuple[float, float] | None]) -> str:
    """The `d` of an SVG path through the points; None lifts the pen."""
    drawn, pen = [], False
    for point in points:
        if point is None:
            pen = False
            continue
        drawn.append(f"{'L' if pen else 'M'}{_short(point[0])} {_short(point[1])}")
        pen = True
    return "".join(drawn)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
