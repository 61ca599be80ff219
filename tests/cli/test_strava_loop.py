"""The command line with runs from Strava: alone, and beside another source."""

from datetime import UTC, datetime

import pytest

from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.paths import locate
from tests.support.strava_scene import on_strava

NOW = "2026-01-08T20:00:00+01:00"


@pytest.fixture
def strava(tmp_path, monkeypatch):
    """A stand-in that every command of this test asks, with a run of that evening."""
    with on_strava(tmp_path / "strava") as scene:
        scene.now = datetime.now(UTC)  # logins and counts go by the clock of the machine
        login = scene.log_in()
        scene.now = datetime.fromisoformat(NOW)
        scene.runs(0.2, "evening")
        scene.now = datetime.now(UTC)
        monkeypatch.setenv("SYNCD_STRAVA__API_URL", f"{scene.service.url}/api/v3")
        monkeypatch.setenv("SYNCD_NOW", NOW)
        yield scene, login


def begin(syncd, folders, *sources):
    inbox, outbox = folders
    said = syncd(
        *("init", "--yes", "--five-k", "25:00", "--days", 4, "--weekly-km", 20, "--longest-km", 8),
        *(word for name in sources for word in ("--source", name)),
        *("--sink", "folder", "--timezone", "Europe/Rome", "--inbox", inbox, "--outbox", outbox),
    )
    assert said.code == 0, said.err
    return said


def test_runs_come_from_strava_and_workouts_go_to_a_folder(syncd, folders, strava):
    scene, login = strava
    said = begin(syncd, folders, "strava")
    assert "Runs are read from Strava," in said.out
    assert "Next: syncd auth strava" in said.out
    StravaTokenFile(locate().logins / "strava.json").save(login)
    first = syncd("sync", "--json")
    assert (first.code, [each["outcome"] for each in first.json["arrived"]]) == (0, ["run"])
    assert len(scene.service.requests) == 3
    assert syncd("sync").code == 0
    assert len(scene.service.requests) == 4


def test_two_sources_are_named_twice_or_with_a_comma_and_one_without_a_login_is_exit_3(
    syncd, folders, strava, home
):
    said = begin(syncd, folders, "folder", "strava")
    assert "and Strava" in said.out
    assert 'source = ["folder", "strava"]' in next(home.rglob("config.toml")).read_text()
    synced = syncd("sync")
    assert (synced.code, synced.err) == (3, "syncd: Strava is not logged in: run `syncd auth strava`\n")
    assert strava[0].service.requests == []
    assert syncd("status").code == 0
