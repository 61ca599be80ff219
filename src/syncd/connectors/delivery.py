"""Carrying out what `reconcile` decided: the intent first, then the request, then a check of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syncd.connectors.base import (
    AuthRequired,
    ConnectorError,
    Mismatch,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    WorkoutSink,
)
from syncd.domain.delivery.actions import Action, Adopt, Forget, Put, Release, Remove, Update
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey
from syncd.domain.notation import format_workout
from syncd.domain.progress import UNWATCHED, Watching
from syncd.domain.workout import Workout
from syncd.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An action that did not end well, and what the sink said."""

    action: Action
    error: ConnectorError


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of the actions: done, failed for certain, or not known until the next listing."""

    done: tuple[Action, ...] = ()
    failed: tuple[Undelivered, ...] = ()
    unknown: tuple[Undelivered, ...] = ()


def deliver(
    sink: WorkoutSink,
    ledger: Ledger,
    actions: Sequence[Action],
    workouts: Mapping[OwnerKey, Workout],
    now: datetime,
    watching: Watching = UNWATCHED,
) -> DeliveryReport:
    """Carry out the actions in their order; `workouts` has the concrete workout behind each key.

    A failed action is reported and the rest goes on, with two exceptions: after AuthRequired or
    RateLimited nothing more is sent in this sync, and a replacement is not put when the removal
    before it was not confirmed. Never call it inside a transaction: the intents must be on disk.
    Raises KeyError before anything is sent when a workout is missing.
    """
    for action in actions:
        if isinstance(action, Put | Update | Adopt):
            workouts[action.want.key]
    run = _Run(sink, ledger, workouts, now)
    for action in watching.over(actions, "workouts", len(actions)):
        run.attempt(action)
    return DeliveryReport(tuple(run.done), tuple(run.failed), tuple(run.unknown))


@dataclass(slots=True)
class _Run:
    sink: WorkoutSink
    ledger: Ledger
    workouts: Mapping[OwnerKey, Workout]
    now: datetime
    done: list[Action] = field(default_factory=list)
    failed: list[Undelivered] = field(default_factory=list)
    unknown: list[Undelivered] = field(default_factory=list)
    halted: ConnectorError | None = None
    unconfirmed: set[tuple[str, str]] = field(default_factory=set)

    def attempt(self, action: Action) -> None:
        """Carry out one action, and sort it by its end."""
        try:
            self._carry_out(action)
        except OutcomeUnknown as error:
            self._not_confirmed(action)
            self.unknown.append(Undelivered(action, error))
        except ConnectorError as error:
            self._not_confirmed(action)
            if isinstance(error, AuthRequired | RateLimited):
                self.halted = error
            if isinstance(error, Rejected) and not isinstance(error, Mismatch):
                self._remember_refusal(action)
            self.failed.append(Undelivered(action, error))
        else:
            self.done.append(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case Forget(row):
                self.ledger.forget(self.sink.name, row.key, self.now)
            case Release():
                self._release(action)
            case _ if self.halted is not None:
                raise self.halted
            case Adopt(remote, want):
                self._confirm(want, remote.remote_id)
            case Remove():
                self._remove(action)
            case Update(remote, want, labels_only=True):
                # What the ledger says of it stays true throughout: after a kill it is done again.
                workout = self._workout(want)
                self._confirm(want, self.sink.update(remote.remote_id, want.day, workout, want.key))
            case Update(remote, want):
                # On no day it is what a broken sync left, perhaps in the middle of removing it: if it
                # went, that was us, and not the athlete.
                before = remote.remote_id if remote.day is not None else None
                self.ledger.intend(self.sink.name, want.key, want.day, self.now, before)
                workout = self._workout(want)
                self._confirm(want, self.sink.update(remote.remote_id, want.day, workout, want.key))
            case Put(want):
                if want.key.identity in self.unconfirmed:
                    raise Unavailable(
                        "the version before it is not confirmed to be gone; the next sync checks"
                    )
                self.ledger.intend(self.sink.name, want.key, want.day, self.now, fingerprint=want.fingerprint)
                self._confirm(want, self.sink.put(want.day, self._workout(want), want.key))

    def _remove(self, action: Remove) -> None:
        if action.spare:
            self.sink.remove(action.remote.remote_id)
            return
        self.ledger.removing(self.sink.name, action.key, self.now)
        self.sink.remove(action.remote.remote_id)
        self.ledger.forget(self.sink.name, action.key, self.now)

    def _release(self, action: Release) -> None:
        remote = action.remote
        self.ledger.release(
            self.sink.name,
            action.key,
            remote.day if remote and remote.day else action.day,  # where the athlete put it
            remote.remote_id if remote else None,
            self.now,
            as_put=remote is not None and remote.intact,
        )

    def _confirm(self, want: Desired, remote_id: str) -> None:
        """Check what the sink kept. Until then the row stays an intent, and the next sync checks again."""
        kept = self.sink.read_back(remote_id)
        self.ledger.done(self.sink.name, want.key, want.day, remote_id, kept, self.now, want.fingerprint)
        sent = self.workouts[want.key]
        if kept.content_hash != sent.content_hash:
            raise Mismatch(
                f"{want.title} on {want.day} is not on {self.sink.name} as it was sent: "
                f"sent {format_workout(sent)}, kept {format_workout(kept)}"
            )

    def _workout(self, want: Desired) -> Workout:
        return self.workouts[want.key].named(want.title)

    def _not_confirmed(self, action: Action) -> None:
        if isinstance(action, Remove):
            self.unconfirmed.add(action.key.identity)

    def _remember_refusal(self, action: Action) -> None:
        """A refused request is never sent again unchanged."""
        match action:
            case Put(want):
                self.ledger.reject(self.sink.name, want.key, want.day, None, self.now)
            case Update(_, want, labels_only=True):
                kept = LedgerRow(want.key, want.day, LedgerState.DONE, fingerprint=want.fingerprint)
                self.ledger.note_fingerprints(self.sink.name, [kept])
            case Update(remote, want):
                self.ledger.reject(self.sink.name, want.key, want.day, remote.remote_id, self.now)
            case Remove(remote, key) if not action.spare and remote.day is not None:
                self.ledger.release(self.sink.name, key, remote.day, remote.remote_id, self.now, as_put=True)
            case _:
                return
