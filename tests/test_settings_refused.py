"""Settings that cannot be are refused with what is allowed; some say that nothing is wanted."""

from datetime import time

import pytest

from syncd.config import ConfigError, load
from syncd.paths import locate


@pytest.fixture
def loaded(tmp_path):
    def made(text: str):
        file = tmp_path / "config.toml"
        file.touch(mode=0o600)
        file.write_text(text)
        return load(file)

    return made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[plan]\ndays = 2\nweekdays = ["tuesday", "friday"]\nlong_run_day = "sunday"\n',
            "long_run_day sunday is not among the weekdays",
        ),
        ("[garmin]\nevery_min = 4\n", "every_min must be at least 5: Garmin locks out who asks more"),
        ("[garmin]\nspacing_s = 0.5\n", "spacing_s below 1 is for a service on this machine only"),
        ('[daemon]\nquiet = "22-6"\n', "must be two times such as 22:30-05:30"),
        (
            '[daemon]\nheartbeat_url = "http://hc.example.org/x"\n',
            "heartbeat_url must be an https:// address",
        ),
    ],
)
def test_a_setting_that_cannot_be_says_what_can(loaded, text, words):
    with pytest.raises(ConfigError) as refused:
        loaded(text)
    assert words in str(refused.value)
    assert "hc.example.org" not in str(refused.value)


def test_a_service_on_this_machine_may_be_asked_as_often_as_one_likes(loaded):
    garmin = loaded('[garmin]\napi_url = "http://127.0.0.1:8765"\nspacing_s = 0\nevery_min = 1\n').garmin
    assert (garmin.spacing_s, garmin.every_min) == (0, 1)


def test_a_quiet_night_is_two_times_and_may_be_none(loaded):
    assert loaded("").daemon.quiet_times() == (time(22, 30), time(5, 30))
    assert loaded('[daemon]\nquiet = ""\n').daemon.quiet_times() is None


def test_a_configuration_named_by_the_environment_has_its_state_beside_it(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNCD_CONFIG", str(tmp_path / "mine.toml"))
    paths = locate()
    assert (paths.config, paths.state) == (tmp_path / "mine.toml", tmp_path / "state")


def test_shared_folders_get_one_of_our_own_inside(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    paths = locate()
    assert paths.config == tmp_path / "config/syncd/config.toml"
    assert paths.state == tmp_path / "state/syncd"
