"""What the wizard proposes from a mounted watch and from earlier runs, and which answers it does not take."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from syncd.cli.wizard.detect import MountedWatch, local_clock
from syncd.cli.wizard.draft import Draft
from syncd.cli.wizard.flow import Interview
from syncd.cli.wizard.history import proposal_from
from syncd.domain.notation import parse_workout
from syncd.domain.units import KILOMETRES
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.cli.test_setup import BODY, PLAN, config

TODAY = date(2026, 1, 5)


@pytest.fixture
def watch(tmp_path) -> MountedWatch:
    runs, workouts = tmp_path / "GARMIN/Activity", tmp_path / "GARMIN/NEWFILES"
    runs.mkdir(parents=True)
    workouts.mkdir()
    return MountedWatch(tmp_path, runs, workouts)


def test_with_a_watch_mounted_enter_takes_its_folders(home, watch, typed, capsys):
    typed("Europe/Rome", "km", "", "", "", "", *PLAN, *BODY, "yes")
    answers = Interview({}, Draft(config(home)), TODAY, watch=watch).answers()
    assert (answers["source"], answers["sink"]) == ("folder", "folder")
    assert (answers["inbox"], answers["outbox"]) == (str(watch.runs), str(watch.workouts))
    said = capsys.readouterr().err
    assert f"Found a watch at {watch.root}" in said
    assert "No runs found there." in said


def test_sources_goals_folders_and_days_that_cannot_be_are_asked_again(syncd, folders, home, typed):
    inbox, outbox = map(str, folders)
    race, *rest = PLAN[1:4]
    typed(
        *("Europe/Rome", "miles", "km", "folder,folder", "polar", "folder", "drawer", ""),
        *("", inbox, outbox),
        *("10km", "10k", race, *rest, *PLAN[4:5], "day", *PLAN[5:], *BODY, "yes"),
    )
    said = syncd("init")
    assert said.code == 0, said.err
    for words in (
        "Please answer km or mi",
        "Please answer garmin, folder or strava, or several separated by commas",
        "Please answer garmin or folder",
        "Please enter a folder",
        "Please answer 5k, 10k, half, marathon or none",
        "Please answer monday, tuesday",
    ):
        assert words in said.err, words
    assert said.err.count("Please answer garmin, folder or strava") == 2


def test_a_folder_of_earlier_runs_that_is_not_there_proposes_nothing(
    syncd, folders, home, typed, monkeypatch
):
    nowhere = Path(folders[0]) / "nowhere"
    typed("Europe/Rome", "km", "strava", "folder", str(folders[1]), str(nowhere), *PLAN, *BODY, "yes")
    said = syncd("init")
    assert said.code == 0, said.err
    assert f"{nowhere} does not exist yet: no suggestions from it." in said.err


def test_tokens_that_lie_about_are_told_of_before_a_login_is_offered(syncd, garmin, home, typed):
    (home / ".garminconnect").mkdir()
    (home / ".garminconnect/garmin_tokens.json").write_text("{}")
    typed("Europe/Rome", "km", "garmin", "", "no", "", *PLAN, *BODY, "yes")
    said = syncd("init")
    assert f"To use them: syncd auth garmin --tokens {home / '.garminconnect'}" in said.err


def test_files_that_are_no_runs_propose_nothing(tmp_path):
    (tmp_path / "broken.fit").write_bytes(b"no recording")
    (tmp_path / "notes.txt").write_text("10 km")
    assert proposal_from(tmp_path) is None


def test_a_run_shorter_than_5_km_proposes_no_paces(tmp_path):
    run = simulate(parse_workout("10min E"), Runner(vdot=40), Scenario.PERFECT, seed=1)
    start = datetime(2026, 1, 4, 9, tzinfo=UTC)
    (tmp_path / "run.fit").write_bytes(write_activity(run, start=start, utc_offset=timedelta(0)))
    found = proposal_from(tmp_path)
    assert found.text(KILOMETRES).startswith("From 1 run in the six weeks up to 2026-01-04: ")
    assert "Fastest" not in found.text(KILOMETRES)


def test_where_no_list_of_zones_lies_hours_are_those_of_most_of_the_world(monkeypatch):
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    assert local_clock("America/Chicago", {}) == "24h"
