"""The score of one part, before it is weighted and rounded."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.domain.reason import Reason
from syncd.domain.scoring.reasons import PartReason


@dataclass(frozen=True, slots=True)
class PartScore:
    """`score` is 0 to 100, None when the part cannot be judged; `why` says what it rests on."""

    score: float | None
    why: tuple[Reason, ...]


def judged_by(score: float, because: PartReason, **facts: float) -> PartScore:
    """A score, and what it was judged by."""
    return PartScore(score, (Reason(because, facts),))


def not_assessable(because: PartReason) -> PartScore:
    """No score, for the reason given."""
    return PartScore(None, (Reason(because),))
