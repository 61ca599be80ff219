"""The plan: week after week, from what was really run.

It begins at the earliest kept week, takes kept weeks as they are, and plans the others from what
precedes them. All that one week passes on to the next can be read from the weeks themselves, so
planning again later with the committed weeks kept gives the same future, as long as the runs were
done as planned. Where real runs differ, the history outranks the plan:
before `first_day`, and on a day that has a run already, no session counts as run and none is
planned. Single-run cap (R20) and spike limit (R22) follow what was run, and growth holds below
80 % compliance (R18).

A week with blocked days is planned twice: as it is, and as it would be without them. The weeks
after it grow from the second, so that a blocked day changes its own week only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from syncd.domain.athlete import Availability, Goal
from syncd.domain.reason import Reason
from syncd.domain.session import Week, WeekKind, monday_of
from syncd.domain.training.by_effort import by_effort
from syncd.domain.training.conditions import days_fewer, newest, weekdays_out
from syncd.domain.training.health_answers import marathon_allowed, may_run, race_hindrance
from syncd.domain.training.inputs import (
    FEWEST_DAYS,
    MOST_WEEKS,
    PlanError,
    PlanInputs,
    UnplannableError,
    check,
    history_from_summary,
)
from syncd.domain.training.pattern import WEEK, apart
from syncd.domain.training.plan_state import PlanState, begin, limits_for, take
from syncd.domain.training.races import out_of_reach, shortfall
from syncd.domain.training.reasons import Cause
from syncd.domain.training.volume import weekly_distances
from syncd.domain.training.week import planned

__all__ = [
    "MOST_WEEKS",
    "PlanError",
    "PlanInputs",
    "UnplannableError",
    "history_from_summary",
    "plan_weeks",
    "race_outlook",
]


def plan_weeks(inputs: PlanInputs) -> tuple[Week, ...]:
    """The weeks from that of `first_day` on. Raises PlanError when no plan can be made.

    A race that is far out of reach is refused when the plan is first made; once weeks are kept, the
    notes of the race week say so.
    """
    weeks, outlook = _walked(inputs)
    if outlook is None or inputs.race is None:
        return weeks
    day = inputs.race.day
    return tuple(
        replace(week, notes=(*week.notes, Reason(Cause.FALLS_SHORT, {"outlook": outlook.to_json()})))
        if week.kind is WeekKind.RACE and week.start == monday_of(day)
        else week
        for week in weeks
    )


def race_outlook(inputs: PlanInputs) -> Reason | None:
    """What the plan lacks for its race, and what is possible instead; None when it is within reach."""
    return _walked(inputs)[1]


def _walked(inputs: PlanInputs) -> tuple[tuple[Week, ...], Reason | None]:
    check(inputs)
    inputs = _as_health_allows(inputs)
    inputs = replace(inputs, conditions=newest(inputs.conditions))
    kept = {week.start: week for week in inputs.kept}
    first = monday_of(inputs.first_day)
    end = first + timedelta(weeks=inputs.weeks)
    race_monday = monday_of(inputs.race.day) if inputs.race else first
    state = begin(inputs, kept)
    weeks: list[Week] = []
    outlook: Reason | None = None
    monday = state.origin
    while monday < max(end, race_monday):
        week = _next(inputs, state, kept, monday)
        if first <= monday < end:
            weeks.append(week)
        monday += timedelta(weeks=1)
        if inputs.race and monday == race_monday:
            outlook = _outlook(inputs, state)
    return tuple(weeks), outlook


def _as_health_allows(inputs: PlanInputs) -> PlanInputs:
    """The same without a race that is not planned for, and without a marathon for who is not of age."""
    if race_hindrance(inputs.health, inputs.race, inputs.first_day, inputs.conditions) is not None:
        inputs = replace(inputs, race=None)
    if inputs.goal is Goal.MARATHON and not marathon_allowed(inputs.health, inputs.first_day):
        of_age = inputs.race is not None and inputs.race.goal is Goal.MARATHON
        inputs = inputs if of_age else replace(inputs, goal=Goal.HALF)
    return inputs


def _on_fewer_days(inputs: PlanInputs, monday: date) -> PlanInputs:
    """The same without the weekdays that are not run on in that week, and without the runs that are too many.

    Volume and long run are those of all days: the others carry them, as far as the caps allow.
    """
    available = inputs.availability
    out, fewer = weekdays_out(inputs.conditions, monday), days_fewer(inputs.conditions, monday)
    weekdays = tuple(day for day in available.weekdays if day not in out)
    if not (out or fewer) or len(weekdays) < FEWEST_DAYS:
        return inputs
    long_day = available.long_run_day
    if long_day not in weekdays:
        long_day = min(weekdays, key=lambda day: (apart(day, long_day), -day))
    days = max(FEWEST_DAYS, min(available.days_per_week, len(weekdays)) - fewer)
    return replace(inputs, availability=Availability(days, weekdays, long_day))


def _next(inputs: PlanInputs, state: PlanState, kept: Mapping[date, Week], monday: date) -> Week:
    """Plan the week, or take it as kept, and count it; the week as the runner sees it."""
    inputs = _on_fewer_days(inputs, monday)
    blocked = frozenset(day.weekday() for day in inputs.blocked if monday_of(day) == monday)
    stage = state.stage(inputs, monday)
    state.limits = limits_for(inputs, monday)
    if inputs.health.answers:
        days = (monday + timedelta(days=number) for number in range(WEEK))
        blocked |= {day.weekday() for day in days if not may_run(inputs.health, day)}
    kept_week = _as_allowed(inputs, kept.get(monday))
    over = monday < monday_of(inputs.first_day)  # what was run is what the next weeks grow from
    if stage is None or (kept_week is not None and (over or not blocked)):
        week = kept[monday]
        take(inputs, state, stage, week, week)
        return week
    ideal = planned(inputs, state, stage, monday, frozenset())
    actual = kept_week or (planned(inputs, state, stage, monday, blocked) if blocked else ideal)
    take(inputs, state, stage, actual, ideal)
    paced = inputs.zones is not None and state.limits.paced
    return actual if kept_week or paced else by_effort(actual)


def _as_allowed(inputs: PlanInputs, week: Week | None) -> Week | None:
    """A kept week without the sessions ahead that health does not allow: some come from a plan file."""
    if week is None or not inputs.health.answers:
        return week
    return replace(
        week,
        sessions=tuple(
            session
            for session in week.sessions
            if session.day < inputs.first_day or may_run(inputs.health, session.day)
        ),
    )


def _outlook(inputs: PlanInputs, state: PlanState) -> Reason | None:
    """What the weeks before the race lack for it. Raises UnplannableError where it is out of reach."""
    if inputs.race is None:
        return None
    goal = inputs.race.goal
    since = inputs.phase_start - timedelta(weeks=8)
    runs = [run for run in inputs.history if run.day >= since]
    before = [week for week in state.taken if week.start < monday_of(inputs.race.day)]
    sessions = [session for week in before for session in week.sessions]
    recent = weekly_distances(runs).values()
    week_m = max((*recent, *(week.distance_m for week in before)), default=0.0)
    done = [(run.distance_m, run.duration_s) for run in runs]
    done += [(session.distance_m, session.duration_s) for session in sessions]
    long_m = max((metres for metres, _ in done), default=0.0)
    long_s = max((seconds for _, seconds in done), default=0.0)
    lacking = shortfall(goal, week_m, long_m, long_s)
    if lacking and not inputs.kept and out_of_reach(goal, long_m, long_s):
        raise UnplannableError(lacking)
    return lacking
