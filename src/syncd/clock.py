"""The one place that asks what time it is."""

from __future__ import annotations

import os
from datetime import UTC, datetime


class ClockError(ValueError):
    """SYNCD_NOW is not a time."""


def now() -> datetime:
    """The wall clock, aware; `SYNCD_NOW` (ISO time with offset) replaces it for a whole process."""
    pinned = os.environ.get("SYNCD_NOW")
    if not pinned:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(pinned)
    except ValueError:
        raise ClockError(f"SYNCD_NOW={pinned} is not an ISO time; write 2026-03-12T18:40:00+01:00") from None
    if moment.tzinfo is None:
        raise ClockError(f"SYNCD_NOW={pinned} has no offset; write {pinned}+00:00")
    return moment


def local_timezone() -> str:
    """The name of the machine's time zone, "" where it is not known."""
    if named := os.environ.get("TZ"):
        return named.lstrip(":")
    target = os.path.realpath("/etc/localtime")
    return target.split("zoneinfo/", 1)[1] if "zoneinfo/" in target else ""
