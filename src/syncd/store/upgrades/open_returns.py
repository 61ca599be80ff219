"""A return that was opened while nothing was run had no end: it gets one, four weeks after it began."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta

_DAYS = 28  # as an open return lasts since


def upgrade(connection: sqlite3.Connection) -> None:
    """Give every open return its last day."""
    rows = connection.execute("SELECT id, condition FROM changes WHERE condition IS NOT NULL").fetchall()
    for identity, text in rows:
        condition = json.loads(text)
        if condition.get("asked") != "return" or "last_day" in condition:
            continue
        first_day = date.fromisoformat(condition["first_day"])
        condition["last_day"] = (first_day + timedelta(days=_DAYS - 1)).isoformat()
        kept = json.dumps(condition, ensure_ascii=False, sort_keys=True)
        connection.execute("UPDATE changes SET condition = ? WHERE id = ?", (kept, identity))
