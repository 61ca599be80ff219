"""Permissions, disk, database and its copies: how they are found, and what is to be done."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from syncd.health.check import Check, State
from tests.health.conftest import NOW
from tests.store.values import run

MB = 1024 * 1024
Usage = namedtuple("Usage", "total used free")


# --- permissions


def test_before_the_first_sync_there_is_nothing_to_protect(patient):
    found = patient.examined()["permissions"]
    assert found == Check("permissions", State.UNKNOWN, f"there is no state folder yet ({patient.state})")


def test_a_state_and_logins_that_nobody_else_reads_are_well(patient):
    patient.opened().close()
    patient.paths.logins.mkdir(mode=0o700)
    login = patient.paths.logins / "garmin.json"
    login.touch(mode=0o600)
    assert patient.examined()["permissions"] == Check(
        "permissions", State.OK, "only you can read your logins and runs"
    )


def test_a_state_that_others_can_read_is_to_be_closed(patient):
    patient.opened().close()
    patient.state.chmod(0o750)
    found = patient.examined()["permissions"]
    assert (found.state, found.text) == (State.WARN, f"other users can read {patient.state}")
    assert found.remedy == f"chmod 700 {patient.state}"


def test_an_open_login_is_worse_than_an_open_state_and_is_named_first(patient):
    patient.opened().close()
    patient.paths.logins.mkdir()
    login = patient.paths.logins / "strava.json"
    login.touch(mode=0o640)
    login.chmod(0o640)
    patient.state.chmod(0o755)
    found = patient.examined()["permissions"]
    assert (found.state, found.remedy) == (State.FAIL, f"chmod 600 {login}")


def test_a_login_that_is_a_link_has_no_command_that_helps(patient):
    patient.opened().close()
    patient.paths.logins.mkdir()
    login = patient.paths.logins / "garmin.json"
    login.symlink_to(patient.paths.config)
    found = patient.examined()["permissions"]
    assert (found.state, found.text) == (State.FAIL, f"{login} is a link: put the file itself there")
    assert found.remedy == "syncd auth status"


# Root without its powers is held to the permissions of files like everybody else.
POWERLESS = """
import ctypes, os, sys
from syncd.cli.main import main
if os.geteuid() == 0:
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None, use_errno=True).capset(header, data) == 0
sys.exit(main(sys.argv[1:]))
"""


def test_a_state_that_cannot_be_written_is_to_be_owned(patient):
    patient.opened().close()
    patient.state.chmod(0o500)
    argv = [sys.executable, "-c", POWERLESS, "doctor", "--offline", "--json"]
    done = subprocess.run(argv, capture_output=True, text=True)
    patient.state.chmod(0o700)
    assert (done.returncode, done.stderr) == (1, "")
    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert found["permissions"]["remedy"] == f"chown -R {os.geteuid()} {patient.state}"
    assert found["database"]["state"] == "ok"  # it can be read, so it is looked at


# --- disk


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1000 * MB, 1000 * MB - free, free))


@pytest.mark.parametrize(
    ("free_mb", "state", "remedy"),
    [
        (200, State.OK, ""),
        (199, State.WARN, "free some space soon"),
        (20, State.WARN, "free some space soon"),
        (19, State.FAIL, "free some space: nothing more can be saved"),
    ],
)
def test_room_for_a_year_is_well_and_less_than_a_tenth_of_it_is_not(
    patient, monkeypatch, free_mb, state, remedy
):
    with_free(monkeypatch, free_mb * MB)
    found = patient.examined()["disk"]
    assert (found.state, found.remedy) == (state, remedy)
    assert found.text.removeprefix("only ").startswith(f"{free_mb} MB")


def test_a_state_on_a_disk_of_the_network_is_to_be_moved(patient, monkeypatch):
    patient.opened().close()
    table = f"1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / {patient.state} rw - nfs4 nas:/runs rw\n"
    read_text = Path.read_text

    def mounted(file: Path, *arguments: object, **more: object) -> str:
        return table if str(file) == "/proc/self/mountinfo" else read_text(file, *arguments, **more)

    monkeypatch.setattr(Path, "read_text", mounted)
    found = patient.examined()
    assert found["disk"].text == f"{patient.state} is on nfs4, where file locks are not reliable"
    assert found["disk"].remedy == "move the state to a local disk"


# --- database


def with_a_run(patient) -> None:
    with patient.opened() as store:
        store.activities.add(run(), date(2026, 1, 3), "folder", "0" * 64, NOW)


def test_a_whole_database_tells_how_many_runs_it_holds(patient):
    patient.opened().close()
    assert patient.examined()["database"].text.startswith("intact, 0 runs, ")
    with_a_run(patient)
    assert patient.examined()["database"].text.startswith("intact, 1 run, ")


def test_a_lost_database_is_restored_from_its_copy(patient):
    with patient.opened() as store:
        store.back_up(date(2026, 1, 4))
    for file in patient.state.glob("syncd.db*"):
        file.unlink()
    found = patient.examined()["database"]
    assert (found.state, found.remedy) == (State.FAIL, "syncd doctor --restore")


def test_a_database_of_a_newer_version_needs_that_version_and_no_copy(patient):
    patient.opened().close()
    with closing(sqlite3.connect(patient.state / "syncd.db")) as database:
        database.execute("PRAGMA user_version = 9999")
    found = patient.examined()["database"]
    remedy = "install the version of syncd that wrote it, or a newer one"
    assert (found.state, found.remedy) == (State.FAIL, remedy)


def test_an_index_that_does_not_fit_its_table_is_damage_although_the_database_opens(patient):
    with_a_run(patient)
    with closing(sqlite3.connect(patient.state / "syncd.db", isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        other = "CREATE INDEX activities_day ON activities (sport)"
        database.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'activities_day'", (other,))
    found = patient.examined()["database"]
    assert (found.state, found.remedy) == (State.FAIL, "syncd doctor --restore")
    assert "is damaged (row 1 missing from index activities_day)" in found.text


def test_a_database_without_the_table_of_runs_is_to_be_restored(patient):
    patient.opened().close()
    with closing(sqlite3.connect(patient.state / "syncd.db", isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DROP TABLE activities")
    found = patient.examined()["database"]
    assert (found.state, found.remedy) == (State.FAIL, "syncd doctor --restore")
    assert "no such table: activities" in found.text


# --- copies


@pytest.mark.parametrize(("last", "state"), [(date(2026, 1, 2), State.OK), (date(2026, 1, 1), State.WARN)])
def test_a_copy_may_be_three_days_old(patient, last, state):
    with patient.opened() as store:
        store.back_up(last)
    found = patient.examined()["backups"]
    assert found.state is state
    if state is State.WARN:
        assert found.text == "the newest copy is 4 days old: the service made none since"
        assert found.remedy == "syncd tidy"


def test_the_age_of_a_copy_is_counted_in_the_days_of_the_runner(patient):
    patient.configured('[athlete]\ntimezone = "Pacific/Auckland"\n')
    with patient.opened() as store:
        store.back_up(date(2026, 1, 2))
    evening = datetime(2026, 1, 5, 12, tzinfo=UTC)  # Tuesday, an hour after midnight, in Auckland
    assert patient.examined(evening)["backups"].text.startswith("the newest copy is 4 days old")


def test_before_the_first_sync_there_is_nothing_to_copy(patient):
    assert patient.examined()["backups"] == Check("backups", State.UNKNOWN, "nothing to copy yet")
