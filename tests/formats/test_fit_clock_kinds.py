"""FIT whose summary, laps, events or counter are wrong: each kind at many places and in many sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from syncd.domain.activity import Activity
from tests.formats.test_fit_kinds import PLACED, START
from tests.support.fitbytes import EVENTS, LAPS, SESSIONS, file_id, fit, timer_events
from tests.support.reading import assert_run, run_in
from tests.support.tracks import Trackpoint, intervals, laps_text

LEGS = [(600, 3.0), *[(200, 4.0), (100, 2.0)] * 4, (600, 3.0)]
POINTS = intervals(1)
_SEMICIRCLES = 2**31 / 180
Row = dict[str, float]


def recorded(points: list[Trackpoint]) -> bytes:
    rows = []
    for point in points:
        row: Row = {"timestamp": START + point.at_s, "heart_rate": 150}
        if point.distance_m is not None:
            row["distance"] = point.distance_m
        if point.lat is not None and point.lon is not None:
            row |= {"lat": round(point.lat * _SEMICIRCLES), "lon": round(point.lon * _SEMICIRCLES)}
        rows.append(row)
    return PLACED.all(rows)


def stopped(at_s: float, seconds: float) -> list[Trackpoint]:
    return [replace(point, at_s=point.at_s + (seconds if point.at_s > at_s else 0)) for point in POINTS]


def session(elapsed: float | None, timer: float | None, metres: float | None, *, start: float = 0) -> bytes:
    named = {"elapsed": elapsed, "timer": timer, "distance": metres}
    known = {name: value for name, value in named.items() if value is not None}
    return SESSIONS.all([{"start_time": START + start, "timestamp": START + 2400, "sport": 1} | known])


def laps(of: Callable[[int, Row], Row] = lambda _, row: row) -> bytes:
    rows, begin = [], 0.0
    for place, (seconds, mps) in enumerate(LEGS):
        row = {"start_time": START + begin, "timestamp": START + begin + seconds, "elapsed": seconds}
        rows.append(of(place, row | {"timer": seconds, "distance": seconds * mps}))
        begin += seconds
    return LAPS.all(rows)


def run_of(*parts: bytes) -> Activity:
    return run_in(fit(file_id(), *parts))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.75, 0.9])
def test_a_summary_of_a_part_of_the_time_or_the_way_does_not_count(share: float) -> None:
    seconds, metres = 2400 * share, 7600 * share
    for told in (
        session(seconds, seconds, 7600),
        session(seconds, seconds, metres),
        session(2400, seconds, 7600),
        session(2400, 2400, metres),
        session(2400, 2400, 7600 / share),
        session(2400 / share, 2400 / share, 7600),
    ):
        assert_run(run_of(recorded(POINTS), laps(), told), 7600, 2400)


@pytest.mark.parametrize("at", [300, 850, 2300])
@pytest.mark.parametrize("seconds", [30, 240, 1200])
class TestPauses:
    def test_whatever_the_summary_makes_of_them(self, at: int, seconds: int) -> None:
        whole = 2400 + seconds
        rows = recorded(stopped(at, seconds))
        events = timer_events((0, 0), (at, 4), (at + seconds, 0), (whole, 4), start=START)
        for told in (
            session(whole, 2400, 7600),
            session(2400, whole, 7600),
            session(whole, whole, 7600),
            session(None, None, None),
            b"",
        ):
            for marked in (events, b""):
                assert_run(run_of(marked, rows, told), 7600, 2400, whole)

    def test_whatever_the_kind_and_number_of_events(self, at: int, seconds: int) -> None:
        whole = 2400 + seconds
        rows = recorded(stopped(at, seconds))
        for marked in (
            timer_events((0, 0), (at, 1), (at + seconds, 0), (whole, 9), start=START),
            timer_events((at, 4), (at, 4), (at + seconds, 0), (at + seconds, 0), start=START),
            EVENTS.all([{"timestamp": START + at, "event": 0, "event_type": 4}]),
        ):
            assert_run(run_of(marked, rows, session(whole, 2400, 7600)), 7600, 2400, whole)


@pytest.mark.parametrize("hours", [-72, -5, -1, 1, 5, 72])
def test_a_summary_that_begins_at_another_hour_does_not_count(hours: int) -> None:
    run = run_of(recorded(POINTS), laps(), session(2400, 2400, 7600, start=3600 * hours))
    assert_run(run, 7600, 2400)
    assert run.problems == ("the start in the summary contradicts the records, which are believed",)


def test_one_that_begins_after_the_first_records_begins_with_them() -> None:
    assert_run(run_of(recorded(POINTS), laps(), session(2400, 2400, 7600, start=60)), 7600, 2400)


RIGHT = [
    (round(begin), round(begin + seconds), round(seconds * mps))
    for (seconds, mps), begin in zip(LEGS, (sum(s for s, _ in LEGS[:k]) for k in range(10)), strict=True)
]


class TestLaps:
    @pytest.mark.parametrize(
        "of",
        [
            pytest.param(lambda _, row: row | {"distance": 0}, id="without metres"),
            pytest.param(lambda k, row: row | ({"distance": 0} if k == 3 else {}), id="one without metres"),
            pytest.param(lambda _, row: row | {"timer": 0}, id="without a timer"),
            pytest.param(lambda _, row: row | {"elapsed": 0}, id="without elapsed time"),
            pytest.param(lambda k, row: row | ({"elapsed": 4e6} if k == 9 else {}), id="one that never ends"),
            pytest.param(lambda _, row: row | {"start_time": START}, id="all with one start"),
        ],
    )
    def test_records_show_what_they_do_not_say(self, of: Callable[[int, Row], Row]) -> None:
        run = run_of(recorded(POINTS), laps(of), session(2400, 2400, 7600))
        assert_run(run, 7600, 2400)
        assert laps_text(run.laps) == RIGHT
        assert sum(lap.timer_s for lap in run.laps) == pytest.approx(2400, abs=2)

    def test_a_difference_as_real_watches_have_it_is_left(self) -> None:
        run = run_of(
            recorded(POINTS),
            laps(lambda _, row: row | {"distance": row["distance"] * 1.05}),
            session(2400, 2400, 7600),
        )
        assert laps_text(run.laps)[0] == (0, 600, 1890)


@pytest.mark.parametrize(
    "counter",
    [
        pytest.param(lambda row, metres: 0.0 if 900 <= row < 950 else metres, id="zeros for a while"),
        pytest.param(lambda row, metres: metres - 3000 * (row > 1100), id="starts anew"),
        pytest.param(lambda row, metres: metres + 1000 * (row > 900), id="leaps"),
        pytest.param(lambda row, metres: metres - 2 * (row % 2), id="trembles"),
        pytest.param(lambda row, metres: 2800.0 if 900 <= row < 1000 else metres, id="stands and catches up"),
    ],
)
def test_a_counter_that_goes_wrong_is_put_right(counter: Callable[[int, float], float]) -> None:
    points = [
        replace(point, distance_m=counter(row, point.distance_m or 0.0)) for row, point in enumerate(POINTS)
    ]
    for told in (session(2400, 2400, 7600), b""):
        run = run_of(recorded(points), laps(), told)
        assert run.distance_m == pytest.approx(7600, rel=0.005)
        assert not run.doubts
