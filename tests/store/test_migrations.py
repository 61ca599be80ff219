"""A database of every past version comes up to date; a kill leaves old or new, never between."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.store import Store, StoreError
from syncd.store.database import open_database
from syncd.store.migrations import SCHEMA, statements
from syncd.store.overrides import OverrideKind

FIRST = "CREATE TABLE run (id INTEGER PRIMARY KEY, day TEXT NOT NULL) STRICT;\n"
SECOND = """-- a score; it needs an index
ALTER TABLE run ADD COLUMN score REAL;
UPDATE run SET score = 1.0;
CREATE INDEX run_day ON run (day);
"""
THIRD = "CREATE TABLE shoe (id INTEGER PRIMARY KEY) STRICT;\n"


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    folder = tmp_path / "schema"
    folder.mkdir()
    for name, text in (("001_begin.sql", FIRST), ("002_score.sql", SECOND), ("003_shoes.sql", THIRD)):
        (folder / name).write_text(text)
    return folder


def of_version(path: Path, schema: Path, version: int) -> None:
    """A database as the syncd of that schema version left it."""
    old = path.parent / f"schema-{version}"
    old.mkdir()
    for file in sorted(schema.glob("*.sql"))[:version]:
        shutil.copy(file, old)
    open_database(path, old).close()


SHIPPED = len(list(SCHEMA.glob("*.sql")))


def test_a_database_with_statistics_of_sqlite_itself_is_brought_up_to_date(tmp_path):
    of_version(tmp_path / "syncd.db", SCHEMA, SHIPPED - 2)
    with closing(sqlite3.connect(tmp_path / "syncd.db")) as old:
        old.execute("INSERT INTO meta VALUES ('works', 'yes')")
        old.execute("ANALYZE")  # as tidying does now and then
        old.commit()
    with Store.open(tmp_path) as store:
        assert store.meta.get("works") == "yes"


@pytest.mark.parametrize("version", range(1, SHIPPED + 1))
def test_a_database_of_every_shipped_version_opens(tmp_path, version):
    of_version(tmp_path / "syncd.db", SCHEMA, version)
    with Store.open(tmp_path) as store:
        store.meta.set("works", "yes")
        assert store.meta.get("works") == "yes"
    connection = sqlite3.connect(tmp_path / "syncd.db")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == SHIPPED
    connection.close()


@pytest.mark.parametrize("version", [1, 2])
def test_an_upgrade_keeps_the_rows_and_a_copy_of_the_old_version(tmp_path, schema, version):
    path = tmp_path / "x.db"
    of_version(path, schema, version)
    with_rows = sqlite3.connect(path)
    with_rows.execute("INSERT INTO run (day) VALUES ('2026-03-17')")
    with_rows.commit()
    with_rows.close()
    database = open_database(path, schema)
    assert [row["day"] for row in database.rows("SELECT day FROM run")] == ["2026-03-17"]
    assert database.row("PRAGMA user_version")[0] == 3
    database.close()
    copy = sqlite3.connect(tmp_path / f"x-v{version}.db")
    assert copy.execute("PRAGMA user_version").fetchone()[0] == version
    assert copy.execute("SELECT count(*) FROM run").fetchone()[0] == 1
    copy.close()
    assert (tmp_path / f"x-v{version}.db").stat().st_mode & 0o777 == 0o600


def test_the_words_of_before_heat_are_kept_and_heat_is_one_more(tmp_path):
    of_version(tmp_path / "syncd.db", SCHEMA, 18)
    pause = "('2026-07-06T05:00:00.000000+00:00', 'pause', '2026-07-06', '2026-07-08', '{}')"
    insert = "INSERT INTO words (at, kind, first_day, last_day, detail) VALUES "
    with closing(sqlite3.connect(tmp_path / "syncd.db")) as old:
        old.execute(insert + pause)
        with pytest.raises(sqlite3.IntegrityError):
            old.execute(insert + pause.replace("pause", "heat"))
        old.commit()
    with Store.open(tmp_path) as store:
        (kept,) = store.overrides.time_off()
        heat = store.overrides.add(replace(kept, kind=OverrideKind.HEAT, detail={"temperature_c": 31.0}))
        assert (kept.kind, heat.id) == (OverrideKind.PAUSE, kept.id + 1)
        assert store.overrides.of([OverrideKind.HEAT]) == (heat,)
    with closing(sqlite3.connect(tmp_path / "syncd.db")) as new:
        names = {name for (name,) in new.execute("SELECT name FROM sqlite_schema WHERE tbl_name = 'words'")}
    assert {"words", "words_session"} < names  # and the triggers that break the seal of the pages


@pytest.mark.disk
@pytest.mark.parametrize("version", [0, 1])
def test_a_kill_before_any_statement_leaves_the_old_or_the_new_version(tmp_path, schema, version):
    (schema / "003_shoes.sql").unlink()
    before = tmp_path / "before.db"
    before.touch()
    if version:
        of_version(before, schema, version)
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killed_migrations", str(before), str(schema)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    states = json.loads(done.stdout)
    assert sum(state["killed"] for state in states) >= 8
    whole = [
        [0, [], [], None, "ok"],
        [1, ["run"], ["id", "day"], 0, "ok"],
        [2, ["run", "run_day"], ["id", "day", "score"], 0, "ok"],
    ]
    for state in states:
        assert state["left"] in whole[version:]
        assert state["after"] == whole[2]


def test_a_failing_statement_changes_nothing(tmp_path, schema):
    path = tmp_path / "x.db"
    of_version(path, schema, 1)
    (schema / "002_score.sql").write_text("CREATE TABLE a (b TEXT) STRICT;\nUPDATE shelf SET b = 1;\n")
    with pytest.raises(StoreError, match="no such table: shelf"):
        open_database(path, schema)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("run",)]
    connection.close()


def test_a_gap_in_the_numbers_is_a_broken_installation(tmp_path, schema):
    (schema / "002_score.sql").unlink()
    with pytest.raises(StoreError, match=r"gaps or doubles .* reinstall syncd"):
        open_database(tmp_path / "x.db", schema)


def test_a_script_is_split_where_its_statements_end():
    script = (
        "-- first; with a semicolon\nCREATE TABLE a (b TEXT DEFAULT ';\n');\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\n  DELETE FROM a;\nEND;\n-- the end\n"
    )
    found = list(statements(script))
    assert len(found) == 2
    connection = sqlite3.connect(":memory:")
    for statement in found:
        connection.execute(statement)
    connection.close()


def test_a_statement_without_its_end_is_refused():
    with pytest.raises(StoreError, match="without its end"):
        list(statements("CREATE TABLE a (b TEXT)"))


def test_runs_from_before_recordings_had_a_table_are_recordings_too(tmp_path):
    of_version(tmp_path / "syncd.db", SCHEMA, 2)
    old = sqlite3.connect(tmp_path / "syncd.db")
    run = "INSERT INTO activities VALUES (?, ?, 3600, ?, 'running', '', 'garmin', 'fr255', 1, 1800.0, 1810.0,"
    run += " 5000.0, 140, ?, 'run', 1, 'garmin', ?, ?, ?)"
    began = "2026-01-06T17:00:00.000000+00:00"
    old.execute(run, (1, began, "2026-01-06", 4.0, "aa", began, None))
    old.execute(run, (2, began, "2026-01-07", None, "bb", began, "is not there any more"))
    arrival = "INSERT INTO arrivals VALUES ('garmin', ?, 'f', 'run', '', ?, ?, ?)"
    old.execute(arrival, ("501", "aa", 1, began))
    old.execute(arrival, ("502", "bb", 2, began))
    old.commit()
    old.close()
    with Store.open(tmp_path) as store:
        (counts,) = store.recordings.of_activity(1)
        (gone,) = store.recordings.of_remote("garmin", "502")
        assert store.recordings.of_activity(2) == ()
    assert (counts.remote_id, counts.candidate.rpe, counts.candidate.elapsed_s, counts.gone) == (
        "501",
        4.0,
        1810.0,
        None,
    )
    assert gone.gone == Reason(WithdrawalCause.DELETED)


def test_a_table_that_others_refer_to_can_be_built_anew(tmp_path, schema):
    path = tmp_path / "x.db"
    (schema / "003_shoes.sql").write_text(
        "CREATE TABLE worn (run INTEGER NOT NULL REFERENCES run (id)) STRICT;\n"
        "INSERT INTO run (id, day) VALUES (1, '2026-01-02');\nINSERT INTO worn VALUES (1);\n"
    )
    open_database(path, schema).close()
    (schema / "004_names.sql").write_text(
        "CREATE TABLE run_new (id INTEGER PRIMARY KEY, day TEXT NOT NULL, name TEXT) STRICT;\n"
        "INSERT INTO run_new SELECT id, day, '' FROM run;\nDROP TABLE run;\n"
        "ALTER TABLE run_new RENAME TO run;\n"
    )
    database = open_database(path, schema)
    assert [tuple(row) for row in database.rows("SELECT id, day, name FROM run")] == [(1, "2026-01-02", "")]
    with pytest.raises(StoreError, match="FOREIGN KEY"):  # they hold again afterwards
        database.run("INSERT INTO worn VALUES (2)")
    database.close()


def test_a_step_that_leaves_a_reference_to_nothing_changes_nothing(tmp_path, schema):
    path = tmp_path / "x.db"
    (schema / "003_shoes.sql").write_text(
        "CREATE TABLE worn (run INTEGER NOT NULL REFERENCES run (id)) STRICT;\n"
        "INSERT INTO run (id, day) VALUES (1, '2026-01-02');\nINSERT INTO worn VALUES (1);\n"
    )
    open_database(path, schema).close()
    (schema / "004_lost.sql").write_text("DELETE FROM run;\n")
    with pytest.raises(StoreError, match="worn without its run: nothing is changed"):
        open_database(path, schema)
    (schema / "004_lost.sql").unlink()
    database = open_database(path, schema)
    assert len(database.rows("SELECT * FROM run")) == 1
    database.close()


def test_what_sql_cannot_say_is_python_in_the_same_transaction(tmp_path, schema, monkeypatch):
    path = tmp_path / "x.db"
    open_database(path, schema).close()
    (tmp_path / "shoes_named.py").write_text(
        "def upgrade(connection):\n"
        "    connection.execute('INSERT INTO shoe (id) VALUES (7)')\n"
        "    if connection.execute('SELECT count(*) FROM shoe').fetchone()[0] > 1:\n"
        "        raise ValueError('twice')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    (schema / "004_shoes.sql").write_text("-- then: shoes_named\nINSERT INTO shoe (id) VALUES (1);\n")
    with pytest.raises(ValueError, match="twice"):
        open_database(path, schema)
    (schema / "004_shoes.sql").write_text("-- then: shoes_named\nDELETE FROM shoe;\n")
    database = open_database(path, schema)
    assert [row["id"] for row in database.rows("SELECT id FROM shoe")] == [7]
    database.close()
