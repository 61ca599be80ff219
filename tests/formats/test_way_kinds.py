"""Places and counters that go wrong: each kind at many places of a run, in many sizes and lengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from syncd.domain.scoring.best_effort import best_effort
from tests.support.reading import assert_run, run_in
from tests.support.tracks import METRES_PER_DEGREE, Trackpoint, gpx, steady, tcx_of


def aside(point: Trackpoint, north_m: float, east_m: float) -> Trackpoint:
    return replace(
        point,
        lat=(point.lat or 0) + north_m / METRES_PER_DEGREE,
        lon=(point.lon or 0) + east_m / METRES_PER_DEGREE,
    )


@pytest.mark.parametrize("every", [1, 3, 10, 15, 20])
@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize(("north_m", "east_m"), [(200, 0), (-400, 0), (0, 300), (0, 1e6)])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_a_few_places_off_the_way_are_left_out(
    every: int, length: int, north_m: float, east_m: float, share: float
) -> None:
    """Also where a sprinter might have reached them: they are left as quickly as they were reached."""
    points = steady(every=every)
    first = max(1, int(share * len(points)))
    rows = range(first, first + length)
    run = run_in(
        gpx([aside(point, north_m, east_m) if row in rows else point for row, point in enumerate(points)])
    )
    assert_run(run, 5400, 1800)


@pytest.mark.parametrize("every", [5, 10, 20])
@pytest.mark.parametrize("metres", [300, 5000])
def test_a_first_place_that_is_wrong_adds_nothing(every: int, metres: float) -> None:
    first, *others = steady(every=every)
    run = run_in(gpx([aside(first, 0, metres), *others]))
    assert 5400 - 3 * every - 1 <= (run.distance_m or 0) <= 5401


@pytest.mark.parametrize("length", [3, 12, 30])
@pytest.mark.parametrize("counted", [True, False])
def test_what_stands_still_and_catches_up_was_run_meanwhile(length: int, counted: bool) -> None:
    """As places of phones in a pocket, and counters in a tunnel: no test is quicker by it."""
    points = steady(1800, counted=counted)
    stood = [
        replace(point, lat=points[60].lat, distance_m=points[60].distance_m)
        if 60 <= row < 60 + length
        else point
        for row, point in enumerate(points)
    ]
    run = run_in(tcx_of(stood))
    assert run.distance_m == pytest.approx(5400, rel=0.012)
    assert not run.doubts
    for metres in (1000, 5000):
        best = best_effort(run, metres)
        assert best is not None
        assert best.time_s == pytest.approx(metres / 3, rel=0.02)


COUNTERS: dict[str, Callable[[int, float], float | None]] = {
    "a leap of 300 m": lambda row, metres: metres + 300 * (row > 90),
    "a leap of 1 km": lambda row, metres: metres + 1000 * (row > 90),
    "a fall of 1 km": lambda row, metres: metres - 1000 * (row > 120),
    "rolls over": lambda _, metres: metres % 2000,
    "one value below 0": lambda row, metres: -5 if row == 50 else metres,
    "one that is no number": lambda row, metres: float("nan") if row == 50 else metres,
    "zeros for a minute": lambda row, metres: 0.0 if 50 <= row < 56 else metres,
    "zeros for four minutes": lambda row, metres: 0.0 if 50 <= row < 74 else metres,
    "each other one 0": lambda row, metres: 0.0 if row % 2 else metres,
    "the first one huge": lambda row, metres: 1e6 if row == 0 else metres,
    "the last one huge": lambda row, metres: 9e5 if row == 180 else metres,
    "the last one 0": lambda row, metres: 0.0 if row == 180 else metres,
    "each eighteenth 5 km more": lambda row, metres: metres + 5000 * (row % 18 == 9),
    "goes on from another run": lambda _, metres: metres + 12_345.6,
}  # fmt: skip
PLACED: dict[str, Callable[[int, float], float | None]] = {
    "in kilometres": lambda _, metres: metres / 1000,
    "none at the beginning": lambda row, metres: None if row < 10 else metres,
    "none at the end": lambda row, metres: None if row > 170 else metres,
    "stuck": lambda _, metres: min(metres, 2000),
}


@pytest.mark.parametrize("name", COUNTERS)
@pytest.mark.parametrize("placed", [True, False])
def test_a_counter_that_goes_wrong_is_put_right(name: str, placed: bool) -> None:
    points = [
        replace(point, distance_m=COUNTERS[name](row, point.distance_m or 0.0))
        for row, point in enumerate(steady(placed=placed))
    ]
    for total_s, metres in ((None, None), (1800, 5400)):
        run = run_in(tcx_of(points, total_s=total_s, distance_m=metres))
        assert run.distance_m == pytest.approx(5400, rel=0.007)
        assert (run.timer_s, run.doubts) == (1800, ())


@pytest.mark.parametrize("name", PLACED)
def test_one_that_says_too_little_gives_way_to_the_places(name: str) -> None:
    points = [
        replace(point, distance_m=PLACED[name](row, point.distance_m or 0.0))
        for row, point in enumerate(steady())
    ]
    assert_run(run_in(tcx_of(points)), 5400, 1800)


class TestNames:
    @pytest.mark.parametrize(
        "more",
        [
            "<heart>140</heart>",
            "<hrm>140</hrm>",
            "<hr_bpm>140</hr_bpm>",
            "<heart_rate_bpm>140</heart_rate_bpm>",
            "<heartRateValue>140</heartRateValue>",
            "<beatsPerMinute>140</beatsPerMinute>",
            "<osmand:sensor_hr>140</osmand:sensor_hr>",
            "<hr>0</hr><gpxtpx:TrackPointExtension><gpxtpx:hr>140</gpxtpx:hr></gpxtpx:TrackPointExtension>",
        ],
    )
    def test_a_heart_rate_has_still_more_names(self, more: str) -> None:
        run = run_in(gpx([replace(point, more=more) for point in steady(hr=None)]))
        assert set(run.samples.heart_rate_bpm) == {140.0}

    def test_a_bicycle_cadence_of_0_does_not_hide_the_one_of_running(self) -> None:
        more = "<Cadence>0</Cadence><TPX><RunCadence>85</RunCadence></TPX>"
        run = run_in(tcx_of([replace(point, more=more) for point in steady()]))
        assert set(run.samples.cadence_spm) == {170.0}
