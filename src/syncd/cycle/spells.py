"""Pauses, illness and injuries that the athlete told of, as the rules look at them."""

from __future__ import annotations

from syncd.domain.training.rules.situation import Spell, Trouble
from syncd.store import Store


def spells_of(store: Store) -> tuple[Spell, ...]:
    """Over or not, oldest first."""
    return tuple(
        Spell(
            id=str(word.id),
            trouble=Trouble(word.kind.value),
            first_day=word.first_day,
            last_day=word.last_day,
        )
        for word in store.words.time_off()
    )
