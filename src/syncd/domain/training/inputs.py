"""What a plan depends on, and from which inputs none can be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, isfinite

from syncd.domain.athlete import Availability, Goal, Health, PastRun, Race, ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, Week, monday_of
from syncd.domain.training.conditions import Condition
from syncd.domain.training.pattern import WEEK
from syncd.domain.training.phases import PhaseEvidence
from syncd.domain.training.reasons import Cause
from syncd.domain.training.special_sessions import RACE_M
from syncd.domain.training.volume import CYCLE_WEEKS

FEWEST_DAYS, MOST_DAYS = 2, 7
MOST_WEEKS = 104
MOST_WEEKS_TO_RACE = 60
_SUMMARY_PACE_S_PER_KM = 390.0  # of runs known only as a weekly sum; the planner uses their distances


class PlanError(ValueError):
    """Inputs from which no plan can be made; the message says what to change."""


class UnplannableError(PlanError):
    """No plan can be made from these numbers; `reason` says what is wrong, and what is possible."""

    def __init__(self, reason: Reason) -> None:
        super().__init__("no plan can be made from these numbers")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """All that a plan depends on.

    `first_day`: nothing is planned before it. `history`: real runs of at least the last 60
    days, in any order. `weeks`: how many ISO weeks, the (possibly partial) one of `first_day`
    included. `phase_start`: the Monday on which the plan's first phase began. `levels`: the next
    level of each quality family; where it is missing, it follows from the kept weeks, from 1 on.
    `kept`: weeks already committed. `cycle_start_m`: the weekly volume with which the macro-cycle
    began, for its ceiling; read from the history when None. `zones` None: no 5K is known, and
    everything is by effort. `phase`: the athlete's own choice of the phase that began on
    `phase_start`. `blocked`: days without running. `evidence`: for the gates between phases;
    without it they are taken as met in time. `no_test_before`: after illness or a break.
    `retest_from`: one more test, after one that did not count (A17).
    `conditions`: what adaptation asks of the weeks ahead, the oldest first. `hard_from`: the first day for
    something hard after a run that was hard though the plan did not mean it to be.
    """

    first_day: date
    availability: Availability
    zones: ZoneSet | None
    history: tuple[PastRun, ...]
    weeks: int
    phase_start: date
    levels: Mapping[str, int]
    kept: tuple[Week, ...] = ()
    goal: Goal = Goal.NONE
    cycle_start_m: float | None = None
    race: Race | None = None
    phase: Phase | None = None
    blocked: frozenset[date] = frozenset()
    health: Health = field(default_factory=Health)
    evidence: PhaseEvidence | None = None
    no_test_before: date | None = None
    retest_from: date | None = None
    conditions: tuple[Condition, ...] = ()
    hard_from: date | None = None


def check(inputs: PlanInputs) -> None:
    """Raises PlanError for inputs from which no plan can be made."""
    available = inputs.availability
    weekdays = set(available.weekdays)
    if not FEWEST_DAYS <= available.days_per_week <= MOST_DAYS:
        raise PlanError(f"a plan needs {FEWEST_DAYS} to {MOST_DAYS} days a week")
    if not weekdays <= set(range(WEEK)) or len(weekdays) < FEWEST_DAYS:
        raise PlanError("name at least two weekdays on which you can run (0 is Monday)")
    if available.long_run_day not in weekdays:
        raise PlanError("the long-run day is not one of the days on which you can run")
    if not 1 <= inputs.weeks <= MOST_WEEKS:
        raise PlanError(f"a plan covers 1 to {MOST_WEEKS} weeks")
    if inputs.phase_start != monday_of(inputs.phase_start):
        raise PlanError("a phase starts on a Monday")
    if inputs.phase_start > monday_of(inputs.first_day):
        raise PlanError("the distance phase must have begun by the first week of the plan")
    if inputs.race is not None:
        _check_race(inputs, inputs.race)


def _check_race(inputs: PlanInputs, race: Race) -> None:
    if race.goal not in RACE_M:
        raise PlanError("a race needs a distance: 5k, 10k, half or marathon")
    if race.day < inputs.first_day and not any(week.start <= race.day for week in inputs.kept):
        raise PlanError(
            f"the race day {race.day} is in the past: give a future day, or none (to set yours: syncd goal)"
        )
    if race.day > inputs.first_day + timedelta(weeks=MOST_WEEKS_TO_RACE):
        raise PlanError(
            f"the race on {race.day} is more than {MOST_WEEKS_TO_RACE} weeks away: "
            "plan without a date now, and add it later"
        )


def history_from_summary(
    first_day: date, weekly_m: float, longest_m: float, days: int
) -> tuple[PastRun, ...]:
    """Four weeks of runs of somebody who runs `weekly_m` a week, the longest of them `longest_m`.

    They end on the Sunday before the week of `first_day`; there are more than `days` a week
    when the distance does not fit otherwise. Raises PlanError when the numbers contradict
    each other.
    """
    if not (isfinite(weekly_m) and isfinite(longest_m)) or weekly_m < 0 or longest_m < 0:
        raise PlanError("the weekly and the longest distance must be numbers, 0 or more")
    if weekly_m == 0 and longest_m == 0:
        return ()
    if longest_m > weekly_m:
        facts = {"weekly_m": weekly_m, "longest_m": longest_m}
        raise UnplannableError(Reason(Cause.LONGEST_ABOVE_WEEK, facts))
    runs = max(days, ceil(weekly_m / longest_m)) if longest_m else WEEK + 1
    if runs > WEEK:
        facts = {"weekly_m": weekly_m, "longest_m": longest_m}
        raise UnplannableError(Reason(Cause.WEEK_NEEDS_LONGER, facts))
    others = (weekly_m - longest_m) / (runs - 1) if runs > 1 else 0.0
    distances = (longest_m, *(others for _ in range(runs - 1) if others > 0))
    return tuple(
        PastRun(
            monday_of(first_day) - timedelta(weeks=back) + timedelta(days=WEEK - 1 - place * WEEK // runs),
            metres,
            metres * _SUMMARY_PACE_S_PER_KM / 1000,
        )
        for back in range(CYCLE_WEEKS, 0, -1)
        for place, metres in enumerate(distances)
    )
