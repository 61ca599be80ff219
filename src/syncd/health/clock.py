"""The clock of this machine, without asking anybody."""

from __future__ import annotations

import os
from datetime import UTC, timedelta

from syncd.health.check import Check, Command, fail, warn
from syncd.health.examination import SET_CLOCK, Examination
from syncd.store import Store

_BEHIND = timedelta(minutes=10)  # our default: a clock that is put right moves by less


def pinned_clock(_: Examination) -> list[Check]:
    """SYNCD_NOW is for trying things out."""
    if not (pinned := os.environ.get("SYNCD_NOW")):
        return []
    text = f"SYNCD_NOW pins the time of every command to {pinned}"
    return [warn("pinned clock", text, Command("unset SYNCD_NOW"))]


def clock_behind(case: Examination, store: Store) -> list[Check]:
    """No sync lies in the future."""
    newest = next(iter(store.syncs.newest(1)), None)
    if newest is None or newest.started_at - case.now <= _BEHIND:
        return []
    text = (
        f"it is {case.now.astimezone(UTC):%Y-%m-%d %H:%M} UTC here, but the last sync was at "
        f"{newest.started_at:%Y-%m-%d %H:%M} UTC"
    )
    return [fail("clock behind", text, SET_CLOCK)]
