"""Which copies are still what they were when they were made: their SHA-256 sums, in `backups.sums`.

The file is as sha256sum writes it, so that `sha256sum -c backups.sums` in the state folder checks the same.
Its first line is a remark with a sum of the others: damaged itself it condemns no copy.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from syncd.durable import read_small, write_whole
from syncd.store.read_only import read_only

SUMS = "backups.sums"
_LINE = re.compile(r"(?P<sum>[0-9a-f]{64})  (?P<name>\S.*)")
_CHUNK = 1024 * 1024


def sum_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


def note_sum(state: Path, copy: Path, total: str) -> None:
    """A copy is about to be there with this sum, or to stay as it is. Raises OSError.

    Both sums of a copy that is replaced count, so that a kill in between condemns neither.
    """
    kept = _kept(state)
    kept[_name(state, copy)] = (*kept.get(_name(state, copy), ()), total)
    _write(state, kept)


def keep_sums(state: Path, copy: Path, total: str) -> None:
    """This is the one sum of the copy now; sums of files that are gone go too. Raises OSError."""
    kept = {name: sums for name, sums in _kept(state).items() if (state / name).exists()}
    _write(state, {**kept, _name(state, copy): (total,)})


def is_good(state: Path, copy: Path) -> bool:
    """Whether a copy is what was written; without a sum (an earlier version) it is only looked through."""
    sums = _kept(state).get(_name(state, copy))
    try:
        if sums is not None:
            return sum_of(copy) in sums
        with closing(read_only(copy)) as connection:
            return _is_whole(connection)
    except (OSError, sqlite3.Error):
        return False


def note_unsummed(state: Path, copies: list[Path]) -> None:
    """Give those of an earlier version a sum, if they are good: from now on a flipped bit is seen."""
    kept = _kept(state)
    for copy in copies:
        if _name(state, copy) not in kept and is_good(state, copy):
            keep_sums(state, copy, sum_of(copy))


def _is_whole(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    return bool(tables) and connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"


def _name(state: Path, copy: Path) -> str:
    return copy.relative_to(state).as_posix()


def _kept(state: Path) -> dict[str, tuple[str, ...]]:
    try:
        text = read_small(state / SUMS).decode("utf-8", "replace")
    except OSError:
        return {}
    first, _, rest = text.partition("\n")
    if first != _first_line(rest):
        return {}
    kept: dict[str, tuple[str, ...]] = {}
    for line in rest.splitlines():
        if found := _LINE.fullmatch(line):
            kept[found["name"]] = (*kept.get(found["name"], ()), found["sum"])
    return kept


def _write(state: Path, kept: Mapping[str, tuple[str, ...]]) -> None:
    lines = [f"{total}  {name}\n" for name, sums in sorted(kept.items()) for total in dict.fromkeys(sums)]
    rest = "".join(lines)
    write_whole(state / SUMS, f"{_first_line(rest)}\n{rest}".encode())


def _first_line(rest: str) -> str:
    return f"# {zlib.crc32(rest.encode()):08x}"
