"""Bringing an older database up to date: one file a version, one transaction a file.

What SQL cannot say is Python: a line `-- then: MODULE` names a module whose `upgrade(connection)`
goes on after the statements, in the same transaction.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from syncd.store.copies import checked_copy
from syncd.store.errors import StoreError, damaged

SCHEMA = Path(__file__).parent / "schema"
_THEN = re.compile(r"^-- then: ([\w.]+)$", re.MULTILINE)


class NewerSchema(StoreError):  # noqa: N818 - named for what it says
    """A newer syncd wrote the database: this one must not touch it."""


def migrate(connection: sqlite3.Connection, path: Path, schema: Path = SCHEMA) -> None:
    """Apply what is missing of `schema/NNN_what.sql`. Raises StoreError; sqlite3.Error passes through.

    A kill anywhere leaves the version before or the version after, never anything between.
    """
    version = version_of(connection, path)
    if 0 < version < newest_version(schema):
        checked_copy(connection, path.with_name(f"{path.stem}-v{version}.db"))
    bring_up_to_date(connection, path, schema)


def bring_up_to_date(connection: sqlite3.Connection, path: Path, schema: Path = SCHEMA) -> None:
    """The same without a copy of what was before: for what is a copy itself."""
    steps, version = _steps(schema), version_of(connection, path)
    if version > len(steps):
        raise NewerSchema(
            f"{path} was written by a newer syncd (schema {version}, this one knows {len(steps)}): "
            "update syncd"
        )
    for number in range(version + 1, len(steps) + 1):
        _apply(connection, number, steps[number - 1])


def newest_version(schema: Path = SCHEMA) -> int:
    """The schema number that this version of syncd writes."""
    return len(_steps(schema))


def _steps(schema: Path) -> list[Path]:
    files = sorted(schema.glob("[0-9][0-9][0-9]_*.sql"))
    if [int(file.name[:3]) for file in files] != list(range(1, len(files) + 1)):
        raise StoreError(f"{schema} has gaps or doubles in its numbers: reinstall syncd")
    return files


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The schema number of a database, distrusted: the header of a SQLite file has no checksum."""
    connection.execute("BEGIN")  # both readings from one moment: another process may be migrating
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    connection.execute("COMMIT")
    if version < 0 or (version == 0) != (tables == 0):
        raise damaged(path, f"schema number {version} with {tables} tables and indexes")
    return version


def _apply(connection: sqlite3.Connection, number: int, file: Path) -> None:
    with _without_foreign_keys(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] < number:  # else another was faster
                _carry_out(connection, file.read_text(encoding="utf-8"))
                _require_references(connection, file)
                connection.execute(f"PRAGMA user_version={number:d}")  # in the file, so in the transaction
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def _without_foreign_keys(connection: sqlite3.Connection) -> Iterator[None]:
    """A table that others refer to can be built anew; inside a transaction the switch does nothing."""
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA foreign_keys=ON")


def _carry_out(connection: sqlite3.Connection, script: str) -> None:
    for statement in statements(script):
        connection.execute(statement)
    for module_name in _THEN.findall(script):
        import_module(module_name).upgrade(connection)


def _require_references(connection: sqlite3.Connection, file: Path) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise StoreError(
            f"{file.name} would leave a row of {broken[0]} without its {broken[2]}: nothing is changed"
        )


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executescript() would commit behind our back."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if any(rest and not rest.startswith("--") for rest in map(str.strip, pending.splitlines())):
        raise StoreError(f"a statement without its end: {pending.strip()[:60]}")
