"""Days without a run: where they are, from how many on they are time off, and what was run before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from statistics import fmean, median

from syncd.domain.training.conditions import left_of_gap
from syncd.domain.training.rules.situation import Situation

LEAST_DAYS = 6
# A gap: 2.5 x the usual days between runs, within these two (TRAINING 9.5)
FEWEST_OFF_DAYS, MOST_OFF_DAYS, TIMES_USUAL = 8, 14, 2.5
_USUAL_OVER = timedelta(days=60)  # our default
BEFORE_DAYS = 30  # the longest run before a gap
_WEEKS_BEFORE, WHOLE_WEEK = 4, 0.7  # the weeks before it, and from which share of the best one a week counts
TOUCHING = timedelta(days=28)  # our default: a gap so soon after a return leads back to what was before both


@dataclass(frozen=True, slots=True)
class Before:
    """What was run before a gap: the week and the longest run, in metres."""

    week_m: float
    longest_m: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a run after `last`; `back_on` None: not running again yet."""

    last: date
    days: int
    back_on: date | None


def gaps(situation: Situation) -> tuple[Gap, ...]:
    """Six days or more without a run, the one that is not over included, oldest first."""
    days = [day for day in days_run(situation) if day <= situation.today]
    spans = [Gap(a, (b - a).days - 1, b) for a, b in pairwise(days)]
    if days and days[-1] < situation.today and situation.covered:
        spans.append(Gap(days[-1], (situation.today - days[-1]).days - 1, None))
    return tuple(gap for gap in spans if gap.days >= LEAST_DAYS)


def before_gap(situation: Situation, last: date) -> Before:
    """The mean week of the four weeks up to that day, and the longest run of 30 days.

    A week that was cut short, under 70 % of the best one, is no measure of what can be run (our default; the
    training model, 9.5): gaps between broken weeks would lead back to less each time.
    Where a return was under way, or had ended less than four weeks before, it is what was run before that
    one: two gaps close together are no reason to come back to less.
    """
    weeks = [0.0] * _WEEKS_BEFORE
    for run in situation.history:
        back = (last - run.day).days // 7
        if 0 <= back < _WEEKS_BEFORE:
            weeks[back] += run.distance_m
    week_m = fmean(metres for metres in weeks if metres >= WHOLE_WEEK * max(weeks))
    recent = [
        run.distance_m for run in situation.history if last - timedelta(days=BEFORE_DAYS) < run.day <= last
    ]
    longest_m = max(recent, default=0.0)
    for earlier in situation.returns:
        over = earlier.last_day or last
        if earlier.first_day <= last <= over + TOUCHING:
            week_m, longest_m = max(week_m, earlier.of_m), max(longest_m, earlier.longest_m)
    return Before(week_m, longest_m)


def least_off_days(situation: Situation, last: date) -> int:
    """From how many days without a run on it is time off: more for who runs seldom."""
    return min(max(ceil(TIMES_USUAL * usual_days(situation, last)), FEWEST_OFF_DAYS), MOST_OFF_DAYS)


def usual_days(situation: Situation, last: date) -> float:
    """The days from one run to the next, as they usually were up to that one; 0 where nothing is known."""
    days = [day for day in days_run(situation) if last - _USUAL_OVER <= day <= last]
    between = [(later - earlier).days for earlier, later in pairwise(days)]
    return median(between) if between else 0.0


def whole_gap_days(situation: Situation, last: date, days_off: int) -> int:
    """As how many days off a gap counts: one in a return adds what is left of the gap before that."""
    return days_off + round(max((left_of_gap(earlier, last) for earlier in situation.returns), default=0.0))


def days_run(situation: Situation) -> list[date]:
    """The days with a run, in order."""
    return sorted({run.day for run in situation.runs} | {run.day for run in situation.history})
