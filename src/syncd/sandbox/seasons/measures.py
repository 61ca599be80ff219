"""The figures of a season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from syncd.domain.session import monday_of
from syncd.sandbox.seasons.athletes import START
from syncd.sandbox.seasons.checks import above_the_cap, broken
from syncd.sandbox.seasons.comebacks import Comeback, comebacks
from syncd.sandbox.seasons.season import Season

SETTLED_DAYS = 21  # a rise of one VDOT takes three weeks
CLOSE = 0.02


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares from 0 to 1, distances in metres.

    `pace_error`: three weeks after the second test; `pace_off`: the mean of all days, without its sign.
    `hurt_days`: lost to injuries that running brought. `later_vdot`: the mean of the second half, as the last
    day may lie in the weeks after an injury.
    """

    habit: str
    adapted: bool
    broken: tuple[str, ...]
    changes_a_week: tuple[int, ...]
    missed_share: float
    above_cap: int
    later_vdot: float
    true_vdot: float
    weekly_m: float
    pace_error: float | None
    pace_off: float
    hurt_days: int
    comebacks: tuple[Comeback, ...]

    @property
    def gain_vdot(self) -> float:
        """The mean fitness of the second half over that of the first day."""
        return self.later_vdot - self.true_vdot


def measured(season: Season) -> Measures:
    """All figures of a season."""
    weeks = max(1, len(season.paces) / 7)
    return Measures(
        habit=season.athlete.habit.value,
        adapted=season.adapted,
        broken=tuple(broken(season)),
        changes_a_week=changes_a_week(season),
        missed_share=season.plan.missed / season.plan.asked if season.plan.asked else 0.0,
        above_cap=sum(1 for _ in above_the_cap(season)),
        later_vdot=fmean(season.fitness[len(season.fitness) // 2 :] or [season.athlete.true_vdot]),
        true_vdot=season.athlete.true_vdot,
        weekly_m=sum(run.distance_m for run in season.runs) / weeks,
        pace_error=pace_error(season),
        pace_off=fmean(abs(trained / true - 1) for trained, true in season.paces.values()),
        hurt_days=season.hurt_days,
        comebacks=tuple(comebacks(season)),
    )


def changes_a_week(season: Season) -> tuple[int, ...]:
    """Decisions that changed the plan, in each week of the season; new paces count as one.

    What one rule does on one day is one change, as an illness that takes five sessions away.
    """
    decided = {(day, decision.rule) for day, decision in season.plan.decisions if decision.changes_the_plan}
    days = [day for day, _ in decided]
    by_week: dict[date, int] = {}
    for day in (*days, *season.plan.repaced):
        by_week[monday_of(day)] = by_week.get(monday_of(day), 0) + 1
    weeks = len(season.paces) // 7
    return tuple(by_week.get(START + timedelta(weeks=week), 0) for week in range(weeks))


def pace_error(season: Season) -> float | None:
    """How far training paces are off the true fitness, three weeks after the second test."""
    if len(season.plan.tests) < 2:
        return None
    day = season.plan.tests[1] + timedelta(days=SETTLED_DAYS)
    if day not in season.paces:
        return None
    trained, true = season.paces[day]
    return trained / true - 1
