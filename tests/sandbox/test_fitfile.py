"""The file of a simulated run is one that a watch could have written.

The official SDK's decoder and our own reader are both asked.
"""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from garmin_fit_sdk import Decoder, Stream
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.activity import Activity
from syncd.domain.notation import parse_workout
from syncd.domain.workout import Repeat, Workout, executed
from syncd.formats.fit.activity import read_activity
from syncd.sandbox.fitfile import RecordingDevice, write_activity
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import UNPROMPTED, Scenario
from syncd.sandbox.simulation import simulate
from tests.sandbox.short_workouts import short_workouts

RUNNER = Runner(vdot=44.0)
START = datetime(2026, 3, 16, 17, 30, tzinfo=UTC)
ROME = timedelta(hours=1)
WORKOUT = parse_workout(
    "6min E + 5x(400m I + 60s jog) + 2x(2x(20s R + 40s jog) + 90s jog) + 4min E", name="Mixed [w12-3]"
)

Message = dict[str, object]


def run(scenario: Scenario, workout: Workout = WORKOUT, seed: int = 1) -> WatchRecording:
    return simulate(workout, RUNNER, scenario, seed=seed)


def written(recording: WatchRecording) -> bytes:
    return write_activity(recording, start=START, utc_offset=ROME)


def by_sdk(data: bytes) -> dict[str, list[Message]]:
    assert Decoder(Stream.from_byte_array(data)).check_integrity()
    messages, errors = Decoder(Stream.from_byte_array(data)).read()
    assert errors == []
    return messages


def read(data: bytes) -> Activity:
    activity = read_activity(data)
    assert isinstance(activity, Activity)
    assert activity.problems == ()
    return activity


def stops_and_starts(recording: WatchRecording) -> list[tuple[str, int]]:
    return [
        (what, int(at))
        for stop in recording.stops
        for what, at in (("stop", stop.start_s), ("start", stop.end_s))
    ]


@pytest.mark.parametrize("scenario", Scenario)
def test_the_sdk_decodes_every_scenario_and_agrees_on_totals_laps_and_stops(scenario: Scenario) -> None:
    recording = run(scenario)
    messages = by_sdk(written(recording))
    (session,) = messages["session_mesgs"]
    assert session["total_timer_time"] == recording.timer_s
    assert session["total_elapsed_time"] == recording.elapsed_s
    assert session["total_distance"] == recording.distance_m
    assert session["sub_sport"] == recording.sub_sport
    assert session["workout_rpe"] == (recording.rpe or 0) * 10
    laps = messages["lap_mesgs"]
    assert [lap.get("wkt_step_index") for lap in laps] == [lap.step_index for lap in recording.laps]
    assert [lap["lap_trigger"] for lap in laps] == [lap.trigger.value for lap in recording.laps]
    timer = [(event["event_type"], event["timestamp"]) for event in messages["event_mesgs"]]
    assert timer == [
        ("start", START),
        *((what, START + timedelta(seconds=at)) for what, at in stops_and_starts(recording)),
        ("stop_all", START + timedelta(seconds=int(recording.elapsed_s))),
    ]
    assert len(messages["record_mesgs"]) == len(recording.samples)
    assert ("workout_step_mesgs" in messages) == (scenario not in UNPROMPTED)


@pytest.mark.parametrize("scenario", Scenario)
def test_our_reader_gets_back_what_was_recorded(scenario: Scenario) -> None:
    recording = run(scenario)
    activity = read(written(recording))
    assert activity.start == START
    assert activity.utc_offset == ROME
    totals = (activity.timer_s, activity.elapsed_s, activity.distance_m)
    assert totals == (recording.timer_s, recording.elapsed_s, recording.distance_m)
    assert activity.workout == recording.workout
    assert (activity.sport, activity.rpe, activity.feel) == (recording.sport, recording.rpe, recording.feel)
    assert activity.has_position == (scenario is not Scenario.TREADMILL)
    assert activity.is_treadmill == (scenario is Scenario.TREADMILL)
    assert repr(activity.samples) == repr(recording.samples)
    for ours, theirs in zip(activity.laps, recording.laps, strict=True):
        assert (ours.step_index, ours.trigger) == (theirs.step_index, theirs.trigger)
        assert (ours.timer_s, ours.distance_m) == (theirs.timer_s, theirs.distance_m)
        assert (ours.avg_hr_bpm, ours.max_hr_bpm) == (theirs.avg_hr_bpm, theirs.max_hr_bpm)
        assert ours.start_s == pytest.approx(theirs.start_s, abs=1)  # FIT starts laps on whole seconds


@pytest.mark.parametrize("scenario", [Scenario.PERFECT, Scenario.LIGHTS, Scenario.TIRED, Scenario.FADING])
def test_the_step_indexes_of_the_file_are_the_order_of_the_workout(scenario: Scenario) -> None:
    laps = read(written(run(scenario))).laps
    found = [lap.step_index for lap in laps if lap.step_index is not None]
    assert found == [each.index for each in executed(WORKOUT)]


def test_auto_laps_repeat_the_index_of_the_step_they_split() -> None:
    workout = parse_workout("15min E + 3x(1500m T + 2min jog) + 10min E")
    laps = read(written(run(Scenario.AUTO_LAP, workout))).laps
    joined = [index for index, _ in groupby(lap.step_index for lap in laps) if index is not None]
    assert joined == [each.index for each in executed(workout)]
    assert len(laps) > len(joined) + 1


@pytest.mark.parametrize("skips", [True, False])
def test_whether_the_last_recovery_is_skipped_is_in_the_file_and_in_the_laps(skips: bool) -> None:
    (block,) = parse_workout("3x(200m I + 30s jog)").steps
    assert isinstance(block, Repeat)
    workout = Workout((Repeat(block.count, block.steps, skip_last_recovery=skips),))
    activity = read(written(run(Scenario.PERFECT, workout)))
    assert activity.workout == run(Scenario.PERFECT, workout).workout
    jogs = [lap for lap in activity.laps if lap.step_index == 1]
    assert len(jogs) == (2 if skips else 3)


@given(short_workouts(), st.sampled_from(Scenario), st.integers(0, 99))
@settings(max_examples=25)
def test_any_shape_of_workout_survives_the_file_in_any_scenario(
    workout: Workout, scenario: Scenario, seed: int
) -> None:
    recording = run(scenario, workout, seed)
    activity = read(written(recording))
    assert activity.workout == recording.workout
    assert activity.timer_s == recording.timer_s
    assert [lap.step_index for lap in activity.laps] == [lap.step_index for lap in recording.laps]


def test_equal_runs_make_equal_bytes_and_others_do_not() -> None:
    assert written(run(Scenario.LIGHTS)) == written(run(Scenario.LIGHTS))
    assert written(run(Scenario.LIGHTS)) != written(run(Scenario.LIGHTS, seed=2))


def test_the_name_of_the_workout_and_the_device_are_in_the_file() -> None:
    data = write_activity(
        run(Scenario.PERFECT), start=START, utc_offset=ROME, device=RecordingDevice(serial=77)
    )
    activity = read(data)
    assert activity.workout_name == "Mixed [w12-3]"
    assert activity.device.manufacturer == "garmin"
    assert activity.device.serial == 77


def test_a_run_begins_in_the_local_day_of_the_watch() -> None:
    late = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
    data = write_activity(run(Scenario.PERFECT), start=late, utc_offset=timedelta(hours=9))
    assert read(data).day(timedelta()).isoformat() == "2026-03-17"
