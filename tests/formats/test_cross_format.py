"""One run, written by three kinds of programs, is one run: the same distance, timer and score."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from syncd.domain.activity import Activity
from syncd.domain.notation import parse_workout
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.domain.training.zones import resolve_workout
from syncd.domain.workout import Workout
from syncd.formats.recording import read_recordings
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support.tracks import EVENING, Recorder, as_gpx, as_tcx, with_pause

RUNNER = Runner()
WORKOUTS = (
    "10min E + 4x(800m I + 400m jog) + 10min E",
    "15min E + 3x(5min T + 90s jog) + 10min E",
    "40min E",
    "10min E + 20min M + 5min E",
    "12min E + 6x(400m I + 90s jog) + 8min E",
)
OUTDOORS = [scenario for scenario in Scenario if scenario not in (Scenario.TREADMILL, Scenario.WALK)]
DISTANCE, TIMER_S, SCORE = 0.005, 2.0, 3


@lru_cache(maxsize=256)
def simulated(notation: str, scenario: Scenario, seed: int) -> WatchRecording:
    return simulate(parse_workout(notation), RUNNER, scenario, seed=seed)


def planned(notation: str) -> Workout:
    return resolve_workout(parse_workout(notation), RUNNER.zones)


def read_one(data: bytes) -> Activity:
    found = read_recordings(data)
    assert isinstance(found, tuple)
    assert len(found) == 1
    assert found[0].is_run
    assert not found[0].doubts
    return found[0]


def score_of(run: Activity, notation: str) -> int | None:
    prescription = Prescription(PrescriptionOrigin.ARGUMENT, planned(notation), None)
    return score_activity(run, prescription, RUNNER.zones).score


def assert_agree(run: Activity, fit: Activity, notation: str) -> None:
    assert fit.distance_m is not None
    assert run.distance_m == pytest.approx(fit.distance_m, rel=DISTANCE)
    assert run.timer_s == pytest.approx(fit.timer_s, abs=TIMER_S)
    theirs, ours = score_of(fit, notation), score_of(run, notation)
    assert (theirs is None) == (ours is None)
    if ours is not None and theirs is not None:
        assert abs(theirs - ours) <= SCORE, (theirs, ours)


def paused(recording: WatchRecording, pauses: list[tuple[float, int]]) -> WatchRecording:
    for share, seconds in pauses:
        recording = with_pause(recording, share * recording.elapsed_s, seconds)
    return recording


recorders = st.builds(Recorder, st.integers(1, 10), st.booleans())
pause_lists = st.lists(st.tuples(st.floats(0.05, 0.95), st.integers(35, 900)), max_size=3)


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.sampled_from(WORKOUTS),
    st.sampled_from(OUTDOORS),
    st.integers(1, 20),
    recorders,
    pause_lists,
    st.booleans(),
)
def test_a_run_is_the_same_in_fit_tcx_and_gpx(
    notation: str,
    scenario: Scenario,
    seed: int,
    recorder: Recorder,
    pauses: list[tuple[float, int]],
    told: bool,
) -> None:
    recording = recorder.thinned(paused(simulated(notation, scenario, seed), pauses))
    fit = read_one(write_activity(recording, start=EVENING, utc_offset=timedelta(hours=1)))
    for written in (as_tcx(recording, EVENING, told=told), as_gpx(recording, EVENING)):
        assert_agree(read_one(written), fit, notation)
