"""Which weekdays a week uses, and on which of them the hard session lies.

48 hours between a hard session and the long run, on both sides and across the week's end:
the hard day is at least two days away from the long day on the circle of the week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

WEEK = 7
LEAST_GAP_DAYS = 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """Weekdays from 0 (Monday); `hard_day` is None when no day keeps the 48 hours."""

    days: tuple[int, ...]
    long_day: int
    hard_day: int | None


@cache
def week_pattern(runs: int, weekdays: tuple[int, ...], long_day: int, hard_from: int = 0) -> Pattern:
    """The best spread of `runs` days over the available ones; no hard day before `hard_from`.

    In this order: a hard day at all, few runs on consecutive days, short streaks, wide gaps,
    a free day before and after the long run, an early hard day with a free day after it.
    """
    others = [day for day in weekdays if day != long_day]
    chosen = (tuple(sorted((*some, long_day))) for some in combinations(others, runs - 1))
    return min(
        (Pattern(days, long_day, hard) for days in chosen for hard in _hard_days(days, long_day, hard_from)),
        key=_cost,
    )


def _hard_days(days: Iterable[int], long_day: int, hard_from: int) -> Iterator[int | None]:
    yield None
    for day in days:
        apart = min((day - long_day) % WEEK, (long_day - day) % WEEK)
        if day >= hard_from and apart >= LEAST_GAP_DAYS:
            yield day


def _cost(pattern: Pattern) -> tuple[bool, int, int, int, bool, bool, int, bool, tuple[int, ...]]:
    days, long_day, hard = pattern.days, pattern.long_day, pattern.hard_day
    gaps = [after - before for before, after in pairwise((*days, days[0] + WEEK))]
    after_hard = hard is not None and (hard + 1) % WEEK in days
    return (
        hard is None,
        gaps.count(1),
        _longest_streak(gaps),
        -min(gaps),
        (long_day - 1) % WEEK in days,
        (long_day + 1) % WEEK in days,
        0 if hard is None else (hard - long_day) % WEEK,
        after_hard,
        days,
    )


def _longest_streak(gaps: list[int]) -> int:
    longest = streak = 1
    for gap in gaps * 2:  # twice round: a streak may cross the week's end
        streak = streak + 1 if gap == 1 else 1
        longest = max(longest, streak)
    return min(longest, len(gaps))
