"""How often Garmin Connect may be asked, as plain values that outlive a process."""

from __future__ import annotations

from dataclasses import dataclass, replace

_FIRST_PAUSE_S = 1800.0  # what other clients leave after a 429; doubled each time
_LONGEST_PAUSE_S = 86_400.0
_FAR_AHEAD_S = 86_400.0  # a time further ahead than this is a clock that was wrong


@dataclass(frozen=True, slots=True)
class Budget:
    """Times in seconds since the epoch. `trips`: pauses in a row, without a success between."""

    last_request_s: float = 0.0
    closed_until_s: float = 0.0
    trips: int = 0

    def wait_s(self, now_s: float, spacing_s: float) -> float:
        """Seconds to wait so that two requests are `spacing_s` apart."""
        since = now_s - self.last_request_s
        return spacing_s - since if 0 <= since < spacing_s else 0.0

    def closed_at(self, now_s: float) -> float | None:
        """Until when nothing may be asked; None when it may."""
        left = self.closed_until_s - now_s
        return self.closed_until_s if 0 < left <= _FAR_AHEAD_S else None

    def after_request(self, now_s: float) -> Budget:
        """A request goes out now."""
        return replace(self, last_request_s=now_s)

    def after_success(self) -> Budget:
        """The service answers again."""
        return replace(self, trips=0, closed_until_s=0.0)

    def after_refusal(self, now_s: float, retry_after_s: float | None) -> Budget:
        """Asked too much: closed for what the service named, or 30 min doubling to a day."""
        pause = min(_FIRST_PAUSE_S * 2.0 ** min(self.trips, 10), _LONGEST_PAUSE_S)
        if retry_after_s is not None:
            pause = min(max(retry_after_s, 1.0), _LONGEST_PAUSE_S)
        return replace(self, closed_until_s=now_s + pause, trips=self.trips + 1)
