"""A life with a plan and days off in it: weeks before, the gap, and the weeks of coming back."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from syncd.domain.athlete import PastRun
from syncd.domain.session import Session, Week
from syncd.domain.training.conditions import Condition
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.rules.gaps import before_gap
from syncd.domain.training.rules.situation import Situation, Trouble
from syncd.domain.training.rules.time_off import returning
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.athletes import as_run


@dataclass(frozen=True)
class ComingBack:
    """The return, the weeks planned from its first day on, and what was run before the gap."""

    asked: PlanInputs = field(repr=False)
    condition: Condition
    weeks: tuple[Week, ...] = field(repr=False)
    week_m: float
    longest_m: float

    @property
    def sessions(self) -> tuple[Session, ...]:
        return tuple(session for week in self.weeks for session in week.sessions)

    def long_m(self, week: Week) -> float:
        return max((session.distance_m for session in week.sessions), default=0.0)

    def weeks_until_back(self, share: float = 0.95) -> int | None:
        """After how many weeks the longest run and the volume of before are planned again."""
        for number, week in enumerate(self.weeks, start=1):
            if self.long_m(week) >= share * self.longest_m and week.distance_m >= share * self.week_m:
                return number
        return None


def coming_back(
    runner: PlanInputs,
    *,
    days_off: int,
    trouble: Trouble | None = None,
    fever: bool = False,
    weeks_before: int = 5,
    weeks: int = 24,
    weekday: int = 0,
) -> ComingBack:
    """`runner` follows the plan for some weeks, is off, and follows it again."""
    kept: list[Week] = []
    history = list(runner.history)
    off_from = runner.first_day + timedelta(weeks=weeks_before, days=weekday)
    monday = runner.first_day
    while monday < off_from:
        week = plan_weeks(_asked(runner, monday, 1, history, kept, ()))[0]
        kept.append(week)
        history += [as_run(session) for session in week.sessions if session.day < off_from]
        monday += timedelta(weeks=1)
    last = max(run.day for run in history)
    back_on = last + timedelta(days=days_off + 1)
    situation = Situation(
        now=datetime.combine(back_on, datetime.min.time(), tzinfo=UTC),
        zones=runner.zones,
        history=tuple(history),
    )
    before = before_gap(situation, last)
    asked = returning("A3:1", back_on, days_off, before, trouble=trouble, fever=fever)
    while monday < back_on - timedelta(days=back_on.weekday()):
        week = plan_weeks(_asked(runner, monday, 1, history, kept, ()))[0]
        kept.append(week)
        monday += timedelta(weeks=1)
    kept = [week for week in kept if week.start < back_on - timedelta(days=back_on.weekday())]
    inputs = _asked(runner, back_on, weeks, history, kept, (asked,))
    return ComingBack(
        inputs,
        asked,
        plan_weeks(inputs),
        before.week_m,
        before.longest_m,
    )


def _asked(
    runner: PlanInputs,
    day: date,
    weeks: int,
    history: list[PastRun],
    kept: list[Week],
    conditions: tuple[Condition, ...],
) -> PlanInputs:
    return replace(
        runner, first_day=day, weeks=weeks, history=tuple(history), kept=tuple(kept), conditions=conditions
    )
