"""A body that responds to training: fitness, fatigue, and how a session feels.

Fitness and fatigue are two exponential means of the daily load (Banister's model; 42 and 7 days, the usual
constants). VDOT follows the logarithm of fitness, so that the next kilometre always brings less than the one
before. How many VDOT twice the load is worth is set by what no load costs: with 4.2 for each factor e, four
weeks off cost 2.8 VDOT and eight 5.6, which is what Daniels' table says of a VDOT of 40 (2.8 and 6.1).

The load of a run is how long its distance takes at the runner's own easy pace: what running costs grows with
its speed, so that the same kilometres are no more training for being run slowly. How effort is felt is our
default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import log

from syncd.domain.training.fitness import speed_at
from syncd.sandbox.seasons.chance import Chance

FITNESS_DAYS, FATIGUE_DAYS = 42.0, 7.0
VDOT_PER_FOLD = 4.2  # VDOT for a load e times as large
TIRED_VDOT = 0.05  # VDOT for each minute by which fatigue exceeds fitness
HARD_MINUTE = 2.0  # a hard minute loads like two easy ones
_EASY = 0.7  # of the VDOT: the quick end of the easy pace
_LEAST_LOAD = 0.5  # minutes a day: who walks to the shops is not without fitness
_RPE_PER_PERCENT, _RPE_NOISE = 0.35, 0.5
_TIRED_RPE = 0.06  # for each minute by which fatigue exceeds fitness
_DAY_NOISE = 0.006  # of VDOT, from one day to the next


def easy_minutes(distance_m: float, vdot: float) -> float:
    """How long a distance takes at the easy pace of that fitness."""
    return distance_m / speed_at(vdot, _EASY) / 60


@dataclass(slots=True)
class Body:
    """`vdot` is the fitness at the start, `daily_load` what the athlete is used to, in minutes."""

    vdot: float
    daily_load: float
    chance: Chance
    fitness: float = field(init=False)
    fatigue: float = field(init=False)
    today_load: float = 0.0

    def __post_init__(self) -> None:
        self.fitness = self.fatigue = self.daily_load

    @property
    def true_vdot(self) -> float:
        """Fitness without the tiredness of the day."""
        now, at_start = max(self.fitness, _LEAST_LOAD), max(self.daily_load, _LEAST_LOAD)
        return self.vdot + VDOT_PER_FOLD * log(now / at_start)

    def day_vdot(self, day: date) -> float:
        """The fitness of the day: less when tired, and never quite the same."""
        tired = TIRED_VDOT * max(0.0, self.fatigue - self.fitness)
        return (self.true_vdot - tired) * (1 + self.chance.normal(_DAY_NOISE, day, "form"))

    def load(self, distance_m: float, hard_minutes: float = 0.0) -> None:
        """Add a session to the day."""
        self.today_load += easy_minutes(distance_m, self.true_vdot) + (HARD_MINUTE - 1) * hard_minutes

    def sleep(self) -> None:
        """The end of the day."""
        self.fitness += (self.today_load - self.fitness) / FITNESS_DAYS
        self.fatigue += (self.today_load - self.fatigue) / FATIGUE_DAYS
        self.today_load = 0.0

    def felt(self, expected: float, percent_over: float, day: date) -> float:
        """The effort of a session, 1 to 10; asking too much makes it feel harder."""
        tired = _TIRED_RPE * max(0.0, self.fatigue - self.fitness)
        noise = self.chance.normal(_RPE_NOISE, day, "effort")
        return float(min(10, max(1, round(expected + _RPE_PER_PERCENT * percent_over + tired + noise))))
