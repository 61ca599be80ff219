"""Files with more than one activity: each is its own run, none is dropped silently."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncd.domain.activity import MULTISPORT, Trait
from syncd.formats.fit import Unreadable
from syncd.formats.gpx import MOST_TRACKS
from syncd.formats.recording import read_recording
from syncd.formats.tcx import MOST_ACTIVITIES
from tests.support.fitbytes import (
    ACTIVITIES,
    LAPS,
    MIDSUMMER_2024,
    RECORDS,
    SESSIONS,
    file_id,
    fit,
    timer_events,
)
from tests.support.reading import assert_run, refusal_of, run_in, runs_in
from tests.support.tracks import (
    EVENING,
    WrittenLap,
    gpx_file,
    gpx_track,
    moved,
    steady,
    tcx_activity,
    tcx_file,
)

STEADY = steady()
LAP = WrittenLap(STEADY, total_s=1800, distance_m=5400)
DAY = timedelta(days=1)


class TestTcx:
    def test_three_runs_are_three(self) -> None:
        runs = runs_in(tcx_file(*(tcx_activity([LAP], start=EVENING + k * DAY) for k in range(3))))
        assert [run.start for run in runs] == [EVENING, EVENING + DAY, EVENING + 2 * DAY]
        for run in runs:
            assert_run(run, 5400, 1800)

    def test_a_ride_before_a_run_stays_a_ride(self) -> None:
        ride, run = runs_in(
            tcx_file(
                tcx_activity([WrittenLap(steady(1800, 8.0))], sport="Biking"),
                tcx_activity([LAP], start=EVENING + DAY),
            )
        )
        assert (ride.sport, ride.is_run) == ("cycling", False)
        assert_run(run, 5400, 1800)

    def test_one_without_anything_in_it_is_none(self) -> None:
        assert_run(run_in(tcx_file(tcx_activity([]), tcx_activity([LAP]))), 5400, 1800)

    def test_each_has_a_place_of_its_own(self) -> None:
        data = tcx_file(*(tcx_activity([LAP], start=EVENING + k * DAY) for k in range(2)))
        second = read_recording(data, 1)
        assert not isinstance(second, Unreadable)
        assert second.start == EVENING + DAY
        assert read_recording(data, 2) == Unreadable("it has no activity number 3")

    def test_the_runs_of_a_multisport_are_its_legs(self) -> None:
        legs = [
            tcx_activity([WrittenLap(moved(steady(600, speed), k * 700), k * 700)], sport=sport)
            for k, (sport, speed) in enumerate((("Other", 1.0), ("Biking", 8.0), ("Running", 3.0)))
        ]
        first, *others = legs
        session = "".join(
            [f"<FirstSport>{first}</FirstSport>", *(f"<NextSport>{leg}</NextSport>" for leg in others)]
        )
        swim, ride, run = runs_in(tcx_file(f"<MultiSportSession><Id>x</Id>{session}</MultiSportSession>"))
        assert [swim.traits, ride.traits, run.traits] == [frozenset(), frozenset(), {Trait.LEGS}]
        assert (run.sport, run.sub_sport, run.timer_s) == ("running", MULTISPORT, 600)

    def test_a_session_of_runs_alone_has_none(self) -> None:
        legs = "".join(
            f"<NextSport>{tcx_activity([LAP], start=EVENING + k * DAY)}</NextSport>" for k in range(2)
        )
        runs = runs_in(tcx_file(f"<MultiSportSession>{legs}</MultiSportSession>"))
        assert [run.traits for run in runs] == [frozenset()] * 2

    def test_thousands_are_refused_with_a_number(self) -> None:
        many = tcx_file("<Activity/>" * (MOST_ACTIVITIES + 1))
        assert refusal_of(many).reason == "more than 3,000 activities: split the file"


class TestGpx:
    def test_tracks_of_two_days_are_two_runs(self) -> None:
        runs = runs_in(gpx_file(gpx_track(STEADY), gpx_track(STEADY, start=EVENING + DAY)))
        assert [run.start for run in runs] == [EVENING, EVENING + DAY]

    @pytest.mark.parametrize("hours", [1.5, 3, 5, 10])
    def test_a_run_in_the_morning_and_one_at_noon_are_two(self, hours: float) -> None:
        later = EVENING + timedelta(hours=hours)
        runs = runs_in(gpx_file(gpx_track(STEADY), gpx_track(STEADY, start=later, name="Second")))
        assert [(run.start, run.name) for run in runs] == [(EVENING, "Run"), (later, "Second")]

    def test_many_tracks_of_one_run_are_one(self) -> None:
        """Some recorders begin a track after each pause."""
        pieces = [moved(STEADY[k : k + 19], 60 * (k // 18)) for k in range(0, 180, 18)]
        run = run_in(gpx_file(*(gpx_track(piece, name=f"Track {k}") for k, piece in enumerate(pieces))))
        assert_run(run, 5400, 1800, 1800 + 9 * 60)
        assert run.name == "Track 0"

    def test_tracks_of_two_sports_are_two_activities(self) -> None:
        ride, run = runs_in(
            gpx_file(
                gpx_track(steady(1800, 8.0), kind="cycling"),
                gpx_track(STEADY, start=EVENING + timedelta(minutes=31)),
            )
        )
        assert (ride.sport, run.sport) == ("cycling", "running")
        assert_run(run, 5400, 1800)

    def test_in_any_order(self) -> None:
        second, first = runs_in(gpx_file(gpx_track(STEADY, start=EVENING + DAY), gpx_track(STEADY)))
        assert (first.start, second.start) == (EVENING, EVENING + DAY)

    def test_an_empty_track_is_none(self) -> None:
        assert_run(run_in(gpx_file(gpx_track(), gpx_track(STEADY), gpx_track([]))), 5400, 1800)

    def test_a_track_takes_its_name_from_the_file_where_it_has_none(self) -> None:
        whole = gpx_file("<metadata><name>Sunday</name></metadata>", gpx_track(STEADY, name=""))
        assert run_in(whole).name == "Sunday"

    def test_thousands_are_refused_with_a_number(self) -> None:
        assert (
            refusal_of(gpx_file("<trk/>" * (MOST_TRACKS + 1))).reason
            == "more than 3,000 tracks: split the file"
        )


RUNNING, CYCLING, TRANSITION, SWIMMING = 1, 2, 3, 5


def session(sport: int, at: int, seconds: int, mps: float) -> dict[str, float]:
    began = MIDSUMMER_2024 + at
    return {
        "timestamp": began + seconds,
        "start_time": began,
        "sport": sport,
        "elapsed": seconds,
        "timer": seconds,
        "distance": mps * seconds,
    }


def fit_of(*sessions: dict[str, float]) -> bytes:
    """A file with sessions, and records and a lap for each of them."""
    rows, laps, metres = [], [], 0.0
    for told in sessions:
        mps = told["distance"] / told["timer"]
        begin = int(told["start_time"])
        laps.append({key: told[key] for key in ("timestamp", "start_time", "elapsed", "timer", "distance")})
        for second in range(int(told["timer"])):
            metres += mps
            rows.append({"timestamp": begin + second, "distance": metres, "speed": mps, "heart_rate": 140})
    last = int(sessions[-1]["timestamp"])
    return fit(
        file_id(),
        timer_events((0, 0), (last - MIDSUMMER_2024, 4)),
        RECORDS.all(rows),
        LAPS.all(laps),
        SESSIONS.all(sessions),
        ACTIVITIES.all([{"timestamp": last, "local_timestamp": last + 7200}]),
    )


class TestFit:
    def test_each_leg_of_a_multisport_is_its_own(self) -> None:
        parts = runs_in(
            fit_of(
                session(SWIMMING, 0, 600, 1.0),
                session(TRANSITION, 600, 60, 1.0),
                session(CYCLING, 660, 1800, 8.0),
                session(TRANSITION, 2460, 60, 1.0),
                session(RUNNING, 2520, 1200, 3.0),
            )
        )
        assert [part.sport for part in parts] == [
            "swimming",
            "transition",
            "cycling",
            "transition",
            "running",
        ]
        run = parts[-1]
        assert_run(run, 3600, 1200)
        assert (run.sub_sport, run.traits) == (MULTISPORT, {Trait.LEGS})
        assert run.start == parts[0].start + timedelta(seconds=2520)
        assert len(run.laps) == 1
        assert (len(run.samples), run.samples.distance_m[-1]) == (1200, pytest.approx(3600, abs=5))
        assert run.utc_offset == timedelta(hours=2)

    def test_both_runs_of_a_duathlon_are(self) -> None:
        first, ride, second = runs_in(
            fit_of(
                session(RUNNING, 0, 900, 3.5),
                session(CYCLING, 900, 1800, 8.0),
                session(RUNNING, 2700, 600, 3.0),
            )
        )
        assert [part.traits for part in (first, ride, second)] == [{Trait.LEGS}, frozenset(), {Trait.LEGS}]
        assert_run(first, 3150, 900)
        assert_run(second, 1800, 600)

    def test_sessions_of_one_sport_that_follow_each_other_are_one_run(self) -> None:
        run = run_in(fit_of(session(RUNNING, 0, 900, 3.0), session(RUNNING, 900, 900, 3.0)))
        assert_run(run, 5400, 1800)
        assert run.traits == frozenset()

    @pytest.mark.parametrize("days", [0.3, 1, 30])
    def test_those_of_another_day_are_runs_of_their_own(self, days: float) -> None:
        later = int(days * 86_400)
        first, second = runs_in(fit_of(session(RUNNING, 0, 900, 3.0), session(RUNNING, later, 1200, 3.0)))
        assert_run(first, 2700, 900)
        assert_run(second, 3600, 1200)
        assert second.start - first.start == timedelta(seconds=later)
        assert second.traits == frozenset()

    def test_so_are_two_files_in_one(self) -> None:
        both = fit_of(session(RUNNING, 0, 900, 3.0)) + fit_of(session(RUNNING, 86_400, 1200, 3.0))
        first, second = runs_in(both)
        assert_run(first, 2700, 900)
        assert_run(second, 3600, 1200)

    def test_a_file_twice_in_one_is_one_run(self) -> None:
        assert_run(run_in(fit_of(session(RUNNING, 0, 900, 3.0)) * 2), 2700, 900)
