"""Days on which the athlete does not run: what the habit brings, injuries, and what syncd hears of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.training.rules.situation import Spell, Trouble
from syncd.sandbox.seasons.athletes import START, SimulatedAthlete
from syncd.sandbox.seasons.chance import Chance
from syncd.sandbox.seasons.habits import Away, ways_of

_FEVER = 0.5  # of the illnesses; our default


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Days without running, both included. `known_from`: when syncd hears of it, None: never."""

    first_day: date
    last_day: date
    trouble: Trouble | None
    known_from: date | None
    fever: bool = False
    injury: bool = False

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_day - self.first_day).days + 1

    def covers(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.first_day <= day <= self.last_day

    def spell_on(self, today: date) -> Spell | None:
        """What syncd knows of it in the morning of that day; None: nothing.

        A holiday has an end from the start, a trouble is open until it is over.
        """
        if self.known_from is None or self.trouble is None or today < self.known_from:
            return None
        spell = Spell(
            f"{self.trouble.value} {self.first_day}", self.trouble, self.first_day, fever=self.fever
        )
        if self.trouble is Trouble.PAUSE or today > self.last_day:
            return replace(spell, last_day=self.last_day)
        return spell


def usual(athlete: SimulatedAthlete, chance: Chance) -> list[TimeOff]:
    """What the habit brings, by day."""
    return [
        _of(away, says=ways_of(athlete.habit).says, chance=chance) for away in ways_of(athlete.habit).away
    ]


def injury(athlete: SimulatedAthlete, day: date, days: int) -> TimeOff:
    """From the day after the run that did it."""
    first = day + timedelta(days=1)
    known = first if ways_of(athlete.habit).says else None
    return TimeOff(first, day + timedelta(days=days), Trouble.HURT, known, injury=True)


def rest(day: date, days: int) -> TimeOff:
    """From the day after a run that hurt so much that it was entered as an injury."""
    first = day + timedelta(days=1)
    return TimeOff(first, day + timedelta(days=days), Trouble.HURT, first)


def _of(away: Away, *, says: bool, chance: Chance) -> TimeOff:
    first = START + timedelta(days=away.first)
    known = first - timedelta(days=away.known_days) if says and away.trouble is not None else None
    fever = away.trouble is Trouble.ILL and chance.happens(_FEVER, first, "fever")
    return TimeOff(first, first + timedelta(days=away.days - 1), away.trouble, known, fever)
