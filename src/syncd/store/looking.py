"""The state as it is, for whoever must change nothing: no file is written, no lock kept, no table altered.

A database of an earlier version is brought up to date in memory, so that the repositories can read it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from syncd.store.database import Database, changed_pages
from syncd.store.errors import StoreError, disk_faults, translated
from syncd.store.migrations import SCHEMA, bring_up_to_date, newest_version, version_of
from syncd.store.read_only import read_only
from syncd.store.soundness import require_begun, require_newest, require_unchanged
from syncd.store.store import DATABASE_NAME, Store

_PLACES = (None, "/dev/shm", "/run/user/{user}")  # noqa: S108 - tempfile chooses the name; None: the usual place
_BUSY_TIMEOUT_S = 2.0  # our default: whoever only looks does not keep a person waiting


@contextmanager
def database_as_it_is(path: Path, *, checked: bool = False) -> Iterator[Database]:
    """The database for reading; one of an earlier version as it will be. Raises StoreError.

    `checked`: not one that a sync would refuse, because its pages or its rows are not what they were.
    """
    if checked:
        require_begun(path)
    if not path.is_file():
        raise StoreError(f"there is no database {path}: run syncd sync")
    changed = changed_pages(path) if checked else None
    with _readable(path) as readable, translated(path), closing(_opened(readable)) as connection:
        if checked:
            require_unchanged(connection, path, changed)
            require_newest(connection, path)
        version = version_of(connection, path)
        if version == newest_version(SCHEMA):
            yield Database(path, connection)
            return
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            connection.backup(copy)
            copy.row_factory = sqlite3.Row
            bring_up_to_date(copy, path)
            yield Database(path, copy)


@contextmanager
def state_as_it_is(directory: Path, *, checked: bool = False) -> Iterator[Store]:
    """The store for reading; whatever writes to it fails. Raises StoreError."""
    with database_as_it_is(directory / DATABASE_NAME, checked=checked) as database:
        yield Store(directory, database)


def can_be_written(directory: Path) -> bool:
    """Whether a database can be written there, or begun."""
    places = (directory, directory / DATABASE_NAME)
    return all(not place.exists() or os.access(place, os.W_OK) for place in places)


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """The file itself, or a copy where SQLite would have to make files beside it to read it."""
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or _log_is_read(path):
        yield path
        return
    with _scratch() as folder:
        with disk_faults(path):
            for file in (path, log):
                shutil.copyfile(file, folder / file.name)
        yield folder / path.name


def _log_is_read(path: Path) -> bool:
    """Whether SQLite reads it with its log as it is: what a dead writer has left may be of no use."""
    if not path.with_name(f"{path.name}-shm").exists():
        return False
    if can_be_written(path.parent):
        return True
    try:
        with closing(_opened(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        return False
    return True


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder that is gone afterwards. Raises StoreError."""
    for place in _PLACES:
        try:
            folder = tempfile.TemporaryDirectory(
                prefix="syncd-look-", dir=place and place.format(user=os.getuid())
            )
        except OSError:
            continue
        with folder as name:
            yield Path(name)
        return
    raise StoreError("there is no place for temporary files: set TMPDIR to a folder that can be written")


def _opened(path: Path) -> sqlite3.Connection:
    """Without a log nobody has it open: then SQLite needs no files beside it, and makes none."""
    has_log = path.with_name(f"{path.name}-wal").exists()
    connection = read_only(path, unwatched=not has_log, timeout_s=_BUSY_TIMEOUT_S)
    connection.row_factory = sqlite3.Row
    return connection
