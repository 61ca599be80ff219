"""Days without running in the calendar file: they say why there is nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from syncd.cycle.world import AHEAD, World
from syncd.domain.delivery import labels
from syncd.domain.training.health_answers import days_without
from syncd.domain.training.rules.health_spells import spell_id
from syncd.formats.ics import CalendarEntry
from syncd.store.overrides import shown_kind


def time_off_entries(world: World, week: date, today: date) -> Iterator[CalendarEntry]:
    """An event for each pause, illness and injury from the start of this week on.

    One that has no end yet goes on until today.
    """
    for spell in world.store.overrides.time_off_between(week, today + AHEAD):
        note = labels.time_off_note(shown_kind(spell), spell.last_day)
        yield CalendarEntry(
            uid=f"time-off-{spell.id}.{world.athlete_key}@syncd",
            day=spell.first_day,
            title=labels.time_off_title(shown_kind(spell), spell.first_day, spell.last_day),
            notation="",
            purpose=f"{note[:1].upper()}{note[1:]}",
            last_day=spell.last_day or max(today, spell.first_day),
        )
    yield from _health_entries(world, week, today)


def _health_entries(world: World, week: date, today: date) -> Iterator[CalendarEntry]:
    """The same for days without running for health; a calendar may be shared, so it does not say why."""
    for off in days_without(world.health):
        last_day = off.last_day or max(today, off.first_day)
        if off.first_day <= today + AHEAD and last_day >= week:
            yield CalendarEntry(
                uid=f"time-off-{spell_id(off.answer)}.{world.athlete_key}@syncd".replace(":", "-"),
                day=off.first_day,
                title="No runs planned",
                notation="",
                purpose="More: syncd health",
                last_day=last_day,
            )
