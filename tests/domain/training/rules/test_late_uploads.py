"""Who uploads late has not missed a run: A4 to A7 wait as long as the runs usually take to come in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.session import SessionState
from syncd.domain.training.lateness import MOST_LATE_DAYS, usual_lateness
from syncd.domain.training.rules.missed import missed_easy, missed_hard
from syncd.domain.training.rules.missed_long import missed_long
from syncd.domain.training.rules.time_off import gap_return
from syncd.domain.training.rules.too_little import too_little
from tests.domain.training.rules.followed_plan import TODAY, last, lived, missed, proposed
from tests.domain.training.rules.test_missed_long import not_run_on
from tests.domain.training.rules.test_too_little import one_of_each_week, three_weeks

LIVED = lived()


@pytest.mark.parametrize(
    ("late", "usual"),
    [
        ([], 0),
        ([0] * 16, 0),
        ([0, 0, 6, 0], 0),
        ([0, 1, 6, 0], 1),
        ([5, 3, 2, 0] * 4, 5),
        ([9, 8, 0], MOST_LATE_DAYS),
    ],
    ids=["no run", "at once", "once only", "twice", "once a week", "never more than a week"],
)
def test_how_late_runs_usually_come_is_what_happened_twice(late, usual) -> None:
    assert usual_lateness(late) == usual


@pytest.mark.parametrize(
    ("late", "after", "moves"), [(0, 1, True), (1, 1, False), (1, 2, True), (2, 2, False)]
)
def test_a_long_run_that_may_only_be_late_is_not_moved(late, after, moves) -> None:
    _, situation = not_run_on(5, after=after)
    found = [one for one in proposed(missed_long, replace(situation, late_days=late)) if one.edits]
    assert bool(found) is moves


@pytest.mark.parametrize(
    ("late", "days", "said"),
    [(0, 1, False), (0, 2, True), (0, 4, True), (0, 5, False), (3, 3, False), (3, 4, True), (3, 7, False)],
)
@pytest.mark.parametrize(("rule", "kind"), [(missed_hard, "hm_m"), (missed_easy, "easy")])
def test_a_session_that_may_only_be_late_is_neither_moved_nor_told(rule, kind, late, days, said) -> None:
    session = last(LIVED, kind)
    situation = missed(lived(session.day + timedelta(days=days)), session)
    assert bool(proposed(rule, replace(situation, late_days=late))) is said


def test_runs_that_may_only_be_late_take_no_run_and_no_kilometre_out_of_the_weeks() -> None:
    of_each_week = one_of_each_week(4)
    assert proposed(too_little, of_each_week)
    assert not proposed(too_little, replace(of_each_week, late_days=7))
    last_week = [entry.session for entry in LIVED.entries if 0 < (TODAY - entry.session.day).days <= 7]
    nothing_known = missed(lived(), *last_week)
    assert not proposed(too_little, replace(nothing_known, late_days=7))


def test_kilometres_that_are_known_to_be_missing_still_count() -> None:
    situation, _ = three_weeks(0.4)
    assert proposed(too_little, situation)
    assert proposed(too_little, replace(situation, late_days=1))


@pytest.mark.parametrize(
    ("late", "days", "is_gap"), [(0, 7, False), (0, 8, True), (6, 13, False), (6, 14, True)]
)
def test_days_whose_runs_may_only_be_late_are_no_gap(late, days, is_gap) -> None:
    last_run = TODAY - timedelta(days=days + 1)
    history = tuple(run for run in LIVED.history if run.day <= last_run)
    history = (*history, replace(history[-1], day=last_run))
    entries = tuple(
        replace(
            entry,
            state=SessionState.MISSED if last_run < entry.session.day < TODAY else entry.state,
            run=None,
        )
        for entry in LIVED.entries
    )
    waiting = replace(LIVED, runs=(), history=history, entries=entries, late_days=late)
    assert bool(proposed(gap_return, waiting)) is is_gap
