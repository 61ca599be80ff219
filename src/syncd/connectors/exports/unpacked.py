"""An export that somebody unpacked into a folder, and the archives in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.exports.archives import DEEPEST, ZipEntries
from syncd.connectors.exports.entries import ExportEntry, is_archive, shown_name, without_name


class FolderEntries:
    """The files below a folder. Links are not followed: they lead out."""

    def __init__(self, folder: Path, *, scratch: Path | None = None) -> None:
        """`scratch` is where an archive inside an archive is unpacked to."""
        self._folder, self._scratch = folder, scratch
        self._paths: dict[str, str] = {}
        self._archive: tuple[str, ZipEntries] | None = None

    def outer(self) -> Iterator[ExportEntry]:
        """Its files by path below the folder, archives too."""
        self._paths = dict(sorted(self._walked()))
        for name, path in self._paths.items():
            try:
                status = Path(path).lstat()
            except OSError:
                continue  # gone since it was listed
            if stat.S_ISREG(status.st_mode):
                yield ExportEntry(name, f"{status.st_size}-{status.st_mtime_ns}", status.st_size)

    def listed(self) -> Iterator[ExportEntry]:
        """The same, with what is in an archive in its place."""
        for entry in self.outer():
            if is_archive(entry.name):
                yield from self._listed_inside(entry)
            else:
                yield entry

    def opened(self, entry: ExportEntry) -> IO[bytes]:
        """The file of that name."""
        if entry.archive:
            return self._opened_archive(entry.archive).opened(replace(entry, archive=""))
        path = self._paths.get(entry.name)
        if path is None:
            raise Rejected(f"{entry.name} is not in {self._folder}")
        try:
            return Path(path).open("rb")
        except OSError as error:
            raise Unavailable(f"{entry.name}: {error.strerror}") from None

    def changed(self) -> bool:
        """Whether the archive that is open is being written."""
        return self._archive is not None and self._archive[1].changed()

    def close(self) -> None:
        """Close the archive that is open."""
        if self._archive is not None:
            self._archive[1].close()
            self._archive = None

    def _walked(self) -> Iterator[tuple[str, str]]:
        for base, folders, names in os.walk(self._folder):
            folders[:] = [folder for folder in folders if not folder.startswith(".")]
            for name in names:
                path = os.path.join(base, name)  # noqa: PTH118 - names of any bytes
                yield shown_name(os.path.relpath(path, self._folder)), path

    def _listed_inside(self, outer: ExportEntry) -> Iterator[ExportEntry]:
        name = outer.name
        try:
            archive = self._opened_archive(name)
        except (Rejected, Unavailable) as error:
            yield replace(outer, fault=without_name(str(error), name))
            return
        for entry in archive.listed():
            yield replace(entry, name=f"{name}/{entry.name}", archive=name)

    def _opened_archive(self, name: str) -> ZipEntries:
        if self._archive is None or self._archive[0] != name:
            self.close()
            entries = ZipEntries(Path(self._paths[name]), scratch=self._scratch, deepest=DEEPEST - 1)
            self._archive = (name, entries)
        return self._archive[1]
