"""What the check of the watch found, read from the output of `syncd watch --json`."""

from __future__ import annotations

import json
from datetime import date

from syncd.daemon.child import Ended

_THERE = frozenset({"on_watch", "yours"})


def not_on_watch(ended: Ended, today: date) -> str:
    """What the athlete should do before today's run; "" when it is on the watch, or unknown."""
    try:
        report = json.loads(ended.out)
        sessions = [row for row in report["sessions"] if row["date"] == today.isoformat()]
        missing = [row for row in sessions if row["state"] not in _THERE]
        if not missing or report["problems"] or report["device"] is None:
            return ""
        title, state = str(missing[0]["title"]), str(missing[0]["state"])
    except (ValueError, KeyError, TypeError):
        return ""
    if state == "scheduled":
        return f"today's session ({title}) is not on the watch yet: open Garmin Connect near the watch"
    return f"today's session ({title}) has not been sent to the watch: run syncd sync"
