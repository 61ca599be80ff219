"""From FIT messages to one normalised activity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import Activity, LapTrigger
from syncd.domain.notation import format_workout
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity
from tests.support.fitbytes import (
    ACTIVITIES,
    LAPS,
    MIDSUMMER_2024,
    RECORDS,
    SESSIONS,
    STEPS,
    file_id,
    fit,
    steady_records,
    timer_events,
)

START = MIDSUMMER_2024
RUN = {"start_time": START, "sport": 1, "sub_sport": 0}


def activity(*messages: bytes) -> Activity:
    read = read_activity(fit(file_id(), *messages))
    assert isinstance(read, Activity), read
    return read


def session(**values: float) -> bytes:
    return SESSIONS.all([RUN | values])


def offsets(column) -> list[float]:
    return [round(value, 3) for value in column]


def test_the_totals_are_those_of_the_device():
    run = activity(
        steady_records(range(11)),
        session(elapsed=10.75, timer=9.5, distance=31.25, avg_hr=140, max_hr=150, ascent=12),
    )
    assert (run.elapsed_s, run.timer_s, run.distance_m) == (10.75, 9.5, 31.25)
    assert (run.avg_hr_bpm, run.max_hr_bpm, run.ascent_m) == (140, 150, 12)
    assert run.start == datetime(2024, 6, 19, 12, tzinfo=UTC)
    assert (run.sport, run.sub_sport, str(run.device)) == ("running", "generic", "garmin forerunner 965")
    assert run.problems == ()


def test_a_runners_cadence_is_in_steps():
    assert set(activity(steady_records(range(3)), session()).samples.cadence_spm) == {170}
    ride = activity(steady_records(range(3)), SESSIONS.all([RUN | {"sport": 2}]))
    assert set(ride.samples.cadence_spm) == {85}


class TestTimer:
    """The timer stands still while the runner has stopped it."""

    def test_it_stands_still_between_stop_and_start(self):
        run = activity(
            timer_events((0, 0), (4, 4), (8, 0), (12, 4)),
            steady_records(range(0, 13, 2)),
            session(elapsed=12, timer=8),
        )
        assert offsets(run.samples.timer_s) == [0, 2, 4, 4, 4, 6, 8]

    def test_a_stop_after_the_end_is_nothing(self):
        run = activity(
            timer_events((0, 0), (10, 4), (300, 0), (300, 4)),
            steady_records(range(11)),
            session(elapsed=10, timer=10),
        )
        assert offsets(run.samples.timer_s) == list(range(11))

    @pytest.mark.parametrize("resumed", [(), ((300, 0),)], ids=["never resumed", "resumed after the end"])
    def test_a_stop_that_lasts_to_the_end_holds_to_the_end(self, resumed: tuple):
        run = activity(
            timer_events((0, 0), (4, 4), *resumed), steady_records(range(11)), session(elapsed=10, timer=4)
        )
        assert offsets(run.samples.timer_s) == [0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4]

    def test_without_events_pauses_come_from_the_gaps_that_fit(self):
        seconds = [*range(100), *range(160, 200), *range(215, 260)]
        run = activity(steady_records(seconds), session(elapsed=259, timer=199))
        at = dict(zip(offsets(run.samples.elapsed_s), offsets(run.samples.timer_s), strict=True))
        assert (at[99], at[160], at[199], at[215], at[259]) == (99, 100, 139, 155, 199)

    @given(st.lists(st.integers(1, 50), min_size=2, max_size=12))
    def test_it_never_runs_faster_than_the_clock_and_never_back(self, lengths: list[int]):
        moments = [sum(lengths[:k]) for k in range(len(lengths) + 1)]
        events = timer_events(*((at, 4 if k % 2 else 0) for k, at in enumerate(moments)))
        samples = activity(events, steady_records(range(moments[-1] + 1))).samples
        steps = [b - a for a, b in zip(samples.timer_s, samples.timer_s[1:], strict=False)]
        assert all(0 <= step <= 1 for step in steps)
        assert samples.timer_s[-1] == sum(lengths[::2])


class TestTime:
    """Recordings whose time misbehaves."""

    def test_records_that_run_backwards_are_dropped_and_said(self):
        run = activity(steady_records([0, 1, 2, 90, 3, 4, 5]), session(elapsed=5, timer=5))
        assert offsets(run.samples.elapsed_s) == [0, 1, 2, 3, 4, 5]
        assert run.problems == ("1 of 7 records left out: without a time, or time runs backwards",)

    def test_records_in_other_decades_do_not_hide_the_rest(self):
        early, late = ({"timestamp": START + years * 31_000_000, "heart_rate": 1} for years in (-9, 20))
        run = activity(
            steady_records([0, 1, 2]),
            RECORDS.all([early, late]),
            steady_records([3, 4]),
            RECORDS.all([late]),
            session(),
        )
        assert offsets(run.samples.elapsed_s) == [0, 1, 2, 3, 4]

    def test_two_records_of_one_second_become_one_that_knows_both(self):
        rows = [
            {"timestamp": START, "heart_rate": 140},
            {"timestamp": START, "distance": 5, "heart_rate": 99},
            {"timestamp": START + 1, "heart_rate": 141},
        ]
        samples = activity(RECORDS.all(rows), session()).samples
        assert (samples.distance_m[0], list(samples.heart_rate_bpm)) == (5, [140, 141])

    def test_a_record_without_a_time_is_dropped(self):
        run = activity(RECORDS.all([{"heart_rate": 1}, {"timestamp": START, "heart_rate": 2}]))
        assert list(run.samples.heart_rate_bpm) == [2]

    def test_a_summary_from_another_day_is_not_believed(self):
        run = activity(
            steady_records(range(5)), SESSIONS.all([RUN | {"start_time": START - 900_000, "timer": 4}])
        )
        assert run.start == datetime(2024, 6, 19, 12, tzinfo=UTC)
        assert "contradicts" in run.problems[0]

    @pytest.mark.parametrize(
        ("seconds", "hours"), [(7200, 2), (20700, 5.75), (-35999, -10), (0, 0), (51_300, None), (500, None)]
    )
    def test_the_offset_of_local_time_is_taken_where_it_is_sane(self, seconds: int, hours: float | None):
        stamp = ACTIVITIES.all([{"timestamp": START, "local_timestamp": START + seconds}])
        expected = None if hours is None else timedelta(hours=hours)
        assert activity(steady_records([0]), session(), stamp).utc_offset == expected

    def test_a_watch_that_knows_local_time_only_gives_the_right_day(self):
        boot = 16_441_241
        run = activity(
            steady_records([0, 1], start=boot),
            SESSIONS.all([{"start_time": boot, "sport": 1}]),
            ACTIVITIES.all([{"timestamp": boot + 60, "local_timestamp": START + 60}]),
        )
        assert run.day(timedelta(hours=9)).isoformat() == "2024-06-19"
        assert "local time only" in run.problems[0]


class TestSpeed:
    """The device's own speed, and metres per timer second where it has none."""

    def test_missing_speed_comes_from_distance_on_the_timer(self):
        rows = [{"timestamp": START + 2 * k, "distance": 7.0 * k} for k in range(5)]
        run = activity(timer_events((0, 0), (2, 4), (3, 0)), RECORDS.all(rows), session(elapsed=8, timer=7))
        assert isnan(run.samples.speed_mps[0])
        assert list(run.samples.speed_mps)[1:] == [3.5, 7.0, 3.5, 3.5]

    def test_a_distance_that_falls_gives_none(self):
        rows = [{"timestamp": START + k, "distance": d} for k, d in enumerate([10, 8, 9])]
        speeds = activity(RECORDS.all(rows), session()).samples.speed_mps
        assert isnan(speeds[1])
        assert speeds[2] == 1


class TestLaps:
    def test_they_lie_on_the_elapsed_clock(self):
        laps = [
            {"start_time": START, "elapsed": 60.5, "timer": 60, "distance": 200, "trigger": 2, "step": 0},
            {"start_time": START + 60, "elapsed": 30, "timer": 30, "distance": 0, "trigger": 1, "step": 1},
            {"start_time": START + 90, "elapsed": 9, "timer": 9, "trigger": 7},
        ]
        run = activity(LAPS.all(laps), session())
        assert [(lap.start_s, lap.end_s, lap.timer_s, lap.distance_m) for lap in run.laps] == [
            (0, 60.5, 60, 200),
            (60, 90, 30, 0),
            (90, 99, 9, None),
        ]
        assert [lap.step_index for lap in run.laps] == [0, 1, None]
        assert [lap.trigger for lap in run.laps] == [
            LapTrigger.DISTANCE,
            LapTrigger.TIME,
            LapTrigger.SESSION_END,
        ]

    def test_the_flags_in_a_step_index_are_no_part_of_it(self):
        run = activity(LAPS.all([{"start_time": START, "step": 0x8003}]), session())
        assert run.laps[0].step_index == 3

    def test_other_triggers_are_other(self):
        run = activity(LAPS.all([{"start_time": START, "trigger": 5}]), session())
        assert run.laps[0].trigger is LapTrigger.OTHER

    def test_without_a_start_a_lap_follows_the_one_before(self):
        laps = [{"start_time": START, "elapsed": 10}, {"timestamp": START + 25}]
        assert [(lap.start_s, lap.end_s) for lap in activity(LAPS.all(laps), session()).laps] == [
            (0, 10),
            (10, 25),
        ]

    def test_a_lap_of_another_month_is_damage(self):
        laps = [{"start_time": START, "elapsed": 10}, {"start_time": START + 9_000_000}]
        assert len(activity(LAPS.all(laps), session()).laps) == 1


class TestSessions:
    def test_several_sports_are_a_multisport(self):
        legs = [
            {"start_time": START, "sport": 5, "elapsed": 600, "timer": 600, "distance": 500},
            {"start_time": START + 600, "sport": 3, "elapsed": 60, "timer": 60},
            {"start_time": START + 660, "sport": 1, "elapsed": 900, "timer": 890, "distance": 3000},
        ]
        whole = activity(SESSIONS.all(legs))
        assert (whole.sport, whole.is_run) == ("multisport", False)
        assert (whole.elapsed_s, whole.timer_s, whole.distance_m) == (1560, 1550, 3500)

    def test_two_runs_in_one_file_are_one_run(self):
        legs = [
            {"start_time": START, "sport": 1, "elapsed": 600, "timer": 600},
            {"start_time": START + 900, "sport": 1, "elapsed": 300, "timer": 300},
        ]
        whole = activity(SESSIONS.all(legs))
        assert (whole.sport, whole.elapsed_s, whole.timer_s) == ("running", 1200, 900)

    def test_a_file_chained_to_itself_counts_once(self):
        file = fit(file_id(), steady_records(range(11)), session(elapsed=10, timer=10, distance=30))
        read = read_activity(file + file)
        assert isinstance(read, Activity)
        assert (read.timer_s, read.distance_m, len(read.samples)) == (10, 30, 11)

    def test_without_a_session_totals_are_rebuilt_and_it_is_said(self):
        run = activity(
            timer_events((0, 0), (4, 4), (8, 0)),
            steady_records(range(21)),
            LAPS.all([{"start_time": START, "elapsed": 15}]),
        )
        assert (run.elapsed_s, run.timer_s, run.distance_m) == (20, 16, 60)
        assert (run.avg_hr_bpm, run.max_hr_bpm) == (140, 140)
        assert run.problems == ("no summary in the file: totals are rebuilt from its records and laps",)

    def test_a_session_without_records_is_an_activity(self):
        run = activity(session(elapsed=1800, timer=1800, distance=5000))
        assert (run.timer_s, run.distance_m, len(run.samples)) == (1800, 5000, 0)

    @pytest.mark.parametrize(("raw", "rpe"), [(10, 1), (70, 7), (100, 10), (0, None), (200, None)])
    def test_the_answer_to_how_hard_it_was(self, raw: int, rpe: float | None):
        run = activity(session(rpe=raw, feel=75))
        assert (run.rpe, run.feel) == (rpe, 75)

    def test_no_distance_is_none_not_0(self):
        assert activity(session(timer=60, distance=0)).distance_m is None


class TestEmbeddedWorkout:
    steps = (
        {"index": 0, "duration_type": 0, "duration_value": 900_000, "target_type": 2, "intensity": 2},
        {"index": 1, "duration_type": 1, "duration_value": 80_000, "target_type": 0}
        | {"target_value": 0, "low": 3774, "high": 3922, "intensity": 5},
        {"index": 2, "duration_type": 0, "duration_value": 120_000, "target_type": 1}
        | {"target_value": 0, "low": 220, "high": 240, "intensity": 4},
        {"index": 3, "duration_type": 6, "duration_value": 1, "target_value": 6, "skip_last": 1},
        {"index": 4, "duration_type": 5, "target_type": 1, "target_value": 2, "intensity": 3},
    )

    def test_it_is_read_with_its_repeats(self):
        run = activity(STEPS.all(self.steps), session())
        assert run.workout is not None
        assert format_workout(run.workout) == (
            "15min + 6x(800m @4:15-4:25/km + 2min jog @HR120-140) + lap cd @Z2"
        )
        assert run.problems == ()

    def test_steps_may_come_in_any_order(self):
        assert (
            activity(STEPS.all(self.steps[::-1]), session()).workout
            == activity(STEPS.all(self.steps), session()).workout
        )

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"target_type": 4}, "workout step 1: a target of power is left out"),
            ({"target_type": 0, "target_value": 3}, "workout step 1: a speed zone of the watch is left out"),
            (
                {"target_type": 1, "low": 60, "high": 70},
                "workout step 1: a heart rate in percent of the maximum is left out",
            ),
            (
                {"duration_type": 3},
                "workout step 1: it ends by a heart rate; read as until the lap button",
            ),
            (
                {"duration_value": 0},
                "workout step 1: a step cannot last 0 time; read as until the lap button",
            ),
        ],
    )
    def test_what_cannot_be_modelled_is_said_and_the_rest_kept(self, change: dict, problem: str):
        run = activity(STEPS.all([self.steps[0] | change, *self.steps[1:]]), session())
        assert run.workout is not None
        assert len(run.workout.steps) == 3
        assert run.problems == (problem,)

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"duration_type": 7}, "repeats until something else than a number of rounds"),
            ({"duration_value": 3}, "where no step starts"),
            ({"target_value": 500}, "repeated 1 to 99 times"),
            ({"index": 9}, "not numbered one after the other"),
        ],
    )
    def test_a_broken_order_leaves_the_run_without_its_workout(self, change: dict, problem: str):
        steps = [*self.steps[:3], self.steps[3] | change, self.steps[4]]
        run = activity(STEPS.all(steps), session(timer=60))
        assert (run.workout, run.timer_s) == (None, 60)
        assert problem in run.problems[0]

    def test_repeats_of_repeats_cannot_open_into_millions(self):
        one = {"index": 0, "duration_type": 0, "duration_value": 1000, "target_type": 2}
        again = [{"index": k, "duration_type": 6, "duration_value": 0, "target_value": 99} for k in (1, 2, 3)]
        run = activity(STEPS.all([one, *again]), session())
        assert run.workout is None
        assert "970299 steps" in run.problems[0]


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "the file is empty"),
            (b"<gpx></gpx>", "not a FIT file"),
            (fit(file_id(kind=5)), "a workout file, not a recorded activity"),
            (fit(file_id(kind=6), steady_records([0])), "a course, not a recorded activity"),
            (fit(file_id(kind=77)), "a file of unknown kind, not a recorded activity"),
            (fit(file_id()), "nothing was recorded in it"),
            (fit(file_id(), b"\x09"), "damaged before the first record: damaged at byte 42"),
        ],
        ids=["empty", "gpx", "workout", "course", "unknown", "no records", "damaged"],
    )
    def test_the_reason_is_for_a_runner(self, data: bytes, reason: str):
        read = read_activity(data)
        assert isinstance(read, Unreadable)
        assert read.reason.startswith(reason)
