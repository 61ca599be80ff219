"""Dates about health that cannot be so: caught where they are entered, and by `doctor`."""

from __future__ import annotations

from datetime import date, timedelta

from syncd.domain.day_text import dated_text

YOUNGEST, OLDEST = 10, 100  # years, our defaults: nobody younger or older trains by a plan
LONGEST_PREGNANCY = timedelta(weeks=42)
LONG_AGO = timedelta(days=730)  # our default: what began longer ago is over, or was cleared since


class HealthDateError(ValueError):
    """A date or year that cannot be so; the message says what to write instead."""


def require_likely_birth_year(year: int | None, today: date) -> None:
    """Raises HealthDateError for a year in which no runner was born."""
    if year is not None and not today.year - OLDEST <= year <= today.year - YOUNGEST:
        raise HealthDateError(
            f"birth year {year}: give the year in which you were born, "
            f"from {today.year - OLDEST} to {today.year - YOUNGEST}"
        )


def require_past_birth(born: date | None, today: date) -> None:
    """Raises HealthDateError for a birth that is still to come."""
    if born is not None and born > today:
        raise HealthDateError(
            f"a birth on {dated_text(born, today)} is still to come: enter it when the child is born"
        )
