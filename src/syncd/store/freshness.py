"""How far a database has come, compared with the copies of it: an older or an emptied one is noticed.

A copy is numbered inside: `copies.made` is counted up before it is made, in the database that it is a copy
of. One whose number is lower than that of its newest copy was put there from an earlier day. Some
tables only grow; where one of them is shorter than in the newest copy, rows were lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from syncd.store.errors import StoreBehind
from syncd.store.read_only import read_only

MADE_KEY = "copies.made"
ACCEPTED_KEY = "copies.accepted"  # the athlete said that this database goes on, until the next copy of it
_GROWING = (
    "activities",
    "arrivals",
    "changes",
    "corrections",
    "pushed",
    "recordings",
    "scores",
    "sessions",
    "weeks",
    "words",
)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`copies`: how many were made of it. `rows`: of the tables that only grow; `schema`: its number."""

    copies: int = 0
    accepted: bool = False
    schema: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept in it."""
        return not any(self.rows.values())


def freshness_of(connection: sqlite3.Connection) -> Freshness:
    """How far it has come. Raises sqlite3.Error."""
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    tables = {str(row[0]) for row in names}
    made = _meta(connection, MADE_KEY) if "meta" in tables else None
    return Freshness(
        int(made) if made is not None and made.isdecimal() else 0,
        "meta" in tables and _meta(connection, ACCEPTED_KEY) is not None,
        int(connection.execute("PRAGMA user_version").fetchone()[0]),
        {
            table: int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608
            for table in _GROWING
            if table in tables
        },
    )


def freshness_of_copies(copies: Iterable[Path]) -> Iterator[tuple[Path, Freshness]]:
    """Of the copies that can be read at all."""
    for copy in copies:
        try:
            with closing(read_only(copy)) as connection:
                yield copy, freshness_of(connection)
        except sqlite3.Error:
            continue


def lack_of(database: Freshness, copy: Freshness) -> str:
    """What the database lacks that the copy has, for a message; "" for nothing."""
    if database.accepted:
        return ""
    if database.is_empty and not copy.is_empty:
        return "is empty"
    if database.copies < copy.copies:
        return "is older"
    if database.schema != copy.schema:
        return ""
    fewer = [
        f"{table} {database.rows[table]} instead of {number}"
        for table, number in copy.rows.items()
        if database.rows.get(table, 0) < number
    ]
    return f"has lost rows ({', '.join(fewer)})" if fewer else ""


def behind(path: Path, lack: str, copy: Path) -> StoreBehind:
    """The refusal of a database that lacks what its copy has."""
    return StoreBehind(
        f"{path} {lack}, its copy {copy.name} is not: nothing is changed. Run syncd doctor --restore for the "
        "copy, or syncd doctor --accept to go on with the database as it is"
    )


def count_copy(connection: sqlite3.Connection, copies: Iterable[Path]) -> None:
    """A copy is about to be made: its number is higher than any before."""
    _set_meta(connection, MADE_KEY, str(_highest(connection, copies) + 1))


def catch_up(connection: sqlite3.Connection, copies: Iterable[Path]) -> None:
    """The database was put there on purpose: it is no older than its copies."""
    _set_meta(connection, MADE_KEY, str(_highest(connection, copies)))


def accept(connection: sqlite3.Connection, copies: Iterable[Path]) -> None:
    """The database goes on as it is, whatever its copies have."""
    catch_up(connection, copies)
    _set_meta(connection, ACCEPTED_KEY, "yes")


def _highest(connection: sqlite3.Connection, copies: Iterable[Path]) -> int:
    return max([freshness_of(connection).copies, *(known.copies for _, known in freshness_of_copies(copies))])


def copied(connection: sqlite3.Connection) -> None:
    """There is a copy of what was accepted."""
    connection.execute("DELETE FROM meta WHERE key = ?", (ACCEPTED_KEY,))


def _meta(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
