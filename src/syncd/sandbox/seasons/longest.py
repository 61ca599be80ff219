"""The longest run that a plan leads to, by the days a week on which it is run."""

from __future__ import annotations

from datetime import timedelta

from syncd.domain.athlete import Availability, Goal
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.reasons import Cause
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import zones_from_vdot
from syncd.sandbox.seasons.athletes import START

DAYS = (3, 4, 5, 6, 7)
WEEKLY_KM = (20, 35, 50)
_VDOT, _WEEKS, _LONGEST_SHARE = 45.0, 26, 0.36


def longest_by_days(goal: Goal = Goal.HALF) -> dict[int, dict[int, float]]:
    """Metres of the longest run of half a year, by kilometres a week before it and days a week."""
    return {km: {days: _longest(km * 1000.0, days, goal) for days in DAYS} for km in WEEKLY_KM}


def _longest(weekly_m: float, days: int, goal: Goal) -> float:
    source = Reason(Cause.ENTERED_VDOT, {"vdot": _VDOT})
    inputs = PlanInputs(
        first_day=START,
        availability=Availability(days),
        zones=zones_from_vdot(_VDOT, as_of=START - timedelta(days=1), source=source),
        history=history_from_summary(START, weekly_m, weekly_m * _LONGEST_SHARE, days),
        weeks=_WEEKS,
        phase_start=START,
        levels={},
        goal=goal,
    )
    sessions = (session for week in plan_weeks(inputs) for session in week.sessions)
    return max(session.distance_m for session in sessions if session.kind is SessionKind.LONG)
