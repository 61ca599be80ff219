"""Heat, as the athlete enters it: on its days hard sessions are easy and long runs shorter (W1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta

from syncd.athlete.rebuilding import come_back
from syncd.athlete.sessions import EditOutcome, OverrideError
from syncd.cycle.health_answers import take_up
from syncd.cycle.situation import situation_of
from syncd.cycle.taking_back import take_back_unfounded
from syncd.cycle.world import World
from syncd.domain.day_text import dated_text
from syncd.domain.reason import Reason
from syncd.domain.scoring.heat import Weather
from syncd.domain.training.health import limits_of
from syncd.domain.training.heat import PERSISTS, is_in_force
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.heat import KnownWeather, weather_on
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import Override, OverrideKind

FARTHEST = timedelta(days=60)  # our default: nobody knows longer ahead, and a slip of the pen ends by itself
_WORD = "heat"


def enter_heat(world: World, weather: Weather, last_day: date | None, now: datetime) -> EditOutcome:
    """It is as warm from today on; without a last day for as long as after a run. Raises OverrideError."""
    world, changes = take_up(world, now)
    today = world.today(now)
    until = last_day or today + PERSISTS
    if until < today:
        raise OverrideError(f"{dated_text(until, today)} is past: heat ends today or later")
    if until - today > FARTHEST:
        last = dated_text(today + FARTHEST, today)
        raise OverrideError(f"{dated_text(until, today)} is too far ahead: give a day up to {last}")
    known = weather_on(situation_of(world, now, covered=False), today)
    if known is not None and known.word is not None and (known.weather, known.last_day) == (weather, until):
        raise OverrideError(f"that is entered already, until {dated_text(until, today)}")
    days = {"first_day": today.isoformat(), "last_day": until.isoformat()}
    reason = Reason(Cause.HEAT_SAID, {**asdict(weather), **days})
    word = Override(OverrideKind.HEAT, now, today, until, detail=asdict(weather))
    return EditOutcome((*changes, *_said(world, word, reason, now)))


def end_heat(world: World, now: datetime) -> EditOutcome:
    """The heat is over, whether it was entered or known from a run. Raises OverrideError without one."""
    world, changes = take_up(world, now)
    today = world.today(now)
    known = known_weather(world, now)
    hottest = limits_of(world.health, today).hottest_c
    if not any(is_in_force(found.weather, hottest) for found in known):
        raise OverrideError("no heat is known: syncd heat DEGREES enters it")
    until = max(found.last_day for found in known)
    reason = Reason(Cause.HEAT_OVER, {"day": today.isoformat()})
    word = Override(OverrideKind.HEAT, now, today, until)
    return EditOutcome((*changes, *_said(world, word, reason, now)))


def known_weather(world: World, now: datetime) -> tuple[KnownWeather, ...]:
    """How warm it is today and on the days after it, as far as that is known: one for each source in turn."""
    return tuple(_stretches(world, now))


def _stretches(world: World, now: datetime) -> Iterator[KnownWeather]:
    situation, day = situation_of(world, now, covered=False), world.today(now)
    last = max((word.last_day for word in situation.heat), default=day)
    before = None
    while day <= max(last, situation.today + PERSISTS):
        found = weather_on(situation, day)
        if found is not None and (before is None or (found.word, found.run) != (before.word, before.run)):
            yield found
        before, day = found, day + timedelta(days=1)


def _said(world: World, override: Override, reason: Reason, now: datetime) -> tuple[Change, ...]:
    """Keep the word, take back what an earlier one had eased without need, and ask the rules."""
    with world.store.transaction():
        kept = world.store.overrides.add(override)
        change = Change(now, BY_ATHLETE, None, reason, evidence={"word": f"{_WORD}:{kept.id}"})
        change = world.store.changes.keep(change)
        world.store.overrides.caused(kept.id, change.id)
        taken_back = take_back_unfounded(world, now, covered=False)
        eased = come_back(world, now)
    return (change, *taken_back, *eased)
