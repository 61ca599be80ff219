"""The clock of TCX and GPX: what is a pause, which totals count, and times that are not in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from syncd.domain.activity import LapTrigger
from tests.support.reading import assert_run, run_in, runs_in
from tests.support.tracks import (
    EVENING,
    Trackpoint,
    WrittenLap,
    gpx,
    gpx_file,
    gpx_track,
    laps_text,
    moved,
    steady,
    tcx,
    tcx_of,
)

STEADY = steady()
FIRST, SECOND = STEADY[:91], STEADY[91:]  # cut after 900 s


def paused(seconds: float) -> list[Trackpoint]:
    return [*FIRST, *moved(SECOND, seconds)]


class TestPauses:
    @pytest.mark.parametrize("seconds", [30, 45, 240, 5400])
    def test_seconds_without_points_are_a_pause_in_gpx_from_30_on(self, seconds: int) -> None:
        assert_run(run_in(gpx(paused(seconds))), 5400, 1800, 1800 + seconds)

    @pytest.mark.parametrize("seconds", [30, 240, 5400])
    def test_also_where_a_segment_or_a_track_begins_after_it(self, seconds: int) -> None:
        later = moved(SECOND, seconds)
        assert_run(run_in(gpx(FIRST, later)), 5400, 1800, 1800 + seconds)
        if seconds < 3600:
            both = gpx_file(gpx_track(FIRST), gpx_track(later))
            assert_run(run_in(both), 5400, 1800, 1800 + seconds)

    @pytest.mark.parametrize("every", [1, 2, 5, 10, 20])
    @pytest.mark.parametrize("at", [301, 304, 600, 777])
    def test_whatever_the_interval_of_the_points(self, every: int, at: int) -> None:
        points = [
            replace(point, at_s=point.at_s + (240 if point.at_s > at else 0))
            for point in steady(every=every, seconds=1800)
        ]
        assert_run(run_in(gpx(points)), 5400, 1800, 2040)
        assert_run(run_in(tcx_of(points)), 5400, 1800, 2040)

    def test_what_the_timer_of_a_lap_lacks_is_a_pause(self) -> None:
        run = run_in(tcx_of(paused(240), total_s=1800, distance_m=5400))
        assert_run(run, 5400, 1800, 2040)
        assert laps_text(run.laps) == [(0, 2040, 5400)]

    def test_even_a_short_one(self) -> None:
        assert_run(run_in(tcx_of(paused(20), total_s=1800)), 5400, 1800, 1820)

    def test_a_track_that_begins_inside_a_lap_is_no_pause(self) -> None:
        run = run_in(tcx([WrittenLap(STEADY, total_s=1800, tracks=[FIRST, SECOND])]))
        assert_run(run, 5400, 1800)

    def test_nor_are_points_far_apart_between_which_the_runner_ran_on(self) -> None:
        tunnel = [point for point in STEADY if not 600 < point.at_s < 700]
        for written in (gpx(tunnel), tcx_of(tunnel), tcx_of(tunnel, total_s=1800)):
            assert_run(run_in(written), 5400, 1800)

    @pytest.mark.parametrize("every", [30, 60, 120])
    def test_a_point_a_minute_is_no_pause_a_minute(self, every: int) -> None:
        assert_run(run_in(gpx(steady(seconds=3600, every=every))), 10_800, 3600)

    def test_standing_with_points_is_time(self) -> None:
        last = FIRST[-1]
        standing = [replace(last, at_s=last.at_s + s) for s in range(10, 310, 10)]
        points = [*FIRST, *standing, *moved(SECOND, 300)]
        for written in (gpx(points), tcx_of(points, total_s=2100)):
            assert_run(run_in(written), 5400, 2100)

    def test_what_was_walked_during_a_pause_is_not_run(self) -> None:
        ahead = [replace(point, lat=(point.lat or 0) + 0.003) for point in moved(SECOND, 600)]
        assert_run(run_in(gpx([*FIRST, *ahead])), 5400, 1800, 2400)

    def test_nor_is_a_drive(self) -> None:
        ahead = [replace(point, lat=(point.lat or 0) + 0.2) for point in moved(SECOND, 600)]
        assert_run(run_in(gpx([*FIRST, *ahead])), 5400, 1800, 2400)

    def test_several_pauses_add_up(self) -> None:
        points = [replace(point, at_s=point.at_s + 100 * (point.at_s // 310)) for point in STEADY]
        total = points[-1].at_s
        for written in (gpx(points), tcx_of(points), tcx_of(points, total_s=1800)):
            assert_run(run_in(written), 5400, 1800, total)

    def test_a_pause_between_two_laps_belongs_to_neither_timer(self) -> None:
        laps = [
            WrittenLap(FIRST, 0, total_s=900, distance_m=2700),
            WrittenLap(moved(SECOND, 300), 1200, total_s=900, distance_m=2700),
        ]
        run = run_in(tcx(laps))
        assert_run(run, 5400, 1800, 2100)
        assert [lap.timer_s for lap in run.laps] == [900, 900]


class TestTotals:
    @pytest.mark.parametrize(
        ("total_s", "metres"),
        [
            pytest.param(None, None, id="missing"),
            pytest.param(0, 0, id="zero"),
            pytest.param(5400, 1800, id="swapped"),
            pytest.param(1.0, 1.0, id="nonsense"),
            pytest.param(30.0, 5.4, id="in-minutes-and-km"),
            pytest.param(1_800_000, 540_000, id="in-milliseconds-and-cm"),
            pytest.param(-5, -5, id="negative"),
            pytest.param("nan", "NaN", id="no-number"),
            pytest.param(1200, 3600, id="of-a-part"),
            pytest.param("1800,0", "5400,0", id="with-a-decimal-comma"),
        ],
    )
    def test_points_outrank_totals_that_they_contradict(self, total_s: object, metres: object) -> None:
        run = run_in(tcx_of(STEADY, total_s=total_s, distance_m=metres))
        assert_run(run, 5400, 1800)
        assert laps_text(run.laps)[-1][1] == 1800
        assert sum(lap.timer_s for lap in run.laps) == pytest.approx(1800, abs=2)

    def test_laps_that_count_up_have_the_metres_of_their_points(self) -> None:
        laps = [
            WrittenLap(FIRST, 0, total_s=900, distance_m=2700),
            WrittenLap(SECOND, 900, total_s=1800, distance_m=5400),
        ]
        run = run_in(tcx(laps))
        assert_run(run, 5400, 1800)
        assert laps_text(run.laps) == [(0, 900, 2700), (900, 1800, 2700)]

    def test_a_disagreement_is_told(self) -> None:
        [problem] = run_in(tcx_of(STEADY, total_s=1800, distance_m=6000)).problems
        assert problem == "its laps add up to 6000 m, its points to 5400 m, which count"
        [problem] = run_in(tcx_of(STEADY, total_s=2000, distance_m=5400)).problems
        assert problem == "its laps add up to 33:20, its points to 30:00, which count"
        ahead = [replace(point, lat=10 + ((point.lat or 10) - 10) * 1.1) for point in STEADY]
        [problem] = run_in(tcx_of(ahead)).problems
        assert problem == "the distance is 5400 m by the counter, 5940 m by the positions: the counter counts"

    def test_fractions_of_the_recorders_own_sum_are_kept(self) -> None:
        assert run_in(tcx_of(STEADY, total_s=1801.7, distance_m=5403.2)).timer_s == 1801.7

    def test_a_file_with_laps_alone_is_their_sum(self) -> None:
        laps = [WrittenLap([], 0, 900, 2700), WrittenLap([], 900, 905, 2710)]
        run = run_in(tcx(laps))
        assert (run.timer_s, run.distance_m, run.elapsed_s) == (1805, 5410, 1805)

    def test_its_id_tells_when_it_began_where_the_laps_do_not(self) -> None:
        run = run_in(tcx([WrittenLap([], None, 1800, 5400)]))
        assert (run.start, run.timer_s) == (EVENING, 1800)


class TestLaps:
    def test_a_last_lap_that_is_missing_is_added(self) -> None:
        laps = [
            WrittenLap(STEADY[:31], 0, total_s=300, distance_m=900),
            WrittenLap(STEADY[31:], 300, total_s=300, distance_m=900),
        ]
        run = run_in(tcx(laps))
        assert_run(run, 5400, 1800)
        assert laps_text(run.laps) == [(0, 300, 900), (300, 600, 900), (600, 1800, 3600)]
        assert run.laps[-1].trigger is LapTrigger.SESSION_END

    @pytest.mark.parametrize("before", [4, 20, 90, 1200])
    def test_a_lap_may_begin_before_its_first_point(self, before: int) -> None:
        """The watch ran while it looked for satellites: its timer knows."""
        run = run_in(tcx([WrittenLap(STEADY, -before, total_s=1800 + before, distance_m=5400)]))
        assert run.start == EVENING - timedelta(seconds=before)
        assert_run(run, 5400, 1800 + before)

    def test_one_that_began_long_before_did_not_run(self) -> None:
        run = run_in(tcx([WrittenLap(STEADY, -600, total_s=1800, distance_m=5400)]))
        assert run.start == EVENING
        assert_run(run, 5400, 1800)

    @pytest.mark.parametrize("start", ["1989-12-31T00:00:00Z", "2156-02-07T06:28:15Z", "", "soon"])
    def test_a_lap_that_begins_in_another_year_begins_where_the_one_before_ends(self, start: str) -> None:
        laps = [WrittenLap(FIRST, 0, total_s=900), WrittenLap(SECOND, 900, total_s=900)]
        written = tcx(laps).replace(b'StartTime="2026-01-20T17:15:00Z"', f'StartTime="{start}"'.encode())
        run = run_in(written)
        assert_run(run, 5400, 1800)
        assert laps_text(run.laps) == [(0, 900, 2700), (900, 1800, 2700)]

    def test_laps_out_of_order_are_put_in_order(self) -> None:
        laps = [WrittenLap(SECOND, 900, total_s=900), WrittenLap(FIRST, 0, total_s=900)]
        run = run_in(tcx(laps))
        assert_run(run, 5400, 1800)
        assert laps_text(run.laps) == [(0, 900, 2700), (900, 1800, 2700)]

    def test_their_order_never_goes_back(self) -> None:
        laps = [WrittenLap(STEADY, start, total_s=600) for start in (0, 1200, 600, 5000, -20)]
        run = run_in(tcx(laps))
        assert all(before.end_s <= after.start_s + 1e-6 for before, after in pairwise(run.laps))
        assert all(lap.end_s >= lap.start_s for lap in run.laps)


class TestOrder:
    def test_points_of_one_second_are_one_and_nobody_is_alarmed(self) -> None:
        doubles = [half for point in STEADY for half in (replace(point, hr=None), replace(point, lat=None))]
        run = run_in(gpx(doubles))
        assert_run(run, 5400, 1800)
        assert (len(run.samples), run.problems) == (181, ())
        assert run.samples.coverage(run.samples.heart_rate_bpm) == 1

    @pytest.mark.parametrize("shape", ["one segment", "segments", "tracks"])
    def test_a_stretch_that_is_there_twice_counts_once(self, shape: str) -> None:
        again = STEADY[60:121]
        match shape:
            case "one segment":
                written = gpx([*STEADY[:121], *again, *STEADY[121:]])
            case "segments":
                written = gpx(STEADY, again)
            case _:
                written = gpx_file(gpx_track(STEADY), gpx_track(STEADY))
        run = run_in(written)
        assert_run(run, 5400, 1800)
        assert run.problems == ()

    def test_a_recording_written_backwards_is_turned_round(self) -> None:
        run = run_in(gpx(STEADY[::-1]))
        assert_run(run, 5400, 1800)
        assert run.problems == ()

    def test_single_points_that_were_written_late_find_their_place(self) -> None:
        late = [
            *STEADY[:50],
            STEADY[51],
            STEADY[50],
            *STEADY[52:90],
            STEADY[92],
            STEADY[91],
            STEADY[90],
            *STEADY[93:],
        ]
        run = run_in(tcx_of(late))
        assert_run(run, 5400, 1800)
        assert len(run.samples) == 181

    def test_segments_out_of_order_are_put_in_order(self) -> None:
        assert_run(run_in(gpx(SECOND, FIRST)), 5400, 1800)

    @pytest.mark.parametrize(("hours", "text"), [(1, "1 h"), (2, "2 h"), (12, "12 h"), (24, "24 h")])
    def test_a_clock_that_was_set_back_goes_on(self, hours: int, text: str) -> None:
        run = run_in(gpx([*FIRST, *moved(SECOND, -3600 * hours)]))
        assert_run(run, 5400, 1800)
        assert run.start == EVENING
        assert run.problems == (f"the clock was set back by {text} on the way: put right",)

    def test_also_one_that_was_set_by_satellite(self) -> None:
        run = run_in(gpx([*FIRST, *moved(SECOND, -83)]))
        assert_run(run, 5400, 1800)
        assert run.problems == ("the clock was set back by 83 s on the way: put right",)

    @pytest.mark.parametrize("years", [-36, -20, 1, 20])
    def test_moments_in_another_year_are_left_out(self, years: int) -> None:
        wrong = moved(STEADY[:3], years * 365.25 * 86_400)
        run = run_in(gpx([*wrong, *STEADY[3:]]))
        assert run.distance_m == pytest.approx(5400 - 90, abs=1)
        assert run.start == EVENING + timedelta(seconds=30)
        assert len(run.problems) == 1

    @pytest.mark.parametrize("hours", [-7 * 24, -20, 30])
    def test_so_are_a_few_points_hours_away_from_all_others(self, hours: int) -> None:
        stray = moved(STEADY[:3], hours * 3600)
        points = [*stray, *STEADY] if hours < 0 else [*STEADY, *stray]
        run = run_in(tcx_of(points))
        assert_run(run, 5400, 1800)
        assert run.start == EVENING

    def test_points_without_a_time_are_left_out_and_counted(self) -> None:
        written = gpx(STEADY).replace(b"<time>2026-01-20T17:10:00Z</time>", b"<time></time>")
        run = run_in(written)
        assert_run(run, 5400, 1800)
        assert run.problems == ("1 of 181 points left out: they have no time",)

    def test_a_jump_to_the_past_without_a_reason_leaves_the_smaller_part_out(self) -> None:
        elsewhere = [replace(point, lat=(point.lat or 0) + 3) for point in moved(STEADY[:11], 500)]
        run = run_in(gpx([*STEADY[:100], *elsewhere, *STEADY[100:]]))
        assert run.distance_m == pytest.approx(5400, rel=0.01)
        assert run.timer_s == 1800


def test_a_track_over_two_days_is_two_runs() -> None:
    first, second = runs_in(gpx([*STEADY, *moved(STEADY, 86_400)]))
    assert_run(first, 5400, 1800)
    assert_run(second, 5400, 1800)
    assert second.start - first.start == timedelta(days=1)


@pytest.mark.parametrize("start_s", [0.0, None])
def test_a_lap_with_one_point_is_as_long_as_it_says(start_s: float | None) -> None:
    run = run_in(tcx([WrittenLap(steady(1800)[:1], start_s, 1800, 5400)]))
    assert_run(run, 5400, 1800)
    assert run.elapsed_s == 1800


@pytest.mark.parametrize("total", ["1e308", "-1e308", "864001", "1e-320"])
def test_a_lap_longer_than_any_race_says_nothing_of_its_length(total: str) -> None:
    run = run_in(tcx([WrittenLap(steady(1800), 0, 1800, 5400)]).replace(b">1800<", f">{total}<".encode()))
    assert_run(run, 5400, 1800)


def test_laps_without_points_that_have_one_start_follow_each_other() -> None:
    run = run_in(tcx([WrittenLap((), 0, 1800, 5400), WrittenLap((), 0, 600, 1800)]))
    assert_run(run, 7200, 2400)
    assert run.elapsed_s == 2400
    assert [(lap.start_s, lap.end_s) for lap in run.laps] == [(0, 1800), (1800, 2400)]
