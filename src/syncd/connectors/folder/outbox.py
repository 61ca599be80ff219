"""The files we wrote into a directory: recognising them, and changing them without a gap."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from syncd.connectors.base import Rejected
from syncd.connectors.folder import index
from syncd.connectors.folder.faults import away, faults_of
from syncd.connectors.folder.index import Files, Written, sha256_of
from syncd.domain.delivery.remote import OwnerKey
from syncd.durable import sync_folder, write_whole

_LARGEST_BYTES = 1 << 20  # our default: a workout file has a few kB
_READABLE_BY_ALL = 0o644  # other programs, and the watch, must be able to take them

Recover = Callable[[str, bytes], Written | None]


class Outbox:
    """Only files that the index names, and whose bytes are as we wrote them, are ever changed.

    The index is written before the file it speaks of, and may name some that are gone.
    `recover` reads what a file says of itself; it is called only when there is no index.
    Every method raises Unavailable when the directory cannot be used.
    """

    def __init__(self, folder: Path, index_name: str, recover: Recover) -> None:
        self._folder = folder
        self._index_path = folder / index_name
        self._recover = recover

    def files(self) -> Files:
        """Ours that are there, by name, with every content that we may have written into them."""
        with faults_of(self._folder, "outbox"):
            if not self._folder.is_dir():
                raise away(self._folder, "outbox")
            known = index.load(self._index_path)
            if known is None:
                return self._recovered()
            return {
                name: written
                for name, written in known.items()
                if _is_file_name(name) and (self._folder / name).is_file()
            }

    def current(self, name: str, files: Files) -> Written | None:
        """What the file holds now; None when somebody changed it."""
        digest = sha256_of(self.read(name))
        return next((written for written in files[name] if written.sha256 == digest), None)

    def of_session(self, key: OwnerKey, files: Files) -> str | None:
        """The file of a session of ours, if there is one."""
        return next(
            (name for name, written in files.items() if written[-1].key.identity == key.identity), None
        )

    def read(self, name: str) -> bytes:
        """The bytes of a file, not more than a workout can have. Raises Rejected for other names."""
        path = self._path(name)
        with faults_of(self._folder, "outbox"), path.open("rb") as file:
            return file.read(_LARGEST_BYTES)

    def add(self, wished: str, written: Written, content: bytes, files: Files) -> str:
        """A new file, under the wished name or, where a stranger's file has it, a similar one."""
        name = self._free(wished)
        with faults_of(self._folder, "outbox"):
            index.save(self._index_path, files | {name: (written,)})
            write_whole(self._folder / name, content, _READABLE_BY_ALL)
        return name

    def replace(self, name: str, wished: str, written: Written, content: bytes, files: Files) -> str:
        """First the content under the old name, then the name: never two of them, never none."""
        before = self._ours(name, files)
        new = name if same_but_for_number(name, wished) else self._free(wished)
        if (new, written) == (name, before):
            return name
        interim = written if new == name else Written(written.sha256, written.key, before.day)
        with faults_of(self._folder, "outbox"):
            index.save(self._index_path, {**files, new: (written,), name: (before, interim)})
            if before.sha256 != written.sha256:
                write_whole(self._folder / name, content, _READABLE_BY_ALL)
            if new != name:
                (self._folder / name).rename(self._folder / new)
                sync_folder(self._folder)
        return new

    def remove(self, name: str, files: Files) -> None:
        """Delete a file of ours; gone already counts as done. Raises Rejected for any other."""
        path = self._path(name)
        with faults_of(self._folder, "outbox"):
            if path.exists():
                self._ours(name, files)
                path.unlink()
                sync_folder(self._folder)

    def _ours(self, name: str, files: Files) -> Written:
        written = self.current(name, files) if name in files else None
        if written is None:
            raise Rejected(f"{name} is not as syncd wrote it: it is left alone")
        return written

    def _recovered(self) -> Files:
        by_name = {
            path.name: self._recover(path.name, self.read(path.name))
            for path in sorted(self._folder.iterdir())
            if path.suffix == ".fit" and path.is_file() and path.stat().st_size < _LARGEST_BYTES
        }
        return {name: (written,) for name, written in by_name.items() if written is not None}

    def _free(self, wished: str) -> str:
        stem, number = wished.removesuffix(".fit"), 1
        while (self._folder / wished).exists():
            number += 1
            wished = f"{stem} ({number}).fit"
        return wished

    def _path(self, name: str) -> Path:
        if not _is_file_name(name):
            raise Rejected(f"{name!r} is not the name of a workout file")
        return self._folder / name


def _is_file_name(name: str) -> bool:
    return name == Path(name).name and not name.startswith(".") and name.endswith(".fit")


def same_but_for_number(name: str, wished: str) -> bool:
    """A name that had to give way to a stranger's stays as it is."""
    return re.sub(r" \(\d+\)\.fit$", ".fit", name) == wished
