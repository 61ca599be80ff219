"""The coming sessions as a calendar file (RFC 5545): all-day events that do not block the day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from syncd.domain.plain_text import plain

PRODUCT = "-//syncd//training plan//EN"
_FORMAT = 2  # part of the digest: raise it when the same entries must be written differently
_CONTENT = "X-SYNCD-CONTENT"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A session, or days without running, as the calendar event shows it.

    `uid` is stable: it survives moves and new content. `last_day` None: it is one day.
    """

    uid: str
    day: date
    title: str
    notation: str
    purpose: str = ""
    last_day: date | None = None


def calendar(entries: Sequence[CalendarEntry]) -> bytes:
    """The file that holds these entries: the same entries, in any order, give the same bytes."""
    import icalendar  # a heavy library: only when there is something to write

    book = icalendar.Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("x-wr-calname", "Training plan")
    book.add(_CONTENT, _digest(entries))
    for entry in _ordered(entries):
        event = icalendar.Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", _stamp(entry.day))
        event.add("dtstart", entry.day)
        event.add("dtend", (entry.last_day or entry.day) + timedelta(days=1))
        event.add("summary", _plain(entry.title).replace("\n", " "))
        event.add("description", "\n".join(filter(None, (entry.notation, _plain(entry.purpose)))))
        event.add("transp", "TRANSPARENT")
        book.add_component(event)
    return bytes(book.to_ical())


def holds(content: bytes, entries: Sequence[CalendarEntry]) -> bool:
    """Whether `content` is the calendar of exactly these entries; cheap, nothing is parsed."""
    return f"{_CONTENT}:{_digest(entries)}\r\n".encode() in content


def is_ours(content: bytes) -> bool:
    """Whether a calendar file was written by syncd."""
    return f"PRODID:{PRODUCT}\r\n".encode() in content


def _plain(text: str) -> str:
    """Without backslashes: calendar programs, and the library, take one before an n for a line break.

    Nor anything else that one of them may take for one: a carriage return ends a line for some.
    """
    return plain(text).replace("\\", "/")


def _ordered(entries: Sequence[CalendarEntry]) -> list[CalendarEntry]:
    return sorted(
        entries, key=lambda entry: (entry.day, entry.uid, entry.title, entry.notation, entry.purpose)
    )


def _digest(entries: Sequence[CalendarEntry]) -> str:
    return hashlib.sha256(repr((_FORMAT, _ordered(entries))).encode()).hexdigest()[:16]


def _stamp(day: date) -> datetime:
    """RFC 5545 wants an instant; one that depends on the entry alone keeps the bytes stable."""
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)
