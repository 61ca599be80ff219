"""Every table takes the seal of the pages off when one of its rows changes (from version 15 on)."""

from __future__ import annotations

import sqlite3

from syncd.store.page_sums import guard


def upgrade(connection: sqlite3.Connection) -> None:
    """Make the triggers."""
    guard(connection)
