"""Copies of the database: checked, complete or absent; and putting one in its place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path

from syncd.durable import sync_folder
from syncd.store.errors import StoreDamaged, StoreError, disk_faults, translated

FOLDER = "backups"
KEPT = 7
_LIVE = ("syncd.db", "syncd.db-wal", "syncd.db-shm")
_PATTERN = "syncd-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].db"


def checked_copy(connection: sqlite3.Connection, target: Path) -> None:
    """A copy of an open database in `target`. Raises StoreError; the earlier `target` then stays."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    with disk_faults(part):
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
            with translated(part), closing(sqlite3.connect(part)) as copy:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                _require_good(copy, target)
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def _require_good(copy: sqlite3.Connection, target: Path) -> None:
    if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise StoreDamaged(f"the copy {target} would be damaged; nothing was changed")


def back_up(connection: sqlite3.Connection, state: Path, today: date) -> Path:
    """Today's copy in `backups`; the newest `KEPT` stay. Raises StoreError.

    A clock that went back never removes copies that are newer than the one it makes.
    """
    folder = state / FOLDER
    with disk_faults(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / f"syncd-{today.isoformat()}.db"
        checked_copy(connection, target)
        for old in backups(state)[KEPT:]:
            old.unlink(missing_ok=True)
    return target


def backups(state: Path) -> list[Path]:
    """The copies, newest first."""
    return sorted((state / FOLDER).glob(_PATTERN), reverse=True)


def every_copy(state: Path) -> list[Path]:
    """Whatever else holds the same rows: nightly copies, those made before an upgrade or a restore, others.

    Also what a kill left of one.
    """
    places = (state, state / FOLDER)
    return sorted(
        path
        for place in places
        for path in place.glob("syncd*.db*")
        if path.is_file() and path.name not in _LIVE
    )


def restore(database: Path, state: Path, now: datetime) -> tuple[Path, list[Path]]:
    """Put the newest good copy in place; returns it, and the earlier files, which are kept beside it.

    Call it alone, with nothing open. Raises StoreError where there is no good copy: then nothing
    was changed.
    """
    copy = next(_good(state), None)
    if copy is None:
        raise StoreError(
            f"there is no good copy in {state / FOLDER}: nothing was changed. To begin anew move "
            f"{database.name}* elsewhere and run syncd sync: runs are then read from their source again"
        )
    stamp = now.strftime("%Y%m%dT%H%M%S")
    aside: list[Path] = []
    with disk_faults(database):
        for ending in ("", "-wal", "-shm"):  # a stale WAL must never meet another database
            earlier = database.with_name(database.name + ending)
            if earlier.exists():
                aside.append(earlier.rename(database.with_name(f"{database.name}.before-{stamp}{ending}")))
        sync_folder(database.parent)
        with translated(copy), closing(_read_only(copy)) as source:
            checked_copy(source, database)
    return copy, aside


def _good(state: Path) -> Iterator[Path]:
    for copy in backups(state):
        try:
            with closing(_read_only(copy)) as source:
                if source.execute("PRAGMA integrity_check").fetchone()[0] == "ok":
                    yield copy
        except sqlite3.Error:
            continue


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
