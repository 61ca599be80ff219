"""Race equivalents: ranges whose quick end is the published prediction, never one number above 4 h."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.training.equivalents import NO_SINGLE_TIME_FROM_S, Equivalent, equivalents

VDOTS = st.floats(18, 85)


def named(vdot: float, name: str) -> Equivalent:
    return next(each for each in equivalents(vdot) if each.name == name)


@pytest.mark.parametrize(
    ("vdot", "name", "published_s"),
    [
        (30, "5K", 30 * 60 + 40),
        (40, "10K", 50 * 60 + 3),
        (50, "half", 5495),
        (30, "marathon", 4 * 3600 + 49 * 60 + 17),
        (50, "marathon", 3 * 3600 + 10 * 60 + 49),
        (60, "marathon", 2 * 3600 + 43 * 60 + 25),
    ],
)
def test_the_quick_end_is_the_published_race_table(vdot: float, name: str, published_s: float) -> None:
    assert named(vdot, name).fast_s == pytest.approx(published_s, rel=0.002)


@pytest.mark.parametrize(
    ("vdot", "error"), [(70, 0.011), (50, 0.06), (42, 0.06), (40, 0.104), (37, 0.104), (25, 0.104)]
)
def test_the_marathon_range_is_as_wide_as_predictions_were_wrong(vdot: float, error: float) -> None:
    marathon = named(vdot, "marathon")
    assert marathon.slow_s / marathon.fast_s == pytest.approx(1 + error)


@given(VDOTS)
def test_a_marathon_that_may_take_four_hours_has_no_single_time(vdot: float) -> None:
    marathon = named(vdot, "marathon")
    assert (marathon.time_s is None) == (marathon.slow_s >= NO_SINGLE_TIME_FROM_S)


def test_the_edge_of_four_hours() -> None:
    """6 % over a prediction of 3:46:25 is 4:00:00."""
    assert named(40.75, "marathon").time_s is not None
    assert named(40.6, "marathon").time_s is None


@given(VDOTS, VDOTS)
def test_a_higher_fitness_never_gives_a_later_time(one: float, other: float) -> None:
    for low, high in zip(equivalents(min(one, other)), equivalents(max(one, other)), strict=True):
        assert high.fast_s <= low.fast_s
        assert high.slow_s <= low.slow_s


@given(VDOTS)
def test_ranges_begin_at_the_prediction_and_widen_with_the_distance(vdot: float) -> None:
    found = equivalents(vdot)
    assert [each.name for each in found] == ["5K", "10K", "half", "marathon"]
    widths = [each.slow_s / each.fast_s for each in found]
    assert widths == sorted(widths)
    assert widths[0] == 1
    assert all(each.time_s in (None, each.fast_s) for each in found)
    assert all(each.time_s is not None for each in found[:3])
