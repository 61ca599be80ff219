"""A workout as a file: its name, its bytes, and how to recognise them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

from syncd.connectors.folder.index import Written, sha256_of
from syncd.domain.delivery.labels import watch_name
from syncd.domain.delivery.remote import OwnerKey, find_key
from syncd.domain.notation import format_workout
from syncd.domain.session import week_of
from syncd.domain.workout import Workout
from syncd.formats.fit.workout import MAX_TEXT_BYTES, WorkoutFile, encode_workout, read_workout

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}) (w\d{2}-\d{1,2})(?: .*)?\.fit")
_TITLE_LENGTH = 48  # our default: fits a directory listing, and every file system
_PLAIN = str.maketrans({"×": "x", "–": "-", "—": "-", "/": "-"})
_WEEK_S = 7 * 24 * 3600


def file_name(day: date, title: str, key: OwnerKey) -> str:
    """`2026-03-17 w12-2 3x8min HM.fit`: ASCII, valid on FAT, the same for the same arguments."""
    bare = title.removesuffix(f" [{key.tag}]").translate(_PLAIN)
    ascii_only = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    text = re.sub(r"[^A-Za-z0-9.,+_()-]+", " ", ascii_only)[:_TITLE_LENGTH].strip(" .")
    return " ".join(filter(None, (day.isoformat(), key.tag, text))) + ".fit"


def encoded(workout: Workout, key: OwnerKey) -> bytes:
    """The FIT file: same workout and key, same bytes. Raises WorkoutError."""
    return encode_workout(
        workout.named(watch_name(workout.name, key)),
        description=_description(workout, key),
        serial=1 + int(_digest(key)[:8], 16) % 0xFFFF_FFFE,  # 0 and all ones mean "none" in FIT
        created=_created(key),
    )


def recognised(athlete: str, name: str, content: bytes) -> Written | None:
    """What a file says of itself, without an index: ours if name, marker and content agree."""
    named = _NAME.fullmatch(name)
    parsed = read_workout(content)
    if named is None or not isinstance(parsed, WorkoutFile):
        return None
    key = find_key(parsed.description)
    if key is None or (key.athlete, key.tag) != (athlete, named[2]):
        return None
    if parsed.workout.content_hash != key.version:
        return None
    return Written(sha256_of(content), key, date.fromisoformat(named[1]))


def _description(workout: Workout, key: OwnerKey) -> str:
    """The notation for people, then the marker, whose room is never used for anything else."""
    room = MAX_TEXT_BYTES - len(key.marker) - 1
    notation = format_workout(workout)
    if len(notation) > room:
        notation = notation[: room - 3] + "..."
    return f"{notation} {key.marker}"


def _created(key: OwnerKey) -> datetime:
    """A moment in the session's week: watches tell files apart by serial number and time."""
    seconds = int(_digest(key)[8:16], 16) % _WEEK_S
    return datetime.combine(week_of(key.session), time(), UTC) + timedelta(seconds=seconds)


def _digest(key: OwnerKey) -> str:
    return hashlib.sha256(key.marker.encode()).hexdigest()
