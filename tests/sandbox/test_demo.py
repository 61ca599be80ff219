"""The demo over recordings of one's own: where it may play, and what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.sandbox.demo import DemoError, prepared, recorded_runs
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate

ZONES = zones_from_result(5000, 1500, as_of=None, source=entered_result(5000.0, "25:00"))
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def silent(text: str) -> None:
    """Nobody listens."""


@pytest.fixture
def stage(tmp_path):
    return prepared(tmp_path / "demo", silent)


def recorded(folder, day: datetime, notation: str) -> None:
    folder.mkdir(exist_ok=True)
    run = simulate(parse_workout(notation), Runner(vdot=ZONES.vdot), Scenario.PERFECT, seed=day.day)
    (folder / f"{day:%m-%d}.fit").write_bytes(write_activity(run, start=day, utc_offset=timedelta(0)))


def test_only_the_folder_of_an_earlier_demo_is_cleared(tmp_path):
    folder = tmp_path / "demo"
    (prepared(folder, silent).folder / "inbox" / "old.fit").touch()
    assert not (prepared(folder, silent).folder / "inbox" / "old.fit").exists()

    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "mine.fit").touch()
    with pytest.raises(DemoError, match="is no earlier demo: name another with --out"):
        prepared(runs, silent)
    assert (runs / "mine.fit").exists()

    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DemoError, match="is no earlier demo"):
        prepared(file, silent)


def test_a_folder_without_recordings_is_said_to_be_that(tmp_path, stage):
    (tmp_path / "runs").mkdir()
    with pytest.raises(DemoError, match=r"no FIT file in .*runs: name a folder with"):
        recorded_runs(stage, tmp_path / "runs", ZONES, NOW)


def test_recordings_are_read_as_of_the_morning_after_the_last_one(tmp_path, stage):
    inbox = tmp_path / "runs"
    for day in (3, 5, 8):
        recorded(inbox, datetime(2026, 3, day, 18, tzinfo=UTC), "30min E")
    page = recorded_runs(stage, inbox, ZONES, NOW)
    said = "\n".join(stage.said)
    assert "3 files: " in said
    assert "The four weeks before Mon  9 Mar 2026: 3 runs" in said
    assert page.read_text().startswith("<!doctype html>")
    assert list((stage.folder / "workouts").glob("2026-03-*.fit"))


def test_without_a_run_of_late_the_plan_begins_small(tmp_path, stage):
    inbox = tmp_path / "runs"
    recorded(inbox, datetime(2026, 3, 8, 18, tzinfo=UTC), "30min E")
    recorded_runs(stage, inbox, ZONES, datetime(2026, 3, 8, 12, tzinfo=UTC))
    assert stage.said[0].startswith("1 file: ")
    assert "No run in the four weeks before: the plan starts small." in stage.said
