"""Days without running, as every screen shows them: an empty plan on purpose is never told as a lack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from syncd.domain.session import monday_of
from syncd.domain.training.reasons import time_off
from syncd.domain.units import Units
from syncd.report.reasons import reason_text
from syncd.report.sheet import Sheet, StyledText, Tone
from syncd.store import Store
from syncd.store.overrides import Override, shown_kind

_NEAR = timedelta(days=9)  # our default: as far as sessions are on the watch


def spells_ahead(store: Store, today: date) -> tuple[Override, ...]:
    """Pauses, illness and injuries of today and the days that are on the watch, oldest first."""
    return store.overrides.time_off_between(today, today + _NEAR)


def time_off_text(spell: Override, units: Units) -> str:
    """Why nothing is planned, and how it ends."""
    return reason_text(time_off(shown_kind(spell), spell.first_day, spell.last_day), units)


def add_time_off(sheet: Sheet, spells: Iterable[Override], units: Units, *, more: bool = True) -> None:
    """A line for each, and an empty one after them where `more` follows."""
    lines = [time_off_text(spell, units) for spell in spells]
    for line in lines:
        sheet.say(StyledText(line, Tone.FAIR))
    if lines and more:
        sheet.gap()


def time_off_payload(spells: Iterable[Override]) -> list[dict[str, Any]]:
    """As `--json` shows them: `until` is null while it lasts."""
    return [
        {
            "kind": spell.kind.value,
            "from": spell.first_day.isoformat(),
            "until": spell.last_day.isoformat() if spell.last_day else None,
        }
        for spell in spells
    ]


def empty_text(spells: Iterable[Override], units: Units, *, committed: bool) -> str:
    """Why there is no session in the next days. `committed`: this week is planned, so no sync is missing."""
    if off := " ".join(time_off_text(spell, units) for spell in spells):
        return off
    return _FREE_DAYS if committed else _NOT_PLANNED


def why_empty(store: Store, today: date, units: Units, lines: Iterable[str] = ()) -> str:
    """The same for an error, which begins in lower case; `lines`: what health holds back comes first."""
    text = " ".join(lines)
    text = text or empty_text(spells_ahead(store, today), units, committed=is_committed(store, today))
    return f"{text[:1].lower()}{text[1:]}"


def is_committed(store: Store, today: date) -> bool:
    """Whether the week of the day is planned."""
    return bool(store.plan.weeks(since=monday_of(today)))


_FREE_DAYS = "No session is planned for the next days: syncd plan shows the weeks ahead"
_NOT_PLANNED = "Nothing is planned yet: run syncd sync"
