"""Recordings as they came: kept, whole, readable."""

from __future__ import annotations

from datetime import date, timedelta

from syncd.cycle.housekeeping import KEPT_FOR
from syncd.cycle.set_aside import left_alone
from syncd.domain.day_text import day_text
from syncd.domain.grammar import counted
from syncd.health.check import Check, Command, ok, warn
from syncd.health.examination import Examination
from syncd.store import Store
from syncd.store.errors import StoreError

_CHECKED = 20  # our default: of all of them only the nightly check reads each byte
_RECENT = timedelta(days=14)  # our default: what came before is history


def recordings(_: Examination, store: Store) -> list[Check]:
    """The recording of each run that may be scored again is there, and the newest are whole."""
    name = "recordings"
    kept = [
        run
        for run in store.activities.summaries(date.min, date.max)
        if run.raw_hash and run.source not in KEPT_FOR and not store.raw.is_retired(run.raw_hash)
    ]
    lost = [run for run in kept if not store.raw.has(run.raw_hash)]
    noted = {payload.raw_hash for payload in store.lost_payloads.all()}  # by the nightly check
    damaged = [
        run
        for place, run in enumerate(reversed(kept))
        if run not in lost
        and (run.raw_hash in noted or (place < _CHECKED and not _is_whole(store, run.raw_hash)))
    ]
    if not lost and not damaged:
        return [ok(name, "all there")] if kept else []
    how = " and ".join(
        f"{counted(len(runs), 'recording')} {state}"
        for runs, state in ((lost, "lost"), (damaged, "damaged"))
        if runs
    )
    newest = max((*lost, *damaged), key=lambda run: run.day)
    text = f"{how}, the newest of {day_text(newest.day)}: scores stay, but cannot be made anew"
    asked = {payload.raw_hash for payload in store.lost_payloads.all() if payload.asked_at is not None}
    if all(run.raw_hash in asked for run in (*lost, *damaged)):
        return [warn(name, text, "syncd import, with the file of that run or your account's export")]
    return [warn(name, text, "syncd tidy, then syncd sync: fetched again where the source still has it")]


def unreadable(case: Examination, store: Store) -> list[Check]:
    """Files that came lately and could not be read."""
    aside = {(attempt.source, attempt.remote_id) for attempt in left_alone(store, case.now)}
    recent = [
        arrival
        for arrival in store.arrivals.unreadable()
        if case.now - arrival.at <= _RECENT and (arrival.source, arrival.remote_id) not in aside
    ]
    if not recent:
        return []
    newest = recent[0]
    text = f"{counted(len(recent), 'file')} could not be read, the newest {newest.remote_id}: {newest.reason}"
    return [warn("unreadable files", text, "export that run again from where it came, or delete the file")]


def doubtful(_: Examination, store: Store) -> list[Check]:
    """Whether recordings wait for the athlete to say what they were."""
    name, waiting = "doubtful runs", store.activities.doubtful()
    if not waiting:
        return [ok(name, "none")]
    newest = waiting[0]
    return [
        warn(
            name,
            f"{counted(len(waiting), 'recording')} may be no run and counts nowhere, the newest of "
            f"{newest.day} (if it was none: syncd ignore {newest.id})",
            Command(f"syncd fix {newest.id} --kind run"),
        )
    ]


def _is_whole(store: Store, identity: str) -> bool:
    try:
        store.raw.get(identity)
    except StoreError:
        return False
    return True
