"""Moments and numbers as programs write them into recordings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from math import isfinite

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{0,9}))?)?"
    r"(?:\s*+(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = (
    r"\s*+(?:\(?(?P<word>[A-Za-z]{1,5})\)?(?![A-Za-z]))?"
    r"\s*+(?:(?P<sign>[+\u2212-])\s*+(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?::?\d{2})?)?"
    r"\s*+(?:\(?[A-Za-z]{1,5}\)?)?\s*+(?:\[[\w/+-]{1,40}\])?"
)
_TIME = rf"[Tt,\s_]++{_CLOCK}{_ZONE}"
_WEEKDAY = r"(?:[^\W\d_]{2,9}\.?,?\s++)?"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}")
_NO_SIGNS = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[Tt ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})"
    rf"(?:[.,](?P<fraction>\d{{0,9}}))?(?P<half>(?!))?{_ZONE}"
)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<between>[-/.])(?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}"
)
_NAMED_MONTH = re.compile(
    rf"{_WEEKDAY}(?:(?P<day>\d{{1,2}})\.?[ -](?P<name>[A-Za-z]{{3,9}})"
    rf"|(?P<name2>[A-Za-z]{{3,9}}) (?P<day2>\d{{1,2}}))[, -]++(?P<year>\d{{4}}){_TIME}"
)
_UNIX = re.compile(
    rf"{_WEEKDAY}(?P<name>[A-Za-z]{{3}})\s++(?P<day>\d{{1,2}})\s++{_CLOCK}{_ZONE}\s*+(?P<year>\d{{4}})"
)
_FORMS = (_YEAR_FIRST, _NO_SIGNS, _DAY_FIRST, _NAMED_MONTH, _UNIX)
_EPOCH = re.compile(r"\d{9,19}(?:[.,]\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEST_S, _LATEST_YEAR = 4_102_444_800.0, 2099
_WIDEST_OFFSET = timedelta(hours=18)
_LONGEST = 80
_EARLIEST_S = 315_532_800.0  # 1980: no recording is older
_BUDDHIST_YEARS = 543  # programs that take the calendar of a Thai phone count from the Buddha's death
# Hours from UTC of zones that are written by name; UTC for every other word.
_ZONES = {
    "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "WEST": 1, "BST": 1, "EET": 2, "EEST": 3, "MSK": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip


def moment(text: str) -> float | None:
    """Seconds since the epoch of a time, UTC where it names no offset; None for what is none.

    ISO 8601 in its many spellings (lower case, blanks, slashes, commas, no signs at all, offsets with and
    without a colon), days or months first where nothing else can be meant, months by their English names,
    and seconds to nanoseconds since 1970.
    """
    text = text.strip()
    plain = _plain(text)
    if plain is not None:
        return _sane(plain.timestamp())
    found = _found(text)
    return _of_epoch(text) if found is None else _seconds(found)


def offset_of(text: str) -> timedelta | None:
    """The offset from UTC that a time names; None for UTC itself, which says nothing of the place."""
    plain = _plain(text.strip())
    if plain is not None:
        return plain.utcoffset() or None
    found = _found(text.strip())
    return (_offset(found) or None) if found is not None else None


def number(text: str) -> float | None:
    """A finite number, also with a decimal comma, separated thousands or a unit behind it; else None."""
    try:
        value = float(text)
    except ValueError:
        found = _NUMBER.fullmatch(text.strip().translate(_SIGNS))
        if found is None:
            return None
        value = _with_separators(found[1])
    return value if isfinite(value) else None


_NUMBER = re.compile(r"([+-]?\d[\d.,'\u00a0\u202f]*(?:[eE][+-]?\d{1,3})?)\s*(?:bpm|spm|rpm|m|m/s|°)?")
_SIGNS = str.maketrans({"\u2212": "-", "\u066b": ".", "\u066c": "'"})


def _with_separators(text: str) -> float:
    """A number in which the last of dots and commas is the decimal one, unless it comes several times."""
    text = text.replace("'", "").replace("\u00a0", "").replace("\u202f", "")
    decimal = max(",.", key=text.rfind)
    other = "." if decimal == "," else ","
    text = text.replace(other, "")
    if text.count(decimal) > 1:
        text = text.replace(decimal, "")
    try:
        return float(text.replace(decimal, "."))
    except ValueError:
        return float("nan")


def _plain(text: str) -> datetime | None:
    """A time as most programs write it, aware; None where a closer look is needed."""
    if not 19 <= len(text) <= 32 or text[10] not in "Tt ":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.year > _LATEST_YEAR:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    is_offset = found.tzinfo is UTC or abs(found.utcoffset() or timedelta()) <= _WIDEST_OFFSET
    return found if is_offset else None


_Parts = dict[str, str | None]


def _found(text: str) -> _Parts | None:
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            return found.groupdict()
    return None


def _seconds(parts: _Parts) -> float | None:
    day_and_month = _day_and_month(parts)
    if day_and_month is None:
        return None
    day, month = day_and_month
    year, hour = int(parts["year"] or 0), int(parts["hour"] or 0)
    if year > _LATEST_YEAR + 300:
        year -= _BUDDHIST_YEARS
    if (half := parts.get("half")) is not None and hour <= 12:
        hour = hour % 12 + (12 if half in "pP" else 0)
    fraction = parts.get("fraction")
    try:
        seconds = min(int(parts["second"] or 0), 59)  # a leap second is the one before
        midnight = datetime(year, month, day, tzinfo=UTC)
        if hour > 24 or (hour == 24 and int(parts["minute"] or 0)) or int(parts["minute"] or 0) > 59:
            return None
        at = midnight + timedelta(hours=hour, minutes=int(parts["minute"] or 0), seconds=seconds)
        at = (at - _offset(parts)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return _sane(at.timestamp() + (float(f"0.{fraction}") if fraction else 0.0))


def _day_and_month(parts: _Parts) -> tuple[int, int] | None:
    """Both; of two numbers between slashes the one above 12 is the day, and two small ones say nothing."""
    day = int(parts.get("day") or parts.get("day2") or 0)
    name = parts.get("name") or parts.get("name2")
    if name is not None:
        return (day, _MONTHS.index(name[:3].lower()) + 1) if name[:3].lower() in _MONTHS else None
    month = int(parts["month"] or 0)
    if parts.get("between") in ("/", "-"):
        if month > 12:
            return month, day
        if day <= 12 and day != month:
            return None
    return day, month


def _offset(parts: _Parts) -> timedelta:
    if parts.get("sign") is not None:
        offset = timedelta(hours=int(parts["hours"] or 0), minutes=int(parts["minutes"] or 0))
        if offset > _WIDEST_OFFSET:
            return timedelta()
        return offset if parts["sign"] == "+" else -offset
    return timedelta(hours=_ZONES.get((parts.get("word") or "").upper(), 0))


def _of_epoch(text: str) -> float | None:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, whichever is a year of our time."""
    if not _EPOCH.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    while value > _LATEST_S:
        value /= 1000
    return _sane(value)


def _sane(at: float) -> float | None:
    return at if _EARLIEST_S <= at < _LATEST_S else None
