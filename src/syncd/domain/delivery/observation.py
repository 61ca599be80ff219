"""What a listing says about the ledger: when a workout of ours counts as taken over by the athlete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.domain.delivery.remote import LedgerRow, LedgerState, RemoteWorkout

BELIEVED_AFTER = timedelta(minutes=10)  # listings lag, and single reads are unreliable
_SUSPICIOUS = 2  # our default: one absence may be a deletion, all at once is a broken listing


class EmptyListing(Exception):  # noqa: N818 - named for what it says
    """Nothing is listed although several of our workouts were there: no basis to act on."""


def observe(
    ledger: Sequence[LedgerRow], listed: Sequence[RemoteWorkout], *, now: datetime, first: date, last: date
) -> tuple[LedgerRow, ...]:
    """The ledger after a complete listing of the days `first` to `last`: `missing_since` and `gone`.

    For services that keep a calendar; a sink that consumes what it is given needs no such doubt.
    Raises EmptyListing when everything vanished at once; that heals when something is listed
    again, or when the days have passed.
    """
    expected = [row for row in ledger if was_there(row) and (first <= row.day <= last or _shown(row, listed))]
    settled = [row for row in expected if row.state is LedgerState.DONE]
    if not listed and len(settled) >= _SUSPICIOUS:
        raise EmptyListing(
            f"no workout is listed, although {len(settled)} were sent there: nothing is changed. "
            "Check that this is the right account; once their days have passed, syncd carries on by itself"
        )
    return tuple(_with_absence(row, listed, now) if row in expected else row for row in ledger)


def in_place(row: LedgerRow, remote: RemoteWorkout) -> bool:
    """Whether this is the workout of that row, on the day where we put it.

    A change in flight may be anywhere between two days, or on none: that is our doing.
    """
    if not _same_session(row, remote):
        return False
    return remote.day == row.day or row.state is LedgerState.INTENDED


def was_there(row: LedgerRow) -> bool:
    """Done, or an update in flight of something that was."""
    return row.state is LedgerState.DONE or (row.state is LedgerState.INTENDED and row.remote_id is not None)


def _shown(row: LedgerRow, listed: Sequence[RemoteWorkout]) -> bool:
    return any(_same_session(row, remote) for remote in listed)


def _same_session(row: LedgerRow, remote: RemoteWorkout) -> bool:
    """By its mark, else by the id that we remember."""
    if remote.key is not None:
        return remote.key.identity == row.key.identity
    return remote.remote_id == row.remote_id


def _with_absence(row: LedgerRow, listed: Sequence[RemoteWorkout], now: datetime) -> LedgerRow:
    if any(in_place(row, remote) for remote in listed):
        return replace(row, missing_since=None, gone=False)
    since = row.missing_since or now
    return replace(row, missing_since=since, gone=now - since >= BELIEVED_AFTER)
