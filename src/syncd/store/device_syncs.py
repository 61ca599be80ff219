"""When a watch last fetched what is on a sink, as far as that is known."""

from __future__ import annotations

from datetime import datetime

from syncd.store.database import Database
from syncd.store.meta import Meta
from syncd.store.times import from_text, to_text


class DeviceSyncs:
    """The latest moment for each sink; an earlier one never replaces it."""

    def __init__(self, database: Database) -> None:
        self._meta = Meta(database)

    def latest(self, sink: str) -> datetime | None:
        """None where it was never reported."""
        kept = self._meta.get(f"device_sync.{sink}")
        return None if kept is None else from_text(kept)

    def note(self, sink: str, at: datetime) -> None:
        """A watch synced then, or later."""
        known = self.latest(sink)
        if known is None or at > known:
            self._meta.set(f"device_sync.{sink}", to_text(at))
