"""Logins, looks, the watch, the service and who is told: how they stand, and what is to be done."""

import os
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from syncd.connectors.garmin.kept_login import KeptLogin, Whose
from syncd.connectors.garmin.session import fingerprint_of
from syncd.connectors.strava.tokens import NEEDED_SCOPE, Login, StravaAthlete, StravaTokenFile
from syncd.daemon.state_file import DaemonState, DaemonStateFile, only_service
from syncd.health.check import Check, State
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.store.source_pulls import SourcePull
from tests.health.conftest import NOW

ON_GARMIN = '[sync]\nsource = "garmin"\nsink = "garmin"\n'
ON_STRAVA = '[sync]\nsource = "strava"\nsink = "folder"\n'
LOGIN = Login("12345", "secret", "access", "refresh", 2e9, ("read", NEEDED_SCOPE), StravaAthlete(7, "Anna"))


@pytest.fixture
def on_garmin(patient) -> KeptLogin:
    """A login of Garmin Connect that was renewed two hours ago."""
    patient.configured(ON_GARMIN)
    kept = KeptLogin(patient.paths.logins)
    kept.keep(StandInGarminAccount().library_tokens(NOW.timestamp()))
    renewed_s = (NOW - timedelta(hours=2)).timestamp()
    os.utime(kept.tokens.path, (renewed_s, renewed_s))
    return kept


def found_on_garmin(patient) -> Check:
    return patient.examined()["Garmin login"]


# --- logins


def test_only_the_logins_that_are_used_are_looked_at(patient):
    assert not {"Garmin login", "Strava login"} & set(patient.examined())
    patient.configured('[sync]\nsource = ["garmin", "strava"]\nsink = "folder"\n')
    assert {"Garmin login", "Strava login"} <= set(patient.examined())


def test_a_login_of_garmin_tells_whose_it_is_and_when_it_was_renewed(patient, on_garmin):
    assert found_on_garmin(patient) == Check("Garmin login", State.OK, "renewed automatically, last 2 h ago")
    on_garmin.keep_whose(Whose(81, "Anna"))
    assert found_on_garmin(patient).text == "Anna, renewed automatically, last 2 h ago"


def test_without_a_login_of_garmin_only_logging_in_helps(patient):
    patient.configured(ON_GARMIN)
    assert found_on_garmin(patient) == Check(
        "Garmin login", State.FAIL, "not logged in", "syncd auth garmin", needs_login=True
    )


def test_a_login_that_garmin_did_not_renew_has_ended(patient, on_garmin):
    fingerprint = fingerprint_of(on_garmin.tokens.load())
    on_garmin.budget.update(lambda budget: budget.after_dead_login(fingerprint, NOW.timestamp()))
    found = found_on_garmin(patient)
    assert (found.text, found.remedy, found.needs_login) == (
        "your login has expired",
        "syncd auth garmin",
        True,
    )


def test_a_damaged_login_of_garmin_is_said_to_be_that(patient, on_garmin):
    on_garmin.keep("{}")
    found = found_on_garmin(patient)
    assert found.text == f"{on_garmin.tokens.path} is damaged: run `syncd auth garmin`"
    assert (found.state, found.remedy) == (State.FAIL, "syncd auth garmin")


def test_while_garmin_wants_to_be_left_alone_one_waits(patient, on_garmin):
    on_garmin.budget.update(lambda budget: budget.after_refusal(NOW.timestamp(), 3600))
    assert found_on_garmin(patient) == Check(
        "Garmin login",
        State.WARN,
        "Garmin asked syncd to wait until 2026-01-05 07:30 UTC",
        "nothing to do: syncd waits",
    )


def test_a_login_of_strava_tells_whose_it_is(patient):
    patient.configured(ON_STRAVA)
    StravaTokenFile(patient.paths.logins / StravaTokenFile.NAME).save(LOGIN)
    found = patient.examined()["Strava login"]
    assert found == Check("Strava login", State.OK, "logged in as Anna (7), app 12345")


def test_a_login_of_strava_that_is_missing_or_lacks_the_box_is_made_anew(patient):
    patient.configured(ON_STRAVA)
    missing = patient.examined()["Strava login"]
    StravaTokenFile(patient.paths.logins / StravaTokenFile.NAME).save(replace(LOGIN, scopes=("read",)))
    without_the_box = patient.examined()["Strava login"]
    for found in (missing, without_the_box):
        assert (found.state, found.remedy, found.needs_login) == (State.FAIL, "syncd auth strava", True)
    assert missing.text.startswith("Strava is not logged in")
    assert "is missing" in without_the_box.text


# --- looks


def pulled(patient, look: SourcePull) -> Check:
    with patient.opened() as store:
        store.source_pulls.note("folder", look)
    return patient.examined()["runs from folder"]


def test_a_source_that_was_never_asked_is_not_bad_yet(patient):
    patient.opened().close()
    found = patient.examined()["runs from folder"]
    assert found == Check("runs from folder", State.UNKNOWN, "not checked yet: run syncd sync")


def test_a_source_counts_as_well_for_a_day(patient):
    day_ago = NOW - timedelta(hours=24)
    found = pulled(patient, SourcePull(day_ago, ok_at=day_ago))
    assert found == Check("runs from folder", State.OK, "up to date 24 h ago")


def test_a_source_at_which_nobody_looked_for_longer_is_told_of(patient):
    earlier = NOW - timedelta(hours=49)
    found = pulled(patient, SourcePull(earlier, ok_at=earlier))
    assert (found.state, found.text) == (State.WARN, "last complete 2 days ago: not checked since")
    assert found.remedy == "syncd sync"


def test_a_source_that_never_answered_is_told_with_its_reason(patient):
    found = pulled(patient, SourcePull(NOW, problem="the folder is not there"))
    assert (found.state, found.text) == (State.WARN, "never read completely: the folder is not there")


# --- the watch


def watch_synced(patient, at: datetime | None) -> Check:
    with patient.opened() as store:
        if at is not None:
            store.device_syncs.note("garmin", at)
    return patient.examined()["watch"]


def test_nobody_tells_when_a_watch_takes_workouts_from_a_folder(patient):
    patient.opened().close()
    found = patient.examined()["watch"]
    assert (found.state, found.text.split(":")[0]) == (State.UNKNOWN, "workouts go to a folder")


def test_a_watch_that_was_never_told_of_is_asked_for(patient, on_garmin):
    found = watch_synced(patient, None)
    assert (found.state, found.text) == (
        State.UNKNOWN,
        "last watch sync unknown: run syncd watch",
    )


def test_a_watch_synchronises_every_other_day_at_least(patient, on_garmin):
    assert watch_synced(patient, NOW - timedelta(days=2)) == Check("watch", State.OK, "synced 2 days ago")


def test_a_watch_that_did_not_synchronise_for_longer_is_brought_near_the_phone(patient, on_garmin):
    found = watch_synced(patient, NOW - timedelta(days=3))
    assert (found.state, found.text) == (State.WARN, "last synced 3 days ago")
    assert found.remedy == "open Garmin Connect near the watch"


# --- the service


def service_with(patient, state: DaemonState | None) -> Check:
    patient.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_service(patient.state):
        if state is not None:
            DaemonStateFile(patient.state).write(replace(state, pid=os.getpid()))
        return patient.examined()["service"]


def test_without_a_service_nothing_happens_by_itself(patient):
    found = patient.examined()["service"]
    assert (found.state, found.text) == (State.WARN, "not running: nothing happens automatically")
    assert found.remedy == "start syncd run (there is no systemd here for syncd service install)"


def test_a_service_that_just_started_has_not_pulled(patient):
    assert service_with(patient, None) == Check("service", State.UNKNOWN, "running, has not synced yet")


def test_a_service_tells_when_it_pulled(patient):
    assert service_with(patient, DaemonState(last_look=(NOW - timedelta(minutes=5)).isoformat())) == Check(
        "service", State.OK, "running, synced 5 min ago"
    )
    assert service_with(patient, DaemonState(pid=1)).text == "running"


def test_a_service_that_needs_somebody_says_for_what(patient):
    found = service_with(patient, DaemonState(needs=("log in to Garmin", "make room")))
    needs = "running, but needs you: log in to Garmin"
    assert found == Check("service", State.FAIL, needs, "do what it says")


@pytest.mark.parametrize(("late_min", "state"), [(30, State.OK), (31, State.FAIL)])
def test_a_look_may_be_half_an_hour_late(patient, late_min, state):
    due = NOW - timedelta(minutes=late_min)
    found = service_with(patient, DaemonState(next_look=due.isoformat()))
    assert found.state is state
    if state is State.FAIL:
        assert found.text == "running, but a sync was due 31 min ago"
        assert found.remedy == "restart the service (syncd service status tells its unit)"


@pytest.mark.parametrize(("failures", "state"), [(2, State.OK), (3, State.WARN)])
def test_the_third_failure_in_a_row_is_told(patient, failures, state):
    found = service_with(patient, DaemonState(failures=failures, says="Garmin cannot be reached"))
    assert found.state is state
    if state is State.WARN:
        assert found.text == "running, but the last 3 syncs failed: Garmin cannot be reached"
        assert found.remedy == "syncd sync"


# --- who is told


def test_addresses_are_counted_and_never_shown(patient):
    patient.configured('[notify]\nurls = ["json://127.0.0.1/canary"]\n')
    one = patient.examined()["notifications"]
    patient.configured('[notify]\nurls = ["json://127.0.0.1/canary", "json://127.0.0.1/canary2"]\n')
    two = patient.examined()["notifications"]
    untested = "not tested (syncd doctor --notify does)"
    assert (one.state, one.text, two.text) == (State.OK, f"1 address, {untested}", f"2 addresses, {untested}")


def test_addresses_without_their_library_are_worth_nothing(patient, monkeypatch):
    patient.configured('[notify]\nurls = ["json://127.0.0.1/canary"]\n')
    monkeypatch.setitem(sys.modules, "apprise", None)
    found = patient.examined()["notifications"]
    assert (found.state, found.text) == (State.FAIL, "the apprise library is missing")
    assert found.remedy == f"{sys.executable} -m pip install 'apprise>=1.9'"


def test_a_heart_beat_is_named_without_its_address(patient):
    assert not {"notifications", "heart-beat"} & set(patient.examined())
    patient.configured('[daemon]\nheartbeat_url = "http://127.0.0.1/canary"\n')
    found = patient.examined()["heart-beat"]
    assert found == Check("heart-beat", State.OK, "an address is called after each sync")


# --- folders


@pytest.mark.parametrize("role", ["inbox", "outbox"])
def test_a_folder_is_there_or_not_or_was_never_named(patient, tmp_path, role):
    unset = patient.examined()[role]
    assert (unset.state, unset.text) == (State.FAIL, "is not set")
    assert unset.remedy == f"set [folder] {role} in config.toml"

    folder = tmp_path / "watch"
    patient.configured(f'[folder]\n{role} = "{folder}"\n')
    missing = patient.examined()[role]
    assert (missing.state, missing.text) == (State.WARN, f"{folder} does not exist")
    assert missing.remedy == "connect the watch, or create the folder"

    folder.mkdir()
    assert patient.examined()[role] == Check(role, State.OK, str(folder))


def test_folders_of_whoever_uses_a_service_do_not_matter(patient):
    patient.configured(ON_GARMIN)
    assert not {"inbox", "outbox"} & set(patient.examined())
