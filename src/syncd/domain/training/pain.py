"""Pain in a run, as the athlete enters it, and what it asks for.

Source: the training model, 9.3; one bony spot, and pain at night, are signs of a stress fracture
(Vincent 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

LEAST, MOST = 0, 10
HURT_FROM = 3


class PainSign(StrEnum):
    """What counts more than how bad it was."""

    RISING = "rising"  # it got worse during the run
    STILL = "still"  # it was still there a day later
    LIMP = "limp"  # it changed the stride
    SPOT = "spot"  # on one bony spot that can be pointed at
    NIGHT = "night"  # at night, or at rest


SIGNS_OF_FRACTURE = frozenset({PainSign.SPOT, PainSign.NIGHT})


class PainGrade(IntEnum):
    """What follows from it; the higher one is the graver."""

    NONE = 0  # nothing
    MILD = 1  # the next hard day is easy
    HURT = 2  # no running until it is better
    DOCTOR = 3  # no running until a doctor has looked at it


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain in one run: the worst of it, from 0 to 10. `id` is 0 until it is kept. `place`: where, in the
    athlete's words.
    """

    activity_id: int
    day: date
    worst: int
    place: str = ""
    signs: frozenset[PainSign] = frozenset()
    id: int = 0

    @property
    def grade(self) -> PainGrade:
        """What it asks for."""
        if self.signs & SIGNS_OF_FRACTURE:
            return PainGrade.DOCTOR
        if self.signs or self.worst >= HURT_FROM:
            return PainGrade.HURT
        return PainGrade.MILD if self.worst > 0 else PainGrade.NONE
