"""Whose a listed workout is: this installation's, another one's, or the athlete's own copy.

A workout is ours by the id that the ledger remembers. A mark alone proves little: it goes along when
the athlete copies a workout or shares it with a friend, and a second installation writes the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey, RemoteWorkout

_IN_FLIGHT = frozenset({LedgerState.INTENDED, LedgerState.REMOVING})


@dataclass(frozen=True, slots=True)
class Installation:
    """What tells this installation from others.

    `taken_over`: the nonces of earlier ones that it replaces. `sent`: every version that it was ever
    about to send, of the sessions in question. `takes_all`: the athlete said that what others have
    written is this one's. `is_new`: nothing whole was ever delivered, with a new or a lost database.
    """

    nonce: str = ""
    taken_over: frozenset[str] = frozenset()
    sent: frozenset[OwnerKey] = frozenset()
    takes_all: bool = False
    is_new: bool = False

    def wrote(self, key: OwnerKey) -> bool:
        """Whether this one wrote it, or may have, before there were nonces."""
        return self.takes_all or key.nonce in ("", self.nonce) or key.nonce in self.taken_over

    def takes(self, key: OwnerKey) -> bool:
        """Whether its mark alone makes it ours."""
        return self.is_new or (self.takes_all and key.nonce != self.nonce)

    def never_sent(self, key: OwnerKey) -> bool:
        """Whether it bears our nonce and a version that we do not know: there is a second copy of us."""
        trusting = self.takes_all or self.is_new  # a restored database knows less than was sent
        return not trusting and key.nonce == self.nonce != "" and key not in self.sent


@dataclass(frozen=True, slots=True)
class ToldApart:
    """A listing, sorted by owner.

    `others`: written by another installation. `second_copy`: written by another living copy of this
    one. `copies`: the athlete's own copies of our workouts.
    """

    ours: tuple[RemoteWorkout, ...] = ()
    others: tuple[RemoteWorkout, ...] = ()
    second_copy: tuple[RemoteWorkout, ...] = ()
    copies: tuple[RemoteWorkout, ...] = ()


def tell_apart(
    listed: Sequence[RemoteWorkout], ledger: Sequence[LedgerRow], installation: Installation
) -> ToldApart:
    """Sort a listing by owner.

    While the installation is new, a mark that is not another's is enough, for one workout of each content:
    what else is exactly like it may be the athlete's copy, and is left alone.
    """
    rows = {row.key.identity: row for row in ledger}
    shown = frozenset(remote.remote_id for remote in listed)
    first = _first_of_each(listed)
    ours, others, second_copy, copies = [], [], [], []
    for remote in listed:
        if remote.key is None:
            ours.append(remote)  # known by its id, or nobody's
        elif not installation.wrote(remote.key):
            others.append(remote)
        elif installation.never_sent(remote.key):
            second_copy.append(remote)
        elif _is_ours(remote, rows.get(remote.key.identity), shown) or (
            installation.takes(remote.key) and remote.workout_id == first[_content(remote.key)]
        ):
            ours.append(remote)
        else:
            copies.append(remote)
    return ToldApart(tuple(ours), tuple(others), tuple(second_copy), tuple(copies))


def _first_of_each(listed: Sequence[RemoteWorkout]) -> dict[tuple[str, str, str], str]:
    """The workout that was made first of those with one mark: a copy cannot be told from it otherwise."""
    numbers: dict[tuple[str, str, str], list[str]] = {}
    for remote in listed:
        if remote.key is not None:
            numbers.setdefault(_content(remote.key), []).append(remote.workout_id)
    return {content: min(made, key=lambda number: (len(number), number)) for content, made in numbers.items()}


def _content(key: OwnerKey) -> tuple[str, str, str]:
    return (*key.identity, key.version)


def is_of(row: LedgerRow, remote: RemoteWorkout) -> bool:
    """Whether it is the entry of that row, or another entry of the same workout."""
    known = row.remote_id
    if known is None or remote.remote_id == known:
        return known is not None
    workout = remote.workout_id
    return bool(workout) and known.partition(".")[0] == workout


def _is_ours(remote: RemoteWorkout, row: LedgerRow | None, shown: frozenset[str]) -> bool:
    if remote.made_here or row is None:
        return remote.made_here
    if row.remote_id is None:  # on its way when the answer never came; or taken for removed
        intended = remote.key is not None and remote.key.version == row.key.version
        return row.state is LedgerState.RELEASED or (row.state is LedgerState.INTENDED and intended)
    if remote.remote_id == row.remote_id:
        return True
    if row.remote_id in shown:
        return False
    return is_of(row, remote) or row.state in _IN_FLIGHT
