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
        every = next(step * power for step in _ROUND if step * power >= rough)
    first = ceil(low / every)
    return [round(number * every, 6) for number in range(first, floor(high / every) + 1)]


def path(points: Sequence[tuple[float, float] | None], decimals: int = 1) -> str:
    """The `d` of an SVG path through the points, each from the one before it; None lifts the pen."""
    unit = 10**decimals
    drawn: list[str] = []
    before: tuple[int, int] | None = None
    for point in points:
        if point is None:
            before = None
            continue
        place = (round(point[0] * unit), round(point[1] * unit))
        if before is None:
            drawn.append(f"M{_pair(*place, unit)}")
        else:
            step = _pair(place[0] - before[0], place[1] - before[1], unit)
            drawn.append(f"l{step}" if drawn[-1][0] == "M" else _apart(step))
        before = place
    return "".join(drawn)


def _pair(x: int, y: int, unit: int) -> str:
    return f"{_short(x, unit)}{_apart(_short(y, unit))}"


def _apart(number: str) -> str:
    """A sign parts two numbers as well as a space does."""
    return number if number.startswith("-") else f" {number}"


def _short(value: int, unit: int) -> str:
    text = f"{value / unit:g}"
    return text.replace("0.", ".", 1) if abs(value) < unit and value else text
