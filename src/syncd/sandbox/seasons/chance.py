"""Chance that does not depend on what happened before: the same seed, day and question, the same answer.

So an athlete has the same luck with the rules and without them: a run that life gets in the way of, the
form of a day, the day on which a tendon gives in. What differs between two seasons is what the plan did.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from statistics import NormalDist

_STANDARD = NormalDist()
_BYTES = 8
_NUMBERS = float(256**_BYTES)


class Chance:
    """The luck of one athlete."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def share(self, day: date, what: str) -> float:
        """Evenly between 0 and 1, both excluded."""
        text = f"{self._seed}|{day.toordinal()}|{what}"
        number = int.from_bytes(blake2b(text.encode(), digest_size=_BYTES).digest(), "big")
        return (number + 0.5) / _NUMBERS

    def happens(self, probability: float, day: date, what: str) -> bool:
        """True in that share of all cases. More probable on the same day includes less probable."""
        return self.share(day, what) < probability

    def normal(self, deviation: float, day: date, what: str) -> float:
        """Around 0 with that standard deviation."""
        return deviation * _STANDARD.inv_cdf(self.share(day, what))

    def whole(self, least: int, most: int, day: date, what: str) -> int:
        """A whole number from `least` to `most`, both included."""
        return least + int(self.share(day, what) * (most - least + 1))
