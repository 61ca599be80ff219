"""The athlete's aims as text: the race, the goal, the phase."""

from __future__ import annotations

from datetime import date

from syncd.domain.athlete import Goal, Race
from syncd.domain.day_text import day_text
from syncd.domain.grammar import counted
from syncd.domain.session import Phase

RACE_TEXTS = {
    Goal.FIVE_K: "a 5K",
    Goal.TEN_K: "a 10K",
    Goal.HALF: "a half-marathon",
    Goal.MARATHON: "a marathon",
}
NOT_PLANNED_FOR = "not planned for"
_COUNTED_IN_WEEKS = 21  # days, our default


def race_text(goal: Goal) -> str:
    """`10K`, `half-marathon`."""
    return RACE_TEXTS[goal].removeprefix("a ")


def countdown_text(day: date, today: date) -> str:
    """`today`, `in 5 days`, `in 12 weeks`."""
    days = (day - today).days
    if days < _COUNTED_IN_WEEKS:
        return "today" if not days else f"in {counted(days, 'day')}"
    return f"in {counted(days // 7, 'week')}"


def goal_text(goal: Goal, race: Race | None) -> str:
    """`a 10K on Sun 4 Oct 2026 (A race)`."""
    if race is None:
        return "no race" if goal is Goal.NONE else f"{RACE_TEXTS[goal]}, without a date"
    return f"{RACE_TEXTS[race.goal]} on {day_text(race.day)} {race.day.year} ({race.priority.value} race)"


def phase_text(phase: Phase | None) -> str:
    """`speed, chosen by you`."""
    return "chosen by the plan" if phase is None else f"{phase.value}, chosen by you"
