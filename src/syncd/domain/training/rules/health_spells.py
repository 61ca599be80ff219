"""Days without running that follow from answers about health, as the rules take them."""

from __future__ import annotations

from collections.abc import Mapping

from syncd.domain.athlete import Health, HealthAnswer, HealthGrade
from syncd.domain.training.health_answers import OF_HEALTH, days_without
from syncd.domain.training.rules.situation import Spell, Trouble

_TROUBLES: Mapping[HealthGrade, Trouble] = {
    HealthGrade.STOP: Trouble.STOP,
    HealthGrade.INJURY: Trouble.HURT,
    HealthGrade.PREGNANCY: Trouble.BIRTH,
    HealthGrade.BIRTH: Trouble.BIRTH,
    HealthGrade.WALKS: Trouble.BIRTH,
}


def spell_id(answer: HealthAnswer) -> str:
    """How the spell of an answer is called."""
    return f"{OF_HEALTH}{answer.id or answer.concern.name.lower()}"


def health_spells(health: Health) -> tuple[Spell, ...]:
    """A spell for each answer that forbids running, over or not."""
    return tuple(
        Spell(
            id=spell_id(off.answer),
            trouble=_TROUBLES[off.answer.grade],
            first_day=off.first_day,
            last_day=off.last_day,
        )
        for off in days_without(health)
    )
