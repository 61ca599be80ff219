"""Ordinary runs are never doubtful, and never remarked upon without a cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.domain.notation import parse_workout
from syncd.formats.fit import Unreadable
from syncd.formats.recording import read_recordings
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.formats.test_fit_kinds import PLACED, START
from tests.support.fitbytes import SESSIONS, file_id, fit
from tests.support.reading import assert_run, run_in
from tests.support.shared import fit_files
from tests.support.tracks import (
    EVENING,
    METRES_PER_DEGREE,
    Recorder,
    Trackpoint,
    as_gpx,
    as_tcx,
    gpx,
    tcx_of,
)

_SEMICIRCLES = 2**31 / 180


def run_at(*legs: tuple[int, float]) -> list[Trackpoint]:
    """A point a second, to the north; legs are seconds and metres a second."""
    points, metres = [Trackpoint(0, 10.0, 20.0, 0.0, 150)], 0.0
    for seconds, mps in legs:
        for _ in range(seconds):
            metres += mps
            at = points[-1].at_s + 1
            points.append(Trackpoint(at, 10 + metres / METRES_PER_DEGREE, 20.0, round(metres, 2), 150))
    return points


RUNS = {
    "a minute run, a minute walked": run_at(*[(60, 2.9), (60, 1.5)] * 20),
    "a marathon at 8 km/h": run_at((18_984, 8 / 3.6))[::3],
    "a hilly trail walked at 5.5 km/h": run_at((5400, 5.5 / 3.6)),
    "a first run at 4.5 km/h": run_at((1800, 4.5 / 3.6)),
    "minutes at 3:00/km": run_at((600, 2.8), *[(60, 1000 / 180), (90, 1.8)] * 8),
    "sprints of 100 m": run_at((600, 2.8), *[(12, 8.3), (60, 1.2)] * 10),
    "20 min at 2:55/km": run_at((600, 4.0), (1200, 1000 / 175), (600, 4.0)),
    "10 km in 29:00": run_at((1740, 10_000 / 1740)),
    "a walk to the start": run_at((600, 1.2), (1500, 3.0)),
    "waiting at the start": run_at((240, 0.0), (1800, 3.0)),
}


def as_fit(points: Iterable[Trackpoint]) -> bytes:
    rows = [
        {
            "timestamp": START + point.at_s,
            "distance": point.distance_m or 0.0,
            "heart_rate": 150,
            "lat": round((point.lat or 0) * _SEMICIRCLES),
            "lon": round((point.lon or 0) * _SEMICIRCLES),
        }
        for point in points
    ]
    seconds, metres = rows[-1]["timestamp"] - START, rows[-1]["distance"]
    summary = {"start_time": START, "timestamp": START + seconds, "sport": 1, "elapsed": seconds}
    return fit(file_id(), PLACED.all(rows), SESSIONS.all([summary | {"timer": seconds, "distance": metres}]))


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("every", [1, 4])
def test_a_run_that_somebody_runs_is_taken_as_it_is(name: str, every: int) -> None:
    whole = RUNS[name]
    points = [*whole[:-1:every], whole[-1]]
    by_place = [replace(point, distance_m=None) for point in points]
    for written in (as_fit(points), tcx_of(points), gpx(by_place)):
        run = run_in(written)
        assert_run(run, whole[-1].distance_m or 0.0, whole[-1].at_s)
        assert run.problems == ()


@pytest.mark.parametrize("name", [name for name in RUNS if "walk" not in name and "4.5" not in name])
def test_nor_is_it_doubted_where_the_file_names_no_sport(name: str) -> None:
    if name in ("20 min at 2:55/km", "10 km in 29:00"):
        pytest.skip("as quick as a ride: asked")
    run = run_in(gpx(RUNS[name][::4], kind="", name=""))
    assert (run.is_run, run.doubts) == (True, ())


@pytest.mark.parametrize("scenario", Scenario)
@pytest.mark.parametrize("notation", ["10min E + 4x(800m I + 400m jog) + 10min E", "40min E"])
def test_every_scenario_is_taken_as_it_is(scenario: Scenario, notation: str) -> None:
    recording = simulate(parse_workout(notation), Runner(), scenario, seed=1)
    bare = Recorder(every_s=2).thinned(recording)
    written = [write_activity(recording, start=EVENING, utc_offset=timedelta(hours=1))]
    if scenario is not Scenario.WALK:  # of which TCX and GPX say that it was a run
        written += [as_tcx(bare, EVENING)]
        written += [as_gpx(bare, EVENING)] if scenario is not Scenario.TREADMILL else []
    for data in written:
        run = run_in(data)
        assert (run.doubts, run.problems) == ((), ())
        assert run.is_run == (scenario is not Scenario.WALK)
        assert run.is_treadmill == (scenario is Scenario.TREADMILL)
        assert run.distance_m == pytest.approx(recording.distance_m, rel=0.005)
        assert run.timer_s == pytest.approx(recording.timer_s, abs=2)


# Real files that deserve a remark or a doubt, and why.
DOUBTED = {
    "202ea2dbb0": "names no sport, and is as slow as a walk",
    "9deb7a0506": "names no sport, was never closed, and is as quick as a ride",
}
REMARKED = {
    "06f7ab219a": "cut short",
    "24977c7166": "cut short, and its last record has another year",
    "5c9d2e0e5a": "its checksum does not match",
    "9deb7a0506": "never closed",
    "b074e9a15a": "its checksum does not match",
    "253e473d8e": "its workout has targets of cadence",
    "500a9fb87a": "its counter jumps by 24 m between two sports",
    "77337cf242": "the watch did not know the date",
}


@pytest.mark.parametrize("path", fit_files(), ids=lambda path: path.stem)
def test_a_real_recording_is_doubted_or_remarked_upon_only_with_a_cause(path: Path) -> None:
    found = read_recordings(path.read_bytes())
    if isinstance(found, Unreadable):
        assert path.parent.name in ("corrupt", "workout_file")
        return
    assert any(run.doubts for run in found) == (path.stem in DOUBTED)
    assert any(run.problems for run in found) == (path.stem in REMARKED)
