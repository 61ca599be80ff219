"""Is it on the watch? What can be said of one session, and no more than that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from syncd.domain.delivery.remote import LedgerRow, LedgerState


class OnWatch(StrEnum):
    """How far a session has come."""

    NOT_PUSHED = "not_pushed"
    REFUSED = "refused"
    EARLIER_VERSION = "earlier_version"
    PUSHED = "pushed"  # with the service, on no day of its calendar
    SCHEDULED = "scheduled"  # on the calendar; no watch is known to have synced since
    ON_WATCH = "on_watch"
    MOVES = "moves"  # it lies on another day until the next sync
    YOURS = "yours"  # changed, moved or removed by the athlete


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is known of a session beside its ledger row.

    `listed`: whether the sink shows it on a day, None where it was not asked; `put_at`: when this
    version arrived there; `synced_at`: the last time a watch is known to have synced. `day`:
    its day in the plan; None where that does not matter.
    """

    listed: bool | None = None
    put_at: datetime | None = None
    synced_at: datetime | None = None
    day: date | None = None


def on_watch(row: LedgerRow | None, version: str, known: Delivered, *, consumes: bool = False) -> OnWatch:
    """How far the version of a session has come. `consumes`: the watch takes what lies there."""
    if row is None or row.state is LedgerState.REMOVING:
        return OnWatch.NOT_PUSHED
    if row.state is LedgerState.RELEASED:
        return OnWatch.YOURS
    if row.state is LedgerState.REJECTED:
        return OnWatch.REFUSED
    if row.state is LedgerState.INTENDED and row.remote_id is None:
        return OnWatch.NOT_PUSHED
    taken = consumes and known.listed is False  # a watch has it: nothing moves there any more
    if known.day not in (None, row.day) and not taken:
        return OnWatch.MOVES
    if row.key.version != version or row.state is LedgerState.INTENDED:
        return OnWatch.EARLIER_VERSION
    if consumes:
        return OnWatch.ON_WATCH if known.listed is False else OnWatch.SCHEDULED
    if known.listed is False:
        return OnWatch.PUSHED
    synced = known.put_at and known.synced_at and known.synced_at >= known.put_at
    return OnWatch.ON_WATCH if synced else OnWatch.SCHEDULED
