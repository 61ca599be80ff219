"""The command line with Garmin Connect on both ends."""

import re

from syncd.daemon.child import Ended
from syncd.daemon.journal import NEEDS_HUMAN
from syncd.daemon.sync_outcome import read_sync_outcome
from tests.support.garmin_library import install_without
from tests.support.scene import fingerprint


def writes(service) -> list[str]:
    return [each for each in service.requests if not each.startswith("GET ")]


def test_dry_run_prints_the_exact_actions_sends_nothing_and_leaves_no_trace(syncd, on_garmin, home):
    syncd("sync")
    on_garmin.account.unschedule(next(iter(on_garmin.account.schedules)))
    before, sent = fingerprint(home / ".local/state/syncd"), len(writes(on_garmin))
    announced = syncd("sync", "--dry-run", "--json")
    assert announced.code == 0
    assert fingerprint(home / ".local/state/syncd/connectors") == {
        name.removeprefix("connectors/"): each for name, each in before.items() if "connectors" in name
    }
    assert len(writes(on_garmin)) == sent


def test_a_dry_run_before_the_first_sync_announces_what_the_sync_then_does(syncd, on_garmin):
    announced = syncd("sync", "--dry-run", "--json").json["actions"]
    assert announced
    assert writes(on_garmin) == []
    assert syncd("sync", "--json").json["actions"] == announced


def test_without_a_login_everything_else_is_done_and_the_exit_code_is_3(syncd, on_garmin, home):
    (home / ".local/state/syncd/logins/garmin.json").unlink()
    said = syncd("sync")
    assert (said.code, said.err) == (3, "syncd: Garmin Connect is not logged in: run `syncd auth garmin`\n")
    assert syncd("sync").out == ""
    assert on_garmin.requests == []
    assert syncd("status").code == 0


def test_a_library_that_lacks_a_name_needs_a_person_and_is_no_traceback(syncd, on_garmin, monkeypatch):
    install_without(monkeypatch, "_refresh_session")
    said = syncd("sync", "--json")
    (problem,) = said.json["problems"]
    assert re.fullmatch(
        r"garminconnect \S+ has no Client\._refresh_session, which syncd needs: pip .*", problem
    )
    assert said.code == 3
    (event,) = read_sync_outcome(Ended(said.code, said.out, said.err)).events
    assert (event.message, event.message_id) == (problem, NEEDS_HUMAN)
    assert on_garmin.requests == []


def test_a_login_that_others_can_read_is_refused_with_the_remedy(syncd, on_garmin, home):
    (home / ".local/state/syncd/logins/garmin.json").chmod(0o644)
    said = syncd("sync")
    assert (said.code, "chmod 600" in said.err) == (3, True)
    assert on_garmin.requests == []


def test_runs_may_come_from_a_folder_and_workouts_go_to_garmin_connect(
    syncd, on_garmin, folders, monkeypatch
):
    inbox, _ = folders
    monkeypatch.setenv("SYNCD_SYNC__SOURCE", "folder")
    monkeypatch.setenv("SYNCD_FOLDER__INBOX", str(inbox))
    assert syncd("sync").code == 0
    assert not [each for each in on_garmin.requests if "activitylist" in each]
    assert on_garmin.account.schedules
