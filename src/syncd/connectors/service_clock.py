"""What time it is by a service, from the dates of its answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from syncd.connectors.base import ConnectorError
from syncd.connectors.garmin.replies import Reply


@dataclass(slots=True)
class ServiceClock:
    """The newest date that an answer carried, and when it came (seconds that never jump)."""

    _at: datetime | None = None
    _seen_s: float = 0.0

    def note(self, reply: Reply) -> None:
        """Take the date of an answer; a page comes from something in between, whose clock is its own."""
        at = reply.at
        if at is not None and not reply.is_page:
            self._at, self._seen_s = at, monotonic()

    def asked(self, ask: Callable[[], object]) -> datetime | None:
        """The time there now; before any answer `ask` is called, once. None where it does not say."""
        if self._at is None:
            with suppress(ConnectorError):
                ask()
        return self.now()

    def now(self) -> datetime | None:
        """The time there now; None before any answer."""
        return None if self._at is None else self._at + timedelta(seconds=monotonic() - self._seen_s)
