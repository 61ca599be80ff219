"""Copies of the database: checked, complete or absent; and putting one in its place."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from syncd.durable import private_folder, sync_folder
from syncd.store import page_sums
from syncd.store.copy_sums import is_good, keep_sums, note_sum, note_unsummed, sum_of
from syncd.store.errors import StoreDamaged, StoreError, disk_faults, translated
from syncd.store.freshness import behind, catch_up, copied, count_copy, freshness_of, lack_of
from syncd.store.read_only import read_only

FOLDER = "backups"
KEPT = 7
_LIVE = ("syncd.db", "syncd.db-wal", "syncd.db-shm", "syncd.db.sums")
_PATTERN = "syncd-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].db"
_LOGS = ("-wal", "-shm", "-journal")


def checked_copy(
    connection: sqlite3.Connection, target: Path, before_it_is_there: Callable[[Path], None] | None = None
) -> None:
    """A copy of an open database in `target`, compared with it row by row.

    `before_it_is_there` gets the finished file before it takes its name. Raises StoreError; the earlier
    `target` then stays.
    """
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    with disk_faults(part):
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
            with translated(part), closing(sqlite3.connect(part)) as copy, _one_moment(connection):
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                _require_same(connection, copy, target)
            with translated(part), closing(sqlite3.connect(part, isolation_level=None)) as copy:
                if page_sums.seal_in(copy):
                    page_sums.break_seal(copy)
            if before_it_is_there is not None:
                before_it_is_there(part)
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Whatever others commit meanwhile, the database reads as it did at the beginning."""
    connection.execute("BEGIN")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        yield
    finally:
        connection.execute("COMMIT")


def _require_same(connection: sqlite3.Connection, copy: sqlite3.Connection, target: Path) -> None:
    """SQLite's own check sees no changed bit inside of a value."""
    verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok" or content_of(copy) != content_of(connection):
        raise StoreDamaged(f"the copy {target} would not be what it was made of; nothing was changed")


def content_of(connection: sqlite3.Connection) -> str:
    """A hash of every row of every table, in the order in which they lie."""
    total = hashlib.sha256()
    text, connection.text_factory = connection.text_factory, bytes
    try:
        cursor = connection.cursor()
        cursor.row_factory = None
        tables = cursor.execute("SELECT name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
        total.update(repr(tables).encode())
        names = cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        for (name,) in names:
            total.update(name)
            for row in cursor.execute(f'SELECT * FROM "{name.decode()}"'):  # noqa: S608 - of the schema
                total.update(repr(row).encode())
    finally:
        connection.text_factory = text
    return total.hexdigest()


def back_up(connection: sqlite3.Connection, state: Path, today: date) -> Path:
    """Today's copy in `backups`; the newest `KEPT` stay, at least a good one of them. Raises StoreError.

    A clock that went back never removes copies that are newer than the one it makes. No copy is made of
    a database that lacks what the newest good one has.
    """
    folder = state / FOLDER
    with disk_faults(folder):
        private_folder(folder)
        target = folder / f"syncd-{today.isoformat()}.db"
        with translated(state / "syncd.db"):
            page_sums.break_seal(connection)
            _require_no_poorer(connection, state)
            count_copy(connection, backups(state))
        checked_copy(connection, target, lambda part: note_sum(state, target, sum_of(part)))
        keep_sums(state, target, sum_of(target))
        note_unsummed(state, backups(state))
        with translated(state / "syncd.db"):
            copied(connection)
        for old in _surplus(state):
            old.unlink(missing_ok=True)
    return target


def _require_no_poorer(connection: sqlite3.Connection, state: Path) -> None:
    copy = next(good_copies(state), None)
    if copy is None:
        return
    with closing(read_only(copy)) as opened:
        lack = lack_of(freshness_of(connection), freshness_of(opened))
    if lack:
        raise behind(state / "syncd.db", lack, copy)


def _surplus(state: Path) -> list[Path]:
    """The oldest, but for the newest good one where none of those that stay is good."""
    kept, surplus = backups(state)[:KEPT], backups(state)[KEPT:]
    if not surplus or any(is_good(state, copy) for copy in kept):
        return surplus
    last = next((copy for copy in surplus if is_good(state, copy)), None)
    return [copy for copy in surplus if copy != last]


def backups(state: Path) -> list[Path]:
    """The copies, newest first; a pipe or a device of that name is none."""
    return [copy for copy in sorted((state / FOLDER).glob(_PATTERN), reverse=True) if copy.is_file()]


def good_copies(state: Path) -> Iterator[Path]:
    """Those that are still what they were when they were made, newest first."""
    return (copy for copy in backups(state) if is_good(state, copy))


def damaged_copies(state: Path) -> list[Path]:
    """Those that are not, newest first."""
    return [copy for copy in backups(state) if not is_good(state, copy)]


def every_remnant(state: Path) -> list[Path]:
    """Every copy, what a kill left of one, and what was put aside by any name: all that rows may be in."""
    found = (path for place in (state, state / FOLDER) for path in place.glob("syncd*.db*"))
    return sorted(path for path in found if path.is_file() and path.name not in _LIVE)


def to_restore(state: Path) -> list[Path]:
    """All that may be put in the place of the database, the best first."""
    beside = (*state.glob("syncd-v*.db"), *state.glob("syncd.db.before-*"))
    whole = (path for path in beside if not path.name.endswith(_LOGS))
    return [*backups(state), *sorted(whole, key=_age, reverse=True)]


def _age(copy: Path) -> tuple[int, str]:
    """Of what is no nightly copy: those of an upgrade by their schema, before those of a restore."""
    number = copy.stem.removeprefix("syncd-v")
    return (int(number) if number.isdecimal() else -1, copy.name)


def restore(database: Path, state: Path, now: datetime) -> tuple[Path, list[Path]]:
    """Put the newest good copy in place; returns it, and the earlier files, which are kept beside it.

    Call it alone, with nothing open. Raises StoreError where there is no good copy: then nothing
    was changed.
    """
    copy = next((copy for copy in to_restore(state) if is_good(state, copy)), None)
    if copy is None:
        raise StoreError(
            f"there is no good copy in {state / FOLDER}: nothing was changed. To begin anew move "
            f"{database.name}* elsewhere and run syncd doctor --accept: runs are then read from their "
            "source again"
        )
    stamp = now.strftime("%Y%m%dT%H%M%S")
    aside: list[Path] = []
    with disk_faults(database):
        page_sums.forget(database)
        for ending in ("", "-wal", "-shm"):  # a stale WAL must never meet another database
            earlier = database.with_name(database.name + ending)
            if earlier.exists():
                aside.append(earlier.rename(database.with_name(f"{database.name}.before-{stamp}{ending}")))
        sync_folder(database.parent)
        with translated(copy), closing(read_only(copy)) as source:
            checked_copy(source, database)
        with translated(database), closing(sqlite3.connect(database, isolation_level=None)) as restored:
            catch_up(restored, backups(state))  # also where a newer copy is damaged
    return copy, aside
