"""Days in sentences."""

from __future__ import annotations

from datetime import date

from syncd.domain.calendar_names import SHORT_DAY_NAMES, SHORT_MONTH_NAMES


def day_text(day: date) -> str:
    """`Sun 5 Apr`."""
    return f"{SHORT_DAY_NAMES[day.weekday()]} {date_text(day)}"


def dated_text(day: date, today: date) -> str:
    """`Sun 5 Apr`; with its year where that is another one than today's."""
    return day_text(day) if day.year == today.year else f"{day_text(day)} {day.year}"


def date_text(day: date) -> str:
    """`5 Apr`."""
    return f"{day.day} {SHORT_MONTH_NAMES[day.month - 1]}"


def listed(parts: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""
