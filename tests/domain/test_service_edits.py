"""What a service shows otherwise than the recording it holds was corrected there, and nothing else was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import RUNNING, Activity, StatedTotals
from syncd.domain.corrections import CorrectionKind
from syncd.domain.service_edits import repeats, service_edits
from tests.domain.test_corrections import RUN, START, run_of

SHOWN = StatedTotals(RUN.start, RUN.timer_s, RUN.elapsed_s, RUN.distance_m)


def test_what_a_service_repeats_was_not_corrected() -> None:
    assert service_edits(RUN, SHOWN) == {}
    assert service_edits(RUN, StatedTotals()) == {}


@pytest.mark.parametrize(
    "shown",
    [
        replace(SHOWN, distance_m=RUN.distance_m + 4),
        replace(SHOWN, timer_s=RUN.timer_s + 1.5),
        replace(SHOWN, timer_s=RUN.elapsed_s),
        replace(SHOWN, start=RUN.start + timedelta(seconds=30)),
        replace(SHOWN, distance_m=0.0, timer_s=0.0),
        replace(SHOWN, distance_m=float("nan")),
    ],
)
def test_rounding_and_another_clock_correct_nothing(shown: StatedTotals) -> None:
    assert service_edits(RUN, shown) == {}


def test_a_wrong_total_of_the_file_that_the_service_repeats_is_no_correction() -> None:
    stated = StatedTotals(RUN.start, RUN.timer_s, RUN.elapsed_s, RUN.distance_m + 60_000)
    assert service_edits(replace(RUN, stated=stated), replace(SHOWN, distance_m=stated.distance_m)) == {}


def test_a_distance_is_corrected_also_by_little() -> None:
    edits = service_edits(RUN, replace(SHOWN, distance_m=RUN.distance_m + 60))
    assert edits == {CorrectionKind.DISTANCE: {"metres": RUN.distance_m + 60}}


def test_where_the_file_states_nothing_two_ways_of_measuring_are_alike() -> None:
    plain = replace(RUN, stated=StatedTotals())
    assert service_edits(plain, replace(SHOWN, distance_m=RUN.distance_m * 1.015)) == {}
    assert CorrectionKind.DISTANCE in service_edits(plain, replace(SHOWN, distance_m=RUN.distance_m * 1.05))


def test_a_distance_that_nobody_can_run_is_none() -> None:
    assert service_edits(RUN, replace(SHOWN, distance_m=67_200.0)) == {}


def test_a_shorter_time_is_a_part_of_the_run_with_the_distance_of_that_part() -> None:
    shown = replace(SHOWN, timer_s=1800.0, elapsed_s=1800.0, distance_m=_metres_at(1800))
    assert service_edits(RUN, shown) == {CorrectionKind.TRIM: {"from_s": 0.0, "to_s": 1800.0}}


def test_a_later_start_is_a_part_from_there() -> None:
    metres = RUN.distance_m - _metres_at(600)
    shown = StatedTotals(RUN.start + timedelta(seconds=600), 1800.0, 1800.0, metres)
    assert service_edits(RUN, shown) == {CorrectionKind.TRIM: {"from_s": 600.0, "to_s": 2400.0}}


def test_a_part_with_another_distance_is_both() -> None:
    shown = replace(SHOWN, timer_s=1800.0, elapsed_s=1800.0, distance_m=4000.0)
    assert set(service_edits(RUN, shown)) == {CorrectionKind.TRIM, CorrectionKind.DISTANCE}


def test_a_longer_time_is_the_new_time() -> None:
    edits = service_edits(RUN, replace(SHOWN, timer_s=RUN.timer_s + 300))
    assert edits == {CorrectionKind.DURATION: {"timer_s": RUN.timer_s + 300}}


def test_another_start_is_a_correction() -> None:
    start = RUN.start - timedelta(days=1)
    assert service_edits(RUN, replace(SHOWN, start=start)) == {
        CorrectionKind.START: {"at": start.isoformat()}
    }


def test_what_has_no_points_can_be_corrected_too() -> None:
    entered = Activity(START, RUNNING, timer_s=3600.0, elapsed_s=3600.0, distance_m=10_000.0)
    edits = service_edits(entered, StatedTotals(START, 3000.0, 3000.0, 9000.0))
    assert set(edits) == {CorrectionKind.TRIM, CorrectionKind.DISTANCE}


def _metres_at(timer_s: float) -> float:
    row = next(row for row, at in enumerate(RUN.samples.timer_s) if at >= timer_s)
    return RUN.samples.distance_m[row]


def test_a_pause_is_not_cut_off() -> None:
    paused = replace(run_of(), timer_s=2400.0, elapsed_s=3000.0)
    assert service_edits(paused, StatedTotals(paused.start, 3000.0, 3000.0, paused.distance_m)) == {}


shown_totals = st.builds(
    StatedTotals,
    st.none() | st.integers(-200, 200).map(lambda seconds: RUN.start + timedelta(seconds=seconds)),
    st.none() | st.floats(RUN.timer_s - 60, RUN.timer_s + 60),
    st.none(),
    st.none() | st.floats(RUN.distance_m - 80, RUN.distance_m + 80),
)


@given(shown_totals, st.booleans())
def test_what_repeats_the_totals_that_were_read_was_not_corrected(shown: StatedTotals, states: bool) -> None:
    run = RUN if states else replace(RUN, stated=StatedTotals())
    if repeats(shown, StatedTotals(run.start, run.timer_s, run.elapsed_s, run.distance_m)):
        assert service_edits(run, shown) == {}
