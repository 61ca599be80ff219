"""What newer schemas brought, taken back: a state as an older version left it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from syncd.connectors.garmin.index import text_hash_of
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.store import page_sums
from syncd.store.migrations import SCHEMA

_TO_SCHEMA_18 = "\n".join(
    (
        "PRAGMA foreign_keys = OFF;",
        "BEGIN;",
        (SCHEMA / "019_heat.sql").read_text(encoding="utf-8").replace(", 'heat'", ""),
        "DELETE FROM meta WHERE key = 'pages.seal';",
        "PRAGMA user_version = 18;",
        "COMMIT;",
    )
)
_TO_SCHEMA_15 = """
BEGIN;
DROP TABLE pains;
DROP TABLE ladder_levels;
DROP TABLE health_clearances;
DROP TABLE health_answers;
DELETE FROM meta WHERE key = 'pages.seal';
PRAGMA user_version = 15;
COMMIT;
"""
_TO_SCHEMA_13 = """
BEGIN;
DROP TABLE quarantine;
DROP TABLE lost_payloads;
DELETE FROM meta WHERE key IN ('pages.seal', 'copies.made', 'copies.accepted');
PRAGMA user_version = 13;
COMMIT;
"""
_TO_SCHEMA_8 = """
PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE questions;
DROP TABLE fits;
DROP TABLE readings;
DROP TABLE sent_versions;
DROP TABLE race_marks;
ALTER TABLE changes DROP COLUMN rests_on;
ALTER TABLE changes DROP COLUMN withdrawn_at;
ALTER TABLE changes DROP COLUMN withdrawn_why;
ALTER TABLE weeks DROP COLUMN as_of;
ALTER TABLE weeks DROP COLUMN basis;
PRAGMA user_version = 8;
COMMIT;
"""
_TO_SCHEMA_7 = """
PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE corrections;
CREATE TABLE arrivals_old (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('run', 'other', 'duplicate', 'unreadable')),
    reason TEXT NOT NULL,
    raw_hash TEXT,
    activity_id INTEGER REFERENCES activities (id),
    at TEXT NOT NULL,
    PRIMARY KEY (source, remote_id, fingerprint)
) STRICT, WITHOUT ROWID;
INSERT INTO arrivals_old SELECT * FROM arrivals;
DROP TABLE arrivals;
ALTER TABLE arrivals_old RENAME TO arrivals;
UPDATE details SET version = 'of 0.3.0';
PRAGMA user_version = 7;
COMMIT;
"""
_NONCE = re.compile(r"(syncd:[\w.-]+:\d{4}w\d{2}-\d{1,2}:[0-9a-f]{12}):[0-9a-f]{8}")


def as_of_0_7_0(database: Path) -> None:
    """The database as 0.7.0 left it."""
    _back(database, _TO_SCHEMA_18)
    database.with_name(f"{database.name}{page_sums.ENDING}").unlink(missing_ok=True)


def as_of_0_6_0(database: Path) -> None:
    """The database as 0.6.0 left it."""
    as_of_0_7_0(database)
    _back(database, _TO_SCHEMA_15)
    database.with_name(f"{database.name}{page_sums.ENDING}").unlink(missing_ok=True)


def as_of_0_5_0(database: Path) -> None:
    """The database as 0.5.0 left it."""
    as_of_0_6_0(database)
    with closing(sqlite3.connect(database)) as old:
        names = old.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    _back(database, "".join(f'DROP TRIGGER "{name}";' for (name,) in names) + _TO_SCHEMA_13)
    database.with_name(f"{database.name}{page_sums.ENDING}").unlink(missing_ok=True)


def as_of_0_4_0(database: Path) -> None:
    """The database as 0.4.0 left it."""
    as_of_0_5_0(database)
    _back(database, _TO_SCHEMA_8)


def as_of_0_3_0(database: Path) -> None:
    """The database as 0.3.0 left it."""
    as_of_0_4_0(database)
    _back(database, _TO_SCHEMA_7)


def without_nonces(account: StandInGarminAccount, index: Path) -> None:
    """The workouts as versions before 0.5.0 marked them: in the account, and in the sink's own index."""
    for workout in account.workouts.values():
        workout["description"] = _NONCE.sub(r"\1", str(workout["description"]))
    kept = json.loads(_NONCE.sub(r"\1", index.read_text()))
    for number, known in kept["workouts"].items():
        there = account.workouts[number]
        known["words"] = text_hash_of(str(there["workoutName"]), str(there["description"]))
        del known["own"], known["made"]
    index.write_text(json.dumps(kept))


def _back(database: Path, script: str) -> None:
    old = sqlite3.connect(database)
    old.executescript(script)
    old.close()
