"""Reading a state that cannot be written: on a read-only disk, or as somebody else.

SQLite needs files beside a database with a write-ahead log even to read it, and an older schema has to be
brought up to date first. So the database is read on a copy of it, which is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from syncd.store import page_sums
from syncd.store.database import open_database
from syncd.store.errors import StoreError, disk_faults
from syncd.store.soundness import require_begun
from syncd.store.store import DATABASE_NAME, Store

_PLACES = (None, "/dev/shm", "/run/user/{user}")  # noqa: S108 - tempfile chooses the name; None: the usual place


def can_be_written(state: Path) -> bool:
    """Whether a database can be written there, or begun."""
    return all(not place.exists() or os.access(place, os.W_OK) for place in (state, state / DATABASE_NAME))


@contextmanager
def opened_elsewhere(state: Path) -> Iterator[Store]:
    """The state as it is now; what is written to the database is lost. Raises StoreError."""
    database = state / DATABASE_NAME
    require_begun(database)
    with _scratch() as folder:
        with disk_faults(folder):
            _copy(database, folder / DATABASE_NAME)
        with Store(state, open_database(folder / DATABASE_NAME, reading=True)) as store:
            yield store


@contextmanager
def _scratch() -> Iterator[Path]:
    for place in _PLACES:
        try:
            folder = tempfile.TemporaryDirectory(
                prefix="syncd-read-", dir=place and place.format(user=os.getuid())
            )
        except OSError:
            continue
        with folder as name:
            yield Path(name)
        return
    raise StoreError("there is no place for temporary files: set TMPDIR to a folder that can be written")


def _copy(database: Path, copy: Path) -> None:
    """Through SQLite while somebody writes to it; else the files, with what is only in the log."""
    uri = f"{database.absolute().as_uri()}?mode=ro"
    if database.with_name(f"{DATABASE_NAME}-shm").exists():
        try:
            with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            return
        except sqlite3.Error:  # nobody writes: they were left there by a process that died
            copy.unlink(missing_ok=True)
    for ending in ("", "-wal", page_sums.ENDING):
        part = database.with_name(DATABASE_NAME + ending)
        if part.exists():
            shutil.copyfile(part, copy.with_name(DATABASE_NAME + ending))
