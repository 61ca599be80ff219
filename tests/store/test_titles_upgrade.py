"""Titles of a database from before their length was a value: syncd's are split, the athlete's are not."""

import json
import sqlite3
from pathlib import Path

import pytest

from syncd.store import Store
from syncd.store.migrations import SCHEMA
from tests.store.test_migrations import of_version
from tests.store.values import MONDAY, NOW

BEGAN = "2026-03-16T06:00:00.000000+00:00"
TITLES = {
    "2026w12-1": ("8 km easy", "easy", "easy", 8000.0),
    "2026w12-2": ("8.2 km easy + 6 strides", "easy", "easy + 6 strides", 8200.0),
    "2026w12-3": ("3.6 km long run", "long", "long run", 3600.0),
    "2026w12-4": (
        "14 km long run, last 20 min at marathon pace",
        "long",
        "long run, last 20 min at marathon pace",
        14_000.0,
    ),
    "2026w12-5": ("5 km recovery", "recovery", "recovery", 5000.0),
    "2026w12-6": ("3 x 1 km at race pace", "sharpener", "3 x 1 km at race pace", None),
    "2026w12-7": ("Controlled 3 km (estimate)", "estimate", "Controlled 3 km (estimate)", None),
    "2026w12-8": ("10 km easy", "", "10 km easy", None),
}


def columns(identity: str) -> dict[str, object]:
    """A session as schema 4 kept it, in its table and in the JSON of a change."""
    title, family, _, _ = TITLES[identity]
    return {
        "id": identity,
        "day": "2026-03-17",
        "kind": "easy",
        "title": title,
        "notation": "8km E",
        "name": title,
        "distance_m": 8000.0,
        "duration_s": 3000.0,
        "rpe_low": 2,
        "rpe_high": 4,
        "hard": 0,
        "purpose": "",
        "family": family,
        "level": 1,
        "rules": "[]",
    }


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of schema 4 with a session and a change for each title, and one on the watch."""
    of_version(tmp_path / "syncd.db", SCHEMA, 4)
    connection = sqlite3.connect(tmp_path / "syncd.db")
    connection.execute("INSERT INTO weeks VALUES ('2026-03-16', 'distance', 'build', '[]', ?)", (BEGAN,))
    for identity in TITLES:
        session = columns(identity)
        whole = session | {
            "week": "2026-03-16",
            "resolved": "8km E",
            "resolved_name": f"{session['title']} [w12-1]",
            "version": "0" * 12,
            "state": "due",
        }
        names, places = ", ".join(whole), ", ".join("?" * len(whole))
        connection.execute(f"INSERT INTO sessions ({names}) VALUES ({places})", tuple(whole.values()))  # noqa: S608 - our column names
        connection.execute(
            "INSERT INTO changes (at, rule, session_id, reason, evidence, before, after)"
            " VALUES (?, 'A4', ?, 'so', '{}', ?, NULL)",
            (BEGAN, identity, json.dumps(session)),
        )
    connection.execute(
        "INSERT INTO ledger VALUES ('garmin', 'me', '2026w12-1', ?, '2026-03-17', 'done', '7', NULL, ?)",
        ("0" * 12, BEGAN),
    )
    connection.commit()
    connection.close()
    return tmp_path


@pytest.mark.parametrize("identity", TITLES)
def test_a_title_is_split_in_the_plan_and_in_its_changes(old: Path, identity: str) -> None:
    _, _, title, length_m = TITLES[identity]
    with Store.open(old) as store:
        planned = store.plan.get(identity).session
        (change,) = store.changes.of_session(identity)
    for session in (planned, change.before):
        assert (session.title, session.length_m, session.workout.name) == (title, length_m, title)
    assert change.after is None


def test_what_is_on_the_watch_has_no_fingerprint_yet_and_a_new_row_keeps_its_own(old: Path) -> None:
    with Store.open(old) as store:
        (row,) = store.ledger.rows("garmin")
        assert row.fingerprint is None
        store.ledger.intend("garmin", row.key, MONDAY, NOW, fingerprint="km")
        store.ledger.intend("garmin", row.key, MONDAY, NOW, "7")
        (row,) = store.ledger.rows("garmin")
    assert row.fingerprint == "km"
