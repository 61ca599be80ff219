"""Sums of the pages of a closed database, kept beside it: what changed without a statement is damage.

SQLite itself sees a flipped bit only where it breaks the structure of a page. So whoever has written
puts a seal, a random word, into the database when closing it, and the sums of all pages of the closed
file under that seal beside it. Triggers on every table take the seal off with the first row that anybody
changes; a changed schema counts up the header. Sums under a seal that is still there are those of the very
same pages.

Call nothing of this that reads the file while this process has it open (howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

from syncd.durable import read_small

ENDING = ".sums"
SEAL_KEY = "pages.seal"
_BLOCK = 64 * 1024  # our default: sixteen pages a sum, 8 kB of sums for a database of 64 MB
_FORMAT = 1
_LARGEST_SUMS = 16 * 1024 * 1024  # our default: of a database of 80 GB
_COUNTER = slice(24, 28)  # of the header: counted up whenever the first page is written
_TRIGGER = """CREATE TRIGGER IF NOT EXISTS "seal_{table}_{event}" AFTER {event} ON "{table}"{unless}
BEGIN DELETE FROM meta WHERE key = '{key}'; END"""

Changed = tuple[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class PageSums:
    """`sums`: a CRC-32 a block. `size`: the bytes of the file, `counter`: how often its head was written."""

    size: int
    counter: int
    sums: tuple[int, ...]


def guard(connection: sqlite3.Connection) -> None:
    """Give every table that has none the triggers that take the seal off.

    SQLite's own tables, of statistics, can have none.
    """
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
    tables = [table for (table,) in connection.execute(names).fetchall()]
    for table in tables:
        for event in ("INSERT", "UPDATE", "DELETE"):
            row = "OLD" if event == "DELETE" else "NEW"
            unless = f" WHEN {row}.key <> '{SEAL_KEY}'" if table == "meta" else ""
            connection.execute(_TRIGGER.format(table=table, event=event, unless=unless, key=SEAL_KEY))


def break_seal(connection: sqlite3.Connection) -> None:
    """Pages are about to change otherwise than by a row."""
    connection.execute("DELETE FROM meta WHERE key = ?", (SEAL_KEY,))


def put_seal(connection: sqlite3.Connection, seal: str) -> bool:
    """Seal the database, and write its log back; whether the file alone is the whole database now."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (SEAL_KEY, seal))
    return int(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]) == 0


def seal_in(connection: sqlite3.Connection) -> str:
    """The seal, "" where it is broken or was never put."""
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone() is None:
        return ""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (SEAL_KEY,)).fetchone()
    return "" if row is None else str(row[0])


def note(path: Path, seal: str) -> None:
    """Keep the sums of the closed database `path`. Where that fails, or somebody has it open, none count."""
    if has_log(path):
        return
    with suppress(OSError):
        now = _summed(path)
        file, aside = _beside(path), path.with_name(f"{path.name}{ENDING}.{os.getpid()}.part")
        body = json.dumps({"format": _FORMAT, "seal": seal, **asdict(now)})
        descriptor = os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:  # lost in a power cut: none count then
            out.write(f"{zlib.crc32(body.encode()):08x} {body}\n")
        aside.replace(file)


def forget(path: Path) -> None:
    """The database of that name is another one now."""
    with suppress(OSError):
        _beside(path).unlink(missing_ok=True)


def counts_under(seal: str, found: Changed | None) -> bool:
    """Whether pages are known to have changed under that seal."""
    return found is not None and found[0] == seal and bool(found[1])


def changed(path: Path) -> Changed | None:
    """The seal of the sums, and where in the file (bytes) blocks differ from them; None without sums."""
    kept = None if has_log(path) else _kept(path)
    if kept is None:
        return None
    seal, then = kept
    try:
        now = _summed(path)
    except OSError:
        return None
    if now.counter != then.counter:
        return None
    pairs = enumerate(zip_longest(now.sums, then.sums))
    return seal, tuple(place * _BLOCK for place, (new, old) in pairs if new != old)


def has_log(path: Path) -> bool:
    """Whether there is a write-ahead log with something in it: the file alone is not all."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


def _kept(path: Path) -> tuple[str, PageSums] | None:
    """Seal and sums; None where they are damaged themselves."""
    try:
        text = read_small(_beside(path), _LARGEST_SUMS).decode("utf-8")
        sum_of_body, _, body = text.rstrip("\n").partition(" ")
        if int(sum_of_body, 16) != zlib.crc32(body.encode()):
            return None
        kept = json.loads(body)
        if kept["format"] != _FORMAT:
            return None
        sums = PageSums(int(kept["size"]), int(kept["counter"]), tuple(map(int, kept["sums"])))
        return str(kept["seal"]), sums
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _summed(path: Path) -> PageSums:
    size, counter, sums = 0, 0, []
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not size:
                counter = int.from_bytes(block[_COUNTER])
            size += len(block)
            sums.append(zlib.crc32(block))
    return PageSums(size, counter, tuple(sums))
