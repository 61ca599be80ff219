"""Pauses, totals and order in TCX and GPX: each kind of trouble at many places and in many sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from syncd.domain.activity import Activity
from syncd.domain.notation import parse_workout
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from tests.support.reading import assert_run, run_in, runs_in
from tests.support.tracks import (
    EVENING,
    METRES_PER_DEGREE,
    Trackpoint,
    WrittenLap,
    gpx,
    gpx_file,
    gpx_track,
    intervals,
    laps_text,
    moved,
    steady,
    tcx,
    tcx_of,
)

WORKOUT = parse_workout("10min @5:20-5:50/km + 4x(800m @4:05-4:15/km + 100s jog) + 10min @5:20-5:50/km")
LEGS = [(600, 3.0), *[(200, 4.0), (100, 2.0)] * 4, (600, 3.0)]
STEADY = steady()


def assert_every_step_is_found(run: Activity, stopped_s: float = 0.0) -> None:
    assert_run(run, 7600, 2400, 2400 + stopped_s)
    prescription = Prescription(PrescriptionOrigin.ARGUMENT, WORKOUT, None)
    assert score_activity(run, prescription, None).alignment.matched == 10


def stopped(points: Sequence[Trackpoint], at_s: float, seconds: float) -> list[Trackpoint]:
    """The same run with nothing recorded for so many seconds more after a moment."""
    return [replace(point, at_s=point.at_s + (seconds if point.at_s > at_s else 0)) for point in points]


@pytest.mark.parametrize("every", [3, 10])
@pytest.mark.parametrize("at", [5, 800, 850, 2390])
@pytest.mark.parametrize("seconds", [30, 900])
class TestPauses:
    """At the border of two paces, in a fast and in a slow leg, near the beginning and the end."""

    def test_with_a_timer_or_without_one(self, every: int, at: int, seconds: int) -> None:
        points = stopped(intervals(every), at, seconds)
        for total_s in (2400, None):
            run = run_in(tcx_of(points, total_s=total_s, distance_m=7600))
            assert_every_step_is_found(run, seconds)
            assert run.problems == ()
        assert_every_step_is_found(run_in(gpx(points)), seconds)

    def test_with_a_timer_that_ran_on(self, every: int, at: int, seconds: int) -> None:
        """As services write it: then the total of the lap is elapsed time."""
        points = stopped(intervals(every), at, seconds)
        run = run_in(tcx_of(points, total_s=2400 + seconds, distance_m=7600))
        assert_every_step_is_found(run, seconds)

    def test_between_two_laps_of_which_the_second_begins_with_the_stop_or_after_it(
        self, every: int, at: int, seconds: int
    ) -> None:
        points = stopped(intervals(every), at, seconds)
        before = [point for point in points if point.at_s <= at]
        after = points[len(before) :]
        metres = before[-1].distance_m or 0.0
        for begin in (before[-1].at_s, after[0].at_s - 1):
            ran = before[-1].at_s if begin == before[-1].at_s else after[0].at_s - 1 - seconds
            run = run_in(
                tcx(
                    [
                        WrittenLap(before, 0, total_s=ran, distance_m=metres),
                        WrittenLap(after, begin, total_s=2400 - ran, distance_m=7600 - metres),
                    ]
                )
            )
            assert_every_step_is_found(run, seconds)


@pytest.mark.parametrize("every", [5, 10])
@pytest.mark.parametrize("at", [5, 600, 850])
def test_a_pause_with_a_point_in_the_middle_of_it_is_one(every: int, at: int) -> None:
    points = stopped(intervals(every), at, 240)
    last = next(row for row, point in enumerate(points) if point.at_s > at) - 1
    alone = replace(points[last], at_s=points[last].at_s + 120)
    run = run_in(gpx([*points[: last + 1], alone, *points[last + 1 :]]))
    assert_run(run, 7600, 2400, 2640)


def sparse(seconds: int) -> tuple[Trackpoint, ...]:
    """Points of a steady run, up to a minute apart."""
    dice = Random(5)
    moments = [0]
    while moments[-1] < seconds:
        moments.append(min(seconds, moments[-1] + dice.choice([5, 12, 20, 34, 45, 60])))
    return tuple(Trackpoint(at, 10 + 3 * at / METRES_PER_DEGREE, 20.0, 3.0 * at, 140) for at in moments)


class TestSparsePoints:
    """A point where the way bends, and none for up to a minute on straight roads: the runner ran on."""

    points = sparse(1800)

    def test_are_no_pauses(self) -> None:
        for written in (gpx(self.points), tcx_of(self.points), tcx_of(self.points, total_s=1800)):
            run = run_in(written)
            assert_run(run, 5400, 1800)
            assert run.problems == ()

    def test_but_a_pause_between_them_is(self) -> None:
        points = stopped(self.points, 900, 660)
        for written in (gpx(points), tcx_of(points), tcx_of(points, total_s=1800)):
            assert_run(run_in(written), 5400, 1800, 2460)


def laps(of: dict[int, tuple[float, float]] | None = None) -> list[WrittenLap]:
    """The ten laps of the intervals; `of` replaces the seconds and metres of some."""
    points, out, begin = intervals(5), [], 0.0
    for place, (seconds, mps) in enumerate(LEGS):
        end = begin + seconds
        inside = [point for point in points if begin <= point.at_s < end or point.at_s == end == 2400]
        total_s, metres = (of or {}).get(place, (seconds, seconds * mps))
        out.append(WrittenLap(inside, begin, total_s=total_s, distance_m=metres))
        begin = end
    return out


class TestTotalsOfLaps:
    @pytest.mark.parametrize(
        "of",
        [
            pytest.param({}, id="right"),
            pytest.param({3: (200, 0)}, id="one without metres"),
            pytest.param({3: (0, 800)}, id="one without seconds"),
            pytest.param({0: (0, 0)}, id="the first empty"),
            pytest.param({9: (0, 0)}, id="the last empty"),
            pytest.param({4: (200, 100)}, id="one swapped"),
            pytest.param(dict.fromkeys(range(10), (0, 0)), id="all empty"),
            pytest.param({k: (s * v, s) for k, (s, v) in enumerate(LEGS)}, id="all swapped"),
            pytest.param({k: (s, s * v / 1000) for k, (s, v) in enumerate(LEGS)}, id="in kilometres"),
            pytest.param({k: (s * 1000, s * v) for k, (s, v) in enumerate(LEGS)}, id="in milliseconds"),
            pytest.param({k: (s, 7600) for k, (s, _) in enumerate(LEGS)}, id="all of the whole run"),
            pytest.param(
                {k: (sum(s for s, _ in LEGS[: k + 1]), 760 * (k + 1)) for k in range(10)}, id="counting up"
            ),
        ],
    )
    def test_points_outrank_them(self, of: dict[int, tuple[float, float]]) -> None:
        assert_every_step_is_found(run_in(tcx(laps(of))))

    def test_laps_in_any_order_are_put_in_order(self) -> None:
        for seed in range(8):
            written = laps()
            Random(seed).shuffle(written)
            run = run_in(tcx(written))
            assert_every_step_is_found(run)
            assert run.problems == ()

    def test_laps_may_lack_their_points_which_stand_in_one_of_them(self) -> None:
        bare = [replace(lap, points=[]) for lap in laps()]
        for place in (0, 9):
            written = [*bare[:place], replace(bare[place], points=intervals(5)), *bare[place + 1 :]]
            assert_every_step_is_found(run_in(tcx(written)))

    def test_or_their_starts(self) -> None:
        assert_every_step_is_found(run_in(tcx([replace(lap, start_s=None) for lap in laps()])))

    def test_the_recorders_sum_counts_where_its_points_agree(self) -> None:
        run = run_in(
            tcx([replace(lap, total_s=lap.total_s + 0.4, distance_m=lap.distance_m + 1) for lap in laps()])
        )
        assert (run.timer_s, run.distance_m) == (pytest.approx(2404), 7610)

    def test_a_lap_that_says_more_than_its_points_is_said(self) -> None:
        assert run_in(tcx_of(STEADY, total_s=1800, distance_m=6000)).problems == (
            "its laps add up to 6000 m, its points to 5400 m, which count",
        )


class TestOtherRuns:
    def test_laps_of_two_days_in_one_activity_are_two_runs(self) -> None:
        for hours in (5, 24):
            later = hours * 3600
            both = tcx(
                [
                    WrittenLap(STEADY, 0, total_s=1800, distance_m=5400),
                    WrittenLap(moved(STEADY, later), later, total_s=1800, distance_m=5400),
                ]
            )
            first, second = runs_in(both)
            for run in (first, second):
                assert_run(run, 5400, 1800)
                assert laps_text(run.laps) == [(0, 1800, 5400)]
            assert (second.start - first.start).total_seconds() == later

    @pytest.mark.parametrize("shape", ["one segment", "two segments"])
    def test_also_where_the_later_day_comes_first(self, shape: str) -> None:
        later = moved(STEADY, 86_400)
        written = gpx([*later, *STEADY]) if shape == "one segment" else gpx(later, STEADY)
        second, first = runs_in(written)
        assert first.start == EVENING
        for run in (first, second):
            assert_run(run, 5400, 1800)

    def test_an_activity_that_is_there_twice_counts_once(self) -> None:
        lap = WrittenLap(STEADY, total_s=1800, distance_m=5400)
        written = tcx([lap]).replace(b"</Activities>", b"")
        activity = written[written.index(b"<Activity ") : written.index(b"</Activity>") + 11]
        assert_run(run_in(tcx([lap]).replace(activity, activity * 2)), 5400, 1800)

    def test_a_lap_of_nothing_is_no_run(self) -> None:
        empty = tcx([WrittenLap([], 0, total_s=0, distance_m=0)])
        activity = empty[empty.index(b"<Activity ") : empty.index(b"</Activity>") + 11]
        assert_run(
            run_in(tcx([WrittenLap(STEADY)]).replace(b"</Activities>", activity + b"</Activities>")),
            5400,
            1800,
        )


class TestClocks:
    def test_a_clock_that_was_wrong_for_the_first_minutes_gives_the_right_start(self) -> None:
        ahead = [*moved(STEADY[:31], 3 * 3600), *STEADY[31:]]
        run = run_in(gpx(ahead))
        assert_run(run, 5400, 1800)
        assert abs((run.start - EVENING).total_seconds()) <= 30

    def test_segments_of_one_run_in_any_order(self) -> None:
        pieces = [STEADY[row : row + 30] for row in range(0, 180, 30)]
        for seed in range(5):
            Random(seed).shuffle(pieces)
            run = run_in(gpx_file(*(gpx_track(piece) for piece in pieces)))
            assert_run(run, 5370, 1790)
            assert run.problems == ()


class TestPartsOfPoints:
    """Position, distance and heart rate each in a point of its own, a part of a second apart."""

    def test_are_one_run(self) -> None:
        points = [
            part
            for at in range(0, 1801, 4)
            for part in (
                Trackpoint(at + 0.1, 10 + 3 * at / METRES_PER_DEGREE, 20.0),
                Trackpoint(at + 0.4, distance_m=3.0 * at),
                Trackpoint(at + 0.7, hr=140),
            )
        ]
        for total_s in (1800, None):
            run = run_in(tcx_of(points, total_s=total_s))
            assert_run(run, 5400, 1800)
            assert run.problems == ()

    def test_five_points_a_second_with_the_same_time_are_one(self) -> None:
        points = [
            Trackpoint(float(at), 10 + 3 * (at + k / 5) / METRES_PER_DEGREE, 20.0)
            for at in range(1801)
            for k in range(5)
        ]
        run = run_in(gpx(points))
        assert_run(run, 5400, 1800)
        assert run.problems == ()
