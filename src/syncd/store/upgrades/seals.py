"""To version 15: every table takes the seal of the pages off when one of its rows changes."""

from __future__ import annotations

import sqlite3

from syncd.store.page_sums import guard


def upgrade(connection: sqlite3.Connection) -> None:
    """Make the triggers."""
    guard(connection)
