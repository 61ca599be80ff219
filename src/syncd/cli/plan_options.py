"""The options of `syncd plan --five-k ...`, turned into inputs of the planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from syncd.cli.choices import PRIORITIES, SHORT_DAYS, chosen, goals, listed, phases
from syncd.cli.exits import UsageFault
from syncd.cli.option_table import Option
from syncd.cli.runner_options import BIRTH_YEAR, DAYS, GOAL, LONGEST_KM, PRIORITY, RACE, WEEKLY_KM
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.nearest import did_you_mean

if TYPE_CHECKING:
    from syncd.domain.athlete import Availability, Goal, Race, RacePriority, ZoneSet
    from syncd.domain.session import Phase, Week
    from syncd.domain.units import Units

USUAL_DAYS, USUAL_GOAL = 4, "5k"
PLAN_OPTIONS: Mapping[str, Option] = {
    "days": DAYS,
    "weekdays": Option(
        "--weekdays", "DAYS", "Days to run on: tue,thu,sat,sun.", choices=SHORT_DAYS, several=True
    ),
    "weekly_km": replace(WEEKLY_KM, help="Kilometres per week now; without --five-k, runs are by effort."),
    "longest_km": replace(LONGEST_KM, help="Longest run of the last month.", kind=float, default=0.0),
    "goal": GOAL,
    "race": replace(RACE, help="Race date: YYYY-MM-DD, over the goal's distance."),
    "priority": replace(PRIORITY, help="A, B or C (default A)."),
    "phase": Option("--phase", "PHASE", "foundation, distance, speed, combine or auto.", choices=phases),
    "blocked": Option("--blocked", "DATES", "Days when you cannot run: DATE,DATE."),
    "birth_year": replace(BIRTH_YEAR, kind=int | None, default=None),
    "start": Option("--start", "DATE", "First day: YYYY-MM-DD (default: today)."),
}


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """`PLAN_OPTIONS` as they were typed; None and "" where not given."""

    days: int | None = None
    weekdays: str = ""
    weekly_km: float | None = None
    longest_km: float = 0.0
    goal: str = ""
    race: str = ""
    priority: str = ""
    phase: str = ""
    blocked: str = ""
    birth_year: int | None = None
    start: str = ""

    def plan(self, zones: ZoneSet | None, today: date, weeks: int, units: Units) -> tuple[Week, ...]:
        """The plan for such a runner. Raises UsageFault, in the reader's units."""
        from syncd.domain.athlete import Goal, Health
        from syncd.domain.session import monday_of
        from syncd.domain.training.health_answers import marathon_allowed
        from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks

        first = day_option("--start", self.start) if self.start else today
        available, goal = self._availability(), self._goal()
        distances = ((self.weekly_km or 0.0) * 1000, self.longest_km * 1000)
        born = self._born_by(first)
        race = self._race(goal)
        if goal is Goal.MARATHON and not marathon_allowed(
            Health(birth_year=born), race.day if race else first
        ):
            raise UsageFault("--goal marathon: no marathon before age 18; choose another goal, such as half")
        with faults_in(units):
            return plan_weeks(
                PlanInputs(
                    first_day=first,
                    availability=available,
                    zones=zones,
                    history=history_from_summary(first, *distances, available.days_per_week),
                    weeks=weeks,
                    phase_start=monday_of(first),
                    levels={},
                    goal=goal,
                    race=race,
                    phase=self._phase(),
                    blocked=frozenset(day_option("--blocked", day) for day in _listed(self.blocked)),
                    health=Health(birth_year=born),
                )
            )

    def _goal(self) -> Goal:
        from syncd.domain.athlete import Goal

        return Goal(chosen("--goal", self.goal or USUAL_GOAL, goals()))

    def _race(self, goal: Goal) -> Race | None:
        from syncd.domain.athlete import Race

        if not self.race:
            if self.priority:
                raise UsageFault("--priority needs a race: --race YYYY-MM-DD")
            return None
        priority = priority_option(self.priority)
        return Race(day_option("--race", self.race), goal, priority)

    def _born_by(self, first: date) -> int | None:
        """Raises UsageFault for a year in which no runner was born."""
        from syncd.domain.health_dates import HealthDateError, require_likely_birth_year

        try:
            require_likely_birth_year(self.birth_year, first)
        except HealthDateError as error:
            raise UsageFault(f"--birth-year: {error}") from None
        return self.birth_year

    def _phase(self) -> Phase | None:
        from syncd.domain.session import Phase

        name = chosen("--phase", self.phase or "auto", phases())
        return None if name == "auto" else Phase(name)

    def _availability(self) -> Availability:
        """The days to run on; the long run is on Sunday, else on the last free day of the week."""
        from syncd.domain.athlete import Availability

        free = weekday_option("--weekdays", self.weekdays) if self.weekdays else tuple(range(7))
        days = min(USUAL_DAYS, len(free)) if self.days is None else self.days
        if self.weekdays and days > len(free):
            raise UsageFault(f"--days {days} needs {days} weekdays, but --weekdays gives {len(free)}")
        return Availability(days_per_week=days, weekdays=free, long_run_day=free[-1])


@contextmanager
def faults_in(units: Units, of: str = "") -> Iterator[None]:
    """Turn a PlanError into a UsageFault with distances in the reader's units."""
    from syncd.domain.training.inputs import PlanError, UnplannableError

    try:
        yield
    except UnplannableError as error:
        from syncd.report.reasons import reason_text

        raise UsageFault(f"{of}{reason_text(error.reason, units)}") from None
    except PlanError as error:
        raise UsageFault(f"{of}{error}") from None


def priority_option(text: str) -> RacePriority:
    """A, B or C in either case; A for nothing. Raises UsageFault."""
    from syncd.domain.athlete import RacePriority

    return RacePriority(chosen("--priority", text or RacePriority.A.value, PRIORITIES))


def weekday_option(name: str, text: str) -> tuple[int, ...]:
    """`tue,thu,sunday` as 1, 3, 6: in order, each once. Raises UsageFault."""
    numbers = set()
    for day in (part.strip() for part in text.lower().split(",")):
        number = next((number for number, full in enumerate(WEEKDAYS) if day in (full, full[:3])), None)
        if number is None:
            raise UsageFault(
                f"{name} {text}: {day!r} is not a weekday; write for example tue,thu,sat,sun"
                f"{did_you_mean(day, WEEKDAYS)}"
            )
        numbers.add(number)
    return tuple(sorted(numbers))


def day_option(name: str, text: str, *, near: Sequence[str] = ()) -> date:
    """A day of the command line; `near` are other values that are allowed. Raises UsageFault."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        forms = listed(("YYYY-MM-DD", *near))
        advice = f"write {forms}, for example 2026-03-17{did_you_mean(text, near)}"
        raise UsageFault(f"{name}: {text!r} is not a date: {advice}") from None


def _listed(text: str) -> list[str]:
    """The parts between the commas; none for an empty text."""
    return [part.strip() for part in text.split(",")] if text else []
