"""Zip archives, and those inside them, read within bounds: nothing that they say of themselves is believed.

Names inside an archive identify entries and are shown to people; they are never used as paths.
"""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.exports.entries import ExportEntry, faults_of, is_archive, shown_name, without_name
from syncd.formats.packed import MAX_RATIO

# Our defaults. An entry takes about 600 bytes of memory; of larger archives the unpacked folder can be read.
MAX_ENTRIES = 100_000  # of an archive and those inside it that are open with it
MAX_DIRECTORY_BYTES = 24 << 20
MAX_INNER_BYTES = 4 << 30  # Garmin cuts its inner archives far below
DEEPEST = 3  # Garmin's export holds archives of uploads, and an upload may be an archive
_LEAST_BYTES = 1 << 20
_CHUNK = 1 << 18
_HEADER = b"PK\x01\x02"  # of an entry in the directory
_END, _END_SIZE = b"PK\x05\x06", 22
_WIDE_LOCATOR, _WIDE_LOCATOR_SIZE = b"PK\x06\x07", 20
_WIDE_END, _WIDE_END_SIZE = b"PK\x06\x06", 56
_LONGEST_COMMENT = 1 << 16


class ZipEntries:
    """An archive, and the archives in it. At most one inner archive of each depth is unpacked at a time.

    What is read of it in all may not be more than `MAX_RATIO` times its size: real exports hold
    recordings that shrink to a third, a bomb holds the same bytes over and over.
    """

    def __init__(self, path: Path, *, scratch: Path | None = None, deepest: int = DEEPEST) -> None:
        """`scratch` is where an inner archive is unpacked to. Raises Unavailable and Rejected."""
        self._open: list[_OpenArchive] = []
        self._path, self._scratch, self._deepest = path, scratch, deepest
        with ExitStack() as stack:
            try:
                file = stack.enter_context(path.open("rb"))
                self._status = os.fstat(file.fileno())
            except OSError as error:
                raise Unavailable(f"{path}: {error.strerror}") from None
            self._left = max(self._status.st_size, _LEAST_BYTES) * MAX_RATIO
            try:
                archive = stack.enter_context(archive_in(file, path.name, MAX_ENTRIES))
            except zipfile.BadZipFile:
                raise Rejected(
                    f"{path.name} is no zip archive, or it is cut short: download it again"
                ) from None
            self._open.append(_OpenArchive((), archive, stack.pop_all()))

    def outer(self) -> Iterator[ExportEntry]:
        """Its entries, inner archives too."""
        return self._entries_of((), "", {})

    def listed(self) -> Iterator[ExportEntry]:
        """Those of the outer archive, an inner one's in its place; and archives that cannot be opened."""
        return self._listed((), "", {})

    def opened(self, entry: ExportEntry) -> IO[bytes]:
        """A stream over the entry, counted. Raises Rejected at once where too much was read before."""
        self.spend(0, entry.name)
        archive = self._archive_at(entry.inside)
        infos = archive.infolist()
        if not 0 <= entry.number < len(infos) or not entry.name.endswith(
            shown_name(infos[entry.number].filename)
        ):
            raise Rejected(f"{entry.name} is not in {self._path.name}")
        info = infos[entry.number]
        require_plain_packing(info)
        limit = unpacked_size_limit(info.compress_size)
        return io.BufferedReader(_Counted(archive.open(info), limit, self, entry.name))

    def changed(self) -> bool:
        """Whether the file is another one than that which was opened."""
        try:
            now = self._path.stat()
        except OSError:
            return True
        return (now.st_size, now.st_mtime_ns, now.st_ino) != (
            self._status.st_size,
            self._status.st_mtime_ns,
            self._status.st_ino,
        )

    def close(self) -> None:
        """Close the archives; what was unpacked is gone."""
        self._close_down_to(0)

    def __del__(self) -> None:
        """A source has no end of its own."""
        self.close()

    def spend(self, count: int, name: str) -> None:
        """So many bytes were unpacked. Raises Rejected when they are too many in all."""
        self._left -= count
        if self._left < 0:
            raise Rejected(f"{name}: {self._path.name} unpacks to far more than an export does; not read on")

    def _listed(self, inside: tuple[int, ...], outer: str, seen: dict[str, int]) -> Iterator[ExportEntry]:
        for entry in self._entries_of(inside, outer, seen):
            if not is_archive(entry.name):
                yield entry
                continue
            if len(inside) + 1 >= self._deepest:
                yield replace(entry, fault="an archive inside archives, not opened: unpack it first")
                continue
            try:
                self._archive_at((*inside, entry.number))
            except (Rejected, Unavailable) as error:
                yield replace(entry, fault=without_name(str(error), shown_name(entry.name)))
                continue
            yield from self._listed((*inside, entry.number), entry.name, seen)

    def _entries_of(self, inside: tuple[int, ...], outer: str, seen: dict[str, int]) -> Iterator[ExportEntry]:
        for number, info in enumerate(self._archive_at(inside).infolist()):
            if not info.is_dir():
                name = f"{outer}/{shown_name(info.filename)}" if outer else shown_name(info.filename)
                seen[name] = seen.get(name, 0) + 1
                if seen[name] > 1:
                    name = f"{seen[name]}#{name}"
                yield ExportEntry(
                    name, f"{info.file_size}-{info.CRC:08x}", info.file_size, inside=inside, number=number
                )

    def _archive_at(self, inside: tuple[int, ...]) -> zipfile.ZipFile:
        """The archive at that place, with those around it. Raises Rejected and Unavailable."""
        shared = 0
        while shared < min(len(inside), len(self._open) - 1) and (
            self._open[shared + 1].inside == inside[: shared + 1]
        ):
            shared += 1
        if shared == len(inside):
            return self._open[shared].archive
        self._close_down_to(shared + 1)
        for depth in range(shared, len(inside)):
            self._unpack(self._open[depth].archive, inside[: depth + 1])
        return self._open[-1].archive

    def _unpack(self, outer: zipfile.ZipFile, inside: tuple[int, ...]) -> None:
        """Open the archive at that place in `outer`, unpacked to a file without a name."""
        info = outer.infolist()[inside[-1]]
        name = shown_name(info.filename)
        room = MAX_ENTRIES - sum(len(around.archive.infolist()) for around in self._open[1:])
        with ExitStack() as stack:
            try:
                copy = stack.enter_context(tempfile.TemporaryFile(dir=self._scratch))
                with faults_of(name):
                    self._copy(outer, info, copy)
                    archive = stack.enter_context(archive_in(copy, name, room))
            except OSError as error:
                raise Unavailable(f"{name} cannot be unpacked: {error.strerror}") from None
            self._open.append(_OpenArchive(inside, archive, stack.pop_all()))

    def _copy(self, outer: zipfile.ZipFile, info: zipfile.ZipInfo, copy: IO[bytes]) -> None:
        total = 0
        require_plain_packing(info)
        with outer.open(info) as file:
            while chunk := file.read(_CHUNK):
                total += len(chunk)
                self.spend(len(chunk), shown_name(info.filename))
                if total > MAX_INNER_BYTES:
                    raise Rejected(f"{shown_name(info.filename)}: more than {MAX_INNER_BYTES >> 30} GB")
                copy.write(chunk)

    def _close_down_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._open.pop().files.close()


class _OpenArchive:
    """An archive that is open, where it is, and what has to be closed with it."""

    def __init__(self, inside: tuple[int, ...], archive: zipfile.ZipFile, files: ExitStack) -> None:
        self.inside, self.archive, self.files = inside, archive, files


class _Counted(io.RawIOBase):
    """What is read of an entry, up to its own limit and the archive's."""

    def __init__(self, file: IO[bytes], limit: int, archive: ZipEntries, name: str) -> None:
        self._file, self._left, self._archive, self._name = file, limit, archive, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        chunk = self._file.read(min(len(buffer), _CHUNK))
        self._left -= len(chunk)
        if self._left < 0:
            raise Rejected(f"{self._name}: unpacks to more than a recorded run can have")
        self._archive.spend(len(chunk), self._name)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def unpacked_size_limit(packed_size: int) -> int:
    """Bytes that so many packed ones may become: a recording shrinks to a third, a bomb a thousandfold."""
    return max(packed_size * MAX_RATIO, _LEAST_BYTES)


def archive_in(file: IO[bytes], name: str, most_entries: int) -> zipfile.ZipFile:
    """The archive in a file. Raises Rejected before a huge directory is read, and BadZipFile."""
    start, size = _directory(file)
    count = 0
    if size <= MAX_DIRECTORY_BYTES:
        file.seek(start)
        count = file.read(size).count(_HEADER)
    if size > MAX_DIRECTORY_BYTES or count > most_entries:
        raise Rejected(f"{name}: more than {MAX_ENTRIES:,} entries: unpack it, and import its folder")
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (ValueError, struct.error, OverflowError, NotImplementedError) as error:
        raise zipfile.BadZipFile(str(error)) from None


def require_plain_packing(info: zipfile.ZipInfo) -> None:
    """Raises NotImplementedError for ways of packing that are unpacked without a bound."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(f"compression type {info.compress_type}")


def _directory(file: IO[bytes]) -> tuple[int, int]:
    """Where the list of entries begins, and its size in bytes. Raises BadZipFile where there is none."""
    length = file.seek(0, os.SEEK_END)
    tail_start = max(length - _END_SIZE - _LONGEST_COMMENT - _WIDE_LOCATOR_SIZE - _WIDE_END_SIZE, 0)
    file.seek(tail_start)
    tail = file.read()
    end = tail.rfind(_END, 0, max(len(tail) - _END_SIZE + len(_END), 0))
    if end < 0:
        raise zipfile.BadZipFile("no end of the list of entries")
    (size,) = struct.unpack_from("<L", tail, end + 12)
    begin = tail_start + end
    locator = end - _WIDE_LOCATOR_SIZE
    if locator >= _WIDE_END_SIZE and tail.startswith(_WIDE_LOCATOR, locator):
        wide = locator - _WIDE_END_SIZE
        if tail.startswith(_WIDE_END, wide):
            (size,) = struct.unpack_from("<Q", tail, wide + 40)
            begin = tail_start + wide
    if size > begin:
        raise zipfile.BadZipFile("its list of entries does not fit into it")
    return begin - size, size
