"""A simulated run is what its scenario says, second by second."""

from itertools import pairwise
from math import isnan
from statistics import mean, stdev

import pytest
from hypothesis import given, settings

from syncd.domain.activity import Lap, LapTrigger
from syncd.domain.notation import parse_workout
from syncd.domain.training.zones import resolve_workout
from syncd.domain.workout import PaceZone, Workout, executed
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.sandbox.short_workouts import short_workouts

RUNNER = Runner(vdot=44.0)
INTERVALS = parse_workout("15min E + 6x(800m @4:15-4:25/km + 2min jog) + 10min E")
EASY = parse_workout("40min E run")
SEEDS = range(4)
FAST, SLOW = 255, 265  # s/km


def pace(lap: Lap) -> float:
    assert lap.distance_m is not None
    return lap.timer_s * 1000 / lap.distance_m


def reps(recording: WatchRecording) -> list[Lap]:
    return [lap for lap in recording.laps if lap.step_index == 1]


def indexes(recording: WatchRecording) -> list[int]:
    return [lap.step_index for lap in recording.laps if lap.step_index is not None]


def planned_indexes(workout: Workout) -> list[int]:
    return [each.index for each in executed(workout)]


def between(recording: WatchRecording, start_s: float, end_s: float) -> list[float]:
    samples = recording.samples
    return [
        beats
        for second, beats in zip(samples.elapsed_s, samples.heart_rate_bpm, strict=True)
        if start_s <= second < end_s
    ]


@pytest.mark.parametrize("scenario", Scenario)
def test_equal_arguments_give_an_equal_recording(scenario: Scenario) -> None:
    one, again, other = (repr(simulate(INTERVALS, RUNNER, scenario, seed=seed)) for seed in (3, 3, 4))
    assert one == again != other


@pytest.mark.parametrize("scenario", Scenario)
def test_clocks_and_totals_agree(scenario: Scenario) -> None:
    run = simulate(INTERVALS, RUNNER, scenario, seed=1)
    samples = run.samples
    columns = (samples.timer_s, samples.distance_m, samples.speed_mps, samples.altitude_m)
    assert {len(column) for column in columns} == {len(samples)}
    assert list(samples.elapsed_s) == sorted(set(samples.elapsed_s))
    assert sum(lap.timer_s for lap in run.laps) == pytest.approx(run.timer_s, abs=0.02)
    assert sum(lap.distance_m or 0 for lap in run.laps) == pytest.approx(run.distance_m, abs=0.2)
    stopped = sum(stop.end_s - stop.start_s for stop in run.stops)
    assert run.elapsed_s - run.timer_s == pytest.approx(stopped, abs=0.01)
    assert sum(samples.speed_mps) == pytest.approx(run.distance_m, rel=0.002)


@given(short_workouts())
@settings(max_examples=30)
def test_a_perfect_run_has_one_lap_for_each_step_in_watch_order(workout: Workout) -> None:
    run = simulate(workout, RUNNER, Scenario.PERFECT, seed=1)
    assert indexes(run) == planned_indexes(workout)
    assert run.workout == resolve_workout(workout, RUNNER.zones)


@given(short_workouts())
@settings(max_examples=30)
def test_laps_follow_each_other_and_steps_are_done_to_the_end(workout: Workout) -> None:
    run = simulate(workout, RUNNER, Scenario.PERFECT, seed=2)
    ends = [0.0, *(lap.end_s for lap in run.laps)]
    assert [lap.start_s for lap in run.laps] == ends[:-1]
    for lap, each in zip(run.laps, executed(workout), strict=False):
        duration = each.step.duration
        if duration.seconds is not None:
            assert lap.timer_s == pytest.approx(duration.seconds, abs=0.002)
        if duration.metres is not None:
            assert lap.distance_m == pytest.approx(duration.metres, abs=0.011)


@pytest.mark.parametrize("seed", SEEDS)
def test_perfect_repetitions_are_in_the_band_with_the_tolerance_of_their_length(seed: int) -> None:
    for lap in reps(simulate(INTERVALS, RUNNER, Scenario.PERFECT, seed=seed)):
        assert FAST * 0.984 <= pace(lap) <= SLOW * 1.016


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_are_run_and_embedded_at_the_true_fitness(seed: int) -> None:
    workout = parse_workout("20min T")
    run = simulate(workout, RUNNER, Scenario.PERFECT, seed=seed)
    band = RUNNER.zones.bands[PaceZone.THRESHOLD]
    assert band.fast_s_per_km <= pace(run.laps[0]) <= band.slow_s_per_km
    assert run.workout == resolve_workout(workout, RUNNER.zones)


def test_the_speed_is_unsteady_as_measured() -> None:
    speeds = list(simulate(EASY, RUNNER, Scenario.PERFECT, seed=1).samples.speed_mps)[30:2300]
    assert stdev(speeds) / mean(speeds) == pytest.approx(0.036, abs=0.008)
    centre = mean(speeds)
    centred = [speed - centre for speed in speeds]
    together = mean(a * b for a, b in pairwise(centred))
    assert together / mean(a * a for a in centred) == pytest.approx(0.85, abs=0.05)


def test_the_heart_follows_late_up_and_down() -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.PERFECT, seed=1)
    rep = reps(run)[2]
    early = mean(between(run, rep.start_s, rep.start_s + 15))
    late = mean(between(run, rep.end_s - 30, rep.end_s))
    after = mean(between(run, rep.end_s, rep.end_s + 15))
    recovered = mean(between(run, rep.end_s + 100, rep.end_s + 120))
    assert early < late - 20
    assert after > late - 10
    assert recovered < late - 25


def test_the_heart_drifts_upward_on_a_long_run_and_never_passes_its_maximum() -> None:
    run = simulate(parse_workout("90min E run"), RUNNER, Scenario.PERFECT, seed=1)
    assert mean(between(run, 5100, 5400)) > mean(between(run, 600, 900)) + 4
    hard = simulate(INTERVALS, Runner(vdot=35), Scenario.PERFECT, seed=1)
    assert max(hard.samples.heart_rate_bpm) <= RUNNER.hr_max_bpm


def test_roads_are_gentle() -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.PERFECT, seed=1)
    heights = run.samples.altitude_m
    climb = sum(max(b - a, 0) for a, b in pairwise(heights))
    assert 0 < climb / run.distance_m * 1000 < 10


def test_auto_laps_split_the_steps_and_leave_their_order() -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.AUTO_LAP, seed=1)
    split = [lap for lap in run.laps if lap.trigger is LapTrigger.DISTANCE and lap.distance_m == 1000]
    assert len(split) >= 3
    ended = [lap.step_index for lap in run.laps if lap not in split and lap.step_index is not None]
    assert ended == planned_indexes(INTERVALS)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_lights_the_timer_stops_for_75_seconds(seed: int) -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.LIGHTS, seed=seed)
    (stop,) = run.stops
    assert stop.end_s - stop.start_s == 75
    assert not between(run, stop.start_s + 0.5, stop.end_s + 0.5)
    assert indexes(run) == planned_indexes(INTERVALS)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_lights_with_the_timer_running_the_runner_stands(seed: int) -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.LIGHTS_RUNNING, seed=seed)
    assert not run.stops
    standing = [speed for speed in list(run.samples.speed_mps)[5:] if speed < 0.5]
    assert 65 <= len(standing) <= 80


def test_too_fast_is_beyond_the_band_for_work_and_near_marathon_pace_on_an_easy_day() -> None:
    for lap in reps(simulate(INTERVALS, RUNNER, Scenario.TOO_FAST, seed=1)):
        assert pace(lap) == pytest.approx(FAST / 1.045, rel=0.02)
    easy = simulate(EASY, RUNNER, Scenario.TOO_FAST, seed=1).laps[0]
    assert pace(easy) == pytest.approx(RUNNER.zones.bands[PaceZone.MARATHON].slow_s_per_km, rel=0.06)


def test_fading_slows_the_last_third_of_the_repetitions_while_the_heart_stays_up() -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.FADING, seed=1)
    done = reps(run)
    assert all(pace(lap) < SLOW * 1.016 for lap in done[:4])
    assert all(295 <= pace(lap) <= 315 for lap in done[4:])
    assert (done[5].avg_hr_bpm or 0) >= (done[0].avg_hr_bpm or 0) - 2


def test_fading_in_one_long_effort_slows_its_last_third() -> None:
    run = simulate(parse_workout("10min E + 30min T + 5min E"), RUNNER, Scenario.FADING, seed=1)
    speeds = list(run.samples.speed_mps)[600:2400]
    assert mean(speeds[1300:1750]) < 0.88 * mean(speeds[50:1150])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_skipped_repetition_and_its_recovery_are_ended_by_the_lap_button(seed: int) -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.SKIPPED_REP, seed=seed)
    assert indexes(run) == planned_indexes(INTERVALS)
    pressed = [lap for lap in run.laps if lap.trigger is LapTrigger.MANUAL]
    assert [lap.step_index for lap in pressed] == [1, 2]
    assert all(lap.timer_s <= 4 for lap in pressed)
    assert pressed[0] in reps(run)[1:-1]
    assert pressed[0].end_s == pressed[1].start_s


def test_stopping_early_leaves_a_prefix_that_ends_inside_a_step() -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.STOPPED_EARLY, seed=1)
    assert len(reps(run)) == 4
    assert indexes(run) == planned_indexes(INTERVALS)[: len(run.laps)]
    assert run.laps[-1].trigger is LapTrigger.SESSION_END
    assert run.laps[-1].timer_s == 10
    easy = simulate(EASY, RUNNER, Scenario.STOPPED_EARLY, seed=1)
    assert easy.timer_s == pytest.approx(0.6 * 2400, abs=1)


def test_an_ignored_workout_is_a_steady_easy_run_of_its_length() -> None:
    run = simulate(INTERVALS, RUNNER, Scenario.IGNORED, seed=1)
    perfect = simulate(INTERVALS, RUNNER, Scenario.PERFECT, seed=1)
    easy = RUNNER.zones.bands[PaceZone.EASY]
    assert run.workout is None
    assert not indexes(run)
    assert run.distance_m == pytest.approx(perfect.distance_m, rel=0.02)
    assert all(easy.fast_s_per_km <= pace(lap) <= easy.slow_s_per_km for lap in run.laps[:-1])


def test_a_treadmill_has_no_positions_and_measures_wrong() -> None:
    run = simulate(EASY, RUNNER, Scenario.TREADMILL, seed=1)
    assert run.sub_sport == "treadmill"
    assert not run.track.latitude_deg
    assert 0.025 < abs(run.distance_m / (run.timer_s * RUNNER.easy_mps) - 1) < 0.09


def test_without_a_sensor_there_is_no_heart_rate_anywhere() -> None:
    run = simulate(EASY, RUNNER, Scenario.NO_HR, seed=1)
    assert all(isnan(beats) for beats in run.samples.heart_rate_bpm)
    assert all(lap.avg_hr_bpm is None and lap.max_hr_bpm is None for lap in run.laps)


def test_a_walk_is_no_run() -> None:
    run = simulate(EASY, RUNNER, Scenario.WALK, seed=1)
    assert run.sport == "hiking"
    assert run.workout is None
    assert pace(run.laps[0]) > 700


def test_a_tired_runner_is_five_percent_slower_and_says_so() -> None:
    perfect, tired = (simulate(EASY, RUNNER, each, seed=1) for each in (Scenario.PERFECT, Scenario.TIRED))
    assert pace(tired.laps[0]) == pytest.approx(pace(perfect.laps[0]) / 0.95, rel=0.01)
    assert (tired.rpe or 0) >= (perfect.rpe or 0) + 2
    assert (tired.feel or 0) < (perfect.feel or 0)


def test_all_out_a_test_gives_the_true_fitness() -> None:
    workout = parse_workout("15min E + 4x(20s R + 60s jog) + 2min jog + 5km @RPE8-9 + 10min E")
    run = simulate(workout, RUNNER, Scenario.ALL_OUT, seed=1)
    (race,) = (lap for lap in run.laps if lap.distance_m == 5000)
    assert race.timer_s == pytest.approx(RUNNER.zones.five_k_s, rel=0.01)


def test_the_loop_is_closed_and_as_long_as_the_run() -> None:
    run = simulate(EASY, RUNNER, Scenario.PERFECT, seed=1)
    track = run.track
    steps = zip(
        track.latitude_deg, track.latitude_deg[1:], track.longitude_deg, track.longitude_deg[1:], strict=False
    )
    metres = sum(((b - a) ** 2 + (d - c) ** 2) ** 0.5 for a, b, c, d in steps) * 111_195
    assert metres == pytest.approx(run.distance_m, rel=0.005)
    assert all(abs(latitude - 0.5) < 0.01 for latitude in track.latitude_deg)
