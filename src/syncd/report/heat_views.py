"""Heat as the screens show it: how warm it is, who says so, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from syncd.cycle.situation import heat_words
from syncd.cycle.world import World
from syncd.domain.day_text import day_text
from syncd.domain.training.health import limits_of
from syncd.domain.training.heat import (
    HOT_C,
    HUMID_C,
    HUMID_DEW_POINT_C,
    LONG_SHARE,
    is_in_force,
    is_off,
    is_too_hot,
    word_on,
)
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.heat import KnownWeather
from syncd.domain.units import Units
from syncd.report.health_views import kept_health
from syncd.report.heat_texts import degrees_text
from syncd.report.sheet import Sheet, StyledText, Tone
from syncd.report.sync_views import FOLLOWS, add_change
from syncd.store import Store
from syncd.store.changes import Change


def heat_today(store: Store, today: date) -> tuple[KnownWeather, ...]:
    """What the athlete entered for a day: one, or none. What a run showed, its sessions say."""
    word = word_on(heat_words(store, today), today)
    if word is None or word.weather is None:
        return ()
    return (KnownWeather(today, word.weather, word.last_day, word=word),)


def heat_on(world: World, day: date) -> tuple[KnownWeather, ...]:
    """The same, where something follows from it."""
    hottest = limits_of(world.health, day).hottest_c
    return tuple(known for known in heat_today(world.store, day) if is_in_force(known.weather, hottest))


def hottest_c(store: Store, today: date) -> float | None:
    """From how many degrees on nothing is run, as far as the answers about health say."""
    return limits_of(kept_health(store), today).hottest_c


def heat_payload(known: KnownWeather) -> dict[str, Any]:
    """As `--json` shows it; `run` is null for what the athlete entered."""
    return {
        "from": known.day.isoformat(),
        "until": known.last_day.isoformat(),
        "temperature_c": known.weather.temperature_c,
        "dew_point_c": known.weather.dew_point_c,
        "too_hot": is_too_hot(known.weather),
        "run": int(known.run.id) if known.run is not None else None,
    }


def heat_text(known: KnownWeather, hottest: float | None, units: Units) -> str:
    """`You entered 32 C until Fri 10 Jul: hard sessions become easy runs, long runs are cut to 75%.`"""
    warm = degrees_text(known.weather.temperature_c, known.weather.dew_point_c, units)
    until = day_text(known.last_day)
    who = f"You entered {warm} until {until}"
    if known.run is not None:
        who = f"It was {warm} at your run on {day_text(known.run.day)}, which counts until {until}"
    return f"{who}: {_what_follows(known, hottest, units)}"


def add_heat(sheet: Sheet, known: Iterable[KnownWeather], hottest: float | None, units: Units) -> None:
    """A line where something follows, and an empty one after it."""
    for found in known:
        if is_in_force(found.weather, hottest):
            sheet.say(StyledText(heat_text(found, hottest, units), Tone.FAIR))
            sheet.gap()


def known_sheet(known: Sequence[KnownWeather], hottest: float | None, units: Units) -> Sheet:
    """All that is known of today and the days after it."""
    sheet = Sheet()
    for found in known:
        sheet.say(heat_text(found, hottest, units))
    if not known:
        sheet.say("No heat is known: syncd heat 32 --until friday enters it.")
    return sheet


def entered_sheet(
    changes: Sequence[Change], known: Sequence[KnownWeather], hottest: float | None, units: Units
) -> Sheet:
    """What is known now, and what the word did."""
    sheet = Sheet()
    for found in known:
        sheet.say(heat_text(found, hottest, units))
    for change in changes:
        if change.reason.code != Cause.HEAT_SAID:  # said above, with what follows
            add_change(sheet, change, units)
    sheet.say(FOLLOWS)
    return sheet


def _what_follows(known: KnownWeather, hottest: float | None, units: Units) -> str:
    if is_off(known.weather, hottest):
        return "nothing is run in a pregnancy."
    if is_too_hot(known.weather):
        return f"hard sessions become easy runs, long runs are cut to {LONG_SHARE:.0%}."
    humid = degrees_text(HUMID_C, HUMID_DEW_POINT_C, units)
    return f"nothing changes below {units.temperature(HOT_C)}, or {humid}."
