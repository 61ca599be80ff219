"""Getting hurt: how likely a run makes it, and how long it lasts.

The base is that of 5205 runners, 1,820 injuries in 588,071 runs, and so are the hazard ratios of a run that
was longer than the longest of the 30 days before it (Frandsen and others, Br J Sports Med 2025; 59(17):1203).
For everything else there is no such number: those hazards are 1 (nothing) unless somebody asks what follows
if they are more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import pow as raised

from syncd.domain.training.pain import HURT_FROM
from syncd.sandbox.seasons.chance import Chance

BASE = 1820 / 588_071  # injuries a run
SPIKES = ((2.0, 2.28), (1.3, 1.52), (1.1, 1.64))  # over the longest of 30 days: from there on, hazard ratio
LONGEST_WITHIN = timedelta(days=30)
HARD_APART = timedelta(days=2)
GAP, AFTER_GAP = timedelta(days=7), timedelta(days=14)
INTENSE_SHARE, INTENSE_WITHIN = 0.20, timedelta(days=28)  # the hard fifth of S9
PAIN_WITHIN = timedelta(days=7)
LEAST_DAYS, MOST_DAYS = 7, 56  # our default; half of all last 14 days or less
_SKEW = 1.585  # makes 14 the median between 7 and 56, on a logarithmic scale


@dataclass(frozen=True, slots=True)
class Hazards:
    """How many times likelier an injury is in a run for which this holds; 1: no likelier.

    Of a hard run: within 48 hours of another, or in the two weeks after a week off. Of any run: more than
    a fifth of the time of four weeks was hard, or something hurt in a run of the week before.
    `base`: injuries a run without any of it.
    """

    hard_within_48h: float = 1.0
    hard_after_gap: float = 1.0
    intensity: float = 1.0
    in_pain: float = 1.0
    base: float = BASE


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """A run as the body counts it: metres, and minutes, those at a hard effort among them.

    `pain`: the worst of it, 0 to 10.
    """

    day: date
    distance_m: float
    minutes: float
    hard_minutes: float
    pain: int = 0

    @property
    def is_hard(self) -> bool:
        """Whether it had hard work in it."""
        return self.hard_minutes > 0


def hazard(run: LoadedRun, before: Sequence[LoadedRun], hazards: Hazards) -> float:
    """The probability that this run makes an injury; `before` in order of days."""
    chance = hazards.base * spike_ratio(run, before)
    if run.is_hard:
        if any(earlier.is_hard and run.day - earlier.day < HARD_APART for earlier in before[-3:]):
            chance *= hazards.hard_within_48h
        if _after_gap(run, before):
            chance *= hazards.hard_after_gap
    if any(earlier.pain >= HURT_FROM and run.day - earlier.day <= PAIN_WITHIN for earlier in before[-7:]):
        chance *= hazards.in_pain
    if hazards.intensity != 1.0 and _is_intense(run, before):
        chance *= hazards.intensity
    return min(1.0, chance)


def spike_ratio(run: LoadedRun, before: Sequence[LoadedRun]) -> float:
    """Frandsen's hazard ratio of a run against the longest of the 30 days before it."""
    longest = 0.0
    for earlier in reversed(before):
        if run.day - earlier.day > LONGEST_WITHIN:
            break
        if earlier.day < run.day:
            longest = max(longest, earlier.distance_m)
    if not longest:
        return 1.0
    return next((ratio for over, ratio in SPIKES if run.distance_m > over * longest), 1.0)


def days_lost(chance: Chance, day: date) -> int:
    """How long an injury of that day lasts: 7 to 56 days, half of them at most 14."""
    share = raised(chance.share(day, "days hurt"), _SKEW)
    return round(LEAST_DAYS * raised(MOST_DAYS / LEAST_DAYS, share))


def _after_gap(run: LoadedRun, before: Sequence[LoadedRun]) -> bool:
    later = run.day
    for earlier in reversed(before):
        if later - earlier.day > GAP:
            return True
        if run.day - earlier.day > AFTER_GAP:
            return False
        later = earlier.day
    return False


def _is_intense(run: LoadedRun, before: Sequence[LoadedRun]) -> bool:
    recent = [run, *(earlier for earlier in before[-40:] if run.day - earlier.day < INTENSE_WITHIN)]
    hard = sum(earlier.hard_minutes for earlier in recent)
    return hard > INTENSE_SHARE * sum(earlier.minutes for earlier in recent)
