"""Files as runners have them, each with the value that is right (shared/field/README.md)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syncd.domain.activity import Activity
from syncd.domain.doubts import Doubt
from syncd.domain.notation import parse_workout
from syncd.domain.scoring.best_effort import best_effort
from syncd.domain.scoring.card import Scorecard
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.formats.fit import Unreadable
from syncd.formats.recording import read_recordings
from tests.support.shared import shared_path

INTERVALS = "10min @5:20-5:50/km + 4x(800m @4:05-4:15/km + 100s jog) + 10min @5:20-5:50/km"
STEADY_M, STEADY_S = 5400.0, 1800.0
INTERVALS_M, INTERVALS_S = 7600.0, 2400.0
EVENING = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)


def contents(name: str) -> bytes:
    return shared_path("field", "files", name).read_bytes()


def runs_in(name: str) -> tuple[Activity, ...]:
    found = read_recordings(contents(name))
    assert isinstance(found, tuple), found
    return found


def run_in(name: str) -> Activity:
    [run] = runs_in(name)
    return run


def card_of(run: Activity, notation: str) -> Scorecard:
    prescription = Prescription(PrescriptionOrigin.ARGUMENT, parse_workout(notation), None)
    return score_activity(run, prescription, None)


def assert_steady(run: Activity, start: datetime = EVENING) -> None:
    assert run.is_run
    assert not run.doubts
    assert run.start == start
    assert run.distance_m == pytest.approx(STEADY_M, rel=0.005)
    assert run.timer_s == pytest.approx(STEADY_S, abs=2)
    assert run.elapsed_s == pytest.approx(STEADY_S, abs=2)


def beats(run: Activity) -> set[float]:
    return set(run.samples.heart_rate_bpm)


def test_heart_rate_of_tcx_is_read_and_judged():
    run = run_in("01_tcx_heart_rate.tcx")
    assert_steady(run)
    assert (len(run.samples), beats(run)) == (181, {140.0})
    assert card_of(run, "30min @HR135-145").score == 100


@pytest.mark.parametrize("name", ["02_tcx_pause_one_track.tcx", "02_gpx_pause_one_segment.gpx"])
def test_a_pause_is_none_of_the_time(name: str):
    run = run_in(name)
    assert run.timer_s == pytest.approx(INTERVALS_S, abs=2)
    assert run.elapsed_s == pytest.approx(2640, abs=2)
    assert run.distance_m == pytest.approx(INTERVALS_M, rel=0.005)
    alignment = card_of(run, INTERVALS).alignment
    assert (alignment.matched, alignment.planned) == (10, 10)


def test_records_outrank_a_session_that_is_shorter():
    run = run_in("03a_fit_session_shorter_than_records.fit")
    assert (run.timer_s, run.elapsed_s, run.distance_m) == (2400, 2400, INTERVALS_M)
    assert sum(lap.timer_s for lap in run.laps) == pytest.approx(2400)


def test_timer_and_elapsed_time_that_were_swapped_are_put_right():
    run = run_in("03b_fit_timer_elapsed_swapped.fit")
    assert (run.timer_s, run.elapsed_s, run.distance_m) == (2400, 3600, INTERVALS_M)


def test_a_lap_of_zero_metres_has_the_distance_of_its_points():
    run = run_in("03e_tcx_lap_distance_zero.tcx")
    assert_steady(run)
    assert [lap.distance_m for lap in run.laps] == [STEADY_M]


def test_a_last_lap_that_is_missing_is_added():
    run = run_in("03g_tcx_last_lap_missing.tcx")
    assert_steady(run)
    assert sum(lap.distance_m or 0 for lap in run.laps) == pytest.approx(STEADY_M)


def test_three_activities_in_tcx_are_three_runs():
    runs = runs_in("04a_tcx_three_runs.tcx")
    assert [run.start.day for run in runs] == [18, 19, 20]
    for run in runs:
        assert_steady(run, run.start)


def test_two_days_in_gpx_are_two_runs():
    first, second = runs_in("04c_gpx_two_days.gpx")
    assert_steady(first)
    assert_steady(second, EVENING.replace(day=21))


@pytest.mark.parametrize("name", ["05a_gpx_zero_zero.gpx", "05b_gpx_spike.gpx"])
def test_places_that_nobody_reached_are_cut(name: str):
    run = run_in(name)
    assert_steady(run)
    best = best_effort(run, 5000)
    assert best is not None
    assert best.time_s == pytest.approx(5000 / 3, abs=2)


def test_a_ride_without_a_type_is_asked_about():
    run = run_in("06a_gpx_untyped_ride_18kmh.gpx")
    assert [doubt.code for doubt in run.doubts] == [Doubt.NAMED_OTHERWISE]


def test_type_4_of_strava_is_a_hike():
    assert run_in("06c_gpx_strava_type_4_hike.gpx").sport == "hiking"


def test_a_run_without_places_was_indoors():
    run = run_in("06f_tcx_treadmill_no_positions.tcx")
    assert_steady(run)
    assert run.is_treadmill


@pytest.mark.parametrize("name", ["08a_gpx_unbound_prefix.gpx", "08d_gpx_ampersand.gpx"])
def test_xml_that_is_nearly_right_is_read(name: str):
    run = run_in(name)
    assert_steady(run)
    assert beats(run) == {140.0}


def test_a_file_cut_short_is_kept_up_to_there_and_says_so():
    run = run_in("08e_gpx_cut_short.gpx")
    assert run.distance_m == pytest.approx(4300, abs=30)
    assert run.problems == ("damaged XML (line 1): kept up to there, 23:50 and 4.29 km",)


def test_a_start_in_utc_says_nothing_of_the_zone():
    run = run_in("09_gpx_tokyo_morning.gpx")
    assert_steady(run, EVENING.replace(hour=21))
    assert run.utc_offset is None


@pytest.mark.parametrize(
    ("name", "words"),
    [("10a_html.gpx", "a web page, not a recording"), ("10c_garmin_original.zip", "a zip archive")],
)
def test_what_is_no_recording_is_named(name: str, words: str):
    found = read_recordings(contents(name))
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(words)


def test_points_of_the_same_second_are_one_without_alarm():
    run = run_in("10d_gpx_same_second_twice.gpx")
    assert_steady(run)
    assert (len(run.samples), run.problems) == (181, ())
