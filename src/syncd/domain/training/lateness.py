"""How late runs usually come in: until then, a session without a run is unknown, not missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

LOOK_BACK = timedelta(days=28)  # our default
MOST_LATE_DAYS = 7  # our default: later, a week counts as it is known
_OFTEN = 2  # our default: once is an empty battery, twice a habit


def usual_lateness(late: Iterable[int]) -> int:
    """Days after a run on which a sync usually did not know it yet; 0 for who uploads at once.

    `late`: those days of each run of the last weeks. It is what was reached twice.
    """
    most = sorted(late, reverse=True)
    return min(most[_OFTEN - 1], MOST_LATE_DAYS) if len(most) >= _OFTEN else 0
