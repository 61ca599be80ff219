"""Whether a database is the one that was written last, before anybody builds on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from syncd.store import page_sums
from syncd.store.copies import backups, to_restore
from syncd.store.copy_sums import is_good
from syncd.store.errors import StoreBehind, damaged, translated
from syncd.store.freshness import behind, freshness_of, freshness_of_copies, lack_of
from syncd.store.page_sums import Changed
from syncd.store.read_only import read_only

_SMALLEST = 512  # the smallest page (https://sqlite.org/fileformat.html, 1.3.2)


def look_at(path: Path, changed: Changed | None, *, reading: bool, accepting: bool) -> None:
    """Look before anything is written, even the head of the file. Raises StoreError."""
    with translated(path), closing(read_only(path, unwatched=False)) as connection:
        if reading:
            require_length(connection, path)
        else:
            require_unchanged(connection, path, changed)
        if not accepting:
            require_newest(connection, path)


def require_unchanged(connection: sqlite3.Connection, path: Path, changed: Changed | None) -> None:
    """The sums see each changed bit; without sums that count SQLite looks through the structure."""
    if changed is None or changed[0] != page_sums.seal_in(connection):
        require_intact(connection, path)
    elif changed[1]:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        places = ", ".join(map(str, changed[1][:3]))
        other = f"pages near byte {places} are not as they were written"
        raise damaged(path, other if verdict == "ok" else verdict)


def require_intact(connection: sqlite3.Connection, path: Path) -> None:
    """SQLite looks through the structure."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise damaged(path, verdict)


def require_length(connection: sqlite3.Connection, path: Path) -> None:
    """A file that was cut off, at the price of a glance."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if not page_sums.has_log(path) and path.stat().st_size < pages * size:
        raise damaged(path, f"{path.stat().st_size} bytes of {pages * size}")


def require_begun(path: Path) -> None:
    """A database that is gone, or empty, is not begun anew while there are copies of it."""
    found = path.stat().st_size if path.exists() else None
    if found is not None and 0 < found < _SMALLEST:  # which SQLite would begin anew
        raise damaged(path, f"{found} bytes")
    if found:
        return
    if found == 0 and page_sums.has_log(path):
        raise damaged(path, "it is empty, but what was written last is in its log")
    if to_restore(path.parent):
        raise StoreBehind(
            f"{path} is {'missing' if found is None else 'empty'}, but there are copies of it: run syncd "
            "doctor --restore (or syncd doctor --accept to begin anew)"
        )


def require_newest(connection: sqlite3.Connection, path: Path) -> None:
    """Nothing is built on a database that its newest good copy shows to be older, or to have lost rows."""
    state = path.parent
    database = freshness_of(connection)
    for copy, freshness in freshness_of_copies(backups(state)):
        lack = lack_of(database, freshness)
        if not lack:
            return
        if is_good(state, copy):
            raise behind(path, lack, copy)
