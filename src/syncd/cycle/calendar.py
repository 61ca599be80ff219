"""The coming sessions as a calendar file, for every calendar that people read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from syncd.connectors.base import Rejected
from syncd.cycle.pushing import calendar_entries
from syncd.cycle.world import World
from syncd.durable import write_whole
from syncd.formats import ics
from syncd.store.errors import disk_faults

NAME = "syncd.ics"


def keep_calendar(world: World, now: datetime, file: Path | None = None) -> bool:
    """Make the file (beside the database, unless named) hold exactly these; whether it was written.

    Events keep their ids, so that a calendar that reads the file again moves them. Raises Rejected
    for a file that somebody else wrote, and StoreError.
    """
    path, entries = file or world.store.directory / NAME, calendar_entries(world, now)
    with disk_faults(path):
        there = path.read_bytes() if path.exists() else b""
        if there and not ics.is_ours(there):
            raise Rejected(f"{path} was not written by syncd: name another file")
        if ics.holds(there, entries):
            return False
        write_whole(path, ics.calendar(entries), mode=0o600 if file is None else 0o644)
    return True
