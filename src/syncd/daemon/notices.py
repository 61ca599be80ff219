"""When a service that has something new is asked: soon, then less and less often, always once more."""

from __future__ import annotations

from collections.abc import Callable

SETTLE_S = 5.0  # our default: Strava says twice that a run is new, and may say so before it shows it
AT_LEAST_S = 60.0  # our default: between two syncs that notices ask for; doubled while they go on
AT_MOST_S = 900.0  # our default: the window in which Strava counts requests


class Notices:
    """Those of one source. `monotonic` gives seconds that never jump.

    A notice that comes while one waits is answered with it. After the last one the source is asked once
    it has settled. Where notices stop for twice the wait, it begins anew.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._newest_s = 0.0
        self._due_s: float | None = None
        self._asked_s: float | None = None
        self._wait_s = AT_LEAST_S

    def arrived(self) -> None:
        """The service says that there is something new."""
        now_s = self._newest_s = self._monotonic()
        if self._due_s is not None:
            return
        self._due_s = now_s + SETTLE_S
        if self._asked_s is None:
            return
        if now_s - self._asked_s > 2 * self._wait_s:
            self._wait_s = AT_LEAST_S
        self._due_s = max(self._due_s, self._asked_s + self._wait_s)

    def due_in_s(self) -> float | None:
        """Seconds until the source is to be asked, 0 and less when it is time; None when nothing waits."""
        return None if self._due_s is None else self._due_s - self._monotonic()

    def asked(self) -> None:
        """A sync of the source begins: it sees what was noticed, unless that has not settled yet."""
        if self._due_s is None:
            return
        now_s = self._monotonic()
        if self._asked_s is not None:
            self._wait_s = min(2 * self._wait_s, AT_MOST_S)
        self._asked_s = now_s
        settled = now_s - self._newest_s >= SETTLE_S
        self._due_s = None if settled else max(self._newest_s + SETTLE_S, now_s + self._wait_s)
