"""A database that is empty, older than its copies, or poorer than they are, is not built upon by accident."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest

from syncd.store import Store, StoreBehind, StoreDamaged, StoreError
from syncd.store.copies import backups, restore
from tests.store.test_copies import NOW, TODAY, kept, put
from tests.store.values import MONDAY, run


def with_runs(state, number, first=0):
    with Store.open(state) as store:
        for count in range(first, first + number):
            store.activities.add(run(name=str(count)), MONDAY, "folder", f"{count:064x}", NOW)


def backed_up(state, day=0):
    with Store.open(state) as store:
        return store.back_up(TODAY + timedelta(days=day))


def runs_in(state):
    with Store.open(state) as store:
        return store.activities.count_runs()


@pytest.fixture
def state(tmp_path):
    """Three runs, a copy of them."""
    with_runs(tmp_path, 3)
    backed_up(tmp_path)
    return tmp_path


def replaced(state, content):
    for file in state.glob("syncd.db*"):
        file.unlink()
    (state / "syncd.db").write_bytes(content)


def begun_anew(folder):
    folder.mkdir()
    Store.open(folder).close()
    return (folder / "syncd.db").read_bytes()


def without_tables(folder):
    folder.mkdir()
    with closing(sqlite3.connect(folder / "syncd.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("VACUUM")
    return (folder / "syncd.db").read_bytes()


@pytest.mark.parametrize(
    "make", [lambda _: b"", begun_anew, without_tables], ids=["0 bytes", "anew", "no tables"]
)
@pytest.mark.parametrize("reading", [False, True])
def test_an_empty_database_beside_copies_stops_everything_and_says_how_to_go_on(
    state, tmp_path, make, reading
):
    content = make(tmp_path / "other")
    replaced(state, content)
    with pytest.raises(StoreBehind, match=r"syncd doctor --restore.*syncd doctor --accept"):
        Store.open(state, reading=reading)
    assert (state / "syncd.db").read_bytes() == content
    restore(state / "syncd.db", state, NOW)
    assert runs_in(state) == 3


def test_a_copy_from_before_an_upgrade_counts_too(tmp_path):
    with_runs(tmp_path, 1)
    (tmp_path / "syncd.db").rename(tmp_path / "syncd-v13.db")
    with pytest.raises(StoreBehind, match="is missing, but there are copies of it"):
        Store.open(tmp_path)
    restore(tmp_path / "syncd.db", tmp_path, NOW)
    assert runs_in(tmp_path) == 1


def test_an_empty_file_whose_log_has_rows_is_damage_also_without_copies(tmp_path):
    (tmp_path / "syncd.db").touch()
    (tmp_path / "syncd.db-wal").write_bytes(b"x" * 100)
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path)
    assert (tmp_path / "syncd.db-wal").read_bytes() == b"x" * 100


@pytest.mark.parametrize("grown", ["by a run", "by a word"])
def test_an_older_database_is_noticed_by_the_number_of_its_copies(state, grown):
    older = (state / "syncd.db").read_bytes()
    if grown == "by a run":
        with_runs(state, 1, first=3)
    else:
        put(state, "after")
    newest = backed_up(state, 1)
    replaced(state, older)
    with pytest.raises(StoreBehind, match=f"is older, its copy {newest.name} is not"):
        Store.open(state)
    assert (state / "syncd.db").read_bytes() == older


def test_an_older_database_is_accepted_once_and_for_all_when_the_athlete_says_so(state):
    older = (state / "syncd.db").read_bytes()
    with_runs(state, 1, first=3)
    backed_up(state, 1)
    replaced(state, older)
    Store.accept(state)
    assert runs_in(state) == 3
    backed_up(state, 2)
    assert runs_in(state) == 3
    replaced(state, older)
    with pytest.raises(StoreBehind):  # the next one is noticed again
        Store.open(state)


def test_a_lost_database_is_begun_anew_when_the_athlete_says_so(state):
    replaced(state, b"")
    Store.accept(state)
    assert runs_in(state) == 0
    for day in range(1, 10):
        backed_up(state, day)
    assert runs_in(state) == 0


def test_damage_is_nothing_to_accept(state):
    replaced(state, b"x" * 10_000)
    with pytest.raises(StoreDamaged):
        Store.accept(state)


def test_what_was_restored_is_not_older_although_a_newer_copy_is_damaged(state):
    with_runs(state, 1, first=3)
    newest = backed_up(state, 1)
    content = bytearray(newest.read_bytes())
    content[-1] ^= 1
    newest.write_bytes(content)
    restore(state / "syncd.db", state, NOW)
    assert runs_in(state) == 3
    backed_up(state, 2)


def test_a_copy_that_lies_about_its_number_stops_nothing(state):
    """A damaged copy is no reason to take an older one."""
    with closing(sqlite3.connect(backups(state)[0])) as copy, copy:
        copy.execute("UPDATE meta SET value = '999' WHERE key = 'copies.made'")
    assert runs_in(state) == 3


def test_the_way_back_to_an_earlier_version_and_forward_again_is_free(state):
    """It puts the copy of before the upgrade in place, and makes copies without a number of its own."""
    with closing(sqlite3.connect(state / "syncd.db")) as earlier, earlier:
        earlier.execute("DELETE FROM meta WHERE key LIKE 'copies.%'")
    later = state / f"backups/syncd-{(TODAY + timedelta(days=1)).isoformat()}.db"
    shutil.copy(state / "syncd.db", later)
    with_runs(state, 1, first=3)
    assert runs_in(state) == 4


def test_a_state_that_moves_without_its_copies_goes_on(state, tmp_path):
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.copy(state / "syncd.db", moved)
    assert runs_in(moved) == 3
    backed_up(moved)
    assert runs_in(moved) == 3


def test_lost_rows_are_noticed_before_anything_is_built_on_them(state):
    with closing(sqlite3.connect(state / "syncd.db")) as connection, connection:
        connection.execute("DELETE FROM activities WHERE id > 1")
    with pytest.raises(StoreBehind, match=r"has lost rows \(activities 1 instead of 3\)"):
        Store.open(state)


def test_no_copy_is_made_of_a_database_that_lost_rows_meanwhile(state):
    with Store.open(state) as store:
        store.run("DELETE FROM activities WHERE id > 1")
        with pytest.raises(StoreError, match="has lost rows"):
            store.back_up(TODAY + timedelta(days=1))
    assert [copy.name for copy in backups(state)] == [f"syncd-{TODAY.isoformat()}.db"]


def test_going_back_behind_a_jump_of_the_clock_is_no_loss(state):
    with Store.open(state) as store:
        store.keep_before("jump")
    with_runs(state, 2, first=3)
    backed_up(state, 1)
    with Store.open(state) as store:
        assert store.go_back_before("jump")
    assert runs_in(state) == 3
    backed_up(state, 2)
    assert runs_in(state) == 3


def test_a_copy_dated_ahead_by_a_wrong_clock_makes_nothing_older(state):
    backed_up(state, 4000)
    with_runs(state, 1, first=3)
    backed_up(state, 1)
    assert runs_in(state) == 4
    assert date.fromisoformat(backups(state)[0].stem[6:]).year > 2030


def test_restoring_is_undone_by_nothing_that_comes_after(state):
    put(state, "after")
    backed_up(state, 1)
    restore(state / "syncd.db", state, NOW)
    assert kept(state) == "after"
    assert kept(state) == "after"
