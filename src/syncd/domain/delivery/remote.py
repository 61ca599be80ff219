"""What we know of our workouts elsewhere: keys, listings, ledger rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

_MARKER = re.compile(
    r"syncd:(?P<athlete>[\w.-]{1,40}):(?P<session>\d{4}w\d{2}-\d{1,2}):(?P<version>[0-9a-f]{12})"
    r"(?::(?P<nonce>[0-9a-f]{8})(?![0-9a-f]))?"
)


@dataclass(frozen=True, slots=True)
class OwnerKey:
    """Whose workout this is, which session, and which version of its content.

    `nonce` names the installation that wrote it, "" from before installations had one: keys that
    differ in it alone are equal, so that nothing is written anew for it.
    """

    athlete: str
    session: str
    version: str
    nonce: str = field(default="", compare=False)

    @property
    def marker(self) -> str:
        """`syncd:me:2026w12-3:0a1b2c3d4e5f:8e2f61c0`, carried by everything that we create."""
        written_by = f":{self.nonce}" if self.nonce else ""
        return f"syncd:{self.athlete}:{self.session}:{self.version}{written_by}"

    @property
    def identity(self) -> tuple[str, str]:
        """Athlete and session: what stays the same from version to version."""
        return (self.athlete, self.session)

    @property
    def tag(self) -> str:
        """The short mark of the session: `w12-3`."""
        return self.session[4:]


def find_key(text: str) -> OwnerKey | None:
    """The key in `text`; None when there is none, or more than one (ambiguous is not ours)."""
    found = {match.groups(default="") for match in _MARKER.finditer(text)}
    return OwnerKey(*found.pop()) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class RemoteWorkout:
    """A workout with our mark, or one that the ledger knows, as the sink lists it.

    `day` None: in the library, on no day. `intact` is False when somebody changed it after us: then
    it is theirs now. `title` is its name there, for people, "" where the listing has none.
    `workout_id` names what lies behind it where a service keeps content and days apart: two entries
    of one workout have the same. `made_here`: the sink itself knows that this was our request.
    """

    remote_id: str
    day: date | None
    key: OwnerKey | None
    intact: bool = True
    title: str = ""
    workout_id: str = ""
    made_here: bool = False


class LedgerState(StrEnum):
    """`intended` is written before the request, `done` after its reply."""

    INTENDED = "intended"
    DONE = "done"
    REMOVING = "removing"
    RELEASED = "released"  # the athlete took it over or removed it: never touched again
    REJECTED = "rejected"  # refused by the service: never sent again unchanged


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One workout that we put, or are about to put, on a sink.

    `missing_since` is the first complete listing that did not show it where we put it; `gone`
    says that a second one, late enough, did not either (`observation.observe` sets both).
    `fingerprint` is that of the labels it has there, None when that was never kept.
    """

    key: OwnerKey
    day: date
    state: LedgerState
    remote_id: str | None = None
    missing_since: datetime | None = None
    gone: bool = False
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Desired:
    """One workout that must be on the sink: the content behind `key.version`, on `day`.

    It stays up to the day `until`: its own day, unless a grace window keeps it longer. `title` is
    its name there, `fingerprint` that of its labels.
    """

    key: OwnerKey
    day: date
    title: str
    until: date | None = None
    fingerprint: str | None = None
