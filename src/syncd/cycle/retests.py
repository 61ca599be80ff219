"""One more test after one that did not count."""

from __future__ import annotations

from datetime import date

from syncd.domain.training.validity import retest_from as after
from syncd.domain.training.zone_history import Origin
from syncd.store import Store


def retest_from(store: Store, today: date) -> date | None:
    """The first day for it (A17); None when no test is owed."""
    tests = [(each.day, each.valid) for each in store.results.standing() if each.origin == Origin.TEST]
    return after(tests, today)
