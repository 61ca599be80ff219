"""The simulated athletes: one for each seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from syncd.domain.athlete import Goal, Health, Race
from syncd.sandbox.seasons.habits import Habit, ways_of

START = date(2026, 1, 5)
LONGEST_SHARE = 0.4  # of the weekly distance, before the season
_RACING_EVERY = 3  # a third trains for a half or a marathon
_ENTERED_VDOT = (30.0, 52.0)
_TRUE_VDOT_NOISE = 0.6
_WEEKLY_KM = (14, 18, 20, 25, 30, 36, 44)
_WEEKLY_KM_FOR = {Goal.HALF: (25, 30, 36, 44), Goal.MARATHON: (40, 44, 52)}  # in reach by then
_BORN = (None, None, 1990, 1985, 1972, 1963)  # from 50 and from 60 years on the limits are others
_RACE_WEEKS = {Goal.HALF: (20, 40), Goal.MARATHON: (30, 48)}


@dataclass(frozen=True, slots=True)
class SimulatedAthlete:
    """Entered and true fitness, volume, days, habit, age, and the race that the season leads to."""

    seed: int
    habit: Habit
    entered_vdot: float
    true_vdot: float
    weekly_m: float
    days: int
    goal: Goal
    race: Race | None = None
    health: Health = field(default_factory=Health)

    @classmethod
    def of(cls, seed: int) -> SimulatedAthlete:
        """The athlete of a seed: habits take turns, the other values vary with the seed."""
        random = Random(seed)
        turn, place = divmod(seed, len(Habit))
        habit = tuple(Habit)[place]
        entered = random.uniform(*_ENTERED_VDOT)
        noise = random.gauss(0.0, _TRUE_VDOT_NOISE)
        over = ways_of(habit).over_entered
        racing = turn % _RACING_EVERY == _RACING_EVERY - 1
        goal = random.choice((Goal.HALF, Goal.MARATHON) if racing else (Goal.NONE, Goal.FIVE_K, Goal.TEN_K))
        race = None
        if racing:
            sunday = timedelta(weeks=random.randint(*_RACE_WEEKS[goal]), days=-1)
            race = Race(START + sunday, goal)
        return cls(
            seed=seed,
            habit=habit,
            entered_vdot=entered,
            true_vdot=entered + (noise if over is None else over),
            weekly_m=random.choice(_WEEKLY_KM_FOR.get(goal, _WEEKLY_KM)) * 1000.0,
            days=random.choice((4, 4, 5) if racing else (3, 4, 4, 4, 5)),
            goal=goal,
            race=race,
            health=Health(birth_year=random.choice(_BORN)),
        )
