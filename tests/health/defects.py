"""What can be broken on a runner's machine: how it is broken, the check that names it, and its remedy.

Names in braces differ from machine to machine. A remedy that `heals` is carried out by the test.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.client import WANTED
from syncd.connectors.garmin.session import fingerprint_of
from syncd.connectors.strava.budget import StravaBudget
from syncd.connectors.strava.session import fingerprint_of as strava_fingerprint_of
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.paths import HOOK_FILE
from syncd.store.quarantine import ReadingAttempt
from syncd.store.source_pulls import SourcePull
from tests.health.lived import (
    ON_GARMIN,
    ON_STRAVA,
    STRAVA_LOGIN,
    Lived,
    garmin_logged_in,
    noted,
    strava_logged_in,
)

MB = 1024 * 1024
Usage = namedtuple("Usage", "total used free")
SOMEBODY_ELSE = 12345
RESTORE = "syncd doctor --restore"
FETCH = "syncd tidy, then syncd sync: fetched again where the source still has it"
Seed = Callable[[Lived, pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Defect:
    """`part` of the machine it is in; `says` a piece of the text where the check may say several things."""

    name: str
    part: str
    seed: Seed
    check: str
    remedy: str
    says: str = ""
    heals: bool = False

    def remedy_on(self, lived: Lived) -> str:
        """The remedy as it is told there."""
        return self.remedy.format(
            state=lived.state,
            config=lived.paths.config,
            pid=os.getpid(),
            user=os.geteuid(),
            python=sys.executable,
            garminconnect=WANTED,
        )


DEFECTS: list[Defect] = []


def defect(part: str, check: str, remedy: str, *, says: str = "", heals: bool = False):
    """Add a defect, named like the function that makes it."""

    def added(seed: Seed) -> Seed:
        name = seed.__name__.replace("_", " ")
        DEFECTS.append(Defect(name, part, seed, check, remedy, says, heals))
        return seed

    return added


# --- state


@defect("state", "database", RESTORE, says="is damaged", heals=True)
def the_database_is_overwritten(lived, monkeypatch):
    lived.database.write_bytes(b"x" * 50_000)


@defect("state", "database", RESTORE, says="is missing, but there are copies", heals=True)
def the_database_is_gone_and_its_copies_are_there(lived, monkeypatch):
    lived.database.unlink()


@defect("state", "database", RESTORE, heals=True)
def the_database_is_empty_beside_its_copies(lived, monkeypatch):
    lived.database.write_bytes(b"")


@defect("state", "database", RESTORE, heals=True)
def the_database_is_cut_off(lived, monkeypatch):
    os.truncate(lived.database, 40_000)


@defect("state", "database", RESTORE, says="activities_day", heals=True)
def an_index_does_not_fit_its_table(lived, monkeypatch):
    lived.sql(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX activities_day ON activities (sport)'"
        " WHERE name = 'activities_day'",
    )


@defect("state", "database", RESTORE, heals=True)
def a_table_is_gone(lived, monkeypatch):
    lived.sql("DROP TABLE meta")


@defect("state", "database", RESTORE, says="activities.rpe is missing", heals=True)
def a_column_is_gone(lived, monkeypatch):
    lived.sql("ALTER TABLE activities DROP COLUMN rpe")


@defect("state", "database", RESTORE, says="a row of arrivals without its activities", heals=True)
def a_row_refers_to_nothing(lived, monkeypatch):
    lived.sql("PRAGMA foreign_keys = OFF", "UPDATE arrivals SET activity_id = 999")


@defect("state", "pulls", RESTORE, says="cannot be understood", heals=True)
def a_kept_fact_is_garbage(lived, monkeypatch):
    lived.sql("UPDATE meta SET value = '{' WHERE key = 'source_look.folder'")


@defect(
    "state",
    "database",
    "install the version of syncd that wrote it, or a newer one",
    says="written by a newer syncd",
)
def the_database_is_of_a_newer_version(lived, monkeypatch):
    lived.sql("PRAGMA user_version = 9999")


@defect("state", "recordings", FETCH, says="lost")
def recordings_are_lost(lived, monkeypatch):
    shutil.rmtree(lived.state / "raw")


@defect("state", "recordings", FETCH, says="damaged")
def a_recording_is_damaged(lived, monkeypatch):
    recording = next((lived.state / "raw").glob("*/*.gz"))
    recording.write_bytes(recording.read_bytes()[:-20])


@defect("state", "syncs", "syncd sync", says="did not come to their end")
def syncs_are_killed_again_and_again(lived, monkeypatch):
    with lived.store() as store:
        for hours in (5, 4, 3):
            store.syncs.begin(lived.now - timedelta(hours=hours))


@defect("state", "sync lock", "kill {pid}", says="keeps all others waiting")
def a_sync_hangs(lived, monkeypatch):
    from syncd.store import sync_lock

    lived._open.enter_context(sync_lock(lived.state))
    began = (lived.now - timedelta(hours=7)).timestamp()
    os.utime(lived.state / "cycle.lock", (began, began))


@defect(
    "state", "recordings", "syncd import, with the file of that run or your account's export", says="lost"
)
def a_recording_is_lost_that_its_source_has_no_longer(lived, monkeypatch):
    with lived.store() as store:
        (run,) = store.activities.newest(1)
        store.raw.remove(run.raw_hash)
        store.lost_payloads.note({run.raw_hash: False}, lived.now.date())
        store.lost_payloads.asked(run.raw_hash, lived.now)


@defect("state", "database", RESTORE, says="is older", heals=True)
def an_older_database_lies_in_its_place(lived, monkeypatch):
    earlier = lived.database.read_bytes()
    with lived.store() as store:
        store.back_up(lived.now.date())
    lived.database.write_bytes(earlier)


@defect("state", "database", RESTORE, says="not as they were written", heals=True)
def a_byte_of_the_database_was_flipped(lived, monkeypatch):
    content = bytearray(lived.database.read_bytes())
    content[content.rindex(b"folder")] ^= 1
    lived.database.write_bytes(content)


@defect("state", "set aside", "syncd sync --retry", says="odd.fit", heals=True)
def a_recording_was_set_aside(lived, monkeypatch):
    with lived.store() as store:
        store.quarantine.keep(
            ReadingAttempt(
                *("folder", "odd.fit", "x", "odd.fit", version("syncd"), lived.now),
                failures=2,
                cause="outgrew",
            )
        )


# --- copies


@defect("copies", "backups", "syncd tidy", says="there is no copy", heals=True)
def there_is_no_copy(lived, monkeypatch):
    shutil.rmtree(lived.state / "backups")
    lived.sql("UPDATE cycles SET started_at = '2026-01-01T06:00:00.000000Z' WHERE id = 1")


@defect("copies", "backups", "syncd tidy", says="is 10 days old", heals=True)
def no_copy_was_made_for_days(lived, monkeypatch):
    (copy,) = (lived.state / "backups").glob("*.db")
    copy.rename(copy.with_name("syncd-2025-12-28.db"))


@defect("copies", "backups", "syncd tidy", says="is damaged", heals=True)
def the_newest_copy_is_damaged(lived, monkeypatch):
    (copy,) = (lived.state / "backups").glob("*.db")
    copy.write_bytes(copy.read_bytes()[:5000])


@defect("copies", "backups", "rm {state}/backups/syncd-2030-01-01.db", says="of a day to come", heals=True)
def a_copy_was_made_on_a_day_to_come(lived, monkeypatch):
    (copy,) = (lived.state / "backups").glob("*.db")
    shutil.copy(copy, copy.with_name("syncd-2030-01-01.db"))


# --- permissions


@defect("permissions", "permissions", "chmod 700 {state}", heals=True)
def others_can_read_the_state(lived, monkeypatch):
    lived.state.chmod(0o755)


@defect("permissions", "permissions", "chmod 600 {state}/syncd.db", heals=True)
def others_may_read_the_database(lived, monkeypatch):
    lived.database.chmod(0o644)


@defect("permissions", "permissions", "chmod go-w {state}/report.html", heals=True)
def everybody_can_write_a_file(lived, monkeypatch):
    lived.paths.report.chmod(0o666)


@defect("permissions", "permissions", "chown -R {user} {state}", heals=os.geteuid() == 0)
def a_file_belongs_to_somebody_else(lived, monkeypatch):
    if os.geteuid() == 0:
        os.chown(lived.database, SOMEBODY_ELSE, SOMEBODY_ELSE)
    else:  # nobody else can give a file away
        stat = Path.stat

        def owned(file: Path, **more: bool) -> os.stat_result:
            real = stat(file, **more)
            return os.stat_result((*real[:4], SOMEBODY_ELSE, *real[5:])) if file == lived.database else real

        monkeypatch.setattr(Path, "stat", owned)


@defect("permissions", "permissions", "chmod 600 {state}/logins/garmin.json", heals=True)
def others_can_read_a_login(lived, monkeypatch):
    garmin_logged_in(lived).tokens.path.chmod(0o644)


@defect("permissions", "permissions", "syncd auth status", says="is a link")
def a_login_is_a_link(lived, monkeypatch):
    path = garmin_logged_in(lived).tokens.path
    path.rename(path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


# --- configuration


@defect("configuration", "configuration", "", says="run syncd init")
def there_is_no_configuration(lived, monkeypatch):
    lived.paths.config.unlink()


@defect("configuration", "configuration", "correct it, or run syncd init --force", says="not valid TOML")
def the_configuration_is_no_toml(lived, monkeypatch):
    lived.paths.config.write_text("[plan\n")


@defect("configuration", "configuration", "correct it, or run syncd init --force", says="did you mean")
def a_key_is_misspelt(lived, monkeypatch):
    lived.configured("[plan]\ndais = 4\n")


@defect("configuration", "configuration", "chmod 600 {config}", heals=True)
def an_address_is_open_to_others(lived, monkeypatch):
    lived.configured('[daemon]\nheartbeat_url = "https://example.org/canary"\n')
    lived.paths.config.chmod(0o644)


@defect("configuration", "configuration", "correct it, or run syncd init --force", says="is a folder")
def the_configuration_is_a_folder(lived, monkeypatch):
    lived.paths.config.unlink()
    lived.paths.config.mkdir()


@defect("configuration", "configuration", "correct it, or run syncd init --force")
def a_variable_of_the_environment_is_wrong(lived, monkeypatch):
    monkeypatch.setenv("SYNCD_PLAN__DAYS", "9")


@defect("configuration", "configuration", "correct it, or run syncd init --force", says="https://")
def logins_would_travel_in_clear(lived, monkeypatch):
    lived.configured('[garmin]\napi_url = "http://connect.example.org"\n')


@defect("configuration", "time zone", 'set [athlete] timezone = "Europe/Rome" in config.toml')
def days_begin_in_utc_by_accident(lived, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Rome")


# --- files


@defect("files", "inbox", "connect the watch, or create the folder")
def the_inbox_is_gone(lived, monkeypatch):
    shutil.rmtree(lived.paths.config.parent / "runs")


def _health_in_file(lived, text: str) -> None:
    config = lived.paths.config
    config.write_text(f"{config.read_text()}\n[health]\n{text}\n")


@defect("configuration", "health", "add gave_birth = YYYY-MM-DD to [health] of config.toml", says="without")
def a_birth_has_no_date(lived, monkeypatch):
    _health_in_file(lived, 'concerns = ["birth"]')


@defect("configuration", "health", "put it right in [health] of config.toml", says="birth year 2025")
def a_birth_year_is_that_of_last_year(lived, monkeypatch):
    _health_in_file(lived, "birth_year = 2025")


@defect("state", "health", "syncd health", says="cannot be")
def an_answer_was_cleared_before_it_began(lived, monkeypatch):
    lived.sql(
        "INSERT INTO health_answers (id, at, concern, since, in_file) VALUES"
        " (1, '2026-01-06T06:00:00.000000Z', 'surgery', '2026-01-06', 0)"
    )
    lived.sql(
        "INSERT INTO health_clearances (answer_id, at, from_day, cleared_for, in_file) VALUES"
        " (1, '2026-01-06T06:00:00.000000Z', '2026-01-01', 'everything', 0)"
    )


@defect("files", "outbox", "connect the watch, or create the folder")
def the_outbox_is_gone(lived, monkeypatch):
    shutil.rmtree(lived.paths.config.parent / "workouts")


@defect("files", "outbox", "set [folder] outbox in config.toml to a folder")
def the_outbox_is_a_file(lived, monkeypatch):
    shutil.rmtree(lived.paths.config.parent / "workouts")
    (lived.paths.config.parent / "workouts").touch()


@defect("files", "inbox", "set [folder] inbox in config.toml")
def the_inbox_was_never_named(lived, monkeypatch):
    lived.paths.config.write_text('[athlete]\ntimezone = "UTC"\n[folder]\noutbox = "workouts"\n')


@defect("files", "unreadable files", "export that run again from where it came, or delete the file")
def a_file_cannot_be_read(lived, monkeypatch):
    lived.sql(
        "INSERT INTO arrivals (source, remote_id, fingerprint, outcome, reason, at) VALUES"
        " ('folder', 'odd.fit', 'x', 'unreadable', 'no FIT file', '2026-01-06T06:00:00.000000Z')"
    )


@defect("files", "doubtful runs", "syncd fix 1 --kind run")
def a_recording_may_be_no_run(lived, monkeypatch):
    with lived.store() as store:
        store.activities.withdraw(1, Reason(WithdrawalCause.DOUBTFUL))


@defect("files", "report", "syncd report")
def the_report_is_not_renewed(lived, monkeypatch):
    days_ago = (lived.now - timedelta(days=5)).timestamp()
    os.utime(lived.paths.report, (days_ago, days_ago))


@defect("files", "calendar file", "syncd calendar", heals=True)
def the_calendar_file_is_gone(lived, monkeypatch):
    (lived.state / "syncd.ics").unlink()


# --- disk


@defect("disk", "disk", "free some space soon")
def there_is_little_room(lived, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1000 * MB, 900 * MB, 100 * MB))


@defect("disk", "disk", "free some space: nothing more can be saved")
def the_disk_is_full(lived, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1000 * MB, 1000 * MB, 0))


def with_volume(monkeypatch, **changed):
    statvfs = os.statvfs
    names = ("f_flag", "f_files", "f_favail")
    Volume = namedtuple("Volume", names)

    def found(folder):
        real = statvfs(folder)
        return Volume(*(changed.get(name, getattr(real, name)) for name in names))

    monkeypatch.setattr(os, "statvfs", found)


@defect("disk", "disk", "look for disk errors (dmesg), then mount it for writing")
def the_disk_can_only_be_read(lived, monkeypatch):
    with_volume(monkeypatch, f_flag=os.ST_RDONLY)


@defect("disk", "disk", "delete files that are not needed: their number is limited too")
def the_disk_has_room_for_no_more_files(lived, monkeypatch):
    with_volume(monkeypatch, f_files=1_000_000, f_favail=3)


@defect("disk", "disk", "move the state to a local disk", says="nfs4")
def the_state_is_on_a_disk_of_the_network(lived, monkeypatch):
    table = f"1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / {lived.state} rw - nfs4 nas:/runs rw\n"
    read_text = Path.read_text
    monkeypatch.setattr(
        Path,
        "read_text",
        lambda file, *a, **more: (
            table if str(file) == "/proc/self/mountinfo" else read_text(file, *a, **more)
        ),
    )


@defect("disk", "temporary files", "make room in /tmp, or set TMPDIR to a folder of yours")
def no_temporary_file_can_be_written(lived, monkeypatch):
    def refused():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refused)


# --- logins


@defect("logins", "Garmin login", "syncd auth garmin", says="not logged in")
def nobody_is_logged_in_at_garmin(lived, monkeypatch):
    on_garmin(lived)
    (lived.paths.logins / "garmin.json").unlink()


@defect("logins", "Garmin login", "syncd auth garmin", says="expired")
def the_login_at_garmin_has_ended(lived, monkeypatch):
    kept = on_garmin(lived)
    fingerprint = fingerprint_of(kept.tokens.load())
    kept.budget.update(lambda budget: budget.after_dead_login(fingerprint, lived.now.timestamp()))


@defect("logins", "Garmin login", "syncd auth garmin", says="is damaged")
def the_login_at_garmin_is_damaged(lived, monkeypatch):
    on_garmin(lived).keep("{}")


@defect("logins", "Strava login", "syncd auth strava", says="is not logged in")
def nobody_is_logged_in_at_strava(lived, monkeypatch):
    on_strava(lived)
    (lived.paths.logins / "strava.json").unlink()


@defect("logins", "Strava login", "syncd auth strava", says="is missing")
def strava_was_not_allowed_to_show_runs(lived, monkeypatch):
    on_strava(lived)
    strava_logged_in(lived, replace(STRAVA_LOGIN, scopes=("read",)))


@defect("logins", "Strava login", "syncd auth strava", says="Strava does not accept")
def the_login_at_strava_has_ended(lived, monkeypatch):
    on_strava(lived)
    budget = BudgetFile(StravaBudget, lived.paths.logins / "strava-budget.json")
    login, why = strava_fingerprint_of(STRAVA_LOGIN), "Strava does not accept your login any more"
    budget.update(lambda known: known.after_dead_login(login, why, lived.now.timestamp()))


@defect("logins", "Strava login", "nothing to do: syncd waits", says="asked syncd to wait until")
def strava_wants_to_be_left_alone(lived, monkeypatch):
    on_strava(lived)
    budget = BudgetFile(StravaBudget, lived.paths.logins / "strava-budget.json")
    budget.update(lambda known: known.after_refusal(lived.now.timestamp(), 60))


@defect("logins", "Garmin login", "nothing to do: syncd waits", says="asked syncd to wait until")
def garmin_wants_to_be_left_alone(lived, monkeypatch):
    kept = on_garmin(lived)
    kept.budget.update(lambda budget: budget.after_refusal(lived.now.timestamp(), 3600))


@defect("logins", "Garmin login", "syncd auth garmin", says="takes no new login before")
def garmin_takes_no_new_login_for_a_while(lived, monkeypatch):
    kept = on_garmin(lived)
    kept.log_out()
    kept.blocked.update(lambda budget: budget.after_refusal(lived.now.timestamp(), 3600))


@defect("logins", "Strava webhook", "syncd strava webhook")
def strava_was_never_told_of_the_webhook(lived, monkeypatch):
    on_strava(lived, '[strava.webhook]\npublic_url = "https://runs.example.org"\n')


@defect("logins", "Strava webhook", "syncd strava webhook delete", says="is damaged")
def the_secrets_of_the_webhook_are_damaged(lived, monkeypatch):
    on_strava(lived, '[strava.webhook]\npublic_url = "https://runs.example.org"\n')
    file = lived.paths.logins / HOOK_FILE
    file.write_text("{}")
    file.chmod(0o600)


# --- services


@defect("services", "runs from folder", "syncd sync", says="last complete 3 days ago", heals=True)
def a_source_was_not_read_for_days(lived, monkeypatch):
    days_ago = lived.now - timedelta(days=3)
    with lived.store() as store:
        store.source_pulls.note("folder", SourcePull(days_ago, ok_at=days_ago))


@defect("services", "runs from folder", "syncd sync", says="the service answered 500", heals=True)
def a_source_never_answered(lived, monkeypatch):
    lived.sql("DELETE FROM meta WHERE key = 'source_look.folder'")
    with lived.store() as store:
        store.source_pulls.note("folder", SourcePull(lived.now, problem="the service answered 500"))


@defect("services", "watch", "open Garmin Connect near the watch")
def the_watch_was_not_near_the_phone(lived, monkeypatch):
    on_garmin(lived)
    with lived.store() as store:
        store.meta.forget("device_sync.garmin")
        store.device_syncs.note("garmin", lived.now - timedelta(days=4))


def intended(lived: Lived, days: int) -> OwnerKey:
    key = OwnerKey("me", "2026w02-4", "0" * 12)
    with lived.store() as store:
        store.ledger.intend(
            "folder", key, lived.now.date() + timedelta(days=1), lived.now - timedelta(days=days)
        )
    return key


@defect("services", "workouts in doubt", "syncd sync", says="Thu 8 Jan", heals=True)
def a_request_was_never_settled(lived, monkeypatch):
    intended(lived, 3)


@defect("services", "workouts in doubt", "syncd sync", says="Thu 8 Jan", heals=True)
def a_removal_was_never_settled(lived, monkeypatch):
    key = intended(lived, 3)
    with lived.store() as store:
        store.ledger.removing("folder", key, lived.now - timedelta(days=3))


@defect("services", "refused workouts", "run it from syncd next, or change it: syncd next --easier")
def a_workout_was_refused(lived, monkeypatch):
    with lived.store() as store:
        key = OwnerKey("me", "2026w02-4", "0" * 12)
        store.ledger.reject("folder", key, lived.now.date() + timedelta(days=1), None, lived.now)


@defect("services", "workouts of others", "syncd watch --take-over", says="a second copy")
def a_second_copy_writes_to_the_calendar(lived, monkeypatch):
    noted(lived, "delivery.others.folder", {"days": ["2026-01-08"], "stopped": "second_copy"})


@defect("services", "workouts of others", "syncd watch --take-over", says="another installation")
def another_installation_writes_to_the_calendar(lived, monkeypatch):
    noted(lived, "delivery.others.folder", {"days": ["2026-01-08"]})


@defect("services", "workouts on garmin", "syncd sync")
def workouts_lie_where_they_no_longer_go(lived, monkeypatch):
    with lived.store() as store:
        key = OwnerKey("me", "2026w02-4", "0" * 12)
        store.ledger.intend("garmin", key, lived.now.date() + timedelta(days=1), lived.now, "77")


@defect("services", "notifications", "{python} -m pip install 'apprise>=1.9'")
def the_library_of_messages_is_missing(lived, monkeypatch):
    lived.configured('[notify]\nurls = ["json://127.0.0.1/canary"]\n')
    monkeypatch.setitem(sys.modules, "apprise", None)


@defect("services", "last message", "syncd doctor --notify", says="did not take the message")
def a_message_did_not_go_out(lived, monkeypatch):
    lived.configured('[notify]\nurls = ["json://127.0.0.1/canary"]\n')
    with lived.store() as store:
        store.sent_messages.note_problem("1 of 1 notification addresses did not take the message", lived.now)


# --- the service and its unit


@defect("units", "service", "start syncd run (there is no systemd here for syncd service install)")
def the_service_does_not_run(lived, monkeypatch):
    lived.unserved()


@defect("units", "service", "do what it says", says="log in to Garmin")
def the_service_needs_somebody(lived, monkeypatch):
    lived.reports(needs=("log in to Garmin",))


@defect("units", "service", "restart the service (syncd service status tells its unit)")
def the_service_stands_still(lived, monkeypatch):
    lived.reports(next_look=(lived.now - timedelta(hours=2)).isoformat())


@defect(
    "units", "service", "restart the service (syncd service status tells its unit)", says="has not synced yet"
)
def the_service_never_came_to_its_first_sync(lived, monkeypatch):
    (lived.state / "service.json").unlink()
    hours_ago = (lived.now - timedelta(hours=2)).timestamp()
    os.utime(lived.state / "service.lock", (hours_ago, hours_ago))


@defect("units", "service", "do what it says", says="clock")
def the_service_found_the_clock_wrong(lived, monkeypatch):
    lived.reports(needs=("the clock says 2030, Garmin 2026: nothing is done until it is right",))


@defect(
    "units", "service", "restart the service (syncd service status tells its unit)", says="cannot be read"
)
def the_report_of_the_service_is_damaged(lived, monkeypatch):
    (lived.state / "service.json").write_text('{"failures": "many"}')


@defect("units", "service", "syncd sync", says="the last 5 syncs failed")
def sync_after_sync_fails(lived, monkeypatch):
    lived.reports(failures=5, says="Garmin cannot be reached")


@defect("units", "service", "syncd service install", says="still syncd 0.5.0")
def the_service_is_an_earlier_version(lived, monkeypatch):
    lived.with_unit()
    lived.reports(version="0.5.0")


@defect(
    "units",
    "syncd.service",
    "systemctl --user reset-failed syncd.service && systemctl --user restart syncd.service",
    says="started too often in vain",
)
def the_unit_was_started_too_often(lived, monkeypatch):
    lived.unserved()
    lived.with_unit(ActiveState="failed", Result="start-limit-hit")


@defect(
    "units",
    "syncd.service",
    "systemctl --user reset-failed syncd.service && systemctl --user restart syncd.service",
    says="ran out of memory",
)
def the_unit_ran_out_of_memory(lived, monkeypatch):
    lived.unserved()
    lived.with_unit(ActiveState="failed", Result="oom-kill")


@defect("units", "syncd.service", "end that one, then: systemctl --user restart syncd.service")
def another_process_is_the_service(lived, monkeypatch):
    lived.with_unit(ActiveState="failed", Result="exit-code")


@defect("units", "syncd.service", "systemctl --user unmask syncd.service")
def the_unit_is_masked(lived, monkeypatch):
    lived.with_unit(LoadState="masked", ActiveState="inactive")


@defect("units", "syncd.service", "syncd service install", says="bad-setting")
def the_unit_file_cannot_be_read(lived, monkeypatch):
    lived.with_unit(LoadState="bad-setting")


@defect("units", "syncd.service", "systemctl --user start syncd.service")
def the_unit_was_stopped(lived, monkeypatch):
    lived.with_unit(ActiveState="inactive")


@defect("units", "syncd.service", "systemctl --user enable syncd.service")
def the_unit_does_not_start_with_the_machine(lived, monkeypatch):
    lived.with_unit(UnitFileState="disabled")


@defect("units", "syncd.service", "systemctl --user daemon-reload")
def systemd_has_not_read_the_changed_unit(lived, monkeypatch):
    lived.with_unit(NeedDaemonReload="yes")


@defect("units", "syncd.service", "syncd service install", says="of another version")
def the_unit_is_of_an_earlier_version(lived, monkeypatch):
    path = Path(lived.with_unit().properties["FragmentPath"])
    path.write_text(path.read_text().replace("WatchdogSec=90s", "WatchdogSec=30s"))


@defect("units", "syncd.service", "syncd service install", says="is gone")
def the_program_of_the_unit_is_gone(lived, monkeypatch):
    lived.with_unit(ExecStart="{ path=/opt/earlier/bin/syncd ; argv[]=/opt/earlier/bin/syncd run }")


@defect("units", "logged out", "loginctl enable-linger root")
def the_service_ends_when_its_user_logs_out(lived, monkeypatch):
    import pwd

    found = namedtuple("found", "pw_name")("root")
    monkeypatch.setattr(pwd, "getpwuid", lambda number: found)
    lived.with_unit().lingers = "no"


# --- crash reports


@defect("crash reports", "crash reports", "rm {state}/faults/syncd-fault-1.txt", heals=True)
def syncd_met_an_error_of_its_own(lived, monkeypatch):
    lived.paths.faults.mkdir(mode=0o700)
    report = lived.paths.faults / "syncd-fault-1.txt"
    report.touch(mode=0o600)
    os.utime(report, (lived.now.timestamp() - 3600, lived.now.timestamp() - 3600))


# --- clock


@defect("clock", "clock behind", "timedatectl set-ntp true", says="the last sync was at 2026-01-07 06:30")
def the_clock_went_back(lived, monkeypatch):
    lived.now -= timedelta(hours=9)
    lived.reports()


@defect("clock", "pinned clock", "unset SYNCD_NOW")
def the_clock_is_pinned(lived, monkeypatch):
    monkeypatch.setenv("SYNCD_NOW", lived.now.isoformat())


@defect("clock", "clock", "timedatectl set-ntp true", says="ahead: logins are refused")
def the_clock_does_not_agree_with_the_services(lived, monkeypatch):
    on_garmin(lived, '[garmin]\napi_url = "http://127.0.0.1:9"\n')
    lived.online = True
    answer = namedtuple("answer", "headers")({"Date": "Mon, 05 Jan 2015 06:30:00 GMT"})
    monkeypatch.setattr(http.client.HTTPConnection, "request", lambda *_, **__: None)
    monkeypatch.setattr(http.client.HTTPConnection, "getresponse", lambda _: answer)


# --- roads


@defect("roads", "network connectapi.garmin.com", "check the network and its DNS")
def a_name_is_not_known(lived, monkeypatch):
    on_garmin(lived)
    lived.online = True

    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


@defect("roads", "network 127.0.0.1", "check the network, or wait", says="Connection refused")
def nobody_opens_the_door(lived, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    on_garmin(lived, f'[garmin]\napi_url = "http://127.0.0.1:{port}"\n')
    lived.online = True


def untrusted(monkeypatch, code: int, message: str) -> None:
    def refuse(*_, **__):
        error = ssl.SSLCertVerificationError(1, f"certificate verify failed: {message}")
        error.verify_code, error.verify_message = code, message
        raise error

    monkeypatch.setattr(http.client.HTTPSConnection, "request", refuse)


@defect("roads", "network connectapi.garmin.com", "timedatectl set-ntp true", says="not yet valid")
def the_clock_is_so_wrong_that_no_certificate_is_valid(lived, monkeypatch):
    on_garmin(lived)
    lived.online = True
    untrusted(monkeypatch, 9, "certificate is not yet valid")


@defect(
    "roads",
    "network connectapi.garmin.com",
    "look for a proxy or a log-in page of this network, then try again",
    says="self-signed",
)
def somebody_else_answers_in_the_name_of_a_service(lived, monkeypatch):
    on_garmin(lived)
    lived.online = True
    untrusted(monkeypatch, 18, "self-signed certificate")


# --- versions


@defect("versions", "requirements", "{python} -m pip install 'typer>=0.28,<0.29'", says="typer 0.12.5")
def a_library_is_too_old(lived, monkeypatch):
    with_version(monkeypatch, "typer", "0.12.5")


@defect("versions", "libraries", "reinstall syncd", says="stravalib missing")
def a_library_is_missing(lived, monkeypatch):
    from importlib.metadata import PackageNotFoundError

    import syncd.health.machine as machine

    real = machine.version

    def found(name):
        if name == "stravalib":
            raise PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(machine, "version", found)


@defect("versions", "connectors", "update or remove that package", says="cannot be loaded")
def a_package_brings_a_broken_connector(lived, monkeypatch):
    folder = Path(tempfile.mkdtemp(dir=lived.paths.config.parent))
    package = folder / "coros-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: coros\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[syncd.connectors]\ncoros = nowhere:COROS\n")
    monkeypatch.syspath_prepend(folder)


@defect("versions", "Garmin library", "{python} -m pip install '{garminconnect}'")
def the_library_of_garmin_lacks_what_syncd_needs(lived, monkeypatch):
    from garminconnect.client import Client

    on_garmin(lived)
    monkeypatch.delattr(Client, "_refresh_session")


def with_version(monkeypatch, name, number):
    import syncd.health.requirements as requirements

    real = requirements.version
    monkeypatch.setattr(requirements, "version", lambda asked: number if asked == name else real(asked))


def on_garmin(lived: Lived, more: str = ""):
    """The same runner with Garmin at both ends."""
    lived.configured(ON_GARMIN + more)
    with lived.store() as store:
        store.source_pulls.note("garmin", SourcePull(lived.now, ok_at=lived.now))
        store.device_syncs.note("garmin", lived.now)
        for row in store.ledger.rows("folder"):
            store.ledger.forget("folder", row.key, lived.now)
    return garmin_logged_in(lived)


def on_strava(lived: Lived, more: str = "") -> None:
    """The same runner with Strava beside the folder."""
    lived.configured(ON_STRAVA + more)
    with lived.store() as store:
        store.source_pulls.note("strava", SourcePull(lived.now, ok_at=lived.now))
    strava_logged_in(lived)
