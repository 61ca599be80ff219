"""Sentences of a database from before reasons were values: kept verbatim, save where a rule reads them."""

import json
import sqlite3
from pathlib import Path

import pytest

from syncd.domain.reason import Reason
from syncd.domain.training.reasons import Cause, entered_result
from syncd.store import Store
from syncd.store.migrations import SCHEMA
from tests.store.test_migrations import of_version
from tests.store.values import MONDAY

BEGAN = "2026-03-16T06:00:00.000000+00:00"
NOTE = "3 runs a week: 16 km do not fill more (R19)."
SLOWER = "more than 3 % slower than your paces say: one more test tells whether it was the day"
STOPPED = "a stop of 12 s"
TOO_FAR = "your run of 12.2 km on Sun 5 Apr went past 110 % of your longest of the 30 days before it"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of schema 4 with a week, two results, a zone set and four changes."""
    of_version(tmp_path / "syncd.db", SCHEMA, 4)
    connection = sqlite3.connect(tmp_path / "syncd.db")
    notes = json.dumps([NOTE])
    connection.execute("INSERT INTO weeks VALUES ('2026-03-16', 'distance', 'build', ?, ?)", (notes, BEGAN))
    for day, why in (("2026-03-01", SLOWER), ("2026-03-08", STOPPED)):
        connection.execute(
            "INSERT INTO results (at, day, distance_m, time_s, origin, valid, why)"
            " VALUES (?, ?, 5000.0, 1500.0, 'test', 0, ?)",
            (BEGAN, day, why),
        )
    for source in ("5 km in 25:00", "5 km test, less 2.7% after time off"):
        connection.execute(
            "INSERT INTO zone_sets (vdot, five_k_s, as_of, source, added_at) VALUES (38.3, 1500, NULL, ?, ?)",
            (source, BEGAN),
        )
    for rule, reason, key in (
        ("A1", TOO_FAR, "A1:7"),
        ("A17", f"5 km test on Sun 1 Mar does not change your paces: {SLOWER}", f"A17:3:{SLOWER}"),
        ("A17", f"5 km test on Sun 8 Mar does not change your paces: {STOPPED}", f"A17:4:{STOPPED}"),
        ("A17", "6 km", "A17:5:9 C"),
    ):
        connection.execute(
            "INSERT INTO changes (at, rule, reason, evidence, key) VALUES (?, ?, ?, '{}', ?)",
            (BEGAN, rule, reason, key),
        )
    connection.commit()
    connection.close()
    return tmp_path


def test_old_sentences_are_kept_word_for_word(old):
    with Store.open(old) as store:
        assert store.changes.get(1).reason == Reason.legacy(TOO_FAR)
        (week,) = store.plan.weeks(since=MONDAY)
        assert week.notes == (Reason.legacy(NOTE),)
        assert store.results.in_force()[1].why == Reason.legacy(STOPPED)
        assert store.zone_sets.get(2).source == Reason.legacy("5 km test, less 2.7% after time off")


def test_a_result_far_slower_than_the_paces_can_still_be_confirmed(old):
    with Store.open(old) as store:
        assert store.results.in_force()[0].why == Reason(Cause.FAR_SLOWER)


def test_what_was_told_of_a_result_is_not_told_again(old):
    with Store.open(old) as store:
        assert set(store.changes.decided()) == {
            "A1:7",
            f"A17:3:{Cause.FAR_SLOWER}",
            f"A17:4:{Cause.STOPPED}",
            f"A17:5:{Cause.HOT}",
        }


def test_the_paces_of_the_settings_are_known_again(old):
    with Store.open(old) as store:
        assert store.zone_sets.get(1).source == entered_result(5000.0, "25:00")
