"""When an athlete usually runs: so that a pull comes soon after the run, and not long before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median_low

LOOK_BACK = timedelta(weeks=8)  # our default
SAME_WEEKDAY, ANY_DAY = 3, 5  # our default: so many runs before anything is called usual


def usual_finish(finishes: Iterable[tuple[date, int]], day: date) -> int | None:
    """When a run on `day` usually ends, in minutes after local midnight; None without a habit.

    `finishes`: the local day on which each run began, and the minute after that midnight at which
    it ended. Runs of the same weekday count first, all runs where those are few.
    """
    recent = [(ran, minute) for ran, minute in finishes if day - LOOK_BACK <= ran < day]
    same = [minute for ran, minute in recent if ran.weekday() == day.weekday()]
    if len(same) >= SAME_WEEKDAY:
        return median_low(same)
    return median_low([minute for _, minute in recent]) if len(recent) >= ANY_DAY else None
