"""The state as it is, for whoever must change nothing: no file is written, no lock kept, no table altered.

A database of an earlier version is brought up to date in memory, so that the repositories can read it.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from syncd.store.database import Database, changed_pages
from syncd.store.errors import StoreError, disk_faults, translated
from syncd.store.migrations import SCHEMA, bring_up_to_date, newest_version, version_of
from syncd.store.soundness import require_begun, require_newest, require_unchanged
from syncd.store.store import DATABASE_NAME, Store

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
    with _readable(path) as readable, translated(path), closing(_read_only(readable)) as connection:
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
def state_as_it_is(directory: Path) -> Iterator[Store]:
    """The store for reading; whatever writes to it fails. Raises StoreError."""
    with database_as_it_is(directory / DATABASE_NAME) as database:
        yield Store(directory, database)


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """The file itself, or a copy where SQLite would have to make files beside it to read it."""
    log, index = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    if not log.exists() or index.exists():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="syncd-look-") as folder, disk_faults(path):
        for file in (path, log):
            shutil.copyfile(file, Path(folder, file.name))
        yield Path(folder, path.name)


def _read_only(path: Path) -> sqlite3.Connection:
    """Without a log nobody has it open: then SQLite needs no files beside it, and makes none."""
    log = path.with_name(f"{path.name}-wal")
    options = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?{options}"
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection
