"""How often Garmin Connect may be asked: spaced requests, and pauses that double."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncd.connectors.budget_file import DAY_S, Budget

_FIRST_PAUSE_S = 1800.0  # what other clients leave after a 429; doubled each time
_LONGEST_PAUSE_S = DAY_S
_LONGEST_QUEUE_S = 120.0  # our default: turns that others took ahead of us reach no further


@dataclass(frozen=True, slots=True)
class GarminBudget(Budget):
    """When the last request went out. `trips`: pauses in a row, without a success between."""

    last_request_s: float = 0.0
    trips: int = 0

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> GarminBudget:
        """What was kept. Raises KeyError, TypeError, ValueError for anything else."""
        return cls(
            closed_until_s=float(plain["closed_until_s"]),
            refused=str(plain["refused"]),
            refused_s=float(plain["refused_s"]),
            last_request_s=float(plain["last_request_s"]),
            trips=int(plain["trips"]),
        )

    def wait_s(self, now_s: float, spacing_s: float) -> float:
        """Seconds to wait so that two requests are `spacing_s` apart."""
        since = now_s - self.last_request_s
        return spacing_s - since if -_LONGEST_QUEUE_S <= since < spacing_s else 0.0

    def after_request(self, now_s: float) -> GarminBudget:
        """A request goes out now."""
        return replace(self, last_request_s=now_s)

    def after_success(self) -> GarminBudget:
        """The service answers again."""
        return replace(self, trips=0, closed_until_s=0.0)

    def after_refusal(
        self, now_s: float, retry_after_s: float | None, *, first_pause_s: float = _FIRST_PAUSE_S
    ) -> GarminBudget:
        """Asked too much: closed for what the service named, or 30 min doubling to a day."""
        pause = min(first_pause_s * 2.0 ** min(self.trips, 10), _LONGEST_PAUSE_S)
        if retry_after_s is not None:
            pause = min(max(retry_after_s, 1.0), _LONGEST_PAUSE_S)
        return replace(self, closed_until_s=now_s + pause, trips=self.trips + 1)

    def after_dead_login(self, fingerprint: str, now_s: float) -> GarminBudget:
        """This login was not renewed: only a human can help."""
        return replace(self, refused=fingerprint, refused_s=now_s)
