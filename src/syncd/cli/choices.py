"""The values that an option can take, and the error for any other value."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.cli.exits import UsageFault
from syncd.domain.calendar_names import WEEKDAYS

PRIORITIES = ("A", "B", "C")
UNITS = ("km", "mi")
CLOCKS = ("24h", "12h")
SEXES = ("female", "male")
SERVICES = ("garmin", "strava")
SOURCES = (*SERVICES, "folder")
SINKS = ("garmin", "folder")
NEAR_DAYS = ("today", "tomorrow")
CLEARED_FOR = ("easy", "everything")
PLAN_ACTIONS = ("export", "import")
SHORT_DAYS = tuple(day[:3] for day in WEEKDAYS)


def goals() -> tuple[str, ...]:
    """What one can train for."""
    from syncd.domain.athlete import Goal

    return tuple(Goal)


def phases() -> tuple[str, ...]:
    """The phases of training, and `auto`, which leaves it to the plan."""
    from syncd.domain.session import Phase

    return (*Phase, "auto")


def concerns() -> tuple[str, ...]:
    """The reasons to be careful with hard running, as the configuration calls them."""
    from syncd.domain.athlete import Concern

    return tuple(concern.name.lower() for concern in Concern)


def scenarios() -> tuple[str, ...]:
    """How a simulated run can go."""
    from syncd.sandbox.scenario import Scenario

    return tuple(Scenario)


def run_kinds() -> tuple[str, ...]:
    """What an activity can be called by the athlete."""
    return ("run", "trail", "treadmill", "ride", "walk", "hike", "swim", "other")


def time_zones() -> tuple[str, ...]:
    """The names of the zones that this machine knows."""
    from zoneinfo import available_timezones

    return tuple(sorted(available_timezones()))


def chosen(name: str, text: str, choices: Sequence[str]) -> str:
    """The choice, whatever the case it was typed in. Raises UsageFault, which suggests the nearest."""
    from syncd.domain.nearest import did_you_mean

    match = next((choice for choice in choices if choice.lower() == text.lower()), None)
    if match is None:
        raise UsageFault(f"{name} {text}: choose {listed(choices)}{did_you_mean(text, choices)}")
    return match


def listed(choices: Sequence[str]) -> str:
    """`5k, 10k or half`."""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def sources_of(text: str) -> tuple[str, ...]:
    """The names in an answer: one, or several with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
