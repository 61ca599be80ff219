"""The questions, in order: what each is for, what is proposed, and which answers can be one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.cli.first_config import sources_of
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.nearest import did_you_mean

Given = Mapping[str, str]
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

    name: str
    asks: str
    because: str
    check: Callable[[str], str]
    default: str = ""
    wanted: Callable[[Given], bool] = lambda _: True
    proposed: bool = False


def _one_of(*allowed: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"one of: {', '.join(allowed)}{did_you_mean(text, allowed)}")
        return text.lower()

    return check


def _number(
    low: float, high: float, unit: str, *, whole: bool = False, optional: bool = False
) -> Callable[[str], str]:
    def check(text: str) -> str:
        if optional and not text:
            return ""
        try:
            value = float(text.replace(",", ".").removesuffix(unit).strip())
        except ValueError:
            raise ValueError(f"a number from {low:g} to {high:g}") from None
        if not low <= value <= high or (whole and value != int(value)):
            raise ValueError(f"a {'whole ' if whole else ''}number from {low:g} to {high:g}")
        return f"{value:g}"

    return check


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a name such as Europe/Rome or America/New_York") from None
    return text


def _sources(text: str) -> str:
    names = sources_of(text.lower())
    if not names or not set(names) <= {"garmin", "folder", "strava"} or len(set(names)) < len(names):
        raise ValueError("garmin, folder, strava, or several with commas")
    return ",".join(names)


def _five_k(text: str) -> str:
    from syncd.domain.clock_time import parse_race_time
    from syncd.domain.training.reasons import entered_result
    from syncd.domain.training.zones import zones_from_result

    if text:
        zones_from_result(5000, parse_race_time(text), as_of=None, source=entered_result(5000.0, text))
    return text


def _day(text: str) -> str:
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError("a day as YYYY-MM-DD, or nothing") from None
    return text


def _concerns(text: str) -> str:
    if text.lower() in ("", "no", "none"):
        return ""
    try:
        picked = sorted({int(each) for each in text.replace(",", " ").split()})
    except ValueError:
        raise ValueError("the numbers with spaces between, or nothing") from None
    if any(not 1 <= each <= len(CONCERNS) for each in picked):
        raise ValueError(f"numbers from 1 to {len(CONCERNS)}, or nothing")
    return ",".join(CONCERNS[each - 1][0] for each in picked)


def _anything(text: str) -> str:
    return text


def _needed(text: str) -> str:
    if not text:
        raise ValueError("a folder")
    return text


def _weekday(text: str) -> str:
    found = [each for each in WEEKDAYS if text and each.startswith(text.lower())]
    if len(found) != 1:
        raise ValueError(f"one of: {', '.join(WEEKDAYS)}{did_you_mean(text, WEEKDAYS)}")
    return found[0]


def uses(name: str, given: Given) -> bool:
    """Whether a connector is a source or the sink."""
    return name in sources_of(given.get("source", "")) or given.get("sink") == name


_CONCERN_LINES = "\n".join(f"  {number} {words}" for number, (_, words) in enumerate(CONCERNS, 1))
_YES_NO = _one_of("yes", "no", "y", "n")

QUESTIONS = (
    Question("timezone", "Time zone", "Your day begins and ends there, also for sessions and looks.", _zone),
    Question("units", "Units, km or mi", "For everything that you read.", _one_of("km", "mi")),
    Question(
        "clock",
        "Hours of the day, 24h or 12h",
        "18:40 or 6:40 pm, wherever you read a time.",
        _one_of("24h", "12h"),
        proposed=True,
    ),
    Question(
        "source",
        "Runs come from",
        "garmin: Garmin Connect, once with a login. folder: FIT files, no account. strava: "
        "as well or instead, through an app of your own.",
        _sources,
        "garmin",
    ),
    Question(
        "sink",
        "Workouts go to",
        "garmin: its calendar, from where the watch fetches them. folder: files.",
        _one_of("garmin", "folder"),
    ),
    Question(
        "inbox",
        "Folder with your recorded runs",
        "Searched with all folders inside, never changed.",
        _needed,
        wanted=lambda given: "folder" in given.get("source", ""),
    ),
    Question(
        "outbox",
        "Folder for workouts",
        "For example a watch's GARMIN/NEWFILES.",
        _needed,
        wanted=lambda given: given.get("sink") == "folder",
    ),
    Question(
        "history",
        "Folder with earlier runs, or nothing",
        "To propose days, volume and a 5 km from what you really run. Only read.",
        _anything,
        wanted=lambda given: "folder" not in given.get("source", ""),
    ),
    Question(
        "goal",
        "You train for 5k, 10k, half, marathon or none",
        "It decides which sessions come.",
        _one_of("5k", "10k", "half", "marathon", "none"),
        "5k",
    ),
    Question(
        "race",
        "Day of a race over that distance, or nothing",
        "Tests, taper and the race are planned around it.",
        _day,
        wanted=lambda given: given.get("goal") != "none",
    ),
    Question(
        "days",
        "Runs a week, 2 to 7",
        "Fewer than you run now are safe, more are not.",
        _number(2, 7, "", whole=True),
        "4",
    ),
    Question(
        "weekly_km",
        "Kilometres a week now",
        "The first weeks start from it, until your own runs tell.",
        _number(0, 300, "km"),
        "0",
    ),
    Question(
        "longest_km",
        "Longest run of the last month, km",
        "No run is planned longer than 110 % of it.",
        _number(0, 100, "km"),
        "0",
    ),
    Question("long_run_day", "Day of the long run", "When you have the time.", _weekday, "sunday"),
    Question(
        "five_k",
        "Your last 5 km as hard as you could, mm:ss, or nothing",
        "All paces come from it. Without it everything is by effort, until a test is safe.",
        _five_k,
    ),
    Question(
        "five_k_date",
        "When was that, YYYY-MM-DD, or nothing",
        "An old result has wider bands.",
        _day,
        wanted=lambda given: bool(given.get("five_k")),
    ),
    Question(
        "concerns",
        "Numbers of what is true for you, or nothing",
        f"Before anything hard is planned:\n{_CONCERN_LINES}",
        _concerns,
    ),
    Question(
        "cleared",
        "Did a doctor say that hard running is safe, yes or no",
        "Until then nothing hard is planned.",
        _YES_NO,
        "no",
        wanted=lambda given: bool(given.get("concerns")),
    ),
    Question(
        "birth_year",
        "Year of birth, or nothing",
        "From 50 on there is more rest between hard days.",
        _number(1900, 2020, "", whole=True, optional=True),
    ),
    Question(
        "sex",
        "Sex, female or male, or nothing",
        "The easy ceiling of the heart rate differs.",
        _one_of("female", "male", ""),
    ),
    Question(
        "hr_max",
        "Highest heart rate you ever measured, or nothing",
        "An age formula is too far off to train by.",
        _number(120, 230, "", whole=True, optional=True),
    ),
    Question(
        "hr_rest",
        "Heart rate in the morning before getting up, or nothing",
        "Makes the zones yours.",
        _number(25, 110, "", whole=True, optional=True),
    ),
    Question(
        "lthr",
        "Heart rate at threshold, or nothing",
        "Mean of the last 20 of 30 minutes alone, all out.",
        _number(90, 220, "", whole=True, optional=True),
    ),
)
