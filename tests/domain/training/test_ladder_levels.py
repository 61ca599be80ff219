"""The level of a ladder is kept: a success lifts it, failures and a return lower it, forgetting never."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.training.adaptation import QualityOutcome
from syncd.domain.training.conditions import Condition
from syncd.domain.training.ladder_levels import LadderState, ladder_after, ladders_after
from syncd.domain.training.rules.situation import Trouble
from syncd.domain.training.rules.time_off import Before, returning
from syncd.store import Store

BEGIN = date(2026, 1, 6)
LONG_AGO = BEGIN - timedelta(days=400)
GOOD, PARTLY, BAD = 4, 3, 2


def outcomes(*of: tuple[int, int]) -> list[QualityOutcome]:
    """A level and the repetitions in band of four, a week apart."""
    return [
        QualityOutcome(
            f"s{number}", BEGIN + timedelta(weeks=number), "hm_m", level, 4, in_band, None, (5, 6), 0.9, 80
        )
        for number, (level, in_band) in enumerate(of)
    ]


def level(ladder: LadderState | None) -> int:
    assert ladder is not None
    return ladder.decision.level


def after_gap(days: int, back_on: date, trouble: Trouble | None = None) -> Condition:
    return returning("A2:x", back_on, days, Before(30_000, 12_000), trouble=trouble)


RUNS = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([GOOD, PARTLY])), min_size=1, max_size=14)
ALL = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([GOOD, PARTLY, BAD])), min_size=1, max_size=14)


@given(RUNS)
def test_without_a_failure_or_a_return_no_sequence_lowers_a_level(runs) -> None:
    every = outcomes(*runs)
    levels = [level(ladder_after("hm_m", None, every[: n + 1], (), LONG_AGO)) for n in range(len(every))]
    assert levels == sorted(levels)


@given(ALL, st.integers(0, 13))
def test_looking_back_less_far_changes_nothing(runs, gone) -> None:
    every = outcomes(*runs)
    whole = ladder_after("hm_m", None, every, (), LONG_AGO)
    since = BEGIN + timedelta(weeks=gone)
    later = ladder_after("hm_m", whole, [outcome for outcome in every if outcome.day >= since], (), since)
    assert later is None or level(later) == level(whole)


@given(ALL)
def test_asked_again_on_what_is_kept_it_is_the_same(runs) -> None:
    once = ladder_after("hm_m", None, outcomes(*runs), (), LONG_AGO)
    assert ladder_after("hm_m", once, outcomes(*runs), (), LONG_AGO) == once


@given(ALL, st.permutations(range(14)))
def test_the_order_in_which_runs_arrive_does_not_matter(runs, order) -> None:
    every, known, kept = outcomes(*runs), [], None
    for number in order:
        if number < len(every):
            known = sorted([*known, every[number]], key=lambda outcome: outcome.day)
            kept = ladder_after("hm_m", kept, known, (), LONG_AGO)
    anew = LadderState(kept.begun, (), kept.decision)
    assert level(kept) == level(ladder_after("hm_m", anew, every, (), LONG_AGO))


def test_a_level_that_was_reached_long_ago_stays_when_its_sessions_are_forgotten() -> None:
    every = outcomes((1, GOOD), (2, GOOD), (3, GOOD), (3, GOOD))
    whole = ladder_after("hm_m", None, every, (), LONG_AGO)
    assert level(whole) == 4
    since = BEGIN + timedelta(weeks=30)
    smaller = [replace(outcome, day=since, session_id="new") for outcome in outcomes((2, GOOD))]
    assert level(ladder_after("hm_m", whole, smaller, (), since)) == 4


def test_a_success_above_the_level_lifts_it_too() -> None:
    assert level(ladder_after("hm_m", None, outcomes((1, PARTLY), (2, GOOD)), (), LONG_AGO)) == 2


@pytest.mark.parametrize(
    ("runs", "then"),
    [
        ([(1, PARTLY), (5, GOOD)], 5),
        ([(1, PARTLY), (5, GOOD), (5, GOOD)], 6),
        ([(1, PARTLY), (5, PARTLY)], 1),
        ([(1, PARTLY), (5, BAD)], 1),
        ([(4, PARTLY), (4, GOOD)], 4),
    ],
    ids=["up to it", "twice and past it", "partly", "failed", "at it"],
)
def test_a_success_above_the_level_brings_it_up_to_what_was_run(runs, then) -> None:
    assert level(ladder_after("hm_m", None, outcomes(*runs), (), LONG_AGO)) == then


def test_when_the_newest_session_is_taken_back_the_one_before_decides_anew() -> None:
    every = outcomes((3, GOOD), (3, GOOD), (4, BAD))
    whole = ladder_after("hm_m", None, every, (), LONG_AGO)
    without = ladder_after("hm_m", whole, every[:2], (), LONG_AGO)
    never = ladder_after("hm_m", None, every[:2], (), LONG_AGO)
    assert without == never
    assert (without.decision.level, without.decision.evidence) == (4, ("s0", "s1"))
    assert ladder_after("hm_m", without, every, (), LONG_AGO) == whole


@pytest.mark.parametrize(("days", "lost"), [(13, 0), (14, 1), (27, 1), (28, 2), (55, 2), (56, 3), (120, 3)])
def test_a_return_lowers_it_once_by_how_long_it_was(days, lost) -> None:
    every = outcomes((4, GOOD))
    back = BEGIN + timedelta(days=days + 1)
    asked = after_gap(days, back)
    once = ladder_after("hm_m", None, every, (asked,), LONG_AGO)
    assert level(once) == 4 - lost
    assert level(ladder_after("hm_m", once, every, (asked,), LONG_AGO)) == 4 - lost


def test_sessions_from_before_a_return_lift_nothing_after_it() -> None:
    before = outcomes((3, GOOD), (3, GOOD), (4, GOOD))
    back = BEGIN + timedelta(weeks=8)
    later = [
        replace(outcome, day=back + timedelta(days=7 * number), session_id=f"later{number}")
        for number, outcome in enumerate(outcomes((2, GOOD), (3, GOOD), (3, GOOD)), start=1)
    ]
    asked = after_gap(30, back)
    levels = [
        level(ladder_after("hm_m", None, [*before, *later[:count]], (asked,), LONG_AGO)) for count in range(4)
    ]
    assert levels == [2, 3, 3, 4]


def test_a_session_that_does_not_count_moves_nothing() -> None:
    every = outcomes((1, GOOD), (2, GOOD), (3, GOOD))
    doubtful = replace(every[-1], session_id="x", day=every[-1].day + timedelta(days=7), confidence=0.5)
    whole = ladder_after("hm_m", None, every, (), LONG_AGO)
    assert level(ladder_after("hm_m", whole, [*every, doubtful], (), LONG_AGO)) == level(whole)


def test_what_is_kept_comes_back_and_is_written_once(tmp_path) -> None:
    ladders = ladders_after(
        {}, {"hm_m": outcomes((1, GOOD), (2, BAD), (2, BAD))}, (after_gap(30, BEGIN),), LONG_AGO
    )
    with Store.open(tmp_path) as store:
        store.ladders.keep(ladders)
        assert store.ladders.all() == ladders
        before = store.rows("SELECT total_changes() AS number")[0]["number"]
        store.ladders.keep(ladders)
        assert store.rows("SELECT total_changes() AS number")[0]["number"] == before


@pytest.mark.parametrize("days_later", [30, 90, 179])
def test_time_off_lowers_a_ladder_whose_sessions_are_no_longer_looked_at(days_later) -> None:
    whole = ladder_after("hm_m", None, outcomes((4, GOOD)), (), LONG_AGO)
    back = BEGIN + timedelta(days=200)
    asked = after_gap(120, back)
    today = back + timedelta(days=days_later)
    since = today - timedelta(days=180)
    without_sessions = ladder_after("hm_m", whole, (), (asked,), since)
    assert level(without_sessions) == 1
    first = [replace(outcomes((1, PARTLY))[0], day=today, session_id="first")]
    for kept in (whole, without_sessions):
        assert level(ladder_after("hm_m", kept, first, (asked,), since)) == 1


def test_a_lowered_ladder_stays_low_when_the_sessions_before_the_time_off_are_forgotten() -> None:
    every = outcomes((4, GOOD))
    back = BEGIN + timedelta(days=61)
    asked = after_gap(60, back)
    kept = ladder_after("hm_m", None, every, (asked,), LONG_AGO)
    assert level(kept) == 1
    for day in range(70, 700, 7):
        since = BEGIN + timedelta(days=day - 180)
        known = [outcome for outcome in every if outcome.day >= since]
        kept = ladder_after("hm_m", kept, known, (asked,), since)
        assert level(kept) == 1


@given(ALL, st.permutations(range(14)))
def test_runs_that_arrive_in_any_order_lead_to_the_level_of_their_days(runs, order) -> None:
    every, known, kept = outcomes(*runs), [], None
    for number in order:
        if number < len(every):
            known = sorted([*known, every[number]], key=lambda outcome: outcome.day)
            kept = ladder_after("hm_m", kept, known, (), LONG_AGO)
    assert level(kept) == level(ladder_after("hm_m", None, every, (), LONG_AGO))
