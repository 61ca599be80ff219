"""Is everything well, and being told so: doctor, tidy, messages and the heart-beat."""

import json
import os
from contextlib import contextmanager

import pytest

from syncd.daemon.state_file import DaemonState, DaemonStateFile, only_service
from syncd.http_server import QuietHandler, QuietServer
from syncd.paths import locate
from syncd.sandbox.scenario import Scenario
from tests.support.garmin_library import install_without
from tests.support.watch import run_what_is_on_the_watch


def checks(said):
    return {each["name"]: each for each in said.json["checks"]}


@contextmanager
def listening(status=200):
    """An address that remembers what was sent to it."""
    got = []

    class Handler(QuietHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append((self.path, body))
            self.send(status, {"Content-Length": "0"})

    server = QuietServer(("127.0.0.1", 0), Handler)
    with server.served(0.02):
        yield f"127.0.0.1:{server.port}", got


# --- doctor


def test_a_new_runner_is_told_what_is_there_and_what_is_not_yet(syncd, initialised):
    said = syncd("doctor", "--json")
    found = checks(said)
    assert (said.code, said.json["schema"], said.json["state"]) == (0, "syncd.doctor/1", "warn")
    assert found["configuration"]["state"] == "ok"
    assert found["database"]["words"] == "there is none yet: the first syncd sync creates it"
    assert found["service"]["state"] == "warn"
    assert "syncd service install" in found["service"]["remedy"]
    assert found["connectors"]["words"].startswith("folder (runs and workouts)")


def test_after_a_sync_the_database_is_whole_and_its_copy_is_missed_until_tidy(syncd, initialised):
    syncd("sync")
    assert checks(syncd("doctor", "--json"))["backups"]["state"] == "unknown"
    assert syncd("tidy").out == "Backed up the database to backups/syncd-2026-01-05.db.\n"
    found = checks(syncd("doctor", "--json"))
    assert found["backups"]["words"] == "1, the newest from 2026-01-05"
    assert found["runs from folder"]["state"] == "ok"


def test_a_broken_configuration_is_one_check_among_others(syncd, initialised):
    locate().config.write_text("[plan]\ndays = 9\n")
    said = syncd("doctor", "--json")
    assert said.code == 1
    assert "must be 2 to 7" in checks(said)["configuration"]["words"]
    assert checks(said)["disk"]["state"] == "ok"


def test_only_a_login_missing_is_exit_3(syncd, on_garmin):
    assert syncd("doctor", "--offline").code == 0
    locate().logins.joinpath("garmin.json").unlink()
    said = syncd("doctor", "--offline", "--json")
    assert said.code == 3
    assert checks(said)["Garmin login"]["remedy"] == "syncd auth garmin"


def test_a_library_that_lacks_what_syncd_needs_fails_with_what_to_install(syncd, on_garmin, monkeypatch):
    assert checks(syncd("doctor", "--offline", "--json"))["Garmin library"]["state"] == "ok"
    install_without(monkeypatch, "_refresh_di_token")
    said = syncd("doctor", "--offline", "--json")
    found = checks(said)["Garmin library"]
    assert (said.code, found["state"]) == (1, "fail")
    assert found["words"].endswith("has no Client._refresh_di_token, which syncd needs")
    assert found["remedy"].endswith("-m pip install 'garminconnect>=0.3.2,<0.4'")


def test_a_library_that_is_not_used_is_not_looked_at(syncd, initialised):
    assert "Garmin library" not in checks(syncd("doctor", "--offline", "--json"))


def test_online_it_asks_the_services_for_the_time_and_nothing_else(syncd, on_garmin):
    before = len(on_garmin.requests)
    found = checks(syncd("doctor", "--json"))
    assert found["network 127.0.0.1"]["state"] == "ok"
    assert found["clock"]["state"] == "ok"
    assert len(on_garmin.requests) - before <= 1
    assert "clock" not in checks(syncd("doctor", "--offline", "--json"))


def test_a_name_that_is_not_known_is_said_with_the_others_going_on(syncd, on_garmin, monkeypatch):
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", "http://localhost:1")
    said = syncd("doctor", "--json")
    assert said.code == 1
    assert checks(said)["network localhost"]["words"].startswith("cannot be reached")
    assert checks(said)["libraries"]["words"].startswith("syncd ")


def test_tokens_that_others_can_read_are_named_with_the_chmod(syncd, on_garmin):
    file = locate().logins / "garmin.json"
    file.chmod(0o644)
    found = checks(syncd("doctor", "--offline", "--json"))["permissions"]
    assert (found["state"], found["remedy"]) == ("fail", f"chmod 600 {file}")


def test_a_service_that_should_have_looked_long_ago_is_a_failure(syncd, initialised):
    syncd("sync")
    state = locate().state
    with only_service(state):
        DaemonStateFile(state).write(DaemonState(pid=os.getpid(), next_look="2026-01-05T04:00:00+00:00"))
        said = syncd("doctor", "--json")
        assert checks(said)["service"]["words"] == "running, but a sync was due 90 min ago"
        assert said.code == 1
        DaemonStateFile(state).write(
            DaemonState(pid=os.getpid(), next_look="2026-01-05T05:40:00+00:00", needs=("log in",))
        )
        assert checks(syncd("doctor", "--json"))["service"]["words"] == "running, but needs you: log in"


def test_damage_is_found_and_restored_from_the_copy(syncd, initialised):
    syncd("sync")
    syncd("tidy")
    database = locate().state / "syncd.db"
    database.write_bytes(b"x" * 50_000)
    said = syncd("doctor", "--json")
    assert (said.code, checks(said)["database"]["remedy"]) == (1, "syncd doctor --restore")
    restored = syncd("doctor", "--restore")
    assert restored.code == 0
    assert "Restored syncd-2026-01-05.db." in restored.out
    assert syncd("sync").out == "Nothing new: the plan and the watch stay as they are.\n"


def test_an_older_database_stops_every_sync_until_the_athlete_says_which_one_goes_on(
    syncd, initialised, monkeypatch
):
    syncd("sync")
    syncd("tidy")
    database = locate().state / "syncd.db"
    older = database.read_bytes()
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T06:30:00+01:00")
    syncd("sync")
    syncd("tidy")
    database.write_bytes(older)
    for _ in range(2):
        said = syncd("sync")
        assert said.code == 1
        assert "syncd doctor --restore" in said.err
        assert "syncd doctor --accept" in said.err
    assert checks(syncd("doctor", "--offline", "--json"))["database"]["state"] == "fail"
    accepted = syncd("doctor", "--accept", "--json")
    assert (accepted.code, accepted.json["runs"]) == (0, 0)
    assert syncd("sync").code == 0
    assert checks(syncd("doctor", "--offline", "--json"))["database"]["state"] == "ok"


def test_restoring_and_accepting_are_two_things(syncd, initialised):
    assert syncd("doctor", "--accept").code == 2
    syncd("sync")
    said = syncd("doctor", "--accept", "--restore")
    assert (said.code, "give one of them" in said.err) == (2, True)


def test_damage_is_not_accepted(syncd, initialised):
    syncd("sync")
    (locate().state / "syncd.db").write_bytes(b"x" * 50_000)
    said = syncd("doctor", "--accept")
    assert said.code == 1
    assert "is damaged" in said.err


def test_a_flipped_bit_is_found_at_night_and_no_copy_is_made_of_it(syncd, initialised, monkeypatch):
    syncd("sync")
    syncd("tidy")
    database = locate().state / "syncd.db"
    content = bytearray(database.read_bytes())
    content[content.index(b"2026w02-1") + 3] ^= 1
    database.write_bytes(content)
    assert syncd("status").code == 0  # who reads is not kept waiting
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T02:30:00+01:00")
    said = syncd("tidy")
    assert said.code == 1
    assert "is damaged" in said.err
    assert [path.name for path in (locate().state / "backups").iterdir()] == ["syncd-2026-01-05.db"]
    assert syncd("doctor", "--restore").code == 0
    assert syncd("tidy").code == 0


def test_a_copy_that_changed_is_named_by_doctor_and_at_night(syncd, initialised, monkeypatch):
    syncd("sync")
    syncd("tidy")
    copy = locate().state / "backups/syncd-2026-01-05.db"
    copy.write_bytes(copy.read_bytes()[:-1] + b"?")
    found = checks(syncd("doctor", "--offline", "--json"))["backups"]
    assert (found["state"], "syncd-2026-01-05.db" in found["words"]) == ("fail", True)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T02:30:00+01:00")
    said = syncd("tidy")
    assert (said.code, "the copy syncd-2026-01-05.db is damaged" in said.err) == (1, True)
    found = checks(syncd("doctor", "--offline", "--json"))["backups"]
    assert (found["state"], "1 good copy left" in found["words"]) == ("warn", True)


def test_a_recording_that_is_lost_is_named_by_doctor_until_it_is_there_again(syncd, initialised, monkeypatch):
    inbox, outbox = initialised
    syncd("sync")
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    syncd("sync")
    (payload,) = (locate().state / "raw").glob("*/*.gz")
    payload.unlink()
    said = syncd("tidy", "--json")
    assert (said.code, said.json["lost"]) == (1, 1)
    found = checks(syncd("doctor", "--offline", "--json"))["recordings"]
    assert (found["state"], "the newest of Tue 6 Jan" in found["words"]) == ("warn", True)
    said = syncd("sync")
    assert "it was fetched again" in said.out
    assert payload.exists()
    assert checks(syncd("doctor", "--offline", "--json"))["recordings"]["state"] == "ok"


def test_there_is_nothing_to_restore_without_a_copy(syncd, initialised):
    assert syncd("doctor", "--restore").code == 2
    syncd("sync")
    said = syncd("doctor", "--restore")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "there is no good copy" in said.err


# --- messages


def test_addresses_are_tried_and_their_secrets_are_never_shown(syncd, initialised, monkeypatch):
    with listening() as (address, got):
        monkeypatch.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/canary-1")
        monkeypatch.setenv("SYNCD_DAEMON__HEARTBEAT_URL", f"http://{address}/canary-2")
        said = syncd("doctor", "--notify")
        assert (said.code, said.err) == (0, "")
    assert [path for path, _ in got] == ["/canary-1", "/canary-2"]
    assert json.loads(got[0][1])["title"] == "syncd can reach you"
    assert "canary" not in said.out


def test_an_address_that_does_not_take_it_is_an_error_without_the_address(syncd, initialised, monkeypatch):
    with listening(500) as (address, _):
        monkeypatch.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/canary-1")
        said = syncd("doctor", "--notify")
    assert said.code == 1
    assert said.err == "syncd: 1 of 1 notification addresses did not take the message\n"


@pytest.mark.parametrize("urls", ["nonsense", "canary://x"])
def test_an_address_that_cannot_be_one_is_named_by_its_number(syncd, initialised, monkeypatch, urls):
    monkeypatch.setenv("SYNCD_NOTIFY__URLS", urls)
    said = syncd("doctor", "--notify")
    assert said.err == "syncd: [notify] urls: apprise does not understand address 1\n"


def test_without_anybody_to_tell_it_says_what_to_set(syncd, initialised):
    said = syncd("doctor", "--notify")
    assert said.code == 2
    assert "[notify] urls" in said.err


def test_secrets_in_a_file_that_others_can_read_are_refused(syncd, initialised):
    config = locate().config
    config.write_text(config.read_text() + '\n[notify]\nurls = ["json://localhost/secret"]\n')
    config.chmod(0o644)
    said = syncd("doctor", "--notify")
    assert said.code == 2
    assert f"chmod 600 {config}" in said.err
    assert "json://" not in said.err


def test_after_a_look_the_monitor_hears_of_it_and_of_failures_with_the_reason(
    syncd, initialised, monkeypatch
):
    with listening() as (address, got):
        monkeypatch.setenv("SYNCD_DAEMON__HEARTBEAT_URL", f"http://{address}/beat")
        assert syncd("tell").code == 0
        assert syncd("tell", "--trouble", "no network").code == 0
    assert got == [("/beat", "ok"), ("/beat/fail", "no network")]


def test_what_needs_a_human_is_told_once_and_changes_when_there_are_some(syncd, initialised, monkeypatch):
    with listening() as (address, got):
        monkeypatch.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/x")
        syncd("sync")
        for _ in range(2):
            assert syncd("tell", "--trouble", "Garmin wants you to log in", "--human").code == 0
        assert syncd("tell", "--trouble", "no network").code == 0
    messages = [json.loads(body) for _, body in got]
    assert [each["title"] for each in messages] == ["syncd needs you"]
    assert messages[0]["message"].startswith("Garmin wants you to log in")


def test_changes_of_the_days_ahead_are_told_once_and_those_of_before_never(syncd, initialised, monkeypatch):
    inbox, outbox = initialised
    with listening() as (address, got):
        syncd("sync")
        monkeypatch.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/x")
        syncd("tell")
        run_what_is_on_the_watch(outbox, inbox, "2026-01-06", Scenario.FADING)
        monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
        syncd("sync")
        for _ in range(2):
            syncd("tell")
    (message,) = [json.loads(body) for _, body in got]
    assert message["title"] == "Your plan changed"
    assert "rule A9" in message["message"]


def test_the_week_is_told_on_sunday_evening(syncd, initialised, monkeypatch):
    with listening() as (address, got):
        monkeypatch.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/x")
        syncd("sync")
        for at in ("2026-01-11T17:00:00+01:00", "2026-01-11T18:30:00+01:00", "2026-01-11T20:00:00+01:00"):
            monkeypatch.setenv("SYNCD_NOW", at)
            syncd("tell")
    (message,) = [json.loads(body) for _, body in got]
    assert message["title"] == "Your week"
    assert message["message"].splitlines()[0] == "0 of 4 sessions, 0 km in 0 runs"
    assert "Tue 13 Jan" in message["message"]


# --- status


def test_status_tells_of_the_service_and_of_what_needs_a_human(syncd, initialised):
    syncd("sync")
    state = locate().state
    assert (
        syncd("status").out.splitlines()[-1]
        == "Folder ok, just now · no automatic syncs: syncd service install"
    )
    with only_service(state):
        DaemonStateFile(state).write(
            DaemonState(pid=1, next_look="2026-01-05T05:40:00+00:00", needs=("the configuration is broken",))
        )
        lines = syncd("status").out.splitlines()
        assert lines[-2:] == [
            "Needs you: the configuration is broken",
            "Folder ok, just now · next sync about 06:40",
        ]
        service = syncd("status", "--json").json["service"]
    assert (service["running"], service["needs"]) == (True, ["the configuration is broken"])


def test_hours_are_told_as_the_athlete_set_them_in_text_and_never_in_json(syncd, initialised, monkeypatch):
    monkeypatch.setenv("SYNCD_ATHLETE__CLOCK", "12h")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T18:40:00+01:00")
    syncd("sync")
    state = locate().state
    with only_service(state):
        DaemonStateFile(state).write(DaemonState(pid=1, next_look="2026-01-05T17:50:00+00:00"))
        assert syncd("status").out.splitlines()[-1].endswith("next sync about 6:50 pm")
        assert syncd("status", "--json").json["service"]["next_look"] == "2026-01-05T17:50:00+00:00"
        assert syncd("report").code == 0
        page = locate().report.read_text(encoding="utf-8")
    assert "As of 6:40 pm on Mon" in page
    assert "next sync about 6:50 pm" in page
    syncd("move", "2026-01-06", "2026-01-07")
    syncd("undo")
    assert "undone   Mon 5 Jan 6:40 pm: it will not be made again" in syncd("why", "2026-01-06").out


def test_status_tells_since_when_a_source_was_not_reached(syncd, on_garmin, monkeypatch):
    syncd("sync")
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T09:30:00+01:00")
    assert syncd("sync").code == 1
    assert "Garmin not reached, last ok 3 h ago" in syncd("status").out
    (source,) = syncd("status", "--json").json["sources"]
    assert source["ok_at"] == "2026-01-05T05:30:00+00:00"
    assert source["problem"]
