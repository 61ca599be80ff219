"""A fixed grid of athletes with a year planned for each: every rule is checked on all of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import cycle, product

from syncd.domain.athlete import Availability, Concern, Goal, Health, Race, RacePriority
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, Session, Week, WeekKind
from syncd.domain.training.sessions import quality_metres
from syncd.domain.training.weeks import PlanError, PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import zones_from_result
from syncd.domain.workout import PaceZone
from tests.domain.training.athletes import MONDAY

DAYS = range(2, 8)
WEEKLY_KM = (8, 11, 14, 17, 20, 24, 28, 36, 43, 50, 60, 70, 90)
FIVE_K_MIN = (16, 18, 20, 22, 25, 29, 33, 45)
WEEKDAYS = ((0, 1, 2, 3, 4, 5, 6), (0, 2, 3, 5, 6), (1, 3, 4, 6), (0, 1, 5, 6), (5, 6), (0, 1, 2))
RACE_WEEKS = (None, None, 4, 7, 11, 13, 16, 22, 30, 41, 60)
AGES = (None, None, 1990, 1972, 1960)


@dataclass(frozen=True)
class Athlete:
    """Inputs and the plan for them."""

    inputs: PlanInputs
    weeks: tuple[Week, ...]

    def ordinary(self, *phases: Phase) -> Iterator[Week]:
        """Build and down weeks of some phases (all when none is named)."""
        for week in self.weeks:
            if week.kind in {WeekKind.BUILD, WeekKind.DOWN} and (not phases or week.phase in phases):
                yield week

    def quality_m(self, week: Week) -> dict[PaceZone, float]:
        """Metres of a week at each quality pace."""
        found: dict[PaceZone, float] = {}
        for session in week.sessions:
            for zone, metres in quality_metres(session.workout, self.inputs.zones).items():
                found[zone] = found.get(zone, 0.0) + metres
        return found

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All of the plan, in order."""
        return tuple(session for week in self.weeks for session in week.sessions)


def inputs_of(
    days: int,
    weekly_km: float,
    five_k_min: float,
    weekdays: tuple[int, ...],
    goal: Goal,
    race_weeks: int | None,
) -> PlanInputs:
    """An athlete who has run the same week four times."""
    race = None
    if race_weeks is not None and goal is not Goal.NONE:
        race = Race(MONDAY + timedelta(weeks=race_weeks, days=5 + race_weeks % 2), goal)
    return PlanInputs(
        first_day=MONDAY,
        availability=Availability(min(days, len(weekdays)), weekdays, weekdays[-1]),
        zones=zones_from_result(5000, five_k_min * 60, as_of=None, source=Reason.legacy("grid")),
        history=history_from_summary(MONDAY, weekly_km * 1000, weekly_km * 400, 4),
        weeks=52,
        phase_start=MONDAY,
        levels={},
        goal=goal,
        race=race,
    )


@cache
def athletes() -> tuple[Athlete, ...]:
    """624 athletes; those whose race is out of reach are refused and not among them."""
    weekdays, goals, races, born = cycle(WEEKDAYS), cycle(Goal), cycle(RACE_WEEKS), cycle(AGES)
    priorities = cycle((RacePriority.A, RacePriority.A, RacePriority.B, RacePriority.C))
    found = []
    for days, weekly_km, five_k_min in product(DAYS, WEEKLY_KM, FIVE_K_MIN):
        inputs = inputs_of(days, weekly_km, five_k_min, next(weekdays), next(goals), next(races))
        if inputs.race is not None:
            inputs = replace(inputs, race=replace(inputs.race, priority=next(priorities)))
        inputs = replace(inputs, health=Health(birth_year=next(born)))
        try:
            found.append(Athlete(inputs, plan_weeks(inputs)))
        except PlanError:
            continue
    return tuple(found)


@cache
def held_back() -> tuple[Athlete, ...]:
    """Athletes with an open health question."""
    return tuple(
        Athlete(changed, plan_weeks(changed))
        for athlete in athletes()[::24]
        for changed in [
            replace(
                athlete.inputs,
                race=None,
                weeks=40,
                health=Health.saying(Concern.STRESS_FRACTURE, since=athlete.inputs.first_day),
            )
        ]
    )
