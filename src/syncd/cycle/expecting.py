"""When the next runs usually end, for whoever decides when to look."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from syncd.cycle.world import World
from syncd.domain.habits import LOOK_BACK, usual_finish

_PASSED = timedelta(hours=1)  # our default: later, the upload is there or will not come
_DAYS = 2  # today and tomorrow: each cycle tells anew


def expected_finishes(world: World, now: datetime) -> tuple[datetime, ...]:
    """In UTC, only those that are not long over."""
    today = world.today(now)
    runs = [each for each in world.store.activities.summaries(today - LOOK_BACK, today) if each.is_run]
    finishes = [(each.day, _minutes(each.day, each.start, each.elapsed_s)) for each in runs]
    ends = []
    for day in (today + timedelta(days=ahead) for ahead in range(_DAYS)):
        minute = usual_finish(finishes, day)
        if minute is not None:
            midnight = datetime.combine(day, time(), world.zone).astimezone(UTC)
            ends.append(midnight + timedelta(minutes=minute))
    return tuple(end for end in ends if end > now - _PASSED)


def _minutes(day: date, start: datetime, elapsed_s: float) -> int:
    """From the midnight where the run was, which its start tells."""
    end = start + timedelta(seconds=elapsed_s)
    return round((end - datetime.combine(day, time(), start.tzinfo)).total_seconds() / 60)
