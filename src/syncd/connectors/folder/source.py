"""Recorded runs from a directory: a watch on a cable, an export, a synchronised folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from syncd.connectors.base import ActivityRef, RawActivity, Rejected, Unavailable
from syncd.connectors.exports import ExportedComment, is_recording
from syncd.connectors.exports.entries import is_archive, name_text
from syncd.connectors.folder.archived import ArchivedFile, InboxArchives
from syncd.connectors.folder.faults import away, faults_of
from syncd.formats.packed import MAX_UNPACKED_BYTES, PackedError, unpacked
from syncd.formats.recording import kind_of
from syncd.formats.sports import Sport

_HALF_WRITTEN = (".part", ".tmp", ".crdownload")


@dataclass(slots=True)
class Skipped:
    """What the last listing left out. `unreadable` names folders that could not be entered."""

    settling: int = 0
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _FolderFile:
    remote_id: str
    path: str
    status: os.stat_result


class FolderSource:
    """Every .fit, .tcx and .gpx (also .gz, also in a .zip) below `inbox` (or that one file), never touched.

    The remote id is the path below the inbox, the fingerprint size and time of change. Files
    that changed less than `settle_s` seconds before `now` are left for the next sync, as are
    hidden ones and those with a name for half-written files. Links are followed once.
    """

    name = "folder"

    def __init__(
        self, inbox: Path, settle_s: float = 5.0, *, now: datetime, state: Path | None = None
    ) -> None:
        """`state`: a folder where what is in archives is remembered between syncs."""
        self._inbox = inbox
        self._archives = InboxArchives(self.name, state)
        self._ignored: list[str] = []
        self._settle_s = settle_s
        self._now_s = now.timestamp()
        self._paths: dict[str, str] = {}  # of names that are not UTF-8, whose id differs
        self.skipped = Skipped()

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:  # noqa: ARG002 - copies may carry old times
        """All of them every time, by path: known ones are cheap to recognise. Raises Unavailable."""
        self.skipped, self._ignored = Skipped(), []
        if not self._inbox.exists():
            raise away(self._inbox, "inbox")
        with faults_of(self._inbox, "inbox"):
            found = sorted(self._files(), key=lambda file: file.remote_id)
        files = [file for file in found if not is_archive(file.remote_id)]
        archives = [
            ArchivedFile(file.remote_id, file.path, _fingerprint(file.status))
            for file in found
            if is_archive(file.remote_id)
        ]
        self._paths = {file.remote_id: file.path for file in files}
        with faults_of(self._inbox, "inbox"):
            inside = list(self._archives.refs(archives))
        return iter([*map(self._ref, files), *inside])

    def remarks(self) -> tuple[str, ...]:
        """What the last listing left out, and when it will be read."""
        skipped = self.skipped
        sentences = [f"{folder}: cannot be entered, its files are not read" for folder in skipped.unreadable]
        if skipped.settling:
            sentences.append(f"{_files(skipped.settling)} changed a moment ago: read in the next sync")
        return (*sentences, *self._archives.remarks())

    def ignored(self) -> tuple[str, ...]:
        """The names of files that are no recordings, as the last listing met them."""
        return (*self._ignored, *self._archives.ignored)

    def comment_of(self, ref: ActivityRef, start: datetime) -> ExportedComment:
        """The athlete's comment on a recording, where it lies in the export of a service."""
        return self._archives.comment_of(ref, start)

    def sport_of(self, ref: ActivityRef, start: datetime) -> Sport | None:
        """What the service calls it, where it lies in the export of one; else None."""
        return self._archives.sport_of(ref, start)

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The bytes, unpacked. Raises Unavailable (changed, gone, forbidden) or Rejected (no recording)."""
        if self._archives.holds(ref):
            with faults_of(self._inbox, "inbox"):
                return self._archives.fetch(ref)
        path = self._path_of(ref)
        with faults_of(self._inbox, "inbox"):
            try:
                content = _read(path)
            except FileNotFoundError:
                raise Unavailable(f"{ref.remote_id} went away before it was read") from None
            if _fingerprint(path.stat()) != ref.fingerprint:
                raise Unavailable(f"{ref.remote_id} is still being written; the next sync reads it")
        try:
            data = unpacked(path.name, content)
            return RawActivity(ref, kind_of(data), data)
        except PackedError as error:
            raise Rejected(str(error)) from None

    def _path_of(self, ref: ActivityRef) -> Path:
        known = self._paths.get(ref.remote_id)
        if known is not None:
            return Path(known)
        below = PurePosixPath(ref.remote_id)
        if below.is_absolute() or ".." in below.parts:
            raise Rejected(f"{ref.remote_id} is not a path below {self._inbox}")
        return self._inbox if self._inbox.is_file() else self._inbox / below

    def _files(self) -> Iterator[_FolderFile]:
        if self._inbox.is_file():
            status = self._inbox.stat()
            if self._takes(self._inbox.name, self._inbox.name, status):
                yield _FolderFile(_text(self._inbox.name), str(self._inbox), status)
            return
        seen = {_identity(self._inbox.stat())}
        waiting = [(str(self._inbox), "")]
        while waiting:
            folder, prefix = waiting.pop()
            for entry in self._entries(folder, prefix):
                try:
                    status = entry.stat()
                except OSError:
                    continue  # a link to nowhere, or gone since it was listed
                name = prefix + entry.name
                if stat.S_ISDIR(status.st_mode):
                    if _identity(status) not in seen:
                        seen.add(_identity(status))
                        waiting.append((entry.path, f"{name}/"))
                elif self._takes(entry.name, name, status):
                    yield _FolderFile(_text(name), entry.path, status)

    def _entries(self, folder: str, prefix: str) -> list[os.DirEntry[str]]:
        """The visible ones. A folder below that cannot be entered does not hide the others."""
        try:
            with os.scandir(folder) as entries:
                return [entry for entry in entries if not entry.name.startswith(".")]
        except PermissionError:
            if not prefix:
                raise
            self.skipped.unreadable.append(_text(prefix))
            return []

    def _takes(self, name: str, path: str, status: os.stat_result) -> bool:
        if name.lower().endswith(_HALF_WRITTEN):
            self.skipped.settling += 1
            return False
        if not is_recording(name) and not is_archive(name):
            self._ignored.append(_text(path))
            return False
        if not stat.S_ISREG(status.st_mode):
            return False
        if abs(self._now_s - status.st_mtime) < self._settle_s:  # a time far ahead is a wrong clock
            self.skipped.settling += 1
            return False
        return True

    def _ref(self, file: _FolderFile) -> ActivityRef:
        name = file.remote_id.rpartition("/")[2]
        return ActivityRef(self.name, file.remote_id, _fingerprint(file.status), name_text(name))


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _fingerprint(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def _identity(status: os.stat_result) -> tuple[int, int]:
    return (status.st_dev, status.st_ino)


def _text(name: str) -> str:
    """A name that any store can keep; bytes that are not UTF-8 are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _read(path: Path) -> bytes:
    """The whole file, not more than a recording can have. Raises OSError and Rejected."""
    with path.open("rb") as file:
        content = file.read(MAX_UNPACKED_BYTES + 1)
    if len(content) > MAX_UNPACKED_BYTES:
        raise Rejected(f"more than {MAX_UNPACKED_BYTES >> 20} MB: not a recorded run")
    return content
