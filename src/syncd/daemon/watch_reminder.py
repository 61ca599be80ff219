"""What the look at the watch found, read from the report of `syncd watch --json`."""

from __future__ import annotations

import json
from datetime import date

from syncd.daemon.child import Ended

_THERE = frozenset({"on_watch", "yours"})


def not_on_watch(ended: Ended, today: date) -> str:
    """What the athlete should do before today's run; "" when it is on the watch, or nobody knows."""
    try:
        found = json.loads(ended.out)
        sessions = [each for each in found["sessions"] if each["date"] == today.isoformat()]
        late = [each for each in sessions if each["state"] not in _THERE]
        if not late or found["problems"] or found["device"] is None:
            return ""
        title, state = str(late[0]["title"]), str(late[0]["state"])
    except (ValueError, KeyError, TypeError):
        return ""
    if state == "scheduled":
        return f"today's session ({title}) is not on the watch yet: open the Garmin Connect app near it"
    return f"today's session ({title}) is not on its way to the watch: run syncd sync"
