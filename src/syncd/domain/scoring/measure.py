"""What a part comes to before it is weighed and rounded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """0 to 100, or None when it cannot be judged; `why` is a phrase for the runner."""

    score: float | None
    why: str


def not_assessable(why: str) -> Measure:
    """Nothing to judge, for the reason given."""
    return Measure(None, f"not assessable: {why}")
