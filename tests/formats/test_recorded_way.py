"""The way of a run: jumps and spikes cut, counters that restart, and what says it where none is there."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from random import Random

import pytest

from syncd.domain.doubts import Doubt
from syncd.domain.scoring.best_effort import best_effort
from tests.support.reading import assert_run, run_in
from tests.support.tracks import METRES_PER_DEGREE, Trackpoint, gpx, steady, tcx_of

STEADY = steady()


def off(point: Trackpoint, metres_east: float) -> Trackpoint:
    return replace(point, lon=(point.lon or 0) + metres_east / METRES_PER_DEGREE)


def with_places(points: list[Trackpoint], rows: range, metres_east: float) -> list[Trackpoint]:
    return [off(point, metres_east) if row in rows else point for row, point in enumerate(points)]


def with_counter(points: list[Trackpoint], counter: dict[int, float | None]) -> list[Trackpoint]:
    return [replace(point, distance_m=counter.get(row, point.distance_m)) for row, point in enumerate(points)]


def assert_5_km_keeps_its_time(points: list[Trackpoint]) -> None:
    run = run_in(gpx(points))
    assert_run(run, 5400, 1800)
    best = best_effort(run, 5000)
    assert best is not None
    assert best.time_s == pytest.approx(5000 / 3, rel=0.01)


class TestJumps:
    @pytest.mark.parametrize("every", [1, 2, 5, 10])
    @pytest.mark.parametrize("metres", [100, 150, 300, 2000, 50_000, 5_000_000])
    def test_a_point_that_nobody_reached_is_left_out(self, every: int, metres: int) -> None:
        points = steady(every=every)
        assert_5_km_keeps_its_time(with_places(points, range(len(points) // 2, len(points) // 2 + 1), metres))

    @pytest.mark.parametrize("length", [2, 3, 4, 5, 8, 15])
    @pytest.mark.parametrize("metres", [500, 30_000])
    def test_so_are_several_in_a_row(self, length: int, metres: int) -> None:
        points = with_places(steady(every=5), range(100, 100 + length), metres)
        assert_5_km_keeps_its_time(points)

    @pytest.mark.parametrize("rows", [range(1), range(2), range(4), range(7)])
    def test_a_first_fix_that_is_wrong_costs_no_more_than_its_points(self, rows: range) -> None:
        run = run_in(gpx(with_places(STEADY, rows, 40_000)))
        assert 5340 - 30 * len(rows) <= (run.distance_m or 0) <= 5401
        assert run.timer_s == 1800
        assert not run.doubts

    def test_a_last_one_too(self) -> None:
        run = run_in(gpx(with_places(STEADY, range(180, 181), 40_000)))
        assert run.distance_m == pytest.approx(5370, abs=1)

    @pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
    def test_many_of_them_are_told_by_their_number(self, share: float) -> None:
        dice = Random(19)
        rows = [row for row in range(1, 180) if dice.random() < share]
        points = [off(point, 700) if row in rows else point for row, point in enumerate(STEADY)]
        run = run_in(gpx(points))
        assert run.distance_m == pytest.approx(5400, rel=0.02)
        assert "of the distance left out: nobody runs that fast" in run.problems[0]

    @pytest.mark.parametrize(
        ("rows", "metres"),
        [
            pytest.param(range(1), 5370, id="the first"),
            pytest.param(range(5), 5250, id="the first five"),
            pytest.param(range(90, 91), 5400, id="one"),
            pytest.param(range(60, 120), 5400, id="ten minutes"),
            pytest.param(range(1, 180, 3), 5400, id="each third"),
        ],
    )
    def test_zero_zero_is_no_place(self, rows: range, metres: int) -> None:
        places = enumerate(STEADY)
        points = [replace(point, lat=0.0, lon=0.0) if row in rows else point for row, point in places]
        run = run_in(gpx(points))
        assert run.distance_m == pytest.approx(metres, abs=1)
        assert not run.doubts

    @pytest.mark.parametrize(("lat", "lon"), [(91.0, 20.0), (10.0, 181.0), (-1000.0, 0.0), (180.0, 180.0)])
    def test_nor_is_what_lies_beyond_the_earth(self, lat: float, lon: float) -> None:
        points = [*STEADY[:90], replace(STEADY[90], lat=lat, lon=lon), *STEADY[91:]]
        assert_run(run_in(gpx(points)), 5400, 1800)

    def test_who_sprints_is_no_jump(self) -> None:
        points = [
            *steady(600),
            *steady(20, 9.0, every=1, start_s=601, from_m=1803),
            *steady(600, start_s=622, from_m=1986),
        ]
        run = run_in(gpx(points))
        assert run.distance_m == pytest.approx(1986 + 1800, rel=0.002)
        assert run.problems == ()

    def test_positions_that_tremble_at_one_a_second_are_no_jumps(self) -> None:
        dice = Random(7)
        points = [off(point, dice.gauss(0, 4)) for point in steady(every=1)]
        assert run_in(gpx(points)).problems == ()

    def test_a_way_that_nobody_knows_for_long_is_doubtful(self) -> None:
        """By car at 100 km/h, with `running` written on it."""
        run = run_in(gpx(steady(1800, 28.0)))
        assert [doubt.code for doubt in run.doubts] == [Doubt.TORN]

    def test_over_the_date_line_and_near_a_pole(self) -> None:
        across = [replace(point, lat=80.0, lon=179.99 + row * 0.00156) for row, point in enumerate(STEADY)]
        wrapped = [
            replace(point, lon=lon if lon <= 180 else lon - 360)
            for point in across
            if (lon := point.lon or 0)
        ]
        assert run_in(gpx(wrapped)).distance_m == pytest.approx(180 * 30.12, rel=0.01)


class TestCounter:
    def test_a_spike_is_left_out(self) -> None:
        for value in (0.0, 99_999.0, 4_294_967.29, None):
            run = run_in(tcx_of(with_counter(STEADY, {90: value})))
            assert_run(run, 5400, 1800)
            assert run.problems in ((), ("1 jump of the distance left out: nobody runs that fast",))

    @pytest.mark.parametrize("restarts", [(60,), (60, 120), (1,), (30, 40, 150)])
    def test_one_that_starts_anew_goes_on(self, restarts: tuple[int, ...]) -> None:
        """As some recorders begin each lap."""
        points, begun = [], 0.0
        for row, point in enumerate(STEADY):
            begun = 30.0 * (row - 1) if row in restarts else begun
            points.append(replace(point, distance_m=(point.distance_m or 0) - begun, lat=None, lon=None))
        assert_run(run_in(tcx_of(points)), 5400, 1800)

    def test_one_that_leaps_goes_on_from_there(self) -> None:
        points = with_counter(STEADY, {row: 30.0 * row + 100_000 for row in range(90, 181)})
        run = run_in(tcx_of(points))
        assert run.distance_m == pytest.approx(5370, abs=1)
        assert run.problems == ("1 jump of the distance left out: nobody runs that fast",)

    def test_one_that_trembles_adds_nothing(self) -> None:
        dice = Random(3)
        points = with_counter(
            steady(every=1), {row: max(3.0 * row + dice.gauss(0, 3), 0.0) for row in range(1, 1801)}
        )
        assert_run(run_in(tcx_of(points)), 5400, 1800)

    def test_one_that_catches_up_after_standing_still_is_right(self) -> None:
        points = with_counter(STEADY, dict.fromkeys(range(90, 111), 2700.0))
        assert_run(run_in(tcx_of(points)), 5400, 1800)

    def test_one_that_began_before_the_run_counts_from_there(self) -> None:
        points = with_counter(STEADY, {row: 83_000 + 30.0 * row for row in range(181)})
        assert_run(run_in(tcx_of(points)), 5400, 1800)

    def test_one_that_got_stuck_gives_way_to_the_positions(self) -> None:
        run = run_in(tcx_of(with_counter(STEADY, dict.fromkeys(range(60, 181), 1800.0))))
        assert_run(run, 5400, 1800)
        assert run.problems == (
            "the distance is 1800 m by the counter, 5400 m by the positions, which count",
        )

    def test_one_in_kilometres_too(self) -> None:
        assert_run(run_in(tcx_of(with_counter(STEADY, {row: 0.03 * row for row in range(181)}))), 5400, 1800)

    def test_a_foot_pod_outranks_positions_that_wander(self) -> None:
        dice = Random(5)
        wandering = [off(point, dice.gauss(0, 9)) for point in STEADY]
        run = run_in(tcx_of(wandering))
        assert_run(run, 5400, 1800)

    def test_on_a_treadmill_that_stands_under_the_sky_the_counter_is_right(self) -> None:
        assert_run(run_in(tcx_of([replace(point, lat=10.0, lon=20.0) for point in STEADY])), 5400, 1800)

    def test_without_a_counter_the_positions_say_it_in_tcx_too(self) -> None:
        for told in (None, 0, 5400):
            run = run_in(tcx_of(steady(counted=False), total_s=1800, distance_m=told))
            assert_run(run, 5400, 1800)
            assert run.laps[0].distance_m == pytest.approx(5400, rel=0.001)

    def test_a_counter_of_zeros_is_none(self) -> None:
        assert_run(run_in(tcx_of([replace(point, distance_m=0.0) for point in STEADY])), 5400, 1800)

    def test_metres_since_the_point_before_are_added_up(self) -> None:
        dice = Random(11)
        more = [f"<distance>{30 + dice.gauss(0, 2):.1f}</distance>" for _ in STEADY]
        points = [
            replace(point, lat=None, lon=None, more=text) for point, text in zip(STEADY, more, strict=True)
        ]
        assert run_in(gpx(points)).distance_m == pytest.approx(5400, rel=0.02)

    def test_at_last_the_speeds_do(self) -> None:
        points = [replace(point, lat=None, lon=None, more="<speed>3.0</speed>") for point in STEADY]
        run = run_in(gpx(points))
        assert_run(run, 5400, 1800)
        assert run.is_treadmill

    def test_every_sample_between_two_known_ones_has_metres(self) -> None:
        points = [
            replace(point, lat=None, lon=None) if 50 < row < 60 else point for row, point in enumerate(STEADY)
        ]
        run = run_in(gpx(points))
        assert not any(map(isnan, run.samples.distance_m))
        assert run.samples.distance_m[55] == pytest.approx(1650, abs=1)


class TestSpeeds:
    @pytest.mark.parametrize(("unit", "text"), [(1.0, "3.0"), (3.6, "10.8"), (2.237, "6.71"), (3.6, "10,8")])
    def test_they_are_in_metres_a_second_whatever_the_file_has(self, unit: float, text: str) -> None:
        run = run_in(gpx([replace(point, more=f"<speed>{text}</speed>") for point in STEADY]))
        assert run.samples.speed_mps[50] == pytest.approx(3.0, abs=0.01)

    @pytest.mark.parametrize("text", ["0", "300", "-1", "fast", "55.5"])
    def test_those_that_fit_no_unit_come_from_the_way(self, text: str) -> None:
        run = run_in(gpx([replace(point, more=f"<speed>{text}</speed>") for point in STEADY]))
        assert run.samples.speed_mps[50] == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize(
    ("values", "steps"),
    [((85, 85), 170), ((170, 170), 170), ((90, 60), 180), ((172, 110), 172), ((0, 84), None)],
)
def test_cadence_is_that_of_both_feet(values: tuple[int, int], steps: int | None) -> None:
    """Watches count one foot, phones both; walking breaks do not change which."""
    first, sometimes = values
    points = [
        replace(point, more=f"<cadence>{sometimes if row % 5 == 4 else first}</cadence>")
        for row, point in enumerate(STEADY)
    ]
    run = run_in(gpx(points))
    assert run.samples.cadence_spm[0] == (steps if steps is not None else 0)
