"""The configuration is checked by a process of its own; what was checked is what is used."""

import json
import os
import subprocess
import sys

import pytest

from syncd.config import load
from syncd.daemon.settings import settings_from
from syncd.daemon.sync_times import QuietHours
from syncd.paths import locate

CONFIG = '[athlete]\ntimezone = "Europe/Rome"\n[sync]\nsource = "garmin,strava"\nsink = "garmin"\n'


def read(**environ):
    return subprocess.run(
        [sys.executable, "-P", "-m", "syncd.daemon.reading"],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": os.environ["HOME"], **environ},
    )


@pytest.fixture
def config(home):
    path = home / ".config/syncd/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(CONFIG)
    return path


def test_what_the_service_needs_comes_as_plain_values(config):
    done = read()
    settings = settings_from(done.stdout)
    assert done.returncode == 0
    assert settings.rhythm.zone.key == "Europe/Rome"
    assert settings.rhythm.quiet == QuietHours(
        *map(type(settings.rhythm.quiet.start).fromisoformat, ("22:30", "05:30"))
    )
    assert {name: every.total_seconds() for name, every in settings.every.items()} == {
        "garmin": 900,
        "strava": 1800,
    }
    assert (settings.webhook, settings.notifies) == (None, False)


def test_a_broken_file_is_refused_and_what_was_good_stays_in_force(config, monkeypatch):
    read()
    config.write_text(CONFIG + "[plan]\ndays = 9\n")
    done = read(SYNCD_GOOD_CONFIG=str(locate().good_config))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "config.toml line 7: [plan] days = 9, must be 2 to 7\n"
    monkeypatch.setenv("SYNCD_GOOD_CONFIG", str(locate().good_config))
    assert load(config).plan.days == 4
    assert sorted(path.name for path in locate().state.iterdir()) == ["config.good.toml"]


def test_without_a_file_it_says_what_to_run(home):
    done = read()
    assert done.returncode == 2
    assert "run syncd init" in done.stderr


def test_a_good_file_is_in_force_from_then_on(config, monkeypatch):
    read()
    config.write_text(CONFIG + "[plan]\ndays = 3\n")
    assert read(SYNCD_GOOD_CONFIG=str(locate().good_config)).returncode == 0
    monkeypatch.setenv("SYNCD_GOOD_CONFIG", str(locate().good_config))
    assert load(config).plan.days == 3
    assert locate().good_config.stat().st_mode & 0o777 == 0o600


def test_a_state_that_cannot_be_written_is_reported_in_one_line(config, home):
    (home / ".local").write_text("in the way")
    done = read()
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "check that syncd may read and write there" in done.stderr


def test_with_a_subscription_strava_notifies_and_is_polled_less(config):
    config.write_text(CONFIG + '[strava.webhook]\npublic_url = "https://runner.example.org"\n')
    logins = locate().logins
    logins.mkdir(parents=True, mode=0o700)
    hook = {"verify_token": "a", "path": "/b", "subscription_id": 3}
    login = {
        "client_id": "1", "client_secret": "s", "access_token": "a", "refresh_token": "r", "expires_at": 1.0,
        "scopes": [], "athlete": {"id": 77, "name": "R"}, "consent": {"at": "", "version": ""},
    }  # fmt: skip
    for name, values in (("strava-webhook.json", hook), ("strava.json", login)):
        (logins / name).write_text(json.dumps(values))
        (logins / name).chmod(0o600)
    settings = settings_from(read().stdout)
    assert (settings.webhook.port, settings.webhook.owner) == (8790, 77)
    assert settings.every["strava"].total_seconds() == 4 * 1800
