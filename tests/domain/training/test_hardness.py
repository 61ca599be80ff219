"""How hard a run was: what each measure says, and that what nobody measured says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.scoring.card import Work
from syncd.domain.training.hardness import HardnessLevel, Sign, hardness_of

EASY, MODERATE, HARD = HardnessLevel

seconds = st.floats(0, 7200)
works = st.none() | st.builds(Work, seconds, seconds, seconds, seconds, seconds)
efforts = st.none() | st.floats(1, 10)
shares = st.none() | st.floats(0, 1)


def test_nothing_measured_is_easy() -> None:
    assert hardness_of().level is EASY


@pytest.mark.parametrize(
    ("measured", "level", "sign"),
    [
        ({"work": Work(five_k_s=600.0)}, HARD, Sign.FIVE_K),
        ({"work": Work(five_k_s=599.0, threshold_s=600.0)}, HARD, Sign.THRESHOLD),
        ({"work": Work(half_s=600.0)}, HARD, Sign.HALF),
        ({"work": Work(half_s=599.0, marathon_s=1199.0)}, EASY, Sign.NOTHING),
        ({"work": Work(marathon_s=1200.0)}, HARD, Sign.MARATHON),
        ({"work": Work(marathon_s=1200.0), "rpe": 4.0}, EASY, Sign.NOTHING),
        ({"work": Work(quick_s=300.0)}, MODERATE, Sign.QUICK),
        ({"work": Work(quick_s=299.0)}, EASY, Sign.NOTHING),
        ({"held_s": 1200.0}, HARD, Sign.THRESHOLD),
        ({"rpe": 8.0}, HARD, Sign.EFFORT),
        ({"rpe": 7.5}, MODERATE, Sign.EFFORT),
        ({"rpe": 4.5}, EASY, Sign.NOTHING),
        ({"above_lt1": 0.2}, MODERATE, Sign.HEART),
        ({"above_lt1": 1.0}, MODERATE, Sign.HEART),
        ({"all_out": True}, HARD, Sign.ALL_OUT),
        ({"all_out": True, "rpe": 3.0}, EASY, Sign.NOTHING),
        ({"raced": True, "rpe": 3.0}, HARD, Sign.RACE),
    ],
)
def test_each_measure_has_its_level(measured, level, sign) -> None:
    found = hardness_of(**measured)
    assert (found.level, found.sign) == (level, sign)


@given(works, efforts, shares)
def test_one_more_minute_of_work_never_makes_a_run_easier(work, rpe, above) -> None:
    before = hardness_of(work=work, rpe=rpe, above_lt1=above)
    known = work or Work()
    more = Work(*(getattr(known, name) + 60 for name in Work.__slots__))
    assert hardness_of(work=more, rpe=rpe, above_lt1=above).level >= before.level


@given(works, shares, st.booleans())
def test_without_an_effort_a_run_is_as_hard_as_its_pace_says(work, above, all_out) -> None:
    unknown = hardness_of(work=work, above_lt1=above, all_out=all_out).level
    assert hardness_of(work=work, above_lt1=above, all_out=all_out, rpe=10.0).level >= unknown
