"""Which weekdays a week uses, and on which of them the hard sessions lie.

48 hours (72 from the age of 50) between hard sessions and between hard and long run, on both
sides and across the week's end: they are that far apart on the circle of the week.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

WEEK = 7
LEAST_GAP_DAYS = 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """Weekdays from 0 (Monday); `hard_days` has fewer than asked when no day keeps the hours."""

    days: tuple[int, ...]
    long_day: int
    hard_days: tuple[int, ...] = ()

    @property
    def hard_day(self) -> int | None:
        """The first hard day of the week, None when there is none."""
        return self.hard_days[0] if self.hard_days else None


@cache
def week_pattern(
    runs: int,
    weekdays: tuple[int, ...],
    long_day: int,
    hard_from: int = 0,
    hards: int = 1,
    gap: int = LEAST_GAP_DAYS,
) -> Pattern:
    """The best spread of `runs` days over the available ones; no hard day before `hard_from`.

    In this order: hard days at all, few runs on consecutive days, short streaks, wide gaps, a
    free day before and after the long run, an early hard day with a free day after it.
    """
    others = [day for day in weekdays if day != long_day]
    chosen = (tuple(sorted((*some, long_day))) for some in combinations(others, runs - 1))
    return min(
        (
            Pattern(days, long_day, hard)
            for days in chosen
            for hard in _hard_days(days, long_day, hard_from, hards, gap)
        ),
        key=_cost,
    )


def apart(first: int, second: int) -> int:
    """Days between two weekdays on the circle of the week."""
    return min((first - second) % WEEK, (second - first) % WEEK)


def _hard_days(
    days: Sequence[int], long_day: int, hard_from: int, hards: int, gap: int
) -> Iterator[tuple[int, ...]]:
    fit = [day for day in days if day >= hard_from and apart(day, long_day) >= gap]
    for count in range(hards + 1):
        for some in combinations(fit, count):
            if all(after - before >= gap for before, after in pairwise(some)):
                yield some


def _cost(
    pattern: Pattern,
) -> tuple[int | tuple[int, ...], ...]:
    days, long_day, hard = pattern.days, pattern.long_day, pattern.hard_day
    gaps = [after - before for before, after in pairwise((*days, days[0] + WEEK))]
    after_hard = hard is not None and (hard + 1) % WEEK in days
    return (
        -len(pattern.hard_days),
        gaps.count(1),
        _longest_streak(gaps),
        -min(gaps),
        (long_day - 1) % WEEK in days,
        (long_day + 1) % WEEK in days,
        0 if hard is None else (hard - long_day) % WEEK,
        after_hard,
        days,
        pattern.hard_days,
    )


def _longest_streak(gaps: list[int]) -> int:
    longest = streak = 1
    for gap in gaps * 2:  # twice round: a streak may cross the week's end
        streak = streak + 1 if gap == 1 else 1
        longest = max(longest, streak)
    return min(longest, len(gaps))
