"""What the rules must hold over many seasons; a bar that does not hold is no matter of taste.

The figures are means of the same athletes with the rules and without. They are taken as they are: the
interval beside them says how sure they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from syncd.sandbox.seasons.measures import CLOSE, Measures
from syncd.sandbox.seasons.summary import Seasons, by_habit

MOST_LOST, MOST_LOST_VDOT = 0.05, 0.2
SAVED_FOR_A_PERCENT = 1.0  # hurt days
LEAST_CLOSE, LEAST_IN_TIME = 0.95, 0.95
_DIGITS = 6  # what is beyond is noise of the arithmetic
FEWEST = 8  # athletes of a habit; below it a mean says nothing


@dataclass(frozen=True, slots=True)
class SeasonBar:
    """One bar: what it asks, whether it holds, and the figures."""

    name: str
    holds: bool
    figures: str


def bars(seasons: Seasons) -> Iterator[SeasonBar]:
    """All of them, in the order of their weight."""
    count = sum(len(season.broken) for season in seasons.adapted)
    yield SeasonBar("no planned run breaks a rule of R or S", count == 0, f"{count} broken")
    for habit, with_rules, without in by_habit(seasons):
        if len(with_rules) >= FEWEST:
            yield _price(habit, with_rules, without)
    yield _comebacks(seasons.adapted)
    yield _paces(seasons.adapted)


def _price(habit: str, with_rules: Sequence[Measures], without: Sequence[Measures]) -> SeasonBar:
    """At most 5 % of the kilometres and 0.2 VDOT, except where as many hurt days are saved as percents
    lost."""
    run_m, alone_m = (fmean(season.weekly_m for season in lived) for lived in (with_rules, without))
    lost = round(1 - run_m / alone_m, _DIGITS) if alone_m else 0.0
    vdot, alone_vdot = (fmean(season.gain_vdot for season in lived) for lived in (with_rules, without))
    hurt, alone_hurt = (fmean(season.hurt_days for season in lived) for lived in (with_rules, without))
    saved = alone_hurt - hurt
    dear = lost > MOST_LOST or round(alone_vdot - vdot, _DIGITS) > MOST_LOST_VDOT
    excused = saved >= SAVED_FOR_A_PERCENT * max(1.0, lost * 100)
    figures = f"{-lost:+.1%} of the km, {vdot - alone_vdot:+.2f} VDOT, {-saved:+.1f} hurt days"
    return SeasonBar(f"{habit}: at most 5 % of the km and 0.2 VDOT lost", not dear or excused, figures)


def _comebacks(adapted: Sequence[Measures]) -> SeasonBar:
    """Back at the old volume within twice the gap, or by the schedule of a longer one."""
    found = [comeback for season in adapted for comeback in season.comebacks]
    share = sum(comeback.in_time for comeback in found) / len(found) if found else 1.0
    name = f"back at the old volume in time after {LEAST_IN_TIME:.0%} of the gaps"
    return SeasonBar(name, share >= LEAST_IN_TIME, f"{share:.0%} of {len(found)}")


def _paces(adapted: Sequence[Measures]) -> SeasonBar:
    errors = [abs(season.pace_error) for season in adapted if season.pace_error is not None]
    share = sum(error <= CLOSE for error in errors) / len(errors) if errors else 1.0
    name = f"paces within {CLOSE:.0%} after two tests in {LEAST_CLOSE:.0%} of the seasons"
    return SeasonBar(name, share >= LEAST_CLOSE, f"{share:.0%} of {len(errors)}")
