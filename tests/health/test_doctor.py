"""All checks together: one that cannot be made stops no other, and each bad one says what to do."""

import sqlite3
from contextlib import closing
from datetime import date

from syncd.health.check import Command, State, fail, ok, unknown, warn, worst
from syncd.health.doctor import payload, sheet

WELL = ok("disk", "900 MB free")
ODD = warn("watch", "last synced 3 days ago", "open Garmin Connect near the watch")
BAD = fail("permissions", "others can read it", Command("chmod 600 /srv/garmin.json"))
NOT_SEEN = unknown("clock", "no service reported the time")


def test_the_checks_come_in_the_order_in_which_one_would_look(patient):
    patient.opened().close()
    assert list(patient.examined()) == [
        *("configuration", "permissions", "disk", "database", "backups", "time zone"),
        *(
            "inbox",
            "outbox",
            "runs from folder",
            "watch",
            "doubtful runs",
            "service",
            "connectors",
            "libraries",
        ),
    ]


def test_without_a_configuration_what_does_not_need_it_is_still_looked_at(patient):
    patient.paths.config.unlink()
    found = patient.examined(online=True)
    assert list(found) == [
        *("configuration", "permissions", "disk", "database", "backups", "service"),
        *("connectors", "libraries"),
    ]
    assert found["configuration"].state is State.FAIL
    patient.opened().close()
    assert {"doubtful runs"} <= set(patient.examined())
    assert not {"watch", "runs from folder"} & set(patient.examined())
    assert (found["configuration"].remedy, "run syncd init" in found["configuration"].text) == ("", True)


def test_a_configuration_with_a_mistake_is_to_be_changed(patient):
    patient.configured("[plan]\ndays = 9\n")
    found = patient.examined()["configuration"]
    assert (found.state, found.remedy) == (State.FAIL, "correct it, or run syncd init --force")


def test_a_damaged_database_is_asked_nothing_more(patient):
    with patient.opened() as store:
        store.back_up(date(2026, 1, 5))
    (patient.state / "syncd.db").write_bytes(b"x" * 50_000)
    found = patient.examined()
    assert (found["database"].state, found["database"].remedy) == (State.FAIL, "syncd doctor --restore")
    assert found["backups"].state is State.OK
    assert not {"runs from folder", "watch"} & set(found)


def test_what_a_store_cannot_tell_stops_no_other_check(patient):
    patient.opened().close()
    with closing(sqlite3.connect(patient.state / "syncd.db", isolation_level=None)) as database:
        database.execute("DROP TABLE meta")
    found = patient.examined()
    assert not {"runs from folder", "watch"} & set(found)
    assert {"service", "connectors", "libraries"} <= set(found)


def test_the_worst_of_all_checks_counts_and_the_unknown_is_not_bad():
    assert worst([WELL, NOT_SEEN]) is State.OK
    assert worst([WELL, ODD, NOT_SEEN]) is State.WARN
    assert worst([BAD, ODD, WELL]) is State.FAIL
    assert worst([]) is State.OK


def test_a_command_is_to_be_run_and_anything_else_to_be_done():
    assert str(sheet([WELL, ODD, BAD, NOT_SEEN])).splitlines() == [
        "ok    disk         900 MB free",
        "warn  watch        last synced 3 days ago: open Garmin Connect near the watch",
        "FAIL  permissions  others can read it. Run: chmod 600 /srv/garmin.json",
        "-     clock        no service reported the time",
    ]


def test_a_program_reads_the_same_and_null_where_nothing_is_to_be_done():
    found = payload([WELL, BAD])
    assert (found["schema"], found["state"]) == ("syncd.doctor/1", "fail")
    assert found["checks"] == [
        {
            "name": "disk",
            "state": "ok",
            "words": "900 MB free",
            "remedy": None,
            "command": None,
            "needs_login": False,
        },
        {
            "name": "permissions",
            "state": "fail",
            "words": "others can read it",
            "remedy": "chmod 600 /srv/garmin.json",
            "command": "chmod 600 /srv/garmin.json",
            "needs_login": False,
        },
    ]


def test_what_may_not_be_looked_at_is_unknown_and_ends_nothing(patient, monkeypatch):
    def closed(_):
        raise PermissionError(13, "Permission denied", "/run/user/1/systemd")

    closed.__name__ = "units"
    monkeypatch.setattr("syncd.health.doctor._OF_THE_MACHINE", (closed,))
    (found,) = [check for check in patient.examined().values() if check.name == "units"]
    assert (found.state, found.text) == (
        State.UNKNOWN,
        "cannot be checked: no permission for /run/user/1/systemd",
    )
