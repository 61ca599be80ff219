"""Opening a database file so that nothing is written to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

BUSY_TIMEOUT_S = 10.0  # our default: how long one waits for another that writes


def read_only(path: Path, *, unwatched: bool = True, timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """A connection that writes nothing. Raises sqlite3.Error.

    `unwatched`: nobody else has the file open, and no log belongs to it: then nothing appears beside it,
    and nothing in it is rolled back.
    """
    options = "mode=ro&immutable=1" if unwatched else "mode=ro"
    uri = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None)
