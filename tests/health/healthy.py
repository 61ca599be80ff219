"""Set-ups in which nothing is wrong; what a check may still say there is named."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from syncd.cli.main import main
from syncd.connectors.strava.webhook import Hook, HookFile
from syncd.paths import locate
from syncd.service import installing
from syncd.service.installing import system_service
from syncd.service.program import program_path
from syncd.store.database import open_database
from syncd.store.migrations import SCHEMA
from tests.health.defects import on_garmin, on_strava
from tests.health.lived import FOLDERS, Lived, SystemdAnswers, settle
from tests.support.older_states import as_of_0_3_0, as_of_0_4_0, as_of_0_5_0

ANNA = "anna"


@dataclass(frozen=True)
class HealthySetUp:
    """`made` gets a profile in use whose service runs; `may` names what may be said there all the same."""

    name: str
    made: Callable[[Lived, pytest.MonkeyPatch], Lived | None]
    may: frozenset[str] = frozenset()


SET_UPS: list[HealthySetUp] = []


def healthy(*may: str):
    """Add a set-up, named like the function that makes it."""

    def added(made):
        SET_UPS.append(HealthySetUp(made.__name__.replace("_", " "), made, frozenset(may)))
        return made

    return added


def typed(lived: Lived, monkeypatch, *words: str) -> None:
    monkeypatch.setenv("SYNCD_NOW", lived.now.isoformat())
    assert main(words) == 0, words
    monkeypatch.delenv("SYNCD_NOW")
    settle(lived)


def elsewhere(lived: Lived, profile: str = "") -> Lived:
    """Where the environment says that the profile is now."""
    lived.close()
    other = Lived(locate(profile))
    settle(other)
    other.served()
    return other


@healthy()
def folders_and_a_service_in_use(lived, monkeypatch):
    pass


@healthy("service")
def the_first_run_is_not_yet_done(lived, monkeypatch):
    lived.close()
    shutil.rmtree(lived.state)


@healthy("service")
def right_after_init_and_the_first_sync(lived, monkeypatch):
    lived.close()
    shutil.rmtree(lived.state)
    typed(lived, monkeypatch, "sync")


@healthy("service")
def by_hand_only(lived, monkeypatch):
    lived.unserved()
    months_ago = lived.now.timestamp() - 90 * 86_400
    os.utime(lived.paths.report, (months_ago, months_ago))  # nobody promised to renew it


@healthy()
def a_users_unit(lived, monkeypatch):
    lived.with_unit()


@healthy()
def a_users_unit_without_the_sandbox(lived, monkeypatch):
    from pathlib import Path

    from syncd.service.installing import user_service
    from syncd.service.units import UserPlaces

    places = UserPlaces(program_path(), lived.paths.config, lived.state)
    unit = Path(lived.with_unit().properties["FragmentPath"])
    unit.write_text(user_service(places, "", sandboxed=False).text)


@healthy()
def a_unit_of_the_same_name_serves_another_configuration(lived, monkeypatch):
    lived.with_unit(Environment="SYNCD_CONFIG=/home/other/config.toml", ActiveState="failed")


@healthy("service")
def a_unit_that_is_not_installed(lived, monkeypatch):
    lived.unserved()
    lived.systemd = SystemdAnswers({"LoadState": "not-found", "ActiveState": "inactive"})


@healthy()
def the_unit_of_the_system(lived, monkeypatch):
    folder = lived.paths.config.parent
    monkeypatch.setattr(installing, "SYSTEM_CONFIG", folder)
    unit = system_service(program_path(), "")
    file = folder / unit.file
    file.write_text(unit.text)
    answers = lived.with_unit(FragmentPath=str(file), Environment="")
    assert answers.properties["LoadState"] == "loaded"


@healthy()
def a_profile_of_a_household(lived, monkeypatch):
    shutil.copytree(lived.paths.config.parent, lived.paths.config.parent / ANNA)
    shutil.copytree(lived.state, lived.state / ANNA)
    other = elsewhere(lived, ANNA)
    other.with_unit(Environment=f"SYNCD_CONFIG={other.paths.config} SYNCD_PROFILE={ANNA}")
    return other


@healthy()
def two_athletes_beside_each_other(lived, monkeypatch):
    shutil.copytree(lived.paths.config.parent, lived.paths.config.parent / ANNA)
    shutil.copytree(lived.state, lived.state / ANNA)


@healthy()
def a_container(lived, monkeypatch):
    place = lived.paths.config.parents[3] / "volumes with spaces"
    place.mkdir()
    shutil.copytree(lived.paths.config.parent, place / "config")
    shutil.copytree(lived.state, place / "state")
    monkeypatch.setenv("SYNCD_CONFIG", str(place / "config/config.toml"))
    monkeypatch.setenv("SYNCD_STATE", str(place / "state"))
    monkeypatch.delenv("TZ")
    return elsewhere(lived)


@healthy()
def a_state_on_another_disk_behind_a_link(lived, monkeypatch):
    lived.close()
    other = lived.home / "other disk"
    lived.state.rename(other)
    lived.state.symlink_to(other)
    if os.geteuid() == 0:
        os.lchown(lived.state, 12345, 12345)  # whoever made the link
    return elsewhere(lived)


@healthy("permissions", "disk")
def a_state_that_can_only_be_read(lived, monkeypatch):
    lived.state.chmod(0o500)
    lived.database.chmod(0o400)


@healthy()
def runs_of_strava_only(lived, monkeypatch):
    on_strava(lived)
    lived.paths.config.write_text(FOLDERS + '[sync]\nsource = "strava"\n')


@healthy("libraries")
def garmin_at_both_ends(lived, monkeypatch):
    on_garmin(lived)


@healthy("libraries")
def garmin_and_strava_and_a_folder(lived, monkeypatch):
    on_strava(lived)
    on_garmin(lived)
    lived.configured('[sync]\nsource = ["garmin", "strava", "folder"]\nsink = "garmin"\n')


@healthy()
def a_webhook(lived, monkeypatch):
    on_strava(lived, '[strava.webhook]\npublic_url = "https://runs.example.org"\n')
    HookFile(lived.paths.logins / HookFile.NAME).save(Hook("secret", "/secret", 7))


@healthy()
def another_time_zone(lived, monkeypatch):
    text = lived.paths.config.read_text()
    lived.paths.config.write_text(text.replace('"UTC"', '"Pacific/Auckland"'))


@healthy()
def travelling_west_over_the_date_line(lived, monkeypatch):
    text = lived.paths.config.read_text()
    lived.paths.config.write_text(text.replace('"UTC"', '"Pacific/Pago_Pago"'))


@healthy()
def after_a_restore(lived, monkeypatch):
    lived.unserved()
    typed(lived, monkeypatch, "doctor", "--restore")
    typed(lived, monkeypatch, "sync")
    lived._open.pop_all()
    lived.served()


@healthy("configuration", "service")
def after_everything_was_forgotten(lived, monkeypatch):
    lived.unserved()
    typed(lived, monkeypatch, "forget", "--yes")


@healthy()
def after_one_source_was_forgotten(lived, monkeypatch):
    on_strava(lived)
    typed(lived, monkeypatch, "forget", "strava", "--yes")
    lived.configured("")
    settle(lived)


@healthy()
def time_off(lived, monkeypatch):
    typed(lived, monkeypatch, "pause", "--until", "2026-02-01")
    typed(lived, monkeypatch, "sync")


@healthy()
def a_plan_that_was_imported(lived, monkeypatch):
    plan = lived.paths.config.parent / "plan.txt"
    typed(lived, monkeypatch, "plan", "export", str(plan))
    typed(lived, monkeypatch, "plan", "import", str(plan))


@healthy()
def messages_and_a_heart_beat(lived, monkeypatch):
    lived.configured(
        '[notify]\nurls = ["json://127.0.0.1/canary"]\n[daemon]\nheartbeat_url = "https://example.org/x"\n'
    )


@healthy()
def a_service_that_just_started(lived, monkeypatch):
    (lived.state / "service.json").unlink()


@healthy()
def a_service_that_starts_again_after_days_without_power(lived, monkeypatch):
    days_ago = (lived.now - timedelta(days=3)).isoformat()
    left = replace(lived.well(), pid=1, version="0.5.0", next_look=days_ago, needs=("log in",), failures=9)
    lived.served(left)


@healthy()
def old_recordings_were_removed_to_make_room(lived, monkeypatch):
    with lived.store() as store:
        for run in store.activities.newest(1):
            store.raw.retire(run.raw_hash)


@healthy()
def an_old_crash_report_and_an_old_unreadable_file(lived, monkeypatch):
    lived.paths.faults.mkdir(mode=0o700)
    (lived.paths.faults / "syncd-fault-1.txt").touch(mode=0o600)
    weeks_ago = (lived.now - timedelta(days=30)).timestamp()
    os.utime(lived.paths.faults / "syncd-fault-1.txt", (weeks_ago, weeks_ago))
    lived.sql(
        "INSERT INTO arrivals (source, remote_id, fingerprint, outcome, reason, at) VALUES"
        " ('folder', 'odd.fit', 'x', 'unreadable', 'no FIT file', '2025-12-06T06:00:00.000000Z')"
    )


@healthy()
def a_sync_is_at_work(lived, monkeypatch):
    from syncd.store import sync_lock

    store = lived.store()
    lived._open.callback(store.close)
    store.syncs.begin(lived.now)
    lived._open.enter_context(sync_lock(lived.state))


@healthy()
def a_request_went_out_a_minute_ago(lived, monkeypatch):
    from tests.health.defects import intended

    intended(lived, 0)


def left_by(lived: Lived, earlier) -> None:
    """The database and its copies as an earlier version left them."""
    (lived.state / "backups.sums").unlink()
    for database in (lived.database, *(lived.state / "backups").glob("*.db")):
        earlier(database)


def of_schema(lived: Lived, number: int) -> None:
    """An empty database as the syncd of that schema left it."""
    for file in lived.state.glob("syncd.db*"):
        file.unlink()
    old = lived.state.parent / "schema"
    old.mkdir()
    for file in sorted(SCHEMA.glob("*.sql"))[:number]:
        shutil.copy(file, old)
    shutil.rmtree(lived.state / "backups")
    open_database(lived.database, old).close()


@healthy()
def a_state_of_0_1_0(lived, monkeypatch):
    of_schema(lived, 4)


@healthy()
def a_state_of_0_2_0(lived, monkeypatch):
    of_schema(lived, 7)


@healthy()
def a_state_of_0_3_0(lived, monkeypatch):
    left_by(lived, as_of_0_3_0)


@healthy()
def a_state_of_0_4_0(lived, monkeypatch):
    left_by(lived, as_of_0_4_0)


@healthy()
def a_state_of_0_5_0(lived, monkeypatch):
    left_by(lived, as_of_0_5_0)


@healthy()
def a_state_of_0_3_0_after_its_first_sync(lived, monkeypatch):
    left_by(lived, as_of_0_3_0)
    typed(lived, monkeypatch, "sync")
