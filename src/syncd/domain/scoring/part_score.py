"""What a part comes to before it is weighed and rounded."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.domain.reason import Reason
from syncd.domain.scoring.reasons import Because


@dataclass(frozen=True, slots=True)
class Measure:
    """0 to 100, or None when it cannot be judged, and why."""

    score: float | None
    why: tuple[Reason, ...]


def judged_by(score: float, because: Because, **facts: float) -> Measure:
    """What it comes to, and by what it was judged."""
    return Measure(score, (Reason(because, facts),))


def not_assessable(because: Because) -> Measure:
    """Nothing to judge, for the reason given."""
    return Measure(None, (Reason(because),))
