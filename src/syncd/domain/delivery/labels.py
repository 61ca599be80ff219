"""The texts that a sync sends: names on the watch, notes of workouts, texts in calendars.

All are in the athlete's units. What they are made of is a value, and `fingerprint` changes with it
alone: a label that a later version only words differently counts as the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from syncd.domain.day_text import day_text
from syncd.domain.delivery.remote import Desired, LedgerRow, OwnerKey
from syncd.domain.session import Session
from syncd.domain.units import Units

_NAME_LENGTH = 60  # our default: watches show about 20 characters, files and services keep more
_FINGERPRINT_LENGTH = 12


def title(session: Session, units: Units) -> str:
    """`8 km easy`, `5 mi easy`; repetitions and the athlete's own titles as they are."""
    return titled(session.title, session.length_m, units)


def titled(rest: str, length_m: float | None, units: Units) -> str:
    """The same from its parts: the length that a title begins with, None without one, and the rest."""
    return rest if length_m is None else f"{units.distance(length_m)} {rest}"


def watch_name(plain: str, key: OwnerKey) -> str:
    """The name on the watch: the title, and ` [w12-3]` at its end, which trimming never cuts."""
    mark = f" [{key.tag}]"
    bare = plain.removesuffix(mark).strip() or "run"
    return bare[: _NAME_LENGTH - len(mark)].rstrip() + mark


def note(lighter: Session | None, units: Units) -> str:
    """`Easier: 5 km easy`, from the easier version of a session; empty where there is none."""
    return "" if lighter is None else f"Easier: {title(lighter, units)}"


def calendar_text(session: Session, lighter: Session | None, units: Units) -> str:
    """What a calendar says under the title: what the session is for, and its easier version."""
    return "\n".join(filter(None, (session.purpose, note(lighter, units))))


def time_off_title(kind: str, first_day: date, last_day: date | None) -> str:
    """`Ill since Mon 9 Mar`, `Paused from Mon 9 Mar until Sun 15 Mar`.

    `kind` is pause, ill, hurt, or doctor: hurt, and a doctor has to look at it.
    """
    state, first = _TIME_OFF_TEXTS[kind], day_text(first_day)
    if last_day is None:
        return f"{state} {'from' if kind == _PAUSE else 'since'} {first}"
    return f"{state} from {first} {'until' if kind == _PAUSE else 'to'} {day_text(last_day)}"


def time_off_note(kind: str, last_day: date | None) -> str:
    """What it means for the plan, and the command that ends it."""
    no_runs = "no runs are planned."
    if kind == _PAUSE:
        return f"{no_runs} {'Back?' if last_day is None else 'Back sooner?'} syncd resume"
    if kind == _DOCTOR and last_day is None:
        return _UNTIL_CLEARED
    return f"{no_runs} Better? syncd resume" if last_day is None else no_runs


_PAUSE, _DOCTOR = "pause", "doctor"
_TIME_OFF_TEXTS = {_PAUSE: "Paused", "ill": "Ill", "hurt": "Hurt", _DOCTOR: "Hurt"}
_UNTIL_CLEARED = (
    "see a doctor before you run again: no runs are planned. Cleared by a doctor? syncd resume --cleared"
)


def fingerprint(session: Session, units: Units) -> str:
    """A hash of what the labels of a session are made of: its title, its length, the units.

    The units count where there is a length: in the title, or in the easier version of a hard session.
    """
    units_name = units.name if session.length_m is not None or session.hard else ""
    facts = repr((session.title, session.length_m, units_name))
    return hashlib.sha256(facts.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def with_fingerprints(rows: Iterable[LedgerRow], desired: Iterable[Desired]) -> tuple[LedgerRow, ...]:
    """Rows from before labels had a fingerprint get the present one: nothing is sent because of it."""
    known = {want.key.identity: want.fingerprint for want in desired}
    return tuple(
        replace(row, fingerprint=known.get(row.key.identity)) if row.fingerprint is None else row
        for row in rows
    )


def first_day_after(now: datetime, wait: timedelta) -> date:
    """The first day that begins at least `wait` from now, in the zone that `now` is in."""
    day = (now + wait).date()
    begins = datetime.combine(day, time.min, tzinfo=now.tzinfo)
    return day if begins - now >= wait else day + timedelta(days=1)
