"""After days without running: when the plan asked for as much again as was run before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.session import SessionState
from syncd.sandbox.seasons.season import Season

LEAST_DAYS = 7
BACK_AT = 0.95  # of the mean week before, a tolerance for weeks that are not all alike
SCHEDULED_SHARE = 0.85  # a return from more than 28 days off leads there (TRAINING 9.3)
LATEST_SHARE = 2  # times the gap, up to SHORT_DAYS
SHORT_DAYS, MIDDLE_DAYS = 28, 56
MIDDLE_LIMIT, LONG_LIMIT = 8 * 7, 12 * 7  # days that such a return takes by TRAINING 9.3
ONE_WEEK = 7  # more: where a lighter week of the plan falls into it
_BEFORE = timedelta(days=28)
_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Comeback:
    """A gap in days, how many days after it the plan was back at the old volume, and what is allowed.

    After more than 28 days off at 85 % of it, where the schedule of such a return leads.

    `days` None: not within the season, or not within the days that were looked at.
    """

    gap_days: int
    days: int | None
    limit_days: int

    @property
    def in_time(self) -> bool:
        """Whether it was over when it should be."""
        return self.days is not None and self.days <= self.limit_days


def comebacks(season: Season) -> Iterator[Comeback]:
    """Every gap of a week or more from time off that had four weeks before it and time enough after it.

    Not where more time off, or a race with its taper and the easy days after it, falls into the same weeks.
    """
    last_day = max(season.paces)
    for spell in season.off:
        first = max((run.day for run in season.runs if run.day < spell.first_day), default=None)
        if first is None or spell.days < LEAST_DAYS:
            continue
        limit = limit_days(spell.days)
        until = spell.last_day + timedelta(days=limit)
        if until > last_day or spell.first_day - _BEFORE < min(season.paces):
            continue
        since = spell.first_day - _BEFORE
        disturbed = [
            other
            for other in season.off
            if other is not spell and other.first_day <= until and other.last_day >= since
        ]
        race = season.athlete.race
        near_race = race is not None and since <= race.day <= until + timedelta(days=28)
        if not disturbed and not near_race:
            yield Comeback(spell.days, _back_after(season, spell.first_day, spell.last_day, until), limit)


def limit_days(gap_days: int) -> int:
    """How many days after a gap the old volume may take to be planned again."""
    if gap_days > MIDDLE_DAYS:
        return LONG_LIMIT + ONE_WEEK
    return (MIDDLE_LIMIT if gap_days > SHORT_DAYS else LATEST_SHARE * gap_days) + ONE_WEEK


def _back_after(season: Season, first_off: date, last_off: date, until: date) -> int | None:
    """Days from the last day off to the end of the first seven days with the old volume."""
    before = sum(run.distance_m for run in season.runs if first_off - _BEFORE <= run.day < first_off) / 4
    planned: dict[date, float] = {}
    for entry in season.plan.entries.values():
        if entry.state is not SessionState.DROPPED:
            day = entry.session.day
            planned[day] = planned.get(day, 0.0) + entry.session.distance_m
    end = last_off + _WEEK + timedelta(days=1)
    share = BACK_AT * (SCHEDULED_SHARE if (last_off - first_off).days >= SHORT_DAYS else 1.0)
    while end <= until:
        week = sum(planned.get(end - timedelta(days=back), 0.0) for back in range(7))
        if week >= share * before:
            return (end - last_off).days
        end += timedelta(days=1)
    return None
