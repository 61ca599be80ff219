"""The errors of the store, and the one place that translates SQLite's.

StoreError
├── StoreBusy      somebody else is at work
├── StoreFull      the disk is full; what was committed is kept
├── StoreBehind    an older database, or an emptied one, lies where a newer one was
└── StoreDamaged   the file is not what was written; it is left as it is
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """The message says what happened and what to do about it."""


class StoreBusy(StoreError):  # noqa: N818 - named for what it says
    """Another process holds what is needed."""


class StoreFull(StoreError):  # noqa: N818
    """No room; nothing that was committed is lost."""


class StoreBehind(StoreError):  # noqa: N818
    """Its copies have what it lacks; nothing is built on it until the athlete has said so."""


class StoreDamaged(StoreError):  # noqa: N818
    """Never repaired by beginning anew: the file stays for a rescue."""


def damaged(path: Path, problem: object) -> StoreDamaged:
    """The refusal of a damaged database."""
    verdict = " ".join(str(problem).split())  # SQLite's verdict has several lines
    return StoreDamaged(
        f"{path} is damaged ({verdict}); it is left as it is. Run syncd doctor --restore for a copy, or "
        f"move {path.name}* elsewhere and run syncd sync: runs are then read from their source again"
    )


def unwritable(place: Path) -> StoreError:
    """The refusal to work where nothing can be written."""
    return StoreError(f"{place} cannot be written (read-only disk, or permissions): check who owns it")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors on the database `path` into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(error, path) from error
    except UnicodeDecodeError as error:  # what SQLite says quotes a name that is no UTF-8 any more
        raise damaged(path, error) from error


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn the file system's errors on `path` into a StoreError."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise _full(path) from error
        raise StoreError(f"{path}: {error.strerror}; check that syncd may write there") from error


def _full(path: Path) -> StoreFull:
    return StoreFull(
        f"no room to write {path}; nothing stored is lost. Free some space: the next sync goes on"
    )


def _meaning(error: sqlite3.Error, path: Path) -> StoreError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(f"{path} is in use by another process; try again in a moment")
    # A file-size limit (ulimit, quota) arrives as a failed write, a full disk as FULL.
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")):
        return _full(path)
    # Text that is no UTF-8 any more is found by Python, which gives that error no name.
    unreadable = not name and isinstance(error, sqlite3.OperationalError)
    if unreadable or name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return damaged(path, error)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreError(f"{path} cannot be written ({error}); check the permissions of {path.parent}")
    return StoreError(f"{path}: {error}")
