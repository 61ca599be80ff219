"""The database file: opening it with care, transactions, and errors with a meaning.

Never open() the live file with anything but SQLite in a process that has it open: closing that
descriptor drops SQLite's own locks (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

from syncd.store import page_sums
from syncd.store.copies import back_up, backups
from syncd.store.errors import StoreError, damaged, disk_faults, translated, unwritable
from syncd.store.freshness import accept
from syncd.store.migrations import SCHEMA, migrate
from syncd.store.page_sums import Changed
from syncd.store.read_only import BUSY_TIMEOUT_S
from syncd.store.soundness import look_at, require_begun

Value = str | int | float | None

SYNCHRONOUS = "PRAGMA synchronous=FULL"  # a committed intent survives a power cut
_WAL_LIMIT_BYTES = 4 * 1024 * 1024
_SEAL_BYTES = 8
_OPEN: Counter[Path] = Counter()  # in this process: the file behind an open database is not to be read
REMOTE_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs"}
)


class Database:
    """An open database: rows come out as mappings, errors as StoreError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._has_seals = _has_seals(connection)
        self._is_counted = self._mends_seal = False

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """The first row of a query, if any."""
        return next(iter(self.rows(sql, values)), None)

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Carry out a statement; how many rows it changed."""
        with translated(self.path):
            return self._connection.execute(sql, values).rowcount

    def run_unsynced(self, sql: str, values: Sequence[Value] = ()) -> int:
        """The same, committed without waiting for the disk: it outlives this process, not a power cut.

        Outside a transaction.
        """
        with translated(self.path):
            self._connection.execute("PRAGMA synchronous=NORMAL")
            try:
                return self._connection.execute(sql, values).rowcount
            finally:
                self._connection.execute(SYNCHRONOUS)

    def insert(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Carry out an INSERT; the id of the new row."""
        with translated(self.path):
            return self._connection.execute(sql, values).lastrowid or 0

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction it is part of that one.

        IMMEDIATE waits for its turn at the start: a deferred read-then-write fails at once
        with BUSY, whatever the timeout.
        """
        if self.in_transaction:
            yield
            return
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with translated(self.path):
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def copy_to(self, path: Path) -> None:
        """A consistent copy in a new file, complete with what other connections have committed."""
        _create_privately(path)
        with translated(path), closing(sqlite3.connect(path, isolation_level=None)) as copy:
            self._connection.backup(copy)
            if self._has_seals:
                page_sums.break_seal(copy)  # its pages are not those of this file

    def go_back_to(self, path: Path, keeping: Collection[str]) -> bool:
        """Make every table but those in `keeping` as it is in a copy; False where that has another schema.

        All or nothing.
        """
        with translated(path):
            self._connection.execute("ATTACH DATABASE ? AS earlier", (str(path),))
            self._connection.execute("PRAGMA foreign_keys=OFF")
            try:
                if self._schema_of("main") != self._schema_of("earlier"):
                    return False
                with self.transaction():
                    for table in sorted(self._schema_of("main").keys() - set(keeping)):
                        self._connection.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - of the schema
                        self._connection.execute(
                            f'INSERT INTO main."{table}" SELECT * FROM earlier."{table}"'  # noqa: S608
                        )
            finally:
                self._connection.execute("PRAGMA foreign_keys=ON")
                self._connection.execute("DETACH DATABASE earlier")
        return True

    def _schema_of(self, database: str) -> dict[str, str]:
        """Every table with the statement that made it."""
        sql = f"SELECT name, sql FROM {database}.sqlite_schema WHERE type = 'table'"  # noqa: S608 - constants
        found = self._connection.execute(sql).fetchall()
        return {row["name"]: row["sql"] for row in found if not row["name"].startswith("sqlite_")}

    def back_up(self, today: date) -> Path:
        """Today's checked copy among the backups. Raises StoreError."""
        return back_up(self._connection, self.path.parent, today)

    def accept(self) -> None:
        """It goes on as it is, whatever its copies have. Raises StoreError."""
        with self.transaction(), translated(self.path):
            accept(self._connection, backups(self.path.parent))

    def check(self) -> None:
        """Look through all of it. Raises StoreDamaged; the sums of its pages are compared at opening."""
        if problem := self.problem():
            raise damaged(self.path, problem)

    def problem(self) -> str:
        """What is wrong with its structure or its references, "" where nothing is. Raises StoreError."""
        integrity = str(self.rows("PRAGMA integrity_check(1)")[0][0])
        if integrity != "ok":
            return " ".join(integrity.split())
        orphan = self.row("PRAGMA foreign_key_check")
        return "" if orphan is None else f"a row of {orphan[0]} without its {orphan[2]}"

    def compact(self) -> None:
        """Write the file anew without what was deleted."""
        with translated(self.path):
            page_sums.break_seal(self._connection)
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def tidy(self) -> None:
        """What SQLite wants done now and then: statistics, and the log written back."""
        with translated(self.path):
            page_sums.break_seal(self._connection)
            self._connection.execute("PRAGMA optimize")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self, *, seal: bool = True) -> None:
        """Close; uncommitted work is gone. With `seal` what is there now is what its sums are made of."""
        word = self._sealed() if seal and self._is_to_be_sealed() else ""
        self._forget_open()
        if word and not _OPEN[self.path]:
            page_sums.note(self.path, word)

    def is_damaged(self) -> bool:
        """Close it, and say whether pages have changed that nobody wrote."""
        with suppress(StoreError):
            seal = self._seal()
            self._forget_open()
            return not _OPEN[self.path] and page_sums.counts_under(seal, page_sums.changed(self.path))
        self._forget_open()
        return True

    def _seal(self) -> str:
        with translated(self.path):
            return page_sums.seal_in(self._connection)

    def _is_to_be_sealed(self) -> bool:
        if self._connection.total_changes:
            return True
        with suppress(sqlite3.Error):
            return self._mends_seal and not page_sums.seal_in(self._connection)
        return False

    def _sealed(self) -> str:
        """A new seal, "" where the file alone is not the whole database, or cannot be written."""
        word = secrets.token_hex(_SEAL_BYTES)
        try:
            if self.in_transaction:
                self._connection.execute("ROLLBACK")
            return word if self._has_seals and page_sums.put_seal(self._connection, word) else ""
        except sqlite3.Error:
            return ""

    def count_open(self, *, writing: bool) -> None:
        """This process has it open: the file itself is left alone meanwhile. A writer mends a broken seal."""
        self._is_counted, self._mends_seal = True, writing
        _OPEN[self.path] += 1

    def _forget_open(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()
        _OPEN[self.path] -= self._is_counted
        self._is_counted = self._mends_seal = False
        if not _OPEN[self.path]:
            del _OPEN[self.path]


def open_database(
    path: Path, schema: Path = SCHEMA, *, reading: bool = False, accepting: bool = False
) -> Database:
    """The checked database, migrated to the newest schema. Raises StoreError.

    For `reading` only what would mislead is looked for; who writes looks through all of it before.
    `accepting` takes an older or an empty one as it is.
    """
    _require_place(path)
    if not accepting:
        require_begun(path)
    _create_privately(path)
    changed = None if reading else changed_pages(path)
    if path.stat().st_size:
        look_at(path, changed, reading=reading, accepting=accepting)
    with translated(path):
        connection = _connect(path)
        try:
            migrate(connection, path, schema)
        except BaseException:
            connection.close()
            raise
    database = Database(path, connection)
    database.count_open(writing=not reading)
    if accepting:
        database.accept()
    return database


def changed_pages(path: Path) -> Changed | None:
    """What the sums say of the closed file; None without any, or while this process has it open."""
    return None if _OPEN[path] else page_sums.changed(path)


def _has_seals(connection: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'meta'"
    return connection.execute(sql).fetchone() is not None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        _write_ahead(connection, path)
        connection.execute(SYNCHRONOUS)
        connection.execute(f"PRAGMA journal_size_limit={_WAL_LIMIT_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        raise StoreError(f"{path.parent} cannot hold a WAL database; put the state on a local disk")


def _require_place(path: Path) -> None:
    """SQLite notices a place it cannot write only at the first write, sometimes not even then."""
    folder = path.parent
    if not folder.is_dir():
        raise StoreError(f"there is no state folder {folder}: run syncd init, or create it")
    if (kind := file_system_of(folder)) in REMOTE_KINDS:
        raise StoreError(f"{folder} is on {kind}, where locks are not safe: put the state on a local disk")
    closed = next(
        (place for place in (folder, path) if place.exists() and not os.access(place, os.W_OK)), None
    )
    if closed is not None:
        raise unwritable(closed)


def _create_privately(path: Path) -> None:
    """SQLite creates by umask, and its -wal and -shm files take after the database."""
    with disk_faults(path):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            return


def file_system_of(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The type of the file system that holds `folder`, "" where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    where, best, kind = f"{folder.resolve()}/", "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        mount = left.split()[4].replace("\\040", " ").rstrip("/")
        if where.startswith(f"{mount}/") and len(mount) >= len(best):
            best, kind = mount, right.split()[0]
    return kind
