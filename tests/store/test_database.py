"""The database file is opened with care, and every trouble with it says what to do."""

import json
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from syncd.store import Store, StoreBusy, StoreDamaged, StoreError
from syncd.store.arrivals import Arrival, ArrivalOutcome
from syncd.store.database import file_system_of, open_database
from tests.store.values import MONDAY, NOW, run


def filled(directory: Path, runs: int = 60) -> Path:
    """A closed database with some pages in it."""
    with Store.open(directory) as store, store.transaction():
        for number in range(runs):
            store.activities.add(run(name="x" * 300), MONDAY, "folder", f"{number:064x}", NOW)
    return directory / "syncd.db"


def raw_connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_new_database_is_durable_and_for_its_owner_only(tmp_path):
    path = filled(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    database = open_database(path)
    assert database.row("PRAGMA journal_mode")[0] == "wal"
    assert database.row("PRAGMA synchronous")[0] == 2  # FULL
    assert database.row("PRAGMA foreign_keys")[0] == 1
    assert database.row("PRAGMA trusted_schema")[0] == 0
    assert all(
        "STRICT" in row["sql"] for row in database.rows("SELECT sql FROM sqlite_schema WHERE type='table'")
    )
    database.close()


def test_a_transaction_is_all_or_nothing_over_repositories(store):
    def dying():
        with store.transaction():
            store.meta.set("a", "1")
            with store.transaction():  # part of the outer one
                store.arrivals.record(Arrival("folder", "a.fit", "1", ArrivalOutcome.OTHER, NOW))
            raise RuntimeError("died")

    with pytest.raises(RuntimeError, match="died"):
        dying()
    assert store.meta.get("a") is None
    assert store.arrivals.known("folder") == frozenset()


def test_a_missing_state_folder_is_noticed_before_sqlite_is_asked(tmp_path):
    with pytest.raises(StoreError, match=r"there is no state folder .*: run syncd init"):
        Store.open(tmp_path / "nowhere")


def test_a_state_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError, match="there is no state folder"):
        Store.open(tmp_path / "state")


OPEN = """
import os, pathlib, sys
from syncd.store import Store
if os.geteuid() == 0:  # root may write anywhere
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
Store.open(pathlib.Path(sys.argv[1])).close()
"""


def test_a_state_folder_that_cannot_be_written_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        done = python(OPEN, folder)
    assert f"{folder} cannot be written (read-only disk, or permissions)" in done.stderr


def zero_header(content: bytearray) -> None:
    content[:100] = bytes(100)


def half(content: bytearray) -> None:
    del content[len(content) // 2 :]


def scrambled_page(content: bytearray) -> None:
    content[3 * 4096 : 4 * 4096] = bytes(range(256)) * 16


def text_file(content: bytearray) -> None:
    content[:] = b"this is not a database, it is a letter to my aunt" * 100


@pytest.mark.parametrize("damage", [zero_header, half, scrambled_page, text_file])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path, damage):
    path = filled(tmp_path)
    content = bytearray(path.read_bytes())
    damage(content)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"is damaged .*it is left as it is"):
        Store.open(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, -1])
def test_a_schema_number_that_cannot_be_is_damage_too(tmp_path, version):
    path = filled(tmp_path)
    connection = raw_connection(path)
    connection.execute(f"PRAGMA user_version={version}")
    connection.close()
    with pytest.raises(StoreDamaged, match=f"schema number {version} with"):
        Store.open(tmp_path)


def test_a_database_of_a_newer_syncd_is_refused(tmp_path):
    path = filled(tmp_path)
    connection = raw_connection(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreError, match=r"newer syncd \(schema 99.*update syncd"):
        Store.open(tmp_path)


FILL = """
import json, pathlib, resource, sys
from syncd.store import Store, StoreFull
folder = pathlib.Path(sys.argv[1])
with Store.open(folder) as store:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (800_000, hard))
    kept, error = 0, ""
    try:
        for kept in range(10_000):
            store.meta.set(str(kept), "x" * 4000)
    except StoreFull as full:
        error = str(full)
    there = [store.meta.get(str(number)) is not None for number in range(kept + 1)]
    payload = bytes(range(256)) * 4000
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        store.raw.put(payload)
        raw_error = ""
    except StoreFull as full:
        raw_error = str(full)
    leftovers = [str(p) for p in (folder / "raw").rglob("*") if p.is_file()]
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    store.meta.set("after", "room again")
    intact = store.raw.get(store.raw.put(payload)) == payload
    print(json.dumps([kept, error, there, raw_error, leftovers, store.meta.get("after"), intact]))
"""


def test_without_room_what_was_committed_is_kept_and_work_goes_on_when_there_is_room(tmp_path):
    done = python(FILL, tmp_path)
    assert done.returncode == 0, done.stderr
    kept, error, there, raw_error, leftovers, after, intact = json.loads(done.stdout)
    assert kept > 10
    assert there == [True] * kept + [False]
    assert "no room to write" in error
    assert "no room to write" in raw_error
    assert leftovers == []
    assert (after, intact) == ("room again", True)


WORK = """
import pathlib, sys
from datetime import UTC, datetime
from syncd.store import Store
with Store.open(pathlib.Path(sys.argv[1])) as store:
    for number in range(40):
        with store.transaction():  # read, then write: must wait for its turn, not fail
            count = int(store.meta.get("count") or 0)
            store.meta.set("count", str(count + 1))
"""


def test_several_processes_begin_and_write_one_database_at_once(tmp_path):
    workers = [
        subprocess.Popen([sys.executable, "-c", WORK, str(tmp_path)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    complaints = [worker.communicate(timeout=60)[1] for worker in workers]
    assert complaints == [""] * 4
    with Store.open(tmp_path) as store:
        assert store.meta.get("count") == "160"


def test_a_database_that_another_process_holds_is_busy_and_says_so(tmp_path):
    path = filled(tmp_path)
    holder = raw_connection(path)
    holder.execute("BEGIN IMMEDIATE")
    with Store.open(tmp_path) as store:
        assert store.activities.count_runs() == 60  # reading does not wait
        store._database.run("PRAGMA busy_timeout=20")
        with pytest.raises(StoreBusy, match="in use by another process"):
            store.meta.set("a", "b")
    holder.close()


def test_the_type_of_the_file_system_is_that_of_the_innermost_mount(tmp_path):
    home = tmp_path / "home" / "me and you"
    home.mkdir(parents=True)
    mounts = tmp_path / "mountinfo"
    escaped = str(tmp_path / "home").replace(" ", "\\040")
    mounts.write_text(
        "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"35 21 0:31 / {escaped} rw shared:9 - nfs4 server:/home rw\n"
        f"36 21 0:32 / {escaped}other rw - tmpfs tmpfs rw\n"
    )
    assert file_system_of(home, mounts) == "nfs4"
    assert file_system_of(tmp_path, mounts) == "ext4"
    assert file_system_of(tmp_path, tmp_path / "absent") == ""


def test_a_copy_of_the_state_reads_the_payloads_and_writes_its_own(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "copy").mkdir()
    with Store.open(tmp_path / "state") as store:
        store.meta.set("a", "1")
        identity = store.raw.put(b"payload")
        store.copy_to(tmp_path / "copy")
        with Store.open(tmp_path / "copy", raw_from=tmp_path / "state") as copy:
            assert copy.meta.get("a") == "1"
            assert copy.raw.get(identity) == b"payload"
            assert copy.raw.has(identity)
            copy.meta.set("a", "2")
            fresh = copy.raw.put(b"another")
        assert store.meta.get("a") == "1"
        assert not store.raw.has(fresh)


def test_opening_the_store_loads_nothing_heavy():
    heavy = "('pydantic', 'icalendar', 'garmin_fit_sdk', 'typer', 'rich')"
    done = python(f"import sys, syncd.store; print([m for m in {heavy} if m in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr
