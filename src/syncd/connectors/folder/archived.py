"""Archives in the inbox: what is in them is listed once, and read like the files beside them.

Opening every archive in every sync would be dear: what was in each is remembered by its size and time of
change.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from syncd.connectors.base import ActivityRef, ConnectorError, Foreign, RawActivity, Rejected, Unavailable
from syncd.connectors.exports import ExportedComment, ExportSource
from syncd.connectors.exports.entries import name_text, without_name
from syncd.connectors.exports.source import ARCHIVE
from syncd.durable import private_folder, write_whole
from syncd.formats.reading import NONSENSE, place_of
from syncd.formats.sports import Sport

INDEX = "archives.json"
_SCHEMA = "syncd.inbox-archives/1"
_MOST_TRIES = 2
_SET_ASIDE = "set aside: syncd ended while opening it, more than once; tried again after the next update"
_EMPTY = "zip archive without a recording"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """An archive in the inbox. `name` is its path below the inbox, `fingerprint` size and time of change."""

    name: str
    path: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Listing:
    """What was in an archive: the kind of export, and name and fingerprint of each recording.

    `fault` says why it could not be opened, `passes` whether that may be otherwise in the next sync.
    `tries`: how often it was begun to be opened, and nobody knows how that ended; 0 where it is known.
    """

    fingerprint: str
    kind: str = ARCHIVE
    entries: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    passes: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reference of ours leads."""

    archive: ArchivedFile
    ref: ActivityRef | None  # in the archive; None for the archive itself


class InboxArchives:
    """The archives of one inbox. `state` is where their lists are kept and inner archives are unpacked."""

    def __init__(self, source: str, state: Path | None) -> None:
        self._source, self._state = source, state
        self._known: dict[str, _Listing] = {}
        self._loaded = state is None
        self._places: dict[str, _Place] = {}
        self._open: tuple[ArchivedFile, ExportSource, list[ActivityRef]] | None = None
        self._is_read = False
        self._remarks: list[str] = []
        self.ignored: list[str] = []  # in the archives that were listed anew

    def refs(self, archives: list[ArchivedFile]) -> Iterator[ActivityRef]:
        """The recordings in them; an archive without one, or that cannot be opened, stands for itself."""
        self._load()
        self._places, self._remarks, self.ignored = {}, [], []
        listings = {archive.name: self._listing(archive) for archive in archives}
        if listings != self._known:
            self._known = listings
            self._save()
        for archive in archives:
            yield from self._refs_in(archive, listings[archive.name])

    def holds(self, ref: ActivityRef) -> bool:
        """Whether a reference leads into an archive."""
        return ref.remote_id in self._places

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The bytes, unpacked. Raises ConnectorError."""
        place = self._places[ref.remote_id]
        if place.ref is None:
            listing = self._known[place.archive.name]
            if listing.passes:
                raise Unavailable(listing.fault)
            raise Rejected(listing.fault) if listing.fault else Foreign(_EMPTY)
        export = self._opened(place.archive)
        self._is_read = True
        return replace(export.fetch(place.ref), ref=ref)

    def comment_of(self, ref: ActivityRef, start: datetime) -> ExportedComment:
        """The comment on a recording, where the archive is the export of a service."""
        found = self._at(ref)
        return ExportedComment() if found is None else found[0].comment_of(found[1], start)

    def sport_of(self, ref: ActivityRef, start: datetime) -> Sport | None:
        """What the service calls it; None where the archive says nothing."""
        found = self._at(ref)
        return None if found is None else found[0].sport_of(found[1], start)

    def remarks(self) -> tuple[str, ...]:
        """What those that were read say of what they do not hold. Lets go of the files."""
        self._close()
        return tuple(self._remarks)

    def _at(self, ref: ActivityRef) -> tuple[ExportSource, ActivityRef] | None:
        """The export that a reference leads into, as long as it can be opened."""
        place = self._places.get(ref.remote_id)
        if place is None or place.ref is None:
            return None
        try:
            return self._opened(place.archive), place.ref
        except ConnectorError:
            return None

    def _refs_in(self, archive: ArchivedFile, listing: _Listing) -> Iterator[ActivityRef]:
        for name, fingerprint in listing.entries:
            remote_id = f"{archive.name}/{name}" if listing.kind == ARCHIVE else f"{listing.kind}:{name}"
            inner = ActivityRef(listing.kind, name, fingerprint, name.rpartition("/")[2])
            self._places[remote_id] = _Place(archive, inner)
            shown = remote_id if listing.kind == ARCHIVE else inner.name
            yield ActivityRef(self._source, remote_id, fingerprint, name_text(shown))
        if not listing.entries:
            self._places[archive.name] = _Place(archive, None)
            yield ActivityRef(self._source, archive.name, archive.fingerprint, name_text(archive.name))

    def _listing(self, archive: ArchivedFile) -> _Listing:
        known = self._known.get(archive.name)
        tries = 0
        if known is not None and known.fingerprint == archive.fingerprint:
            if not known.tries:
                return known
            if known.tries >= _MOST_TRIES:
                return replace(known, fault=_SET_ASIDE)
            tries = known.tries
        before = self._known
        self._note(archive.name, _Listing(archive.fingerprint, tries=tries + 1))
        try:
            export = self._opened(archive)
        except (Rejected, Unavailable) as error:
            fault = without_name(str(error), archive.name)
            return _Listing(archive.fingerprint, fault=fault, passes=isinstance(error, Unavailable))
        except NONSENSE as error:
            return _Listing(archive.fingerprint, fault=f"it cannot be opened ({place_of(error)})")
        except BaseException:  # an order to stop is no fault of the archive
            self._known = before
            self._save()
            raise
        refs = self._open[2] if self._open else []
        self.ignored += [f"{archive.name}/{name}" for name in export.ignored()]
        if self._state is not None and export.name == ARCHIVE and export.ignored():  # an import counts them
            self._remarks.append(f"{archive.name}: {_left_text(export.ignored())}")
        return _Listing(
            archive.fingerprint, export.name, tuple((ref.remote_id, ref.fingerprint) for ref in refs)
        )

    def _note(self, name: str, listing: _Listing) -> None:
        """On disk before it is opened: where that ends the whole process, the next one knows."""
        self._known = {**self._known, name: listing}
        self._save()

    def _opened(self, archive: ArchivedFile) -> ExportSource:
        """Open and listed to the end; the one before it is closed. Raises Unavailable and Rejected."""
        if self._open is None or self._open[0] != archive:
            self._close()
            if self._state is not None:
                private_folder(self._state)
            export = ExportSource(Path(archive.path), scratch=self._state)
            try:
                _require_unchanged(archive)
                self._open = (archive, export, list(export.list_since("")))
            except BaseException:
                export.close()
                raise
        return self._open[1]

    def _close(self) -> None:
        if self._open is not None:
            archive, export, _ = self._open
            if self._is_read:
                self._remarks += [f"{archive.name}: {sentence}" for sentence in export.remarks()]
            export.close()
        self._open, self._is_read = None, False

    def _load(self) -> None:
        if self._loaded or self._state is None:
            return
        self._loaded = True
        try:
            self._known = _parsed(json.loads((self._state / INDEX).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._known = {}

    def _save(self) -> None:
        if self._state is None:
            return
        body = {
            "schema": _SCHEMA,
            "version": version("syncd"),
            "archives": {
                name: {
                    "fingerprint": listing.fingerprint,
                    "kind": listing.kind,
                    "entries": listing.entries,
                    "fault": listing.fault,
                    "tries": listing.tries,
                }
                for name, listing in sorted(self._known.items())
                if not listing.passes
            },
        }
        try:
            private_folder(self._state)
            write_whole(self._state / INDEX, json.dumps(body).encode())
        except OSError:
            return  # it only saves time


def _require_unchanged(archive: ArchivedFile) -> None:
    """Raises Unavailable where it is another one than was listed."""
    status = Path(archive.path).stat()
    if f"{status.st_size}-{status.st_mtime_ns}" != archive.fingerprint:
        raise Unavailable("still being written; the next sync reads it")


def _parsed(body: Any) -> dict[str, _Listing]:
    if body["schema"] != _SCHEMA:
        return {}
    is_ours = body.get("version") == version("syncd")  # another version tries everything anew
    return {
        str(name): _Listing(
            str(told["fingerprint"]),
            str(told["kind"]),
            tuple((str(entry), str(fingerprint)) for entry, fingerprint in told["entries"]),
            str(told["fault"]),
            tries=int(told.get("tries", 0)),
        )
        for name, told in body["archives"].items()
        if is_ours or not told.get("tries")
    }


def _left_text(names: tuple[str, ...]) -> str:
    """`3 files in it are no recordings (jpg 2, txt 1)`."""
    endings = Counter(name.rpartition("/")[2].rpartition(".")[2].lower()[:12] for name in names)
    by_ending = ", ".join(f"{ending} {count}" for ending, count in endings.most_common(5))
    files = (
        "1 file in it is no recording" if len(names) == 1 else f"{len(names)} files in it are no recordings"
    )
    return f"{files} ({by_ending})"
