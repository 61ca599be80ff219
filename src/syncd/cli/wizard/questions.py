"""The questions of the wizard, and which answers are valid."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.cli.choices import SOURCES, listed, sources_of
from syncd.cli.options import Choices
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.nearest import did_you_mean

if TYPE_CHECKING:
    from syncd.domain.units import Units

Given = Mapping[str, str]
Check = Callable[[str, "Units"], str]
CONCERNS = (
    ("chest_pain", "chest pain at rest or during activity"),
    ("fainting", "fainting, or dizziness during activity"),
    ("palpitations", "a heart that races or skips"),
    ("breathlessness", "unusual breathlessness"),
    ("heart_disease", "heart disease that was diagnosed"),
    ("doctors_advice", "a doctor has advised against exercise"),
    ("surgery", "surgery in the last three months"),
    ("bone_pain", "pain in one spot of a bone, or at night"),
    ("kidney_or_diabetes", "diabetes or kidney disease, without symptoms"),
    ("missed_periods", "no period for three months"),
    ("stress_fracture", "a second stress fracture"),
    ("injury", "an injury or pain that changes how you run"),
    ("pregnancy", "pregnancy"),
    ("birth", "a birth within the last year"),
    ("pelvic_floor", "leaking, heaviness or pain after a birth"),
)
_DISTANCE = r"(?i)(?P<number>\d+(?:[.,]\d+)?) *(?P<unit>km|mi|miles?)?"
_TEXTS = {
    "km": {"Kilometres": "Kilometres", "km": "km", "five_km": "5 km"},
    "mi": {"Kilometres": "Miles", "km": "mi", "five_km": "5K"},
}


@dataclass(frozen=True, slots=True)
class WizardQuestion:
    """`check` returns the answer as it is stored, or raises ValueError that asks for a valid one.

    The texts are templates for `worded`. A bare distance is in the athlete's units; it is stored in
    kilometres.

    `wanted` says whether it is asked at all, given the answers so far. `proposed`: it is not asked unless
    the athlete wants to change what the machine suggests.
    """

    asks: str
    because: str
    check: Check
    wanted: Callable[[Given], bool] = lambda _: True
    proposed: bool = False


def worded(text: str, units: Units) -> str:
    """Fill in `{Kilometres}`, `{km}` and `{five_km}` as a runner with these units says them."""
    return text.format(**_TEXTS[units.name])


def uses(name: str, given: Given) -> bool:
    """Whether a connector is a source or the sink."""
    return name in sources_of(given.get("source", "")) or given.get("sink") == name


def one_of(choices: Choices) -> Check:
    """One of the choices, whatever the case it is typed in."""

    def check(text: str, _: Units) -> str:
        allowed = choices() if callable(choices) else choices
        if text.lower() not in allowed:
            raise ValueError(f"Please answer {listed(allowed)}{did_you_mean(text, allowed)}")
        return text.lower()

    return check


def number(low: int, high: int) -> Check:
    """A whole number."""

    def check(text: str, _: Units) -> str:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            raise ValueError(f"Please enter a number from {low} to {high}") from None
        if not low <= value <= high or value != int(value):
            raise ValueError(f"Please enter a whole number from {low} to {high}")
        return f"{value:g}"

    return check


def distance(most_km: float) -> Check:
    """`20` in the athlete's units, or `20 km`, `12 mi`. Rounded to 10 m: people read the file."""

    def check(text: str, units: Units) -> str:
        from syncd.domain.units import units_named

        match = re.fullmatch(_DISTANCE, text)
        unit = units_named(match["unit"][:2].lower()) if match and match["unit"] else units
        metres = float(match["number"].replace(",", ".")) * unit.metres if match else -1.0
        if not 0 <= metres <= most_km * 1000:
            raise ValueError(f"Please enter a number from 0 to {int(most_km * 1000 / units.metres)}")
        return f"{round(metres / 1000, 2):g}"

    return check


def or_nothing(check: Check) -> Check:
    """The same check, or an empty answer."""
    return lambda text, units: check(text, units) if text else ""


def zone(text: str, _: Units) -> str:
    """The name of a time zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("Please enter a time zone such as Europe/Rome or America/New_York") from None
    return text


def sources(text: str, _: Units) -> str:
    """One or more sources, separated by commas."""
    names = sources_of(text.lower())
    if not names or not set(names) <= set(SOURCES) or len(set(names)) < len(names):
        raise ValueError("Please answer garmin, folder or strava, or several separated by commas")
    return ",".join(names)


def five_k(text: str, _: Units) -> str:
    """A humanly possible time over 5 km, or nothing."""
    from syncd.domain.clock_time import parse_race_time
    from syncd.domain.training.reasons import entered_result
    from syncd.domain.training.zones import zones_from_result

    if text:
        try:
            zones_from_result(5000, parse_race_time(text), as_of=None, source=entered_result(5000.0, text))
        except ValueError as error:
            raise ValueError(f"That is not possible: {error}") from None
    return text


def day(text: str, _: Units) -> str:
    """A date, or nothing."""
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError("Please enter a date as YYYY-MM-DD, or press Enter to skip") from None
    return text


def concerns(text: str, _: Units) -> str:
    """The numbers of `CONCERNS`, stored as their names, or nothing."""
    if text.lower() in ("", "no", "none"):
        return ""
    try:
        picked = sorted({int(number) for number in text.replace(",", " ").split()})
    except ValueError:
        raise ValueError("Please enter the numbers separated by spaces, or press Enter for none") from None
    if any(not 1 <= number <= len(CONCERNS) for number in picked):
        raise ValueError(f"Please enter numbers from 1 to {len(CONCERNS)}, or press Enter for none")
    return ",".join(CONCERNS[number - 1][0] for number in picked)


def anything(text: str, _: Units) -> str:
    """Whatever was typed."""
    return text


def needed(text: str, _: Units) -> str:
    """Any non-empty answer."""
    if not text:
        raise ValueError("Please enter a folder")
    return text


def weekday(text: str, _: Units) -> str:
    """A day of the week, by its first letters."""
    matches = [name for name in WEEKDAYS if text and name.startswith(text.lower())]
    if len(matches) != 1:
        raise ValueError(f"Please answer {listed(WEEKDAYS)}{did_you_mean(text, WEEKDAYS)}")
    return matches[0]
