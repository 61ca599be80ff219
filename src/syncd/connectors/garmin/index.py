"""What we know of our workouts on Garmin Connect: its calendar shows ids only, never a marker."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from pathlib import Path
from typing import Any

from syncd.domain.delivery.remote import OwnerKey, find_key
from syncd.durable import private_folder, write_whole

_FORMAT = 1
_MOST_ATTEMPTS = 20  # our default: as many as go out in two syncs


class Placement(Enum):
    """How far a session's workout has come on the service, as far as it can be known.

    A request whose answer never came leaves it open what is there: that is on disk before the
    request is made, and the next sync checks before it acts.

    | placement         | in the index           | on the service                     | the next step        |
    |-------------------|------------------------|------------------------------------|----------------------|
    | NOTHING_THERE     | no workout             | no workout of the session          | create it            |
    | PERHAPS_CREATED   | no workout, `pending`  | a workout on no day, or none       | read the library     |
    | ON_NO_DAY         | a workout, no entry    | the workout in the library         | schedule it          |
    | PERHAPS_SCHEDULED | a workout, `unsure`    | the workout, perhaps an entry more | read the calendar    |
    | SCHEDULED         | a workout with entries | the workout on these days          | move it, if at all   |
    """

    NOTHING_THERE = auto()
    PERHAPS_CREATED = auto()
    ON_NO_DAY = auto()
    PERHAPS_SCHEDULED = auto()
    SCHEDULED = auto()


@dataclass(slots=True)
class Known:
    """One workout with our mark: its key and where it is scheduled (schedule id to day).

    `own`: created by a request of ours; otherwise it is known by its mark alone. `made` are the entries
    that we asked for: any other is the athlete's. `updated` is the service's stamp of the content that
    was last compared, "" when it is to be compared. `unsure`: an entry was asked for and the answer
    never came. `text_hash` is a hash of the name and the description it has there, "" when that is not
    known.
    """

    key: OwnerKey
    title: str = ""
    updated: str = ""
    intact: bool = True
    unsure: bool = False
    entries: dict[str, date] = field(default_factory=dict)
    text_hash: str = ""
    own: bool = False
    made: set[str] = field(default_factory=set)

    @property
    def placement(self) -> Placement:
        """How far it has come."""
        if self.unsure:
            return Placement.PERHAPS_SCHEDULED
        return Placement.SCHEDULED if self.entries else Placement.ON_NO_DAY


@dataclass(slots=True)
class Index:
    """By workout id. `library_read_s`: when the library was last read whole (epoch seconds, 0 never).

    `pending`: a workout was sent and the answer never came; `attempts` are the marks of such workouts
    that were not seen since. `strangers`: scheduled workouts that are called like ours and are not.
    `missing`: scheduled ones that the library, just read, lacks; never kept.
    """

    workouts: dict[str, Known] = field(default_factory=dict)
    library_read_s: float = 0.0
    pending: bool = False
    attempts: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    def of_session(self, key: OwnerKey) -> str | None:
        """The id of the session's workout that we created, the lowest where there are several."""
        found = (
            number
            for number, known in self.workouts.items()
            if known.own and known.key.identity == key.identity
        )
        return min(found, key=int, default=None)

    def placement_of(self, key: OwnerKey) -> Placement:
        """How far the session's workout has come."""
        number = self.of_session(key)
        if number is not None:
            return self.workouts[number].placement
        return Placement.PERHAPS_CREATED if self.pending else Placement.NOTHING_THERE

    def save(self, path: Path) -> None:
        """Make the file hold this; on disk when this returns. Raises OSError."""
        private_folder(path.parent)
        whole = {
            "format": _FORMAT,
            "looked_s": self.library_read_s,
            "pending": self.pending,
            "attempts": self.attempts[-_MOST_ATTEMPTS:],
            "strangers": sorted(self.strangers),
            "workouts": {number: _plain(known) for number, known in sorted(self.workouts.items())},
        }
        content = json.dumps(whole, indent=1).encode()
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)

    @classmethod
    def load(cls, path: Path) -> Index:
        """What was kept; empty, so that the library is read, when it is absent or damaged. Raises OSError."""
        try:
            whole = json.loads(path.read_bytes())
            if whole["format"] != _FORMAT:
                return cls()
            workouts = {str(int(number)): _known(plain) for number, plain in whole["workouts"].items()}
            return cls(
                workouts,
                float(whole["looked_s"]),
                bool(whole["pending"]),
                [str(marker) for marker in whole.get("attempts", ())],
                {str(number) for number in whole.get("strangers", ())},
            )
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()


def text_hash_of(name: str, description: str) -> str:
    """A hash of the texts of a workout that people read."""
    return hashlib.sha256(f"{name}\n{description}".encode()).hexdigest()[:16]


def _plain(known: Known) -> dict[str, Any]:
    return {
        "marker": known.key.marker,
        "title": known.title,
        "updated": known.updated,
        "intact": known.intact,
        "unsure": known.unsure,
        "entries": {number: day.isoformat() for number, day in sorted(known.entries.items())},
        "words": known.text_hash,
        "own": known.own,
        "made": sorted(known.made),
    }


def _known(plain: dict[str, Any]) -> Known:
    key = find_key(plain["marker"])
    if key is None:
        raise ValueError("no marker")
    entries = {str(int(number)): date.fromisoformat(day) for number, day in plain["entries"].items()}
    return Known(
        key,
        str(plain["title"]),
        str(plain["updated"]),
        plain["intact"] is True,
        plain["unsure"] is True,
        entries,
        str(plain.get("words", "")),
        plain.get("own", True) is True,  # earlier versions kept only their own
        {str(number) for number in plain.get("made", entries)},
    )
