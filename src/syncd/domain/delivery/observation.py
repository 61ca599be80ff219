"""What readings of a sink say about the ledger: absence needs proof.

A listing that does not show a workout of ours may lag, be incomplete, or belong to somebody else. One
missing workout counts as the athlete's deletion after two whole readings that agree on all the others.
Several are never released by themselves: the athlete is asked, and until then they are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from syncd.domain.delivery.ownership import is_of
from syncd.domain.delivery.remote import LedgerRow, LedgerState, RemoteWorkout

BELIEVED_AFTER = timedelta(minutes=10)  # listings lag, and single reads are unreliable
_SEVERAL = 2  # our default: one may be a deletion, several are asked about

Strangers = frozenset[tuple[date, str]]
"""Day and id of entries that are not ours."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a sink, at `at`, over the days `first` to `last`.

    `whole`: everything that can show our workouts was read for it, nothing came from an earlier look.
    `seen`: the sessions of ours that were where we put them.
    """

    at: datetime
    first: date
    last: date
    seen: frozenset[str] = frozenset()
    strangers: Strangers = frozenset()
    whole: bool = True

    def agrees_on_others(self, earlier: Reading) -> bool:
        """Whether what others have there is as in an earlier reading, on the days of both.

        Up to its own day, more may be there: what was run since.
        """
        first, last = max(self.first, earlier.first), min(self.last, earlier.last)
        now = {entry for entry in self.strangers if first <= entry[0] <= last}
        then = {entry for entry in earlier.strangers if first <= entry[0] <= last}
        return then <= now and all(day <= self.at.date() for day, _ in now - then)


@dataclass(frozen=True, slots=True)
class Observed:
    """The ledger after a reading. `expected` of ours must be there; `missing` of them are not.

    `settled`: several are missing in two whole readings that agree; `proven`: what others have there
    was shown in both, unchanged.
    """

    rows: tuple[LedgerRow, ...]
    reading: Reading
    expected: int = 0
    missing: tuple[LedgerRow, ...] = ()
    settled: bool = False
    proven: bool = False

    @property
    def several(self) -> bool:
        """Too many for a deletion that goes without saying."""
        return len(self.missing) >= _SEVERAL

    @property
    def most(self) -> bool:
        """All or most of ours are not shown: what this listing says is not known."""
        return self.several and 2 * len(self.missing) >= self.expected


def observe(
    ledger: Sequence[LedgerRow],
    listed: Sequence[RemoteWorkout],
    reading: Reading,
    today: date,
    earlier: Sequence[Reading] = (),
    believed: Iterable[str] = (),
) -> Observed:
    """The ledger after a complete listing: `missing_since` and `gone` of each row.

    `listed` is what belongs to us in it, `earlier` the readings before, newest first. `believed`:
    sessions that the athlete says they removed. For services that keep a calendar; a sink that
    consumes what it is given needs no such doubt. `reading.seen` of the result is filled in. Days before
    `today` prove nothing: services drop them, athletes tidy up.
    """
    expected = [row for row in ledger if _is_expected(row, listed, reading)]
    missing = {row.key.identity for row in expected if not _is_shown(row, listed)}
    seen = frozenset(row.key.session for row in expected if row.key.identity not in missing)
    reading = replace(reading, seen=seen)
    ahead = [row for row in expected if row.day >= today]
    lost = sum(row.key.identity in missing for row in ahead)
    doubted = lost >= _SEVERAL or (lost == len(ahead) == 1 and not _speaks_for(reading, ahead[0], earlier))
    # what was missing and is back shows that the readings in between said nothing
    anew = any(row.missing_since is not None and row.key.identity not in missing for row in ahead)
    known = set(believed)
    rows = []
    for row in ledger:
        if row not in expected:
            rows.append(row)
        elif row.key.identity not in missing:
            rows.append(replace(row, missing_since=None, gone=False))
        elif reading.whole:
            since = reading.at if anew or row.missing_since is None else row.missing_since
            alone = not doubted or row.day < today
            gone = (alone and reading.at - since >= BELIEVED_AFTER) or row.key.session in known
            rows.append(replace(row, missing_since=since, gone=gone))
        else:
            rows.append(replace(row, gone=False))
    absent = tuple(row for row in rows if row.key.identity in missing and row.day >= today)
    settled = reading.whole and _is_settled(absent, reading)
    proven = settled and _keeps_strangers(absent, reading, earlier)
    return Observed(tuple(rows), reading, len(ahead), absent, settled, proven)


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


def lacks(ledger: Sequence[LedgerRow], listed: Sequence[RemoteWorkout], reading: Reading) -> bool:
    """Whether anything of ours is not where we put it."""
    return any(_is_expected(row, listed, reading) and not _is_shown(row, listed) for row in ledger)


def _is_expected(row: LedgerRow, listed: Sequence[RemoteWorkout], reading: Reading) -> bool:
    on_these_days = reading.first <= row.day <= reading.last
    return was_there(row) and (on_these_days or any(_same_session(row, remote) for remote in listed))


def _is_shown(row: LedgerRow, listed: Sequence[RemoteWorkout]) -> bool:
    return any(in_place(row, remote) for remote in listed)


def _same_session(row: LedgerRow, remote: RemoteWorkout) -> bool:
    """By its mark, else by the id that we remember."""
    if remote.key is not None:
        return remote.key.identity == row.key.identity
    return is_of(row, remote)


def _speaks_for(reading: Reading, only: LedgerRow, earlier: Sequence[Reading]) -> bool:
    """Whether what others have there is as when the only one of ours was last seen."""
    shown = next((other for other in earlier if only.key.session in other.seen), None)
    return shown is None or reading.agrees_on_others(shown)


def _is_settled(missing: Sequence[LedgerRow], reading: Reading) -> bool:
    """Several, all missing since one and the same earlier reading."""
    since = {row.missing_since for row in missing}
    if len(missing) < _SEVERAL or len(since) != 1:
        return False
    (first,) = since
    return first is not None and reading.at - first >= BELIEVED_AFTER


def _keeps_strangers(missing: Sequence[LedgerRow], reading: Reading, earlier: Sequence[Reading]) -> bool:
    """Whether others' entries are as in the first reading without ours, and in the last one with them.

    A calendar that shows nothing at all is no proof of anything.
    """
    if not (reading.seen or reading.strangers):
        return False
    since = missing[0].missing_since
    if since is None:
        return False
    first = next((other for other in earlier if other.at == since), None)
    before = next((other for other in earlier if other.at < since), None)
    return first is not None and all(
        reading.agrees_on_others(other) for other in (first, before) if other is not None
    )
