"""Small facts by name: the cursor of a source, when something was last seen."""

from __future__ import annotations

from syncd.store.database import Database

RACE_KEY = "plan.race"  # the race that the plan leads to, as text; empty without one

RACE_HINDRANCE_KEY = "plan.race_hindrance"  # why it is not planned for, a reason as text; empty where it is


class Meta:
    """Key and value, both text: the only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, key: str) -> str | None:
        """The value, or None."""
        row = self._db.row("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row["value"])

    def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        self._db.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def forget(self, key: str) -> None:
        """Remove a key; absent already counts as done."""
        self._db.run("DELETE FROM meta WHERE key = ?", (key,))

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Every key that begins so, with its value."""
        found = self._db.rows(
            "SELECT key, value FROM meta WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
        )
        return {str(row["key"]): str(row["value"]) for row in found}
