"""The stories that are told: what the runner said on which day, and on which days they did not run.

Days are counted from the day on which a story begins; before it lie weeks as planned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.athlete.health import answer
from syncd.athlete.time_off import pause, resume, sick
from syncd.cycle.world import World
from syncd.domain.athlete import Concern
from syncd.sandbox.stories.life import Word


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in the morning of a day, as the command that says it."""

    day: int
    command: str
    word: Word


@dataclass(frozen=True, slots=True)
class RunnersStory:
    """`off`: how many days from the first are without a run. `weeks`: how many are played.

    `until_back`: it ends earlier, with the week that is like those of before.
    """

    name: str
    title: str
    said: tuple[Said, ...] = ()
    off: int = 0
    weeks: int = 2
    misses_each: int = 0
    until_back: bool = False


def _fever(world: World, now: datetime) -> object:
    return sick(world, world.today(now), now, fever=True)


def _hurt(world: World, now: datetime) -> object:
    return sick(world, world.today(now), now, hurt=True)


def _open_pause(world: World, now: datetime) -> object:
    return pause(world, world.today(now), None, now)


def _two_weeks(world: World, now: datetime) -> object:
    return pause(world, world.today(now), world.today(now) + timedelta(days=13), now)


def _concern(concern: Concern) -> Word:
    return lambda world, now: answer(world, concern, world.today(now), now)


def _resumed(day: int) -> Said:
    return Said(day, "syncd resume", resume)


def _away(name: str, title: str, off: int, weeks: int, said: Iterable[Said] = ()) -> RunnersStory:
    return RunnersStory(name, title, tuple(said), off, weeks, until_back=True)


def _health(name: str, title: str, concern: Concern, option: str) -> RunnersStory:
    return RunnersStory(name, title, (Said(0, f"syncd health --new {option}", _concern(concern)),))


STORIES = (
    _away("fever", "Six days ill, with fever", 6, 8, (Said(0, "syncd sick --fever", _fever), _resumed(6))),
    _away("hurt", "Sixteen days hurt", 16, 16, (Said(0, "syncd sick --hurt", _hurt), _resumed(16))),
    _away("holiday", "Two weeks of holiday", 14, 10, (Said(0, "syncd pause --until DATE", _two_weeks),)),
    _away("four-weeks", "Four weeks without running, and nothing said", 28, 20),
    _away(
        "three-months",
        "Three months off",
        91,
        40,
        (Said(0, "syncd pause", _open_pause), _resumed(91)),
    ),
    RunnersStory("one-of-four", "One run of four is missed", weeks=8, misses_each=4),
    _health("chest-pain", "Chest pain", Concern.CHEST_PAIN, "chest_pain"),
    _health("diabetes", "Diabetes without symptoms", Concern.KIDNEY_OR_DIABETES, "kidney_or_diabetes"),
    _health("pregnancy", "A pregnancy", Concern.PREGNANCY, "pregnancy"),
    _health("injury", "A current injury", Concern.INJURY, "injury"),
)
