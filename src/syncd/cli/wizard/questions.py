"""What a question is, and which answers can be one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.cli.choices import SOURCES, sources_of
from syncd.cli.options import Words
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.nearest import did_you_mean

Given = Mapping[str, str]
Check = Callable[[str], str]
CONCERNS = (
    ("chest_pain", "pain in the chest at rest or when active"),
    ("fainting", "dizziness or fainting"),
    ("heart_disease", "a heart or circulation disease, diabetes or kidney disease"),
    ("doctors_advice", "a doctor who advised against exercise"),
    ("pregnancy", "pregnancy, or a birth in the last three months"),
    ("surgery", "surgery in the last three months"),
    ("injury", "an injury or pain that changes how you run"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """`check` returns the answer as it is kept, or raises ValueError with what is allowed.

    `wanted` says whether it is asked at all, given the answers so far. `proposed`: it is not asked unless
    somebody wants to change what the machine proposes.
    """

    asks: str
    because: str
    check: Check
    wanted: Callable[[Given], bool] = lambda _: True
    proposed: bool = False


def uses(name: str, given: Given) -> bool:
    """Whether a connector is a source or the sink."""
    return name in sources_of(given.get("source", "")) or given.get("sink") == name


def one_of(words: Words) -> Check:
    """One of the words, whatever the case it is typed in."""

    def check(text: str) -> str:
        allowed = words() if callable(words) else words
        if text.lower() not in allowed:
            raise ValueError(f"one of: {', '.join(allowed)}{did_you_mean(text, allowed)}")
        return text.lower()

    return check


def number(low: float, high: float, unit: str = "", *, whole: bool = False) -> Check:
    """A number, with its unit or without."""

    def check(text: str) -> str:
        try:
            value = float(text.replace(",", ".").removesuffix(unit).strip())
        except ValueError:
            raise ValueError(f"a number from {low:g} to {high:g}") from None
        if not low <= value <= high or (whole and value != int(value)):
            raise ValueError(f"a {'whole ' if whole else ''}number from {low:g} to {high:g}")
        return f"{value:g}"

    return check


def or_nothing(check: Check) -> Check:
    """The same, or an empty answer."""
    return lambda text: check(text) if text else ""


def zone(text: str) -> str:
    """A name of a time zone."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a name such as Europe/Rome or America/New_York") from None
    return text


def sources(text: str) -> str:
    """One or several services, with commas."""
    names = sources_of(text.lower())
    if not names or not set(names) <= set(SOURCES) or len(set(names)) < len(names):
        raise ValueError("garmin, folder, strava, or several with commas")
    return ",".join(names)


def five_k(text: str) -> str:
    """A time over 5 km that a person can run, or nothing."""
    from syncd.domain.clock_time import parse_race_time
    from syncd.domain.training.zones import zones_from_result

    if text:
        zones_from_result(5000, parse_race_time(text), as_of=None, source=text)
    return text


def day(text: str) -> str:
    """A day, or nothing."""
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError("a day as YYYY-MM-DD, or nothing") from None
    return text


def concerns(text: str) -> str:
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


def anything(text: str) -> str:
    """Whatever was typed."""
    return text


def needed(text: str) -> str:
    """Anything but nothing."""
    if not text:
        raise ValueError("a folder")
    return text


def weekday(text: str) -> str:
    """A day of the week, by how it begins."""
    found = [name for name in WEEKDAYS if text and name.startswith(text.lower())]
    if len(found) != 1:
        raise ValueError(f"one of: {', '.join(WEEKDAYS)}{did_you_mean(text, WEEKDAYS)}")
    return found[0]
