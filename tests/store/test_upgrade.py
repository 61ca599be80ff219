"""The state of version 0.1.0, as six weeks of its demo left it, goes on in this one."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from syncd.domain.reason import LEGACY
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.reasons import reason_text
from syncd.report.score_summary import summary_text
from syncd.report.score_views import NO_WORKOUT, stored_payload
from syncd.store import Store
from syncd.store.database import open_database
from syncd.store.migrations import SCHEMA

DUMP = Path(__file__).parent / "upgrades" / "version_0_1_0.sql"
LONG_AGO, FAR_AHEAD = date(2020, 1, 1), date(2035, 1, 1)
SAME = ("score", "band", "confidence", "alignment", "flags", "reps")
OLD_NO_WORKOUT = "No workout to compare with: it counts as load, not scored."


@pytest.fixture
def state(tmp_path: Path) -> Path:
    old = sqlite3.connect(tmp_path / "syncd.db")
    old.executescript(DUMP.read_text())
    old.commit()
    old.close()
    return tmp_path


@pytest.fixture
def old_scores(state: Path) -> list[dict]:
    """Every payload of version 0.1.0, oldest first."""
    old = sqlite3.connect(state / "syncd.db")
    found = [json.loads(payload) for (payload,) in old.execute("SELECT payload FROM scores ORDER BY id")]
    old.close()
    return found


def payloads(store: Store, units=KILOMETRES) -> list[dict]:
    runs = store.activities.summaries(LONG_AGO, FAR_AHEAD)
    kept = [(stored, run) for run in runs for stored in store.scores.history_of(run.id)]
    return [stored_payload(run, stored, units) for stored, run in sorted(kept, key=lambda pair: pair[0].id)]


def test_every_score_is_there_with_its_numbers_and_its_sentences(state, old_scores):
    with Store.open(state) as store:
        told = payloads(store)
    assert [{name: each[name] for name in SAME} for each in told] == [
        {name: each[name] for name in SAME} for each in old_scores
    ]
    assert [each["words"] for each in told] == [each["words"] for each in old_scores]
    assert [sorted(each["notes"]) for each in told] == [
        sorted(NO_WORKOUT if note == OLD_NO_WORKOUT else note for note in each["notes"])
        for each in old_scores
    ]
    assert [
        {name: (part["score"], part["weight"], part["why"]) for name, part in each["parts"].items()}
        for each in told
    ] == [
        {name: (part["score"], part["weight"], part["why"]) for name, part in each["parts"].items()}
        for each in old_scores
    ]


def test_steps_and_strain_are_values_again(state, old_scores):
    with Store.open(state) as store:
        told = payloads(store)
    kept = ("n", "role", "actual", "credit", "status", "in_band", "rep", "planned")
    assert [[{name: row[name] for name in kept} for row in each["steps"]] for each in told] == [
        [{name: row[name] for name in kept} for row in each["steps"]] for each in old_scores
    ]
    assert [each.get("strain") for each in told] == [each.get("strain") for each in old_scores]
    assert [each["attribution"]["why"] for each in told] == [
        each["attribution"]["why"] for each in old_scores
    ]


def test_a_sentence_of_the_earlier_version_is_told_as_it_is_in_any_units(state):
    with Store.open(state) as store:
        (run,) = store.activities.newest(1)
        card = store.scores.newest_of(run.id).card
        assert summary_text(card, MILES) == summary_text(card, KILOMETRES) == card.legacy_text


def test_the_plan_is_the_same_and_reasons_stay_as_they_were_worded(state):
    old = sqlite3.connect(state / "syncd.db")
    sessions = old.execute(
        "SELECT id, day, title, notation, version, state FROM sessions ORDER BY id"
    ).fetchall()
    reasons = [reason for (reason,) in old.execute("SELECT reason FROM changes ORDER BY id")]
    old.close()
    with Store.open(state) as store:
        from syncd.domain.delivery import labels
        from syncd.domain.notation import format_workout

        plan = sorted(store.plan.between(LONG_AGO, FAR_AHEAD), key=lambda each: each.session.id)
        assert [
            (
                each.session.id,
                each.session.day.isoformat(),
                labels.title(each.session, KILOMETRES),
                format_workout(each.session.workout),
                each.version,
                each.state.value,
            )
            for each in plan
        ] == sessions
        changes = list(reversed(store.changes.newest(1000)))
    assert [reason_text(change.reason, KILOMETRES) for change in changes] == reasons
    assert {change.reason.code for change in changes} == {LEGACY}


def test_the_copy_that_is_named_after_the_old_schema_is_the_way_back(state):
    with Store.open(state):
        pass
    copy = sqlite3.connect(state / "syncd-v4.db")
    assert copy.execute("PRAGMA user_version").fetchone()[0] == 4
    assert copy.execute("SELECT count(payload) FROM scores").fetchone()[0] > 0
    copy.close()


def test_a_score_of_an_algorithm_long_gone_and_half_a_payload_are_kept(state):
    old = sqlite3.connect(state / "syncd.db")
    old.execute("UPDATE scores SET algorithm = '1' WHERE id = 1")
    old.execute("UPDATE scores SET payload = json_remove(payload, '$.reps', '$.strain') WHERE id = 2")
    old.commit()
    old.close()
    with Store.open(state) as store:
        assert store.rows("SELECT algorithm FROM scores WHERE id = 1")[0]["algorithm"] == "1"
        assert len(payloads(store)) == store.rows("SELECT count(*) AS n FROM scores")[0]["n"]


def test_hundreds_of_scores_are_carried_over(state):
    """How long it takes is measured by bench/upgrade.py."""
    old = sqlite3.connect(state / "syncd.db")
    columns = "activity_id, session_id, algorithm, origin, prescription, score, band, confidence, method"
    columns += ", payload, words, at"
    while old.execute("SELECT count(*) FROM scores").fetchone()[0] < 400:
        old.execute(f"INSERT INTO scores ({columns}) SELECT {columns} FROM scores")  # noqa: S608 - constants
    count = old.execute("SELECT count(*) FROM scores").fetchone()[0]
    old.commit()
    old.close()
    open_database(state / "syncd.db", SCHEMA).close()
    new = sqlite3.connect(state / "syncd.db")
    assert new.execute("SELECT count(*) FROM scores").fetchone()[0] == count
    new.close()
