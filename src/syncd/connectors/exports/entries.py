"""The files of an export: below a folder, in a zip, or in zips inside it; every read has a bound.

Names inside an archive identify entries and are shown to people; they are never used as paths.
"""

from __future__ import annotations

import io
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from syncd.connectors.base import Rejected, Unavailable
from syncd.formats.packed import MAX_RATIO, MAX_UNPACKED_BYTES

MAX_ENTRIES = 500_000  # our default: twenty years of a watch that uploads forty files a day are 300,000
MAX_INNER_BYTES = 4 << 30  # our default: Garmin cuts its inner archives far below
_LEAST_BYTES = 1 << 20
_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One file: `name` is unique in the export, with forward slashes. `inside` names its inner zip."""

    name: str
    fingerprint: str
    size: int
    inside: str = ""
    number: int = 0  # its place in the archive: two entries may have one name


class Entries(Protocol):
    """Where the files of an export are."""

    damaged: list[str]

    def outer(self) -> Iterator[ExportEntry]:
        """What is seen without opening an archive inside; those archives too."""
        ...

    def listed(self) -> Iterator[ExportEntry]:
        """All of them, in a stable order, as they are come to. Raises Unavailable and Rejected."""
        ...

    def opened(self, entry: ExportEntry) -> IO[bytes]:
        """Its bytes as a stream; the caller bounds and closes it. Raises Unavailable and Rejected."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


def content_of(entries: Entries, entry: ExportEntry) -> bytes:
    """All bytes of an entry. Raises Rejected where they are more than a recording has, or damaged."""
    with faults_of(entry.name), entries.opened(entry) as file:
        content = file.read(MAX_UNPACKED_BYTES + 1)
    if len(content) > MAX_UNPACKED_BYTES:
        raise Rejected(f"{entry.name} has more than {MAX_UNPACKED_BYTES >> 20} MB: not a recorded run")
    return content


@contextmanager
def faults_of(name: str) -> Iterator[None]:
    """Turn what a damaged, encrypted or foreign archive raises into Rejected, naming the entry."""
    try:
        yield
    except zipfile.LargeZipFile as error:
        raise Rejected(f"{name}: too large an archive") from error
    except _DAMAGE as error:
        raise Rejected(f"{name}: {_name_parts(error)}") from error


class FolderEntries:
    """An export that somebody unpacked, and the archives in it. Links are not followed: they lead out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[str, str] = {}
        self._inner: tuple[str, ZipEntries] | None = None
        self.damaged: list[str] = []  # why archives cannot be read

    def outer(self) -> Iterator[ExportEntry]:
        """Its files by path below the folder, archives too."""
        self._paths = dict(sorted(self._walked()))
        for name, path in self._paths.items():
            status = Path(path).lstat()
            if stat.S_ISREG(status.st_mode):
                yield ExportEntry(name, f"{status.st_size}-{status.st_mtime_ns}", status.st_size)

    def listed(self) -> Iterator[ExportEntry]:
        """The same, with what is in an archive in its place."""
        self.damaged = []
        for entry in self.outer():
            if entry.name.lower().endswith(".zip"):
                yield from self._listed_inside(entry.name)
            else:
                yield entry

    def opened(self, entry: ExportEntry) -> IO[bytes]:
        """The file of that name."""
        if entry.inside:
            return self._opened_inside(entry.inside).opened(replace(entry, inside=""))
        path = self._paths.get(entry.name)
        if path is None:
            raise Rejected(f"{entry.name} is not in {self._folder}")
        try:
            return Path(path).open("rb")
        except OSError as error:
            raise Unavailable(f"{entry.name}: {error.strerror}") from None

    def close(self) -> None:
        """Close the archive that is open."""
        if self._inner is not None:
            self._inner[1].close()
            self._inner = None

    def _walked(self) -> Iterator[tuple[str, str]]:
        for base, folders, names in os.walk(self._folder):
            folders[:] = [folder for folder in folders if not folder.startswith(".")]
            for name in names:
                path = os.path.join(base, name)  # noqa: PTH118 - names of any bytes
                yield _text(os.path.relpath(path, self._folder)), path

    def _listed_inside(self, name: str) -> Iterator[ExportEntry]:
        try:
            archive = self._opened_inside(name)
        except (Rejected, Unavailable) as error:
            self.damaged.append(str(error))
            return
        for entry in archive.listed():
            yield replace(entry, name=f"{name}/{entry.name}", inside=name)

    def _opened_inside(self, name: str) -> ZipEntries:
        if self._inner is None or self._inner[0] != name:
            self.close()
            self._inner = (name, ZipEntries(Path(self._paths[name]), nested=False))
        return self._inner[1]


class ZipEntries:
    """An archive, and the archives in it (one level). One inner archive is unpacked at a time.

    What is read of it in all may not be more than `MAX_RATIO` times its size: real exports hold
    recordings that shrink to a third, a bomb holds the same bytes over and over.
    """

    def __init__(self, path: Path, *, scratch: Path | None = None, nested: bool = True) -> None:
        """`scratch` is where an inner archive is unpacked to; without `nested` none is opened."""
        self._path, self._scratch, self._nested = path, scratch, nested
        try:
            self._outer = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            raise Rejected(f"{path.name} is no zip archive, or it is cut short: download it again") from None
        except OSError as error:
            raise Unavailable(f"{path}: {error.strerror}") from None
        _require_sane(self._outer, path.name)
        self._left = max(path.stat().st_size, _LEAST_BYTES) * MAX_RATIO
        self._inner: tuple[str, zipfile.ZipFile, ExitStack] | None = None
        self.damaged: list[str] = []  # why inner archives cannot be read

    def outer(self) -> Iterator[ExportEntry]:
        """Its entries, inner archives too."""
        seen: dict[str, int] = {}
        for number, info in enumerate(self._outer.infolist()):
            if not info.is_dir():
                yield _entry(info, number, "", seen)

    def listed(self) -> Iterator[ExportEntry]:
        """Those of the outer archive, an inner one's in its place."""
        self.damaged = []
        seen: dict[str, int] = {}
        for entry in self.outer():
            if self._nested and entry.name.lower().endswith(".zip"):
                yield from self._listed_inside(entry, seen)
            else:
                yield entry

    def opened(self, entry: ExportEntry) -> IO[bytes]:
        """A stream over the entry, counted."""
        archive = self._outer if not entry.inside else self._opened_inside(entry.inside)
        infos = archive.infolist()
        if not 0 <= entry.number < len(infos) or not entry.name.endswith(
            _plain(infos[entry.number].filename)
        ):
            raise Rejected(f"{entry.name} is not in {self._path.name}")
        info = infos[entry.number]
        limit = max(info.compress_size * MAX_RATIO, _LEAST_BYTES)
        return io.BufferedReader(_Counted(archive.open(info), limit, self, entry.name))

    def close(self) -> None:
        """Close the archives; what was unpacked is gone."""
        self._close_inner()
        self._outer.close()

    def spend(self, count: int, name: str) -> None:
        """So many bytes were unpacked. Raises Rejected when they are too many in all."""
        self._left -= count
        if self._left < 0:
            raise Rejected(f"{name}: {self._path.name} unpacks to far more than an export does; not read on")

    def _listed_inside(self, outer: ExportEntry, seen: dict[str, int]) -> Iterator[ExportEntry]:
        try:
            archive = self._opened_inside(str(outer.number))
        except Rejected as error:
            self.damaged.append(str(error))
            return
        for place, info in enumerate(archive.infolist()):
            if not info.is_dir():
                yield _entry(info, place, outer.name, seen, str(outer.number))

    def _opened_inside(self, number: str) -> zipfile.ZipFile:
        """The inner archive at that place, unpacked to a file without a name. Raises Rejected."""
        if self._inner is not None and self._inner[0] == number:
            return self._inner[1]
        self._close_inner()
        info = self._outer.infolist()[int(number)]
        name = _plain(info.filename)
        with ExitStack() as stack:
            copy = stack.enter_context(tempfile.TemporaryFile(dir=self._scratch))
            with faults_of(name):
                self._copy(info, copy)
                archive = stack.enter_context(zipfile.ZipFile(copy))
            _require_sane(archive, name)
            self._inner = (number, archive, stack.pop_all())
        return archive

    def _copy(self, info: zipfile.ZipInfo, copy: IO[bytes]) -> None:
        total = 0
        with self._outer.open(info) as file:
            while chunk := file.read(_CHUNK):
                total += len(chunk)
                self.spend(len(chunk), info.filename)
                if total > MAX_INNER_BYTES:
                    raise Rejected(f"{_plain(info.filename)} has more than {MAX_INNER_BYTES >> 30} GB")
                copy.write(chunk)

    def _close_inner(self) -> None:
        if self._inner is not None:
            self._inner[2].close()
            self._inner = None


class _Counted(io.RawIOBase):
    """What is read of an entry, up to its own limit and the archive's."""

    def __init__(self, file: IO[bytes], limit: int, archive: ZipEntries, name: str) -> None:
        self._file, self._left, self._archive, self._name = file, limit, archive, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        chunk = self._file.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise Rejected(f"{self._name} unpacks to more than a recorded run can have")
        self._archive.spend(len(chunk), self._name)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def _require_sane(archive: zipfile.ZipFile, name: str) -> None:
    if len(archive.infolist()) > MAX_ENTRIES:
        archive.close()
        raise Rejected(f"{name} has more than {MAX_ENTRIES:,} entries: not an export")


def _entry(
    info: zipfile.ZipInfo, number: int, outer: str, seen: dict[str, int], inside: str = ""
) -> ExportEntry:
    name = f"{outer}/{_plain(info.filename)}" if outer else _plain(info.filename)
    seen[name] = seen.get(name, 0) + 1
    if seen[name] > 1:
        name = f"{seen[name]}#{name}"
    return ExportEntry(name, f"{info.file_size}-{info.CRC:08x}", info.file_size, inside, number)


def _plain(name: str) -> str:
    """A name that any store can keep."""
    return _text(name.replace("\\", "/"))


def _text(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace") if _is_odd(name) else name


def _is_odd(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)


def _name_parts(error: Exception) -> str:
    text = str(error)
    if "encrypted" in text or "password" in text:
        return "encrypted: unpack it first"
    if isinstance(error, NotImplementedError):
        return "packed in a way that cannot be read: unpack it first"
    return "damaged archive"
