"""R20: the longest run of 30 days, and what may follow it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.athlete import PastRun
from syncd.domain.training.single_run import cap_m, counted_runs
from tests.domain.training.athletes import MONDAY, messy_histories

EASY_MPS = 2.5


def run(days_ago: int, metres: float) -> PastRun:
    return PastRun(MONDAY - timedelta(days=days_ago), metres, metres / EASY_MPS)


def cap(*history: PastRun) -> float:
    return cap_m(counted_runs(history), MONDAY, EASY_MPS)


@pytest.mark.parametrize(
    ("longest", "allowed"), [(10_000, 11_000), (5000, 5500), (4000, 4500), (1000, 1500), (20_000, 22_000)]
)
def test_ten_per_cent_more_or_half_a_kilometre_below_five(longest, allowed) -> None:
    assert cap(run(3, longest), run(5, longest / 2)) == pytest.approx(allowed)


def test_only_the_last_30_days_count_and_not_the_day_itself() -> None:
    assert cap(run(31, 20_000), run(30, 10_000), run(1, 6000), run(0, 30_000)) == pytest.approx(11_000)


@pytest.mark.parametrize(
    ("old", "allowed"), [(8000, 3200), (20_000, 30 * 60 * EASY_MPS * 20_000 / 20_000), (600, 500)]
)
def test_after_30_days_without_a_run_it_restarts_at_40_per_cent_or_30_minutes(old, allowed) -> None:
    assert cap(run(31, old)) == pytest.approx(min(allowed, 4500))


def test_somebody_without_any_run_starts_with_20_minutes() -> None:
    assert cap() == pytest.approx(20 * 60 * EASY_MPS)


def test_a_run_that_broke_the_cap_counts_as_the_cap_for_14_days() -> None:
    usual = [run(age, 10_000) for age in range(20, 60, 7)]
    assert cap(*usual, run(14, 18_000)) == pytest.approx(11_000 * 1.1)
    assert cap(*usual, run(15, 18_000)) == pytest.approx(18_000 * 1.1)


def test_the_first_runs_on_record_are_never_taken_for_a_leap() -> None:
    assert cap(run(10, 3000), run(3, 9000)) == pytest.approx(9900)


@given(messy_histories(), st.integers(100, 30_000))
def test_one_more_run_never_lowers_the_cap_of_a_runner_who_runs(history, metres) -> None:
    if any((MONDAY - each.day).days <= 30 for each in history):
        assert cap(*history, run(1, metres)) >= cap(*history) - 1e-6
