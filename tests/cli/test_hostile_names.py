"""Whatever a name holds, it is a name: it ends no line, moves no cursor and turns no text around."""

import io
import json
import os
import socket
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime

import pytest

from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.daemon.child import Ended
from syncd.daemon.journal import Journal
from syncd.daemon.manager import ServiceManager
from syncd.daemon.sync_outcome import read_sync_outcome
from syncd.paths import locate
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.garmin.activity import listed_run
from tests.cli.test_strava_loop import begin, strava  # noqa: F401 - a fixture
from tests.support.hostile_text import FORGED, HOSTILE, harm_of
from tests.support.strava_scene import recorded

COMMANDS = [
    ("sync",), ("status",), ("watch",), ("plan",), ("next",), ("why",), ("score",), ("doctor", "--offline"),
    ("report",), ("calendar",), ("auth", "status"), ("zones",), ("tell",), ("tidy",),
]  # fmt: skip
TEXTS = {".html", ".ics", ".jsonl", ".json", ".txt", ".toml"}


def harm_of_commands(syncd, commands=COMMANDS):
    """What the output of every command does that a name made it do."""
    found = {}
    for command in commands:
        for options in ((), ("--json",)):
            said = syncd(*command, *options)
            for stream, text in (("out", said.out), ("err", said.err)):
                if harm := harm_of(text):
                    found[*command, *options, stream] = harm
    return found


def harm_of_files(folder):
    return {
        str(path.relative_to(folder)): harm
        for path in folder.rglob("*")
        if path.suffix in TEXTS and path.parent.name not in ("recordings", "connectors", "logins")
        if (harm := harm_of(path.read_text(), allowed="\r\n" if path.suffix == ".ics" else "\n"))
    }


@pytest.fixture
def hostile_garmin(on_garmin, monkeypatch):
    account = on_garmin.account
    start = datetime.fromisoformat("2026-01-05T18:00:00+01:00")
    content = write_activity(recorded(), start=start, utc_offset=start.utcoffset())
    run = listed_run(recorded(), 71, start, HOSTILE)
    account.add_activity(run.row, run.detail, content, run.parts)
    other = listed_run(recorded(), 72, start.replace(hour=12), HOSTILE)
    other.row["activityType"] = {"typeKey": HOSTILE, "typeId": 1}
    account.add_activity(other.row, other.detail, b"no recording", other.parts)
    account.device_name = account.full_name = HOSTILE
    account.last_upload_ms = int(start.timestamp() * 1000)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T20:00:00+01:00")
    return account


def test_names_from_garmin_connect_do_nothing_anywhere(syncd, hostile_garmin, tmp_path):
    assert FORGED in syncd("sync").out  # the name is shown, else this proves nothing
    assert harm_of_commands(syncd) == {}
    syncd("export", tmp_path / "mine")
    assert harm_of_files(locate().state) == {}
    assert harm_of_files(tmp_path / "mine") == {}


def test_names_from_strava_do_nothing_anywhere(syncd, folders, strava, tmp_path):  # noqa: F811
    scene, login = strava
    scene.now = datetime(2026, 1, 8, 18, tzinfo=UTC)
    scene.runs(0.1, HOSTILE)
    scene.now = datetime.now(UTC)
    begin(syncd, folders, "strava")
    StravaTokenFile(locate().logins / "strava.json").save(login)
    assert harm_of_commands(syncd) == {}
    syncd("export", tmp_path / "mine")
    assert harm_of_files(locate().state) == {}
    assert harm_of_files(tmp_path / "mine") == {}


@pytest.fixture
def hostile_files(initialised, tmp_path):
    """Names of files, of which nobody knows in which encoding they are."""
    inbox, _ = initialised
    name = HOSTILE.replace("\x00", "")
    start = datetime.fromisoformat("2026-01-05T06:00:00+01:00")
    content = write_activity(recorded(), start=start, utc_offset=start.utcoffset())
    for place, more in enumerate((content, b"no recording", content[:200])):
        (inbox / f"{place}{name[:60]}.fit").write_bytes(more)
    (inbox / os.fsdecode(b"bad\xff\xfe\nFORGED.fit")).write_bytes(b"no recording")
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr(f"{name[:60]}.fit", content)
        archive.writestr(f"a/{name[:60]}.gpx", "<gpx")
    return inbox


def test_names_of_files_do_nothing_anywhere(syncd, hostile_files, tmp_path):
    imports = [("import", hostile_files), ("import", tmp_path / "archive.zip")]
    scores = [("score", path) for path in sorted(hostile_files.iterdir()) if "bad" not in path.name]
    assert harm_of_commands(syncd, [*imports, *COMMANDS, *scores]) == {}
    assert harm_of_files(locate().state) == {}


def test_names_that_an_earlier_version_kept_do_nothing_either(syncd, lived):
    with closing(sqlite3.connect(locate().state / "syncd.db")) as database, database:
        database.execute("UPDATE activities SET name = ?", (HOSTILE,))
        database.execute("UPDATE recordings SET name = ?, device = ?", (HOSTILE, HOSTILE))
    assert harm_of_commands(syncd, [("score",), ("status",), ("plan",), ("report",), ("why",)]) == {}
    assert harm_of_files(locate().state) == {}


# --- the service


def test_what_a_sync_says_forges_no_line_of_the_log_no_field_and_no_status(tmp_path):
    said = json.dumps(
        {
            "problems": [HOSTILE],
            "remarks": [HOSTILE],
            "arrived": [{"outcome": "doubtful", "name": HOSTILE, "activity": 1}],
            "asked": [{"id": 1, "text": HOSTILE}],
            "changes": [{"reason": HOSTILE, "after": HOSTILE, "rule": HOSTILE}],
            "scored": [{"score": 1, "words": HOSTILE, "date": HOSTILE, "band": HOSTILE}],
        }
    )
    outcome = read_sync_outcome(Ended(3, said, HOSTILE))
    now, out = (lambda: datetime(2026, 1, 5, tzinfo=UTC)), io.StringIO()
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        server.settimeout(5)
        journals = [
            Journal(now, out, profile=HOSTILE),
            Journal(now, out, as_json=True),
            Journal(now, native=path),
        ]
        fields = {"sources": HOSTILE}
        for event in outcome.events:
            for journal in journals:
                journal.say(event.message, event.priority, cycle=HOSTILE, fields=fields)
            names = [line.partition("=")[0] for line in server.recv(60_000).decode().splitlines()]
            assert names == ["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "SYNCD_CYCLE", "SYNCD_SOURCES"]
        ServiceManager({"NOTIFY_SOCKET": path}).status(f"Needs you: {outcome.problems[0]}")
        status = server.recv(5000).decode()
    assert status.startswith("STATUS=Needs you: ")
    assert harm_of(status) == []
    assert harm_of(out.getvalue()) == []
    assert len(out.getvalue().splitlines()) == 2 * len(outcome.events)
