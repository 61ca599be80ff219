"""The files of an export: below a folder, in a zip, or in zips inside it; every read has a bound."""

from __future__ import annotations

import errno
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

from syncd.connectors.base import Rejected, Unavailable
from syncd.formats.packed import MAX_UNPACKED_BYTES

_LONGEST_SHOWN = 100  # our default
# What the standard library raises on archives that are damaged, or say nonsense of themselves.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One file: `name` is unique in the export, with forward slashes.

    `archive` names the zip in a folder that it is in, `inside` the places of the archives around it in
    that zip, `number` its own: two entries may have one name. `fault`: why an archive in it cannot be read.
    """

    name: str
    fingerprint: str
    size: int
    archive: str = ""
    inside: tuple[int, ...] = ()
    number: int = 0
    fault: str = ""


class Entries(Protocol):
    """Where the files of an export are."""

    def outer(self) -> Iterator[ExportEntry]:
        """What is seen without opening an archive inside; those archives too."""
        ...

    def listed(self) -> Iterator[ExportEntry]:
        """All of them, in a stable order, as they are come to, and archives that cannot be opened."""
        ...

    def opened(self, entry: ExportEntry) -> IO[bytes]:
        """Its bytes as a stream; the caller bounds and closes it. Raises Unavailable and Rejected."""
        ...

    def changed(self) -> bool:
        """Whether what is read is being written."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


def content_of(entries: Entries, entry: ExportEntry) -> bytes:
    """All bytes of an entry. Raises Rejected where they are more than a recording has, or damaged."""
    with faults_of(entry.name), entries.opened(entry) as file:
        content = file.read(MAX_UNPACKED_BYTES + 1)
    if len(content) > MAX_UNPACKED_BYTES:
        raise Rejected(f"{entry.name}: more than {MAX_UNPACKED_BYTES >> 20} MB: not a recorded run")
    return content


@contextmanager
def faults_of(name: str) -> Iterator[None]:
    """Turn what a damaged, encrypted or foreign archive raises into Rejected, naming the entry.

    What the disk does is Unavailable.
    """
    try:
        yield
    except zipfile.LargeZipFile as error:
        raise Rejected(f"{name}: too large an archive") from error
    except DAMAGE as error:
        raise Rejected(f"{name}: {_damage_text(error)}") from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # it says that an entry lies before its beginning
            raise Rejected(f"{name}: damaged archive") from error
        raise Unavailable(f"{name}: {error.strerror}") from error


def is_archive(name: str) -> bool:
    """Whether a file of that name is opened for what is in it."""
    return name.lower().endswith(".zip")


def shown_name(name: str) -> str:
    """A name inside an archive, or of any bytes, as every store and screen can keep it."""
    name = name.replace("\\", "/")
    if any("\ud800" <= character <= "\udfff" for character in name):
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def name_text(name: str) -> str:
    """A name for people: in one line, the middle of a long one left out."""
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_SHOWN else f"{name[: _LONGEST_SHOWN - 21]}…{name[-20:]}"


def without_name(sentence: str, name: str) -> str:
    """What a sentence says of the file that it begins with: `x.zip: encrypted`, `x.zip is no archive`."""
    base = name.rpartition("/")[2]
    for beginning in (name, base):
        if sentence.startswith((f"{beginning}: ", f"{beginning} is ")):
            return sentence.removeprefix(beginning).removeprefix(": ").removeprefix(" is ")
    return sentence


def _damage_text(error: Exception) -> str:
    text = str(error)
    if "encrypted" in text or "password" in text:
        return "encrypted: unpack it first"
    if isinstance(error, NotImplementedError):
        return "packed in a way that cannot be read: unpack it first"
    return "damaged archive"
