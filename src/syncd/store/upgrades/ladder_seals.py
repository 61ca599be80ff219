"""To version 17: the table of the ladders takes the seal of the pages off as all others do."""

from __future__ import annotations

import sqlite3

from syncd.store.page_sums import guard


def upgrade(connection: sqlite3.Connection) -> None:
    """Make the triggers of the new table."""
    guard(connection, {"ladder_levels"})
