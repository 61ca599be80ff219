"""Messages to the athlete, and the heart-beat for monitoring."""

from __future__ import annotations

import importlib.util

from syncd.domain.grammar import counted
from syncd.health.check import Check, Command, fail, ok, warn
from syncd.health.examination import Examination
from syncd.store import Store

_LIBRARY = "apprise>=1.9"  # syncd itself is on no index
_TEST = Command("syncd doctor --notify")


def addresses(case: Examination) -> list[Check]:
    """What is configured, and the library that it needs."""
    if case.settings is None:
        return []
    checks, named = [], case.settings.notify.addresses
    if named and importlib.util.find_spec("apprise") is None:
        missing = "the apprise library is missing"
        checks.append(fail("notifications", missing, Command.installing(_LIBRARY)))
    elif named:
        told = counted(len(named), "address", "addresses")
        checks.append(ok("notifications", f"{told}, not tested (syncd doctor --notify does)"))
    if case.settings.daemon.heartbeat_url.get_secret_value():
        checks.append(ok("heart-beat", "an address is called after each sync"))
    return checks


def undelivered(case: Examination, store: Store) -> list[Check]:
    """Whether the last messages reached their addresses."""
    problem = store.sent_messages.problem()
    if problem is None or case.settings is None or not case.settings.notifies:
        return []
    return [warn("last message", f"{problem.text} ({case.ago(problem.at)})", _TEST)]
