"""Whether the next sessions are on the watch, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from syncd.domain.delivery.watch_state import Delivered, OnWatch, on_watch
from syncd.domain.units import Units, day_name
from syncd.report.delivery_texts import unfit_of
from syncd.report.sheet import StyledText, Tone
from syncd.store import Store
from syncd.store.plan import CommittedSession

_TEXTS = {
    OnWatch.NOT_PUSHED: "not sent yet",
    OnWatch.REFUSED: "refused by the watch's service",
    OnWatch.EARLIER_VERSION: "an earlier version was sent",
    OnWatch.PUSHED: "sent, but not on the calendar",
    OnWatch.SCHEDULED: "scheduled",
    OnWatch.ON_WATCH: "on the watch",
    OnWatch.MOVES: "moves with the next sync",
    OnWatch.YOURS: "changed by you: left alone",
}
_TONES = {
    OnWatch.ON_WATCH: Tone.GOOD,
    OnWatch.REFUSED: Tone.BAD,
    OnWatch.EARLIER_VERSION: Tone.FAIR,
    OnWatch.MOVES: Tone.FAIR,
    OnWatch.NOT_PUSHED: Tone.QUIET,
}
_FOLDER_TEXTS = _TEXTS | {
    OnWatch.SCHEDULED: "written for the watch",
    OnWatch.ON_WATCH: "picked up by the watch",
}


def with_watch_state(
    store: Store, sink: str, sessions: Iterable[CommittedSession], *, consumes: bool
) -> Iterator[tuple[CommittedSession, StyledText]]:
    """Each session with its watch state as text, from the store alone: no service is asked."""
    ledger = {row.key.session: row for row in store.ledger.rows(sink)}
    synced_at = store.device_syncs.latest(sink)
    for session in sessions:
        row = ledger.get(session.session.id)
        unfit = unfit_of(store, sink, session.resolved)
        if unfit:
            yield session, uncarried_text(unfit)
            continue
        put_at = store.ledger.put_at(sink, row.key) if row is not None else None
        known = Delivered(put_at=put_at, synced_at=synced_at, day=session.session.day)
        state = on_watch(row, session.version, known, consumes=consumes)
        yield session, on_watch_text(state, consumes=consumes)


def uncarried_text(why: str) -> StyledText:
    """`cannot be sent: its workout has 62 steps, Garmin carries 50`."""
    return StyledText(f"cannot be sent: {why}", Tone.BAD)


def on_watch_text(state: OnWatch, *, consumes: bool, since: str = "") -> StyledText:
    """The watch state in brief; `since` (such as `Wed 18 Mar 21:10`) says when a watch last synced."""
    text = (_FOLDER_TEXTS if consumes else _TEXTS)[state]
    late = f", watch not synced since {since}" if since and state is OnWatch.SCHEDULED else ""
    return StyledText(f"{text}{late}", _TONES.get(state, Tone.NORMAL))


def moment_text(at: datetime, zone: tzinfo, units: Units) -> str:
    """`Wed 18 Mar 21:10` or `Wed 18 Mar 9:10 pm`, on the athlete's clock."""
    local = at.astimezone(zone)
    return f"{day_name(local.date())} {units.time_of_day(local)}"


def device_payload(name: str, at: datetime) -> dict[str, Any]:
    """The watch that synced last."""
    return {"name": name, "synced_at": at.isoformat()}
