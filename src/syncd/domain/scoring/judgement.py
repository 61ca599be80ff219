"""What a run was compared with, and how it went: the whole of a score as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from syncd.domain.activity import Activity, Trait
from syncd.domain.notation import format_workout
from syncd.domain.scoring.card import Flag, Scorecard
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin


@dataclass(frozen=True, slots=True)
class Judgement:
    """`notation` None and `card` None: there was nothing to compare with, the run is load.

    `problems` (sentences for people) and `traits` are those of the recording.
    """

    origin: PrescriptionOrigin = PrescriptionOrigin.NONE
    notation: str | None = None
    card: Scorecard | None = None
    problems: tuple[str, ...] = ()
    traits: frozenset[Trait] = frozenset()

    @staticmethod
    def of(activity: Activity | None, prescription: Prescription | None, card: Scorecard | None) -> Judgement:
        """The judgement of a run (None: unreadable); without a prescription or card nothing was compared."""
        judgement = Judgement(
            problems=activity.problems if activity else (),
            traits=activity.traits if activity else frozenset(),
        )
        if prescription is None:
            return judgement
        notation = format_workout(prescription.workout)
        return replace(judgement, origin=prescription.origin, notation=notation, card=card)

    def flagged(self, flag: Flag) -> Judgement:
        """The same with one more flag; nothing to flag without a card."""
        return (
            self
            if self.card is None
            else replace(self, card=replace(self.card, flags=(*self.card.flags, flag)))
        )


NOTHING_COMPARED = Judgement()
