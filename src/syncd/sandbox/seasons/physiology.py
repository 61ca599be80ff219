"""A body that responds to training: fitness, fatigue, and how a session feels.

Fitness and fatigue are two exponential means of the daily load (Banister's model; 42 and 7 days,
the usual constants). How many VDOT a minute of load is worth, and how effort is felt, are our
defaults, set so that a season of 20 to 36 km a week gains about 3 VDOT, and four weeks off lose about
what Daniels' table says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

FITNESS_DAYS, FATIGUE_DAYS = 42.0, 7.0
VDOT_PER_LOAD = 0.14  # VDOT for each minute of daily load more than at the start
TIRED_VDOT = 0.05  # VDOT for each minute by which fatigue exceeds fitness
HARD_MINUTE = 2.0  # a hard minute loads like two easy ones
_RPE_PER_PERCENT, _RPE_NOISE = 0.35, 0.5
_DAY_NOISE = 0.006  # of VDOT, from one day to the next


@dataclass(slots=True)
class Body:
    """`vdot` is the fitness at the start, `daily_load` what the athlete is used to, in minutes."""

    vdot: float
    daily_load: float
    random: Random
    reports_effort: float = 0.8  # how often the athlete reports it
    fitness: float = field(init=False)
    fatigue: float = field(init=False)
    today_load: float = 0.0

    def __post_init__(self) -> None:
        self.fitness = self.fatigue = self.daily_load

    @property
    def true_vdot(self) -> float:
        """Fitness without the tiredness of the day."""
        return self.vdot + VDOT_PER_LOAD * (self.fitness - self.daily_load)

    def day_vdot(self) -> float:
        """The fitness of the day: less when tired, and never quite the same."""
        tired = TIRED_VDOT * max(0.0, self.fatigue - self.fitness)
        return (self.true_vdot - tired) * (1 + self.random.gauss(0.0, _DAY_NOISE))

    def load(self, minutes: float, hard_minutes: float = 0.0) -> None:
        """Add a session to the day."""
        self.today_load += minutes + (HARD_MINUTE - 1) * hard_minutes

    def sleep(self) -> None:
        """The end of the day."""
        self.fitness += (self.today_load - self.fitness) / FITNESS_DAYS
        self.fatigue += (self.today_load - self.fatigue) / FATIGUE_DAYS
        self.today_load = 0.0

    def felt(self, expected: float, percent_over: float) -> float | None:
        """The reported effort of a session, or None; asking too much makes it feel harder."""
        tired = 0.06 * max(0.0, self.fatigue - self.fitness)
        effort = expected + _RPE_PER_PERCENT * percent_over + tired + self.random.gauss(0.0, _RPE_NOISE)
        if self.random.random() >= self.reports_effort:
            return None
        return float(min(10, max(1, round(effort))))
