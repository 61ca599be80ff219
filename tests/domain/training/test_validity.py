"""Which tests count, and the easier version of a hard session."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.athlete import Goal
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.easier import easier
from syncd.domain.training.fitness import race_time_s, vdot_of
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.reasons import Cause
from syncd.domain.training.sessions import easy_run, placed, quality_session
from syncd.domain.training.special_sessions import five_k_test, race
from syncd.domain.training.validity import TimedEffort, judged, retest_from
from syncd.domain.training.zones import zones_from_result

NOW = 40.0
EVEN = TimedEffort(5000.0, 5000.0, race_time_s(NOW, 5000.0), (250.0, 252.0, 249.0, 251.0, 248.0), 10.0, 10.0)
SLOWER, BETTER = race_time_s(NOW, 5000.0) * 1.01, race_time_s(NOW, 5000.0) * 0.98


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        pytest.param({}, True, id="even-and-flat"),
        pytest.param({"distance_m": 4950.0}, True, id="4.95-km"),
        pytest.param({"distance_m": 4949.0}, False, id="4.949-km"),
        pytest.param({"distance_m": 5100.0}, True, id="5.10-km"),
        pytest.param({"distance_m": 5101.0}, False, id="5.101-km"),
        pytest.param({"splits_s": (250.0, 270.0)}, True, id="8-%-apart"),
        pytest.param({"splits_s": (250.0, 271.0)}, False, id="more-than-8-%-apart"),
        pytest.param({"climb_m": 50.0, "descent_m": 50.0}, True, id="10-m-a-km"),
        pytest.param({"climb_m": 51.0, "descent_m": 51.0}, False, id="hilly"),
        pytest.param({"climb_m": 0.0, "descent_m": 11.0}, False, id="downhill"),
        pytest.param({"longest_stop_s": 10.0}, True, id="a-stop-of-10-s"),
        pytest.param({"longest_stop_s": 11.0}, False, id="a-stop-of-11-s"),
        pytest.param({"rpe": 8.0}, True, id="effort-8"),
        pytest.param({"rpe": 7.5}, False, id="effort-7.5"),
        pytest.param({"rpe": 7.5, "hr_share": 0.93}, True, id="effort-7.5-but-93-%-of-HRmax"),
        pytest.param({"rpe": None, "hr_share": 0.8}, True, id="effort-not-entered"),
        pytest.param({"temperature_c": 24.9}, True, id="24.9-C"),
        pytest.param({"temperature_c": 25.0}, False, id="25-C"),
        pytest.param({"indoors": True}, False, id="treadmill"),
    ],
)
def test_a_slower_test_counts_only_when_nothing_explains_it(change, valid) -> None:
    effort = replace(EVEN, time_s=SLOWER * change.get("distance_m", 5000.0) / 5000, **change)
    verdict = judged(effort, NOW)
    assert verdict.valid is valid
    assert verdict.why


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        pytest.param({"splits_s": (230.0, 280.0)}, True, id="uneven"),
        pytest.param({"climb_m": 90.0, "descent_m": 90.0}, True, id="hilly"),
        pytest.param({"temperature_c": 30.0}, True, id="hot"),
        pytest.param({"distance_m": 4800.0}, False, id="short"),
        pytest.param({"climb_m": 0.0, "descent_m": 40.0}, False, id="downhill"),
        pytest.param({"indoors": True}, False, id="treadmill"),
    ],
)
def test_a_better_one_counts_in_heat_and_hills_but_never_short_or_downhill(change, valid) -> None:
    effort = replace(EVEN, time_s=BETTER * change.get("distance_m", 5000.0) / 5000, **change)
    assert judged(effort, NOW).valid is valid


def test_a_test_with_a_kilometre_that_nobody_has_run_so_fast_never_counts() -> None:
    """A stray position, not a runner: 2:11.96 is the world record."""
    effort = replace(EVEN, time_s=BETTER, splits_s=(250.0, 252.0, 131.0, 251.0, 248.0))
    for known in (NOW, None):
        verdict = judged(effort, known)
        assert not verdict.valid
        assert verdict.why == Reason(Cause.NO_RUNNING_TIME, {"distance_m": 1000.0, "time_s": 131.0})


def test_more_than_3_percent_slower_waits_for_a_second_one() -> None:
    near, far = (replace(EVEN, time_s=race_time_s(NOW, 5000.0) * by) for by in (1.029, 1.031))
    assert judged(near, NOW).valid
    assert not judged(far, NOW).valid
    assert judged(far, NOW, confirms=True).valid


def test_a_first_test_counts_with_nothing_to_compare_it_with() -> None:
    verdict = judged(EVEN, None)
    assert verdict.valid
    assert verdict.vdot == pytest.approx(vdot_of(5000.0, EVEN.time_s))


DAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("tests", "after", "owed"),
    [
        pytest.param([], 0, None, id="no-test-yet"),
        pytest.param([(DAY, True)], 0, None, id="it-counted"),
        pytest.param([(DAY, False)], 0, DAY + timedelta(days=14), id="one-that-did-not"),
        pytest.param([(DAY, False)], 56, DAY + timedelta(days=14), id="eight-weeks-later"),
        pytest.param([(DAY, False)], 57, None, id="long-after"),
        pytest.param([(DAY - timedelta(days=20), False), (DAY, False)], 0, None, id="two-in-a-row"),
    ],
)
def test_one_more_test_is_owed_after_14_days(tests, after, owed) -> None:
    assert retest_from(tests, DAY + timedelta(days=after)) == owed


def test_a_result_too_good_to_be_taken_at_once_calls_for_a_second_one_in_three_weeks() -> None:
    assert retest_from([(DAY, True)], DAY, waiting=DAY) == DAY + timedelta(weeks=3)
    assert retest_from([(DAY, True)], DAY + timedelta(days=43), waiting=DAY) is None


ZONES = zones_from_result(5000, 1500, as_of=None, source=Reason.legacy("test"))


def session(recipe):
    return placed(recipe, "2026w12-1", DAY, ("S22",))


@pytest.mark.parametrize("family", sorted(TOP_LEVEL))
def test_every_hard_session_of_the_library_has_a_shorter_version(family) -> None:
    for level in range(TOP_LEVEL[family] + 1):
        hard = session(quality_session(family, level, ZONES))
        less = easier(hard, ZONES)
        assert less is not None
        assert (less.id, less.day) == (hard.id, hard.day)
        assert less.distance_m < hard.distance_m


def test_a_test_becomes_controlled_and_a_race_or_an_easy_run_has_none() -> None:
    assert easier(session(five_k_test(ZONES)), ZONES).kind is SessionKind.THRESHOLD
    assert easier(session(race(Goal.FIVE_K, ZONES)), ZONES) is None
    assert easier(session(easy_run(8000, ZONES)), ZONES) is None
