"""A clock that went back by more than a day is not believed at once: days would be lived twice.

Sessions would be planned for days long gone, windows of real ones never close, and the watch
would be emptied. A clock that stays there for a day is believed: perhaps the earlier one was wrong.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.store import Store

TOLERATED = timedelta(days=1)  # our default: time zones and a slow clock stay below
BELIEVED_AFTER = timedelta(days=1)  # our default
_SINCE = "clock.behind_since"


def why_not_now(store: Store, now: datetime) -> str:
    """What is wrong with the clock, and what to do; "" where a cycle can go on."""
    newest = next(iter(store.cycles.newest(1)), None)
    if newest is None or newest.started_at - now <= TOLERATED:
        if store.meta.get(_SINCE) is not None:
            store.meta.forget(_SINCE)
        return ""
    since = _since(store, now)
    if now - since >= BELIEVED_AFTER:
        store.cycles.forget_after(now)
        store.meta.forget(_SINCE)
        return ""
    store.meta.set(_SINCE, f"{since.isoformat()} {now.isoformat()}")
    return (
        f"the clock says {now:%Y-%m-%d %H:%M} UTC, but syncd already looked at "
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
