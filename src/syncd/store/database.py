"""The database file: opening it with care, transactions, and errors with a meaning.

Never open() the live file with anything but SQLite in a process that has it open: closing that
descriptor drops SQLite's own locks (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from syncd.store.copies import FOLDER, back_up, backups
from syncd.store.errors import StoreError, damaged, disk_faults, translated
from syncd.store.migrations import SCHEMA, migrate

Value = str | int | float | None

SYNCHRONOUS = "PRAGMA synchronous=FULL"  # a committed intent survives a power cut
_BUSY_TIMEOUT_S = 10.0
_WAL_LIMIT_BYTES = 4 * 1024 * 1024
REMOTE_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs"}
)


class Database:
    """An open database: rows come out as mappings, errors as StoreError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

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
        with translated(path), closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)

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

    def compact(self) -> None:
        """Write the file anew without what was deleted."""
        with translated(self.path):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def tidy(self) -> None:
        """What SQLite wants done now and then: statistics, and the log written back."""
        with translated(self.path):
            self._connection.execute("PRAGMA optimize")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close; uncommitted work is gone."""
        self._connection.close()


def open_database(path: Path, schema: Path = SCHEMA) -> Database:
    """The checked database, migrated to the newest schema. Raises StoreError."""
    _require_place(path)
    _require_not_lost(path)
    _create_privately(path)
    with translated(path):
        connection = _connect(path)
        try:
            _require_intact(connection, path)
            migrate(connection, path, schema)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
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


def _require_intact(connection: sqlite3.Connection, path: Path) -> None:
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise damaged(path, verdict)


def _require_place(path: Path) -> None:
    """SQLite notices a place it cannot write only at the first write, sometimes not even then."""
    folder = path.parent
    if not folder.is_dir():
        raise StoreError(f"there is no state folder {folder}: run syncd init, or create it")
    if (kind := file_system_of(folder)) in REMOTE_KINDS:
        raise StoreError(f"{folder} is on {kind}, where locks are not safe: put the state on a local disk")
    unwritable = next(
        (place for place in (folder, path) if place.exists() and not os.access(place, os.W_OK)), None
    )
    if unwritable is not None:
        raise StoreError(
            f"{unwritable} cannot be written (read-only disk, or permissions): check who owns it"
        )


def _require_not_lost(path: Path) -> None:
    """A database that is gone is not begun anew while there are copies of it."""
    if not path.exists() and backups(path.parent):
        raise StoreError(
            f"{path} is missing, but there are copies of it: run syncd doctor --restore "
            f"(or move {path.parent / FOLDER} elsewhere to begin anew)"
        )


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
