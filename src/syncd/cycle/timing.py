"""Whether the clock can be believed, and when the next runs usually end.

A clock that went back by more than a day is not believed at once: days would be lived twice.
Sessions would be planned for days long gone, windows of real ones never close, and the watch
would be emptied. A clock that stays there for a day is believed: perhaps the earlier one was wrong.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from syncd.cycle.world import World
from syncd.domain.habits import LOOK_BACK, usual_finish
from syncd.store import Store

TOLERATED = timedelta(days=1)  # our default: time zones and a slow clock stay below
BELIEVED_AFTER = timedelta(days=1)  # our default
_SINCE = "clock.behind_since"
_PASSED = timedelta(hours=1)  # our default: later, the upload is there or will not come
_DAYS = 2  # today and tomorrow: each sync works it out anew


def why_not_now(store: Store, now: datetime) -> str:
    """What is wrong with the clock, and what to do; "" where a sync can go on."""
    newest = next(iter(store.syncs.newest(1)), None)
    if newest is None or newest.started_at - now <= TOLERATED:
        if store.meta.get(_SINCE) is not None:
            store.meta.forget(_SINCE)
        return ""
    since = _since(store, now)
    if now - since >= BELIEVED_AFTER:
        store.syncs.forget_after(now)
        store.meta.forget(_SINCE)
        return ""
    store.meta.set(_SINCE, f"{since.isoformat()} {now.isoformat()}")
    return (
        f"the clock says {now:%Y-%m-%d %H:%M} UTC, but the last sync was at "
        f"{newest.started_at:%Y-%m-%d %H:%M} UTC: nothing is done until it is right "
        "(timedatectl set-ntp true). If it is right now, syncd believes it after a day"
    )


def _since(store: Store, now: datetime) -> datetime:
    """Since when the clock goes on from there without another jump."""
    known = (store.meta.get(_SINCE) or "").split()
    if not known:
        return now
    since, last = map(datetime.fromisoformat, known)
    return since if timedelta(0) <= now - last <= TOLERATED else now


def expected_finishes(world: World, now: datetime) -> tuple[datetime, ...]:
    """When the next runs usually end, in UTC; without those that are long over."""
    today = world.today(now)
    runs = [run for run in world.store.activities.summaries(today - LOOK_BACK, today) if run.is_run]
    finishes = [(run.day, _minutes(run.day, run.start, run.elapsed_s)) for run in runs]
    ends = []
    for day in (today + timedelta(days=ahead) for ahead in range(_DAYS)):
        minute = usual_finish(finishes, day)
        if minute is not None:
            midnight = datetime.combine(day, time(), world.zone).astimezone(UTC)
            ends.append(midnight + timedelta(minutes=minute))
    return tuple(end for end in ends if end > now - _PASSED)


def _minutes(day: date, start: datetime, elapsed_s: float) -> int:
    """From midnight at the place of the run, which the offset of its start gives."""
    end = start + timedelta(seconds=elapsed_s)
    return round((end - datetime.combine(day, time(), start.tzinfo)).total_seconds() / 60)
