"""A changed bit is noticed by who writes next, and at night; who only reads is not kept waiting for that."""

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from syncd.store import Store, StoreDamaged, page_sums
from syncd.store.migrations import SCHEMA, migrate
from tests.store.test_database import filled
from tests.store.values import MONDAY, NOW, run
from tests.support.sweep import FULL


def flip(path, place, bit=0):
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << bit)]))


def is_refused(state):
    try:
        Store.open(state).close()
    except StoreDamaged:
        return True
    return False


def test_a_flipped_bit_inside_of_a_value_is_damage_and_left_as_it_is(tmp_path):
    path = filled(tmp_path)
    flip(path, path.read_bytes().index(b"xxxxxxxx") + 3)
    damaged = path.read_bytes()
    with pytest.raises(StoreDamaged, match=r"pages near byte \d+ are not as they were written.*--restore"):
        Store.open(tmp_path)
    assert path.read_bytes() == damaged


def test_who_only_reads_is_not_kept_from_it(tmp_path):
    path = filled(tmp_path)
    flip(path, path.read_bytes().index(b"xxxxxxxx") + 3)
    with Store.open(tmp_path, reading=True) as store:
        assert store.activities.count_runs() == 60


def test_what_fails_on_a_damaged_value_is_said_to_be_damage(tmp_path):
    path = filled(tmp_path, 1)
    path.write_bytes(path.read_bytes().replace(MONDAY.isoformat().encode(), b"2026-41-05"))
    with pytest.raises(StoreDamaged), Store.open(tmp_path, reading=True) as store:
        store.activities.newest(1)


def test_text_that_is_none_any_more_is_damage(tmp_path):
    path = filled(tmp_path, 1)
    flip(path, path.read_bytes().index(b"xxxxxxxx"), bit=7)
    with pytest.raises(StoreDamaged), Store.open(tmp_path, reading=True) as store:
        store.activities.newest(1)


def test_every_flipped_bit_is_seen(tmp_path):
    """Without the sums SQLite saw 0 of 300 in values, and a third of all."""
    path = filled(tmp_path)
    whole, sums = path.read_bytes(), (tmp_path / "syncd.db.sums").read_bytes()
    dice = random.Random(21)
    places = range(len(whole)) if FULL else [dice.randrange(len(whole)) for _ in range(60)]
    unseen = []
    for place in places:
        path.write_bytes(whole)
        (tmp_path / "syncd.db.sums").write_bytes(sums)
        flip(path, place, dice.randrange(8))
        if not is_refused(tmp_path) and not 24 <= place < 28:  # the header's own counter of writes
            unseen.append(place)
    assert unseen == []


def test_the_search_would_miss_them_without_the_sums(tmp_path):
    """The planted bug."""
    path = filled(tmp_path)
    (tmp_path / "syncd.db.sums").unlink()
    flip(path, path.read_bytes().index(b"xxxxxxxx") + 3)
    assert not is_refused(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activities SET name = 'other' WHERE id = 1",
        "DELETE FROM activities WHERE id = 1",
        "INSERT INTO meta VALUES ('a', 'b')",
        "CREATE TABLE other (a)",
        "PRAGMA application_id = 7",
        "VACUUM",
    ],
)
def test_a_statement_of_another_program_is_no_damage(tmp_path, statement):
    path = filled(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement) if statement != "VACUUM" else None
    if statement == "VACUUM":
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(statement)
    assert not is_refused(tmp_path)


def test_every_table_takes_the_seal_off(store):
    names = store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    tables = {row["name"] for row in names if not row["name"].startswith("sqlite_")}
    found = store.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    assert {row["name"] for row in found} >= {
        f"seal_{table}_{event}" for table in tables for event in ("INSERT", "UPDATE", "DELETE")
    }


@pytest.mark.parametrize("content", [b"", b"x", b"00000000 {}\n", b"\xff\xfe"])
def test_damaged_sums_condemn_nothing(tmp_path, content):
    filled(tmp_path)
    (tmp_path / "syncd.db.sums").write_bytes(content)
    assert not is_refused(tmp_path)


def test_sums_of_a_killed_process_condemn_nothing(tmp_path):
    filled(tmp_path)
    earlier = (tmp_path / "syncd.db.sums").read_bytes()
    with Store.open(tmp_path) as store:
        store.activities.add(run(), MONDAY, "folder", "f" * 64, NOW)
    (tmp_path / "syncd.db.sums").write_bytes(earlier)
    assert not is_refused(tmp_path)


def test_what_another_connection_has_open_is_not_summed(tmp_path):
    filled(tmp_path)
    with Store.open(tmp_path) as one:
        with Store.open(tmp_path) as other:
            other.meta.set("a", "b")
        one.meta.set("c", "d")
    assert not is_refused(tmp_path)
    assert page_sums.changed(tmp_path / "syncd.db") is not None
    flip(tmp_path / "syncd.db", 9000)
    assert is_refused(tmp_path)


def test_a_copy_has_no_seal(store, tmp_path):
    store.meta.set("a", "b")
    (tmp_path / "copy").mkdir()
    store.copy_to(tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy/syncd.db")) as copy:
        assert page_sums.seal_in(copy) == ""


def test_an_older_database_that_was_tidied_gets_its_triggers(tmp_path):
    """Tidying makes a table of SQLite's own, which can have none."""
    old = tmp_path / "schema"
    old.mkdir()
    for file in sorted(SCHEMA.glob("*.sql"))[:13]:
        shutil.copy(file, old)
    with closing(sqlite3.connect(tmp_path / "syncd.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        migrate(connection, tmp_path / "syncd.db", old)
        connection.execute("INSERT INTO meta VALUES ('a', 'b')")
        connection.execute("ANALYZE")
    with Store.open(tmp_path) as store:
        store.tidy()
        assert store.meta.get("a") == "b"
    assert not is_refused(tmp_path)
    assert page_sums.changed(tmp_path / "syncd.db") is not None
