"""Days and distances in the sentences of the rules."""

from __future__ import annotations

from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_words(day: date) -> str:
    """`Sun 5 Apr`."""
    return f"{_DAYS[day.weekday()]} {date_words(day)}"


def dated(day: date, today: date) -> str:
    """`Sun 5 Apr`; with its year where that is another one than today's."""
    return day_words(day) if day.year == today.year else f"{day_words(day)} {day.year}"


def date_words(day: date) -> str:
    """`5 Apr`."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def km(metres: float) -> str:
    """`16.2 km`."""
    return f"{metres / 1000:.1f} km"


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
