"""Whether every recording is still what was received."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from syncd.store import Store
from syncd.store.lost_payloads import LostPayload
from syncd.store.raw import PayloadState


def look_through(store: Store, today: date, let_go: Collection[str]) -> tuple[LostPayload, ...]:
    """Read every payload of a recording that counts; those that are newly found to be lost or damaged.

    `let_go` are the hashes of those that were removed because they may be kept no longer.
    """
    counted = store.rows("SELECT DISTINCT raw_hash FROM recordings WHERE gone IS NULL")
    lost: dict[str, bool] = {}
    for raw_hash in (str(row["raw_hash"]) for row in counted):
        state = store.raw.state_of(raw_hash)
        on_purpose = raw_hash in let_go or store.raw.is_retired(raw_hash)
        if state is PayloadState.DAMAGED or (state is PayloadState.GONE and not on_purpose):
            lost[raw_hash] = state is PayloadState.DAMAGED
    known = {payload.raw_hash for payload in store.lost_payloads.all()}
    store.lost_payloads.note(lost, today)
    new = {payload.raw_hash: payload for payload in store.lost_payloads.all()}
    return tuple(payload for raw_hash, payload in new.items() if raw_hash not in known)
