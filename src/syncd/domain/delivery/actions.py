"""What can be done about the workouts on a sink. Each action says why, and can be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syncd.domain.delivery.remote import Desired, LedgerRow, OwnerKey, RemoteWorkout


@dataclass(frozen=True, slots=True)
class Put:
    """Create it and schedule it."""

    want: Desired
    why: str


@dataclass(frozen=True, slots=True)
class Update:
    """Give a workout that is there another content or day. `labels_only`: only its texts change."""

    remote: RemoteWorkout
    want: Desired
    why: str
    labels_only: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a workout away. `spare`: a second copy; the ledger keeps the first one."""

    remote: RemoteWorkout
    key: OwnerKey
    why: str
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Adopt:
    """It is there already, as wanted: only the ledger did not have it."""

    remote: RemoteWorkout
    want: Desired
    why: str


@dataclass(frozen=True, slots=True)
class Forget:
    """It is neither there nor wanted: only the ledger still has it."""

    row: LedgerRow
    why: str


@dataclass(frozen=True, slots=True)
class Release:
    """It is the athlete's now: never touched again. `remote` None: they removed it."""

    key: OwnerKey
    day: date
    remote: RemoteWorkout | None
    why: str


Action = Put | Update | Remove | Adopt | Forget | Release

_ORDER: tuple[type[Action], ...] = (Release, Forget, Adopt, Remove, Update, Put)
_VERBS: dict[type[Action], str] = {
    Put: "create",
    Update: "update",
    Remove: "remove",
    Adopt: "adopt",
    Forget: "forget",
    Release: "leave",
}


def session_of(action: Action) -> str:
    """The id of the session it is about."""
    return _key(action).session


def tag_of(action: Action) -> str:
    """The short mark of the session it is about."""
    return _key(action).tag


def day_of(action: Action) -> date | None:
    """The day it is about; None for a workout in the library, on no day."""
    match action:
        case Put(want) | Update(_, want) | Adopt(_, want):
            return want.day
        case Remove(remote):
            return remote.day
        case Forget(row):
            return row.day
        case Release(_, day):
            return day


def title_of(action: Action) -> str:
    """The name of the workout for people, its short mark when nobody knows the name."""
    match action:
        case Put(want) | Update(_, want) | Adopt(_, want):
            return want.title
        case Remove(remote) if remote.title:
            return remote.title
        case _:
            return _key(action).tag


def verb_of(action: Action) -> str:
    """`create`, `update`, `remove`; `adopt`, `forget` and `leave` send nothing that changes the sink."""
    return _VERBS[type(action)]


def describe(action: Action) -> str:
    """One line: `create 2026-03-21 easy 8 km: not on the watch yet`."""
    day = day_of(action)
    return f"{verb_of(action)} {day.isoformat() if day else 'library'} {title_of(action)}: {action.why}"


def running_order(action: Action) -> tuple[int, date, str, str]:
    """The sort key of the order in which actions must run: a removal precedes its replacement."""
    remote = action.remote.remote_id if isinstance(action, Remove | Update) else ""
    return (_ORDER.index(type(action)), day_of(action) or date.min, session_of(action), remote)


def _key(action: Action) -> OwnerKey:
    match action:
        case Put(want) | Update(_, want) | Adopt(_, want):
            return want.key
        case Forget(row):
            return row.key
        case Remove() | Release():
            return action.key
