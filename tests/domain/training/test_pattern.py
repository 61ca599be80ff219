"""Which days of the week are for what."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.training.pattern import week_pattern

ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("runs", "days", "hard"),
    [
        (2, (2, 6), 2),
        (3, (1, 3, 6), 1),
        (4, (1, 3, 4, 6), 1),
        (5, (0, 1, 3, 4, 6), 1),
        (6, (0, 1, 2, 3, 4, 6), 1),
        (7, ALL_DAYS, 1),
    ],
)
def test_the_usual_week_with_the_long_run_on_sunday(runs, days, hard) -> None:
    pattern = week_pattern(runs, ALL_DAYS, 6)
    assert (pattern.days, pattern.hard_day) == (days, hard)


@given(st.sets(st.integers(0, 6), min_size=2), st.data())
def test_a_pattern_uses_available_days_and_keeps_48_hours_round_the_long_run(weekdays, data) -> None:
    available = tuple(sorted(weekdays))
    runs = data.draw(st.integers(2, len(available)))
    long_day = data.draw(st.sampled_from(available))
    hard_from = data.draw(st.integers(0, 6))
    pattern = week_pattern(runs, available, long_day, hard_from)
    assert len(pattern.days) == runs
    assert long_day in pattern.days
    assert weekdays.issuperset(pattern.days)
    if pattern.hard_day is None:
        assert not any(
            2 <= (day - long_day) % 7 <= 5 and day >= hard_from for day in available
        )  # no available day would have done
    else:
        assert pattern.hard_day in pattern.days
        assert pattern.hard_day >= hard_from
        assert 2 <= (pattern.hard_day - long_day) % 7 <= 5


@pytest.mark.parametrize("runs", [2, 3])
def test_few_runs_never_lie_on_consecutive_days(runs) -> None:
    for long_day in ALL_DAYS:
        days = week_pattern(runs, ALL_DAYS, long_day).days
        assert all(after - before >= 2 for before, after in pairwise((*days, days[0] + 7)))
