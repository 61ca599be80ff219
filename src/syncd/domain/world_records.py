"""How fast people have run: the men's world records on track and road (World Athletics and IAU, 2025)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

RECORDS = (
    (100.0, 9.58),
    (200.0, 19.19),
    (400.0, 43.03),
    (800.0, 100.91),
    (1000.0, 131.96),
    (1500.0, 206.0),
    (3000.0, 437.55),
    (5000.0, 755.36),
    (10_000.0, 1571.0),
    (21_097.5, 3402.0),
    (42_195.0, 7235.0),
    (100_000.0, 21_935.0),
    (319_614.0, 86_400.0),
)
_METRES = (0.0, *(metres for metres, _ in RECORDS))
_SECONDS = (0.0, *(seconds for _, seconds in RECORDS))


def most_m(seconds: float) -> float:
    """How far the quickest people have come in that time."""
    return _between(_SECONDS, _METRES, min(bisect_right(_SECONDS, seconds), len(RECORDS)), seconds)


def least_s(metres: float) -> float:
    """In how many seconds the quickest people have run that far."""
    return _between(_METRES, _SECONDS, min(bisect_left(_METRES, metres), len(RECORDS)), metres)


def _between(of: tuple[float, ...], to: tuple[float, ...], after: int, value: float) -> float:
    """In proportion between two records, and as the last two behind them."""
    if value <= 0:
        return 0.0
    share = (value - of[after - 1]) / (of[after] - of[after - 1])
    return to[after - 1] + share * (to[after] - to[after - 1])
