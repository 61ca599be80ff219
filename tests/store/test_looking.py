"""Looking at a state changes nothing in it, whatever was left there, and shows what is in its log too."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from syncd.store import Store, StoreError
from syncd.store.looking import database_as_it_is, state_as_it_is
from syncd.store.migrations import SCHEMA, NewerSchema
from tests.store.test_migrations import SHIPPED, of_version


def files(state: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in state.iterdir() if not path.name.endswith("-shm")}


@pytest.fixture
def state(tmp_path) -> Path:
    with Store.open(tmp_path) as store:
        store.meta.set("works", "yes")
    return tmp_path


def test_nothing_appears_beside_a_database_that_nobody_has_open(state):
    before = files(state)
    with state_as_it_is(state) as store:
        assert store.meta.get("works") == "yes"
        assert files(state) == before
    assert files(state) == before


def test_what_another_process_has_committed_to_its_log_is_seen(state):
    with Store.open(state) as writer:
        writer.meta.set("works", "now")
        with state_as_it_is(state) as store:
            assert store.meta.get("works") == "now"
            writer.meta.set("works", "later")
            assert store.meta.get("works") == "later"


def test_what_a_killed_process_left_in_its_log_is_seen_and_left_there(state, tmp_path_factory):
    with Store.open(state) as writer:
        writer.meta.set("works", "before the kill")
        killed = tmp_path_factory.mktemp("killed")
        for ending in ("", "-wal"):  # as after a restart of the machine: the -shm is gone
            shutil.copy(state / f"syncd.db{ending}", killed)
    before = files(killed)
    assert "syncd.db-wal" in before
    with state_as_it_is(killed) as store:
        assert store.meta.get("works") == "before the kill"
    assert files(killed) == before
    assert not (killed / "syncd.db-shm").exists()


def test_whatever_writes_to_it_fails(state):
    with state_as_it_is(state) as store, pytest.raises(StoreError):
        store.meta.set("works", "no")
    with Store.open(state) as store:
        assert store.meta.get("works") == "yes"


@pytest.mark.parametrize("version", [1, 4, 8, SHIPPED - 1])
def test_a_database_of_an_earlier_version_is_read_as_it_will_be_and_stays_of_that_version(tmp_path, version):
    of_version(tmp_path / "syncd.db", SCHEMA, version)
    before = (tmp_path / "syncd.db").read_bytes()
    with state_as_it_is(tmp_path) as store:
        assert store.questions.open() == ()
        assert store.quarantine.failed(1) == ()
    assert (tmp_path / "syncd.db").read_bytes() == before
    assert not list(tmp_path.glob("syncd-v*"))


def test_one_of_a_newer_version_is_refused_by_name(state):
    with closing(sqlite3.connect(state / "syncd.db")) as database:
        database.execute("PRAGMA user_version = 9999")
    with pytest.raises(NewerSchema, match="newer syncd"), database_as_it_is(state / "syncd.db"):
        pass


def test_where_there_is_none_that_is_said(tmp_path):
    with pytest.raises(StoreError, match="there is no database"), state_as_it_is(tmp_path):
        pass
