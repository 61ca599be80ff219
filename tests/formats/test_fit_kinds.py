"""FIT by the rules of TCX and GPX: totals that records contradict, pauses, last laps, counters, positions."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from syncd.domain.activity import Activity, LapTrigger
from tests.support.fitbytes import (
    ACTIVITIES,
    EVENTS,
    LAPS,
    MIDSUMMER_2024,
    SESSIONS,
    Layout,
    file_id,
    fit,
    timer_events,
)
from tests.support.reading import assert_run, run_in
from tests.support.tracks import METRES_PER_DEGREE, laps_text

START = MIDSUMMER_2024
_SEMICIRCLES = 2**31 / 180
PLACED = Layout(
    1,
    20,
    {
        "timestamp": (253, "I", 1),
        "distance": (5, "I", 100),
        "heart_rate": (3, "B", 1),
        "lat": (0, "i", 1),
        "lon": (1, "i", 1),
    },
)


def records(
    moments: Iterable[float],
    *,
    mps: float = 3.0,
    counted: bool = True,
    placed: bool = True,
    moved_s: float = 0.0,
) -> list[dict[str, float]]:
    """An even run to the north; `moved_s` later than it was run."""
    rows = []
    for moment in moments:
        row = {"timestamp": START + moment + moved_s, "heart_rate": 140}
        if counted:
            row["distance"] = mps * moment
        if placed:
            row["lat"] = round((10 + mps * moment / METRES_PER_DEGREE) * _SEMICIRCLES)
            row["lon"] = round(20 * _SEMICIRCLES)
        rows.append(row)
    return rows


WHOLE = records(range(0, 1801, 5))


def session(elapsed: float | None = 1800, timer: float | None = 1800, metres: float | None = 5400) -> bytes:
    told = {"elapsed": elapsed, "timer": timer, "distance": metres}
    known = {name: value for name, value in told.items() if value is not None}
    return SESSIONS.all([{"start_time": START, "timestamp": START + 1800, "sport": 1} | known])


def lap(begin: float, seconds: float, metres: float, timer: float | None = None) -> dict[str, float]:
    return {
        "start_time": START + begin,
        "timestamp": START + begin + seconds,
        "elapsed": seconds,
        "timer": seconds if timer is None else timer,
        "distance": metres,
    }


def run_of(*parts: bytes, rows: Iterable[dict[str, float]] = WHOLE) -> Activity:
    return run_in(fit(file_id(), PLACED.all(rows), *parts))


@pytest.mark.parametrize(
    ("elapsed", "timer", "metres"),
    [
        pytest.param(1800, 1800, 5400, id="right"),
        pytest.param(None, None, None, id="missing"),
        pytest.param(0, 0, 0, id="zero"),
        pytest.param(1800, None, None, id="only-elapsed"),
        pytest.param(900, 900, 2700, id="of-half"),
        pytest.param(1800, 900, 5400, id="half-the-timer"),
        pytest.param(18_000, 18_000, 5400, id="ten-times-the-time"),
        pytest.param(1800, 1800, 54_000, id="ten-times-the-distance"),
        pytest.param(1800, 1800, 5.4, id="in-kilometres"),
    ],
)
def test_records_outrank_a_session_that_they_contradict(
    elapsed: float | None, timer: float | None, metres: float | None
) -> None:
    assert_run(run_of(session(elapsed, timer, metres)), 5400, 1800)


def test_a_file_without_a_session_is_rebuilt() -> None:
    run = run_in(fit(file_id(), PLACED.all(WHOLE), LAPS.all([lap(0, 1800, 5400)])))
    assert (run.timer_s, run.distance_m) == (1800, 5400)


def test_a_disagreement_is_told_in_numbers() -> None:
    problems = run_of(session(1800, 1800, 6000)).problems
    assert problems == ("the summary says 6000 m, its records 5400 m, which count",)
    assert run_of(session(900, 900, 5400)).problems == (
        "the summary ends after 900 s, its records after 1800 s, which count",
        "the summary has a timer of 900 s, its records 1800 s, which count",
    )


def test_a_summary_of_more_than_half_a_recording_counts() -> None:
    """The rest was lost: the watch knew more than its file has."""
    run = run_of(session(), rows=records(range(0, 901, 5)))
    assert (run.timer_s, run.distance_m) == (1800, 5400)


class TestPauses:
    rows = (
        *records(range(0, 901, 5)),
        *records(range(901, 1801, 5), moved_s=240),
        *records([1800], moved_s=240),
    )

    def test_stops_of_the_timer_are_pauses(self) -> None:
        events = timer_events((0, 0), (900, 4), (1140, 0), (2040, 4), start=START)
        for told in (session(2040, 1800), session(2040, None), session(None, None), session(2040, 2040)):
            assert_run(run_of(events, told, rows=self.rows), 5400, 1800, 2040)

    def test_without_them_what_the_timer_lacks_is_laid_into_the_gaps(self) -> None:
        run = run_of(session(2040, 1800), rows=self.rows)
        assert_run(run, 5400, 1800, 2040)
        assert run.samples.timer_s[-1] == pytest.approx(1800, abs=2)

    def test_where_nothing_tells_gaps_of_half_a_minute_are_pauses(self) -> None:
        assert_run(run_in(fit(file_id(), PLACED.all(self.rows))), 5400, 1800, 2040)

    def test_swapped_totals_are_put_right(self) -> None:
        run = run_of(session(1800, 2040), rows=self.rows)
        assert_run(run, 5400, 1800, 2040)
        assert "the summary has elapsed time and timer swapped" in run.problems

    def test_stops_through_which_records_go_on_are_none(self) -> None:
        events = timer_events((0, 0), (600, 4), (900, 0), (1800, 4), start=START)
        assert_run(run_of(events, session()), 5400, 1800)

    def test_standing_with_records_is_time(self) -> None:
        standing = [
            row | {"timestamp": row["timestamp"] + s} for s in range(5, 240, 5) for row in self.rows[180:181]
        ]
        rows = [*self.rows[:181], *standing, *self.rows[181:]]
        assert_run(run_of(session(2040, 2040), rows=rows), 5400, 2040)


class TestLaps:
    def test_a_last_part_without_a_lap_is_one(self) -> None:
        run = run_of(LAPS.all([lap(0, 600, 1800), lap(600, 600, 1800)]), session())
        assert laps_text(run.laps) == [(0, 600, 1800), (600, 1200, 1800), (1200, 1800, 1800)]
        assert run.laps[-1].trigger is LapTrigger.SESSION_END
        assert sum(lap.timer_s for lap in run.laps) == 1800

    def test_a_few_seconds_are_none(self) -> None:
        run = run_of(LAPS.all([lap(0, 900, 2700), lap(900, 892, 2676)]), session())
        assert len(run.laps) == 2

    def test_a_file_without_laps_has_none(self) -> None:
        assert run_of(session()).laps == ()


class TestWay:
    def test_positions_say_it_where_there_is_no_counter(self) -> None:
        for told in (5400, 0, None):
            assert_run(
                run_of(session(1800, 1800, told), rows=records(range(0, 1801, 5), counted=False)), 5400, 1800
            )

    def test_or_where_the_counter_stays_at_zero(self) -> None:
        rows = [row | {"distance": 0} for row in WHOLE]
        assert_run(run_of(session(1800, 1800, 0), rows=rows), 5400, 1800)

    def test_zero_zero_and_jumps_are_cut_there_too(self) -> None:
        rows = records(range(0, 1801, 5), counted=False)
        rows[100] |= {"lat": 0, "lon": 0}
        rows[200] |= {"lat": round(50 * _SEMICIRCLES)}
        run = run_of(session(1800, 1800, None), rows=rows)
        assert_run(run, 5400, 1800)
        assert run.problems == ("1 jump of the distance left out: nobody runs that fast",)

    @pytest.mark.parametrize("value", [0, 42_949_672, 99_999])
    def test_a_spike_of_the_counter_is_left_out(self, value: float) -> None:
        rows = [row | {"distance": value} if place == 180 else row for place, row in enumerate(WHOLE)]
        assert_run(run_of(session(), rows=rows), 5400, 1800)

    def test_a_spike_that_went_into_the_total_too(self) -> None:
        rows = [
            row | {"distance": row["distance"] + (90_000 if place > 180 else 0)}
            for place, row in enumerate(WHOLE)
        ]
        run = run_of(session(1800, 1800, 95_400), rows=rows)
        assert run.distance_m == pytest.approx(5385, abs=1)

    def test_a_counter_that_starts_anew_goes_on(self) -> None:
        rows = [row | {"distance": row["distance"] % 2700} for row in WHOLE]
        assert_run(run_of(session(), rows=rows), 5400, 1800)

    def test_a_car_with_running_on_it_is_doubtful(self) -> None:
        run = run_of(session(1800, 1800, 50_000), rows=records(range(0, 1801, 5), mps=27.8, counted=False))
        assert run.doubts

    def test_indoors_the_summary_counts_as_the_runner_corrected_it(self) -> None:
        told = {
            "start_time": START,
            "sport": 1,
            "sub_sport": 1,
            "elapsed": 1800,
            "timer": 1800,
            "distance": 6000,
        }
        rows = records(range(0, 1801, 5), placed=False)
        run = run_in(fit(file_id(), PLACED.all(rows), SESSIONS.all([told])))
        assert (run.distance_m, run.is_treadmill) == (6000, True)


class TestOrder:
    def test_records_of_one_second_are_one(self) -> None:
        rows = [half for row in WHOLE for half in (row, row)]
        assert len(run_of(session(), rows=rows).samples) == len(WHOLE)

    def test_a_stretch_that_is_there_twice_counts_once(self) -> None:
        assert_run(run_of(session(), rows=[*WHOLE, *WHOLE[100:200]]), 5400, 1800)

    @pytest.mark.parametrize("years", [-20, 1, 20])
    def test_records_of_another_year_are_left_out(self, years: int) -> None:
        wrong = [row | {"timestamp": row["timestamp"] + years * 31_557_600} for row in WHOLE[:3]]
        run = run_of(session(), rows=[*wrong, *WHOLE[3:]])
        assert_run(run, 5400, 1800)


def test_an_event_of_another_kind_is_no_stop() -> None:
    events = EVENTS.all([{"timestamp": START + 600, "event": 3, "event_type": 4}])
    assert_run(run_of(events, session()), 5400, 1800)


def test_the_local_time_of_the_watch_is_kept() -> None:
    run = run_of(session(), ACTIVITIES.all([{"timestamp": START, "local_timestamp": START + 7200}]))
    assert run.utc_offset is not None
    assert run.utc_offset.total_seconds() == 7200
