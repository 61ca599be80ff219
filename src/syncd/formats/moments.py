"""Moments as programs write them into recordings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[tT _]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*"
    r"(?:([zZ])|(?:UTC|GMT)?\s*([+-])(\d{2}):?(\d{2})?|UTC|GMT)?"
)
_EPOCH = re.compile(r"\d{9,13}(?:\.\d+)?")
_MILLISECONDS = 1e11  # above it a number of seconds would be in the year 5138
_EARLIEST_S = 315_532_800.0  # 1980: no recording is older


def moment(text: str) -> float | None:
    """Seconds since the epoch of a time, UTC where it names no offset; None for what is none.

    ISO 8601 in its many spellings (lower case, blanks, slashes, commas, offsets with and without a colon), and
    seconds or milliseconds since 1970.
    """
    text = text.strip()
    found = _ISO.fullmatch(text)
    if found is None:
        return _of_epoch(text)
    year, month, day, hour, minute, second, fraction, _, sign, hours, minutes = found.groups()
    try:
        seconds = min(int(second or 0), 59)  # a leap second is the one before
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset) if sign else UTC
        whole = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds, tzinfo=zone)
        at = whole.timestamp() + (float(f"0.{fraction}") if fraction else 0.0)
    except (ValueError, OverflowError):
        return None
    return at if at >= _EARLIEST_S else None


def offset_of(text: str) -> timedelta | None:
    """The offset from UTC that a time names by hours and minutes; None for UTC itself and where none stands."""
    found = _ISO.fullmatch(text.strip())
    if found is None or not found[9]:
        return None
    offset = timedelta(hours=int(found[10]), minutes=int(found[11] or 0))
    return -offset if found[9] == "-" else offset


def number(text: str) -> float | None:
    """A finite number, also with a decimal comma; else None."""
    try:
        value = float(text.replace(",", ".") if "," in text and "." not in text else text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _of_epoch(text: str) -> float | None:
    if not _EPOCH.fullmatch(text):
        return None
    value = float(text)
    at = value / 1000 if value > _MILLISECONDS else value
    return at if at >= _EARLIEST_S else None
