"""What a question is, and which answers can be one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.cli.choices import SOURCES, sources_of
from syncd.cli.options import Words
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.nearest import did_you_mean

if TYPE_CHECKING:
    from syncd.domain.units import Units

Given = Mapping[str, str]
Check = Callable[[str, "Units"], str]
CONCERNS = (
    ("chest_pain", "pain in the chest at rest or when active"),
    ("fainting", "dizziness or fainting"),
    ("heart_disease", "a heart or circulation disease, diabetes or kidney disease"),
    ("doctors_advice", "a doctor who advised against exercise"),
    ("pregnancy", "pregnancy, or a birth in the last three months"),
    ("surgery", "surgery in the last three months"),
    ("injury", "an injury or pain that changes how you run"),
)
_DISTANCE = r"(?i)(?P<number>\d+(?:[.,]\d+)?) *(?P<unit>km|mi|miles?)?"
_TEXTS = {
    "km": {"Kilometres": "Kilometres", "km": "km", "five_km": "5 km"},
    "mi": {"Kilometres": "Miles", "km": "mi", "five_km": "5K"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """`check` returns the answer as it is kept, or raises ValueError with what is allowed.

    The words are those of `worded`. A bare distance is in the athlete's units; it is kept in kilometres.

    `wanted` says whether it is asked at all, given the answers so far. `proposed`: it is not asked unless
    somebody wants to change what the machine proposes.
    """

    asks: str
    because: str
    check: Check
    wanted: Callable[[Given], bool] = lambda _: True
    proposed: bool = False


def worded(text: str, units: Units) -> str:
    """A text with `{Kilometres}`, `{km}` or `{five_km}` in it, as a runner of these units says them."""
    return text.format(**_TEXTS[units.name])


def uses(name: str, given: Given) -> bool:
    """Whether a connector is a source or the sink."""
    return name in sources_of(given.get("source", "")) or given.get("sink") == name


def one_of(words: Words) -> Check:
    """One of the words, whatever the case it is typed in."""

    def check(text: str, _: Units) -> str:
        allowed = words() if callable(words) else words
        if text.lower() not in allowed:
            raise ValueError(f"one of: {', '.join(allowed)}{did_you_mean(text, allowed)}")
        return text.lower()

    return check


def number(low: int, high: int) -> Check:
    """A whole number."""

    def check(text: str, _: Units) -> str:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            raise ValueError(f"a number from {low} to {high}") from None
        if not low <= value <= high or value != int(value):
            raise ValueError(f"a whole number from {low} to {high}")
        return f"{value:g}"

    return check


def distance(most_km: float) -> Check:
    """`20` in the athlete's units, `20 km` and `12 mi` in those. Kept to 10 m: people read the file."""

    def check(text: str, units: Units) -> str:
        from syncd.domain.units import units_named

        found = re.fullmatch(_DISTANCE, text)
        unit = units_named(found["unit"][:2].lower()) if found and found["unit"] else units
        metres = float(found["number"].replace(",", ".")) * unit.metres if found else -1.0
        if not 0 <= metres <= most_km * 1000:
            raise ValueError(f"a number from 0 to {int(most_km * 1000 / units.metres)}")
        return f"{round(metres / 1000, 2):g}"

    return check


def or_nothing(check: Check) -> Check:
    """The same, or an empty answer."""
    return lambda text, units: check(text, units) if text else ""


def zone(text: str, _: Units) -> str:
    """A name of a time zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a name such as Europe/Rome or America/New_York") from None
    return text


def sources(text: str, _: Units) -> str:
    """One or several services, with commas."""
    names = sources_of(text.lower())
    if not names or not set(names) <= set(SOURCES) or len(set(names)) < len(names):
        raise ValueError("garmin, folder, strava, or several with commas")
    return ",".join(names)


def five_k(text: str, _: Units) -> str:
    """A time over 5 km that a person can run, or nothing."""
    from syncd.domain.clock_time import parse_race_time
    from syncd.domain.training.reasons import entered_result
    from syncd.domain.training.zones import zones_from_result

    if text:
        zones_from_result(5000, parse_race_time(text), as_of=None, source=entered_result(5000.0, text))
    return text


def day(text: str, _: Units) -> str:
    """A day, or nothing."""
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError("a day as YYYY-MM-DD, or nothing") from None
    return text


def concerns(text: str, _: Units) -> str:
    """The numbers of `CONCERNS` as their words, or nothing."""
    if text.lower() in ("", "no", "none"):
        return ""
    try:
        picked = sorted({int(word) for word in text.replace(",", " ").split()})
    except ValueError:
        raise ValueError("the numbers with spaces between, or nothing") from None
    if any(not 1 <= line <= len(CONCERNS) for line in picked):
        raise ValueError(f"numbers from 1 to {len(CONCERNS)}, or nothing")
    return ",".join(CONCERNS[line - 1][0] for line in picked)


def anything(text: str, _: Units) -> str:
    """Whatever was typed."""
    return text


def needed(text: str, _: Units) -> str:
    """Anything but nothing."""
    if not text:
        raise ValueError("a folder")
    return text


def weekday(text: str, _: Units) -> str:
    """A day of the week, by how it begins."""
    found = [name for name in WEEKDAYS if text and name.startswith(text.lower())]
    if len(found) != 1:
        raise ValueError(f"one of: {', '.join(WEEKDAYS)}{did_you_mean(text, WEEKDAYS)}")
    return found[0]
