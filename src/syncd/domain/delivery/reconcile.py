"""From what must be on the watch, what is there and what we remember, to what is to be done.

Nothing is removed or updated that does not carry our unambiguous key or the id of our ledger;
nothing at all of a session that the athlete has taken over. Once the actions are carried out,
there are none left to do; an interruption anywhere in between is made good by the next sync.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.day_text import day_text
from syncd.domain.delivery.actions import Action, Adopt, Forget, Put, Release, Remove, Update, running_order
from syncd.domain.delivery.observation import in_place, was_there
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey, RemoteWorkout

_REMEMBERED = timedelta(days=90)  # our default: longer than any listing goes back
_LISTED_AGAIN = timedelta(days=2)  # our default: no listing lags so long
_UNSETTLED = frozenset({LedgerState.INTENDED, LedgerState.REMOVING})


@dataclass(frozen=True, slots=True)
class _Case:
    """All there is to know about one session on one sink."""

    want: Desired | None
    row: LedgerRow | None
    copies: tuple[RemoteWorkout, ...]
    today: date
    consumes: bool
    updates: bool
    relabel_from: date
    is_over: bool = False
    carried: bool = True

    @property
    def may_begin(self) -> bool:
        """A grace window keeps what is there; it never puts something on a past day."""
        return self.want is not None and self.want.day >= self.today

    def has_other_labels(self, want: Desired) -> bool:
        """Whether its labels there say something else, and its day is far enough away to change them."""
        written = self.row.fingerprint if self.row is not None else None
        return None not in (written, want.fingerprint) and written != want.fingerprint and self.may_relabel

    @property
    def may_relabel(self) -> bool:
        """Not for a run that is near, nor for one that is over."""
        return self.want is not None and self.want.day >= max(self.relabel_from, self.today)

    def version_of(self, remote: RemoteWorkout) -> str | None:
        """The version a listed workout has, None when that is not known."""
        if remote.key is not None:
            return remote.key.version
        return self.row.key.version if self.row and self.row.state is LedgerState.DONE else None


def reconcile(
    desired: Sequence[Desired],
    listed: Sequence[RemoteWorkout],
    ledger: Sequence[LedgerRow],
    *,
    today: date,
    consumes: bool = False,
    updates_in_place: bool = True,
    relabel_from: date = date.min,
    over: Collection[str] = (),
    refused: Collection[str] = (),
) -> tuple[Action, ...]:
    """The actions, in the order in which they must run.

    `desired` is everything that must be there, today's done session included: the rest of ours
    goes. `listed` is complete and holds what is ours (`ownership.tell_apart`); `ledger` comes from
    `observe`. `consumes` and `updates_in_place` are the sink's capabilities. On days before
    `relabel_from` nothing is written for labels alone. `over`: sessions that were run and may go, also
    from where the athlete put them. `refused`: sessions that are desired and that the sink cannot
    carry: an earlier version of them goes too. Raises ValueError when a session is desired twice.
    """
    wanted = {want.key.identity: want for want in desired if (want.until or want.day) >= today}
    if len({want.key.identity for want in desired}) != len(desired):
        raise ValueError("a session is desired twice")
    rows = {row.key.identity: row for row in ledger}
    copies = _by_session(listed, ledger)
    actions: list[Action] = []
    for identity in sorted({*wanted, *rows, *copies}):
        case = _Case(
            want=wanted.get(identity),
            row=rows.get(identity),
            copies=tuple(copies.get(identity, ())),
            today=today,
            consumes=consumes,
            updates=updates_in_place,
            relabel_from=relabel_from,
            is_over=identity[1] in over,
            carried=identity[1] not in refused,
        )
        actions.extend(_settle(case))
    return tuple(sorted(actions, key=running_order))


def _by_session(
    listed: Iterable[RemoteWorkout], ledger: Iterable[LedgerRow]
) -> dict[tuple[str, str], list[RemoteWorkout]]:
    """Whose is what: by its mark, else by the id that the ledger knows; anything else is not ours."""
    by_id = {row.remote_id: row.key for row in ledger if row.remote_id is not None}
    out: dict[tuple[str, str], list[RemoteWorkout]] = {}
    for remote in listed:
        key = remote.key or by_id.get(remote.remote_id)
        if key is not None:
            out.setdefault(key.identity, []).append(remote)
    return out


def _settle(case: _Case) -> tuple[Action, ...]:
    row, want = case.row, case.want
    if row is not None and row.state is LedgerState.RELEASED:
        return _released(case, row)
    edited = next((remote for remote in case.copies if not remote.intact), None)
    if edited is not None:
        return _left_to_the_athlete(case, edited)
    if row is not None and row.gone and (row.day >= case.today or case.copies):
        return (_taken(case, row),)
    if _in_doubt(case):
        return ()
    if want is not None and not case.carried:
        return _uncarried(case, want)
    if want is None:
        return _unwanted(case)
    if row is not None and row.state is LedgerState.REJECTED and (row.key, row.day) == (want.key, want.day):
        return ()
    survivor = _survivor(case, want)
    if survivor is None:
        return _absent(case, want)
    spare = tuple(
        Remove(remote, remote.key or want.key, "a second copy", spare=True)
        for remote in case.copies
        if remote is not survivor
    )
    return (*spare, *_present(case, want, survivor))


def _uncarried(case: _Case, want: Desired) -> tuple[Action, ...]:
    """Nothing is better on its day than an older workout that the plan no longer has."""
    if case.copies and any(case.version_of(remote) != want.key.version for remote in case.copies):
        return _removals(case, "its new workout cannot be carried")
    return ()


def _released(case: _Case, row: LedgerRow) -> tuple[Action, ...]:
    kept = next((remote for remote in case.copies if remote.remote_id == row.remote_id), None)
    if case.is_over and kept is not None and kept.intact:
        return (Remove(kept, row.key, "it was run"),)
    if case.is_over and not case.copies and row.day < case.today - _LISTED_AGAIN:
        return (Forget(row, "it was run, and is there no more"),)
    if case.want is None and not case.copies and row.day < case.today - _REMEMBERED:
        return (Forget(row, "long past"),)
    return ()


def _left_to_the_athlete(case: _Case, edited: RemoteWorkout) -> tuple[Action, ...]:
    if case.row is not None:
        return (Release(case.row.key, case.row.day, edited, "changed by hand: left as it is"),)
    if case.want is not None:
        return (Release(case.want.key, case.want.day, edited, "changed by hand: left as it is"),)
    return ()


def _taken(case: _Case, row: LedgerRow) -> Release:
    moved = next((remote for remote in case.copies if remote.day is not None), None)
    if moved is None or moved.day is None:
        return Release(row.key, row.day, None, "removed by hand: not put back")
    return Release(row.key, row.day, moved, f"moved by hand to {day_text(moved.day)}: left there")


def _in_doubt(case: _Case) -> bool:
    """There, but not where we put it: moved by the athlete, or a listing that lags. The next one decides."""
    row = case.row
    if row is None or row.state is not LedgerState.DONE or case.consumes:
        return False
    return bool(case.copies) and not any(in_place(row, remote) for remote in case.copies)


def _unwanted(case: _Case) -> tuple[Action, ...]:
    row = case.row
    if case.copies:
        return _removals(case)
    if row is None:
        return ()
    if was_there(row) and not (case.consumes or row.gone or row.day < case.today - _REMEMBERED):
        return ()  # a listing that lags may show it again, then without a mark
    return (Forget(row, "not there and not planned any more"),)


def _removals(case: _Case, why: str = "") -> tuple[Action, ...]:
    known = case.row.remote_id if case.row else None
    first = next((remote for remote in case.copies if remote.remote_id == known), case.copies[0])
    return tuple(
        Remove(remote, _key_of(case, remote), why or _why_removed(case, remote), spare=remote is not first)
        for remote in case.copies
    )


def _why_removed(case: _Case, remote: RemoteWorkout) -> str:
    day = remote.day or (case.row.day if case.row else None)
    return "its day is over" if day is not None and day < case.today else "no longer planned"


def _key_of(case: _Case, remote: RemoteWorkout) -> OwnerKey:
    if remote.key is not None:
        return remote.key
    if case.row is None:
        raise ValueError(f"{remote.remote_id} has neither a mark nor a ledger row")
    return case.row.key


def _survivor(case: _Case, want: Desired) -> RemoteWorkout | None:
    """The copy to keep: the one that is right already, else the ledger's, else the nearest."""

    def rank(remote: RemoteWorkout) -> tuple[bool, bool, bool, bool, str]:
        same_version = case.version_of(remote) == want.key.version
        return (
            not (same_version and remote.day == want.day),
            case.row is None or remote.remote_id != case.row.remote_id,
            not same_version,
            remote.day is None,
            remote.remote_id,
        )

    return min(case.copies, key=rank, default=None)


def _present(case: _Case, want: Desired, remote: RemoteWorkout) -> tuple[Action, ...]:
    row = case.row
    if case.version_of(remote) == want.key.version and remote.day == want.day:
        if case.has_other_labels(want):
            return _relabelled(case, want, remote)
        known = row is not None and row.state is LedgerState.DONE and row.remote_id == remote.remote_id
        if known and row is not None and (row.key, row.day) == (want.key, want.day):
            return ()
        kept = want if row is None or row.fingerprint is None else replace(want, fingerprint=row.fingerprint)
        return (Adopt(remote, kept, "there already, as wanted"),)
    if not case.may_begin:
        return ()
    why = _difference(case, want, remote)
    if case.updates:
        return (Update(remote, want, why),)
    return (Remove(remote, _key_of(case, remote), f"replaced: {why}"), Put(want, why))


def _relabelled(case: _Case, want: Desired, remote: RemoteWorkout) -> tuple[Action, ...]:
    why = "its name or note has changed"
    if case.updates:
        return (Update(remote, want, why, labels_only=True),)
    return (Remove(remote, _key_of(case, remote), f"replaced: {why}"), Put(want, why))


def _difference(case: _Case, want: Desired, remote: RemoteWorkout) -> str:
    if remote.day is None:
        return "created, but on no day yet"
    moved = f"moved from {day_text(remote.day)}" if remote.day != want.day else ""
    changed = "its workout changed" if case.version_of(remote) != want.key.version else ""
    return " and ".join(filter(None, (moved, changed)))


def _absent(case: _Case, want: Desired) -> tuple[Action, ...]:
    if not case.may_begin:
        return ()
    row = case.row
    if row is None:
        return (Put(want, "not on the watch yet"),)
    if row.state is LedgerState.DONE:
        if case.consumes and row.key.version != want.key.version:
            return (Put(want, "changed after the watch took the earlier version"),)
        return ()  # taken by the watch; or removed by the athlete, which the next listing shows
    if row.state is LedgerState.INTENDED and row.remote_id is not None and not case.consumes:
        return ()
    why = "begun, but never arrived" if row.state in _UNSETTLED else "changed since it was refused"
    return (Put(want, why),)
