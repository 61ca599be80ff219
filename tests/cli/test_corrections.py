"""Runs put right from the command line: what is said, what is refused, and what every screen then shows."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.tracks import gpx, steady

SUNDAY = datetime(2026, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def with_a_ride(syncd, initialised, monkeypatch: pytest.MonkeyPatch):
    """A ride of 25 km that nobody gave a type, read by a sync."""
    inbox, _ = initialised
    path: Path = inbox / "ride.gpx"
    path.write_bytes(gpx(steady(3600, 7.0, hr=None), kind="", start=SUNDAY))
    os.utime(path, (1, 1))
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T09:00:00+01:00")
    return syncd("sync")


def settles(number: int) -> str:
    return f"If it was a run: syncd fix {number} --kind run. If not: syncd ignore {number}"


# --- a ride slips in


def test_a_sync_says_what_it_doubts_and_how_to_settle_it(with_a_ride) -> None:
    assert with_a_ride.code == 0
    assert "ride.gpx: doubtful, counts nowhere: the file names no sport" in with_a_ride.out
    assert settles(1) in with_a_ride.out


def test_every_screen_has_it_until_it_is_settled(syncd, with_a_ride) -> None:
    shown = syncd("status").out.replace("\n       ", " ")
    assert "Question 1: was ride.gpx (25.2 km on Sunday) a run? syncd answer 1 yes | no" in shown
    assert "Not counted" not in shown
    assert "1 recording may be no run" in syncd("doctor", "--offline").out
    assert settles(1) in syncd("score", 1).out
    assert settles(1) in syncd("score", "2026-01-04").out
    said = syncd("ignore", 1)
    assert "Ignored: it counts nowhere. To count it again: syncd ignore 1 --undo" in said.out
    assert "Not counted" not in syncd("status").out
    assert syncd("status", "--json").json["doubtful"] == []


def test_a_ride_is_none_of_the_runs_and_the_way_back_is_as_short(syncd, with_a_ride) -> None:
    said = syncd("fix", "2026-01-04", "--kind", "ride")
    assert (
        "It was a ride, not a run: it does not count. To count it again: syncd fix 1 --kind run" in said.out
    )
    assert syncd("status", "--json").json["runs"] == 0
    said = syncd("fix", 1, "--kind", "run")
    assert "It counts" in said.out
    assert syncd("status", "--json").json["runs"] == 1
    said = syncd("fix", 1, "--undo")
    assert "Doubtful, so it counts nowhere" in said.out


# --- a run put right


def test_a_distance_is_that_of_the_run_everywhere(syncd, lived) -> None:
    before = syncd("score", "--json").json
    said = syncd("fix", "2026-01-06", "--distance", "9.4km")
    assert (said.code, said.err) == (0, "")
    assert "Tue 6 Jan: 9.4 km in" in said.out
    assert f"(was: {before['activity']['distance_m'] / 1000:.1f} km" in said.out
    assert "Score: " in said.out
    after = syncd("score", "--json").json
    assert after["activity"]["distance_m"] == 9400
    assert after["corrections"] == [{"kind": "distance", "value": {"metres": 9400.0}, "by": "athlete"}]
    assert after["attribution"]["session"] == before["attribution"]["session"]
    assert "Corrected by you: 9.4 km." in syncd("score").out
    assert "9.4 km" in syncd("status").out
    said = syncd("fix", 1, "--undo")
    assert "Back to what was recorded." in said.out
    assert syncd("score", "--json").json == before


def test_units_are_the_runners(syncd, lived) -> None:
    assert syncd("fix", 1, "--distance", "5mi", "--json").json["distance_m"] == pytest.approx(8046.7, abs=0.1)
    assert syncd("fix", 1, "--distance", "7,5", "--json").json["distance_m"] == 7500
    assert syncd("fix", 1, "--distance", "800m", "--json").json["distance_m"] == 800


def test_what_is_kept_of_the_timer_is_the_run(syncd, lived) -> None:
    assert syncd("fix", 1, "--trim", "20:00", "--json").json["timer_s"] == pytest.approx(1200, abs=2)
    shown = syncd("fix", 1, "--trim", "5:00-20:00", "--json").json
    assert shown["timer_s"] == pytest.approx(900, abs=2)
    assert [held["kind"] for held in shown["corrections"]] == ["trim"]


def test_another_start_is_in_the_athletes_zone(syncd, lived) -> None:
    said = syncd("fix", 1, "--start", "2026-01-05T07:15", "--json")
    assert said.json["date"] == "2026-01-05"
    assert said.json["corrections"][0]["value"] == {"at": "2026-01-05T07:15:00+01:00"}
    assert "began at 2026-01-05 07:15" in syncd("score", 1).out


def test_corrections_survive_the_next_sync_and_rescore(syncd, lived) -> None:
    syncd("fix", 1, "--distance", "9.4km")
    before = syncd("score", 1, "--json").json
    assert syncd("rescore", "--all").code == 0
    assert syncd("sync").code == 0
    assert syncd("score", 1, "--json").json == before


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("fix", 1), "give --distance, --kind, --trim or --start, or --undo alone"),
        (("fix", 1, "--undo", "--kind", "run"), "or --undo alone"),
        (("fix", 1, "--distance", "far"), "write it like 7.2km or 4.5mi"),
        (("fix", 1, "--distance", "0km"), "more than 0"),
        (("fix", 1, "--distance", "9000km"), "at most 500 km"),
        (("fix", 1, "--kind", "flight"), "flight"),
        (("fix", 1, "--trim", "soon"), "write the part to keep, like 45:00 or 2:00-45:00"),
        (("fix", 1, "--trim", "20:00-5:00"), "write the part to keep"),
        (("fix", 1, "--trim", "9:00:00-10:00:00"), "the run is over after"),
        (("fix", 1, "--start", "noon"), "write it like 2026-03-12T18:40"),
        (("fix", 1, "--start", "2027-01-01T10:00"), "that is still to come"),
        (("fix", 99, "--kind", "run"), "there is no run 99"),
        (("ignore", "2026-03-01"), "there is no run 2026-03-01"),
        (("fix", 1, "--undo"), "nothing was put right on the run of 2026-01-06"),
        (("ignore", 1, "--undo"), "nothing was put right on the run of 2026-01-06"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_changed(
    syncd, lived, arguments: tuple[object, ...], complaint: str
) -> None:
    before = syncd("score", "--json").json
    said = syncd(*arguments)
    assert said.code != 0
    assert complaint in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert syncd("score", "--json").json == before


def test_undo_of_ignore_leaves_what_was_put_right(syncd, lived) -> None:
    syncd("fix", 1, "--distance", "9.4km")
    syncd("ignore", 1)
    said = syncd("ignore", 1, "--undo")
    assert "9.4 km" in said.out
    assert [held["kind"] for held in syncd("score", 1, "--json").json["corrections"]] == ["distance"]
    assert "Back to what was recorded." in syncd("fix", 1, "--undo").out


def test_a_file_that_may_be_no_run_is_scored_with_a_word_of_that(syncd, tmp_path: Path) -> None:
    path = tmp_path / "ride.gpx"
    path.write_bytes(gpx(steady(3600, 7.0, hr=None), kind="", start=SUNDAY))
    said = syncd("score", path)
    assert said.code == 0
    assert said.err == (
        "ride.gpx may not be a run: the file names no sport, and 25.2 km/h does not look like a run\n"
    )
