"""A long run turns out to have been run: what A6 changed for it comes back, where that is safe."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.session import QUALITY_KINDS, SessionKind, SessionState
from syncd.domain.training.rules.edits import is_apart
from syncd.domain.training.rules.missed_long import missed_long
from syncd.domain.training.rules.situation import DoneRun, Situation, after
from syncd.domain.training.rules.taking_back import StaysBecause, taken_back
from tests.domain.training.rules.followed_plan import also_run, held, proposed, run_of
from tests.domain.training.rules.test_missed_long import EVERY_DAY, not_run_on

WEEKDAYS = (0, 1, 3, 5, 6)  # Sunday goes to Monday, the quality session from Tuesday to Thursday


def slid(weekdays=WEEKDAYS, *, gap: int = 2):
    """The long run of Sunday, the quality session, and the situation once A6 moved both."""
    long, situation = not_run_on(6, weekdays)
    situation = replace(situation, limits=replace(situation.limits, gap_days=gap))
    hard = next(entry.session for entry in situation.due if entry.session.kind in QUALITY_KINDS)
    (proposal,) = [one for one in proposed(missed_long, situation) if one.edits]
    assert hard.id in {edit.session_id for edit in proposal.edits}
    return long, hard, proposal.edits, after(situation, proposal.key, proposal.edits, None)


def come_in(situation: Situation, long, *, days: int = 0, hour: int = 8) -> Situation:
    """Its upload, so many days after the move."""
    run = run_of(long)
    entries = tuple(
        replace(entry, state=SessionState.DONE) if entry.session.id == long.id else entry
        for entry in situation.entries
    )
    now = (situation.now + timedelta(days=days)).replace(hour=hour)
    return also_run(replace(situation, entries=entries, now=now), run)


def as_taken_back(situation: Situation, edits) -> tuple[Situation, dict]:
    """What is due then, by session, and what stays with the reason."""
    found = taken_back(situation, edits)
    then = after(situation, "", found.restored, None)
    return then, {session.id: why for session, why in found.kept}


def due(situation: Situation, identity: str):
    return next((entry.session for entry in situation.due if entry.session.id == identity), None)


@pytest.mark.parametrize(
    ("days", "hour", "back"),
    [(0, 8, True), (0, 22, True), (1, 11, True), (1, 12, False), (2, 8, False), (3, 8, False)],
    ids=["the day before", "the evening before", "that morning", "that noon", "a day late", "two days late"],
)
def test_the_quality_session_that_slid_goes_back_to_its_own_day_up_to_that_morning(days, hour, back) -> None:
    long, hard, edits, moved = slid()
    then, _ = as_taken_back(come_in(moved, long, days=days, hour=hour), edits)
    session = due(then, hard.id)
    assert session is not None
    assert (session.day == hard.day) is back
    assert session.workout == hard.workout


@pytest.mark.parametrize("days", range(4))
@pytest.mark.parametrize("hour", [8, 20])
@pytest.mark.parametrize("gap", [2, 3])
@pytest.mark.parametrize("weekdays", [WEEKDAYS, EVERY_DAY])
def test_whenever_it_comes_in_hard_and_long_runs_keep_their_hours_and_each_day_one_run(
    weekdays, gap, days, hour
) -> None:
    long, hard, edits, moved = slid(weekdays, gap=gap)
    then, _ = as_taken_back(come_in(moved, long, days=days, hour=hour), edits)
    session = due(then, hard.id)
    assert session is None or is_apart(session, session.day, then)
    planned = [entry.session.day for entry in then.due]
    assert len(planned) == len(set(planned))


def test_where_it_stays_the_easy_run_that_gave_way_there_stays_out_as_well() -> None:
    long, hard, edits, moved = slid()
    gave_way = {edit.session_id for edit in edits if edit.after is None and edit.day > hard.day}
    then, kept = as_taken_back(come_in(moved, long, days=2), edits)
    assert kept[hard.id] is StaysBecause.OVER
    on_its_day = due(then, hard.id).day
    for identity in gave_way:
        there = due(then, identity)
        assert there is None or there.day != on_its_day


def test_what_the_athlete_holds_stays_where_it_is() -> None:
    long, hard, edits, moved = slid()
    late = come_in(moved, long)
    then, _ = as_taken_back(held(late, due(late, hard.id)), edits)
    assert due(then, hard.id).day > hard.day


@pytest.mark.parametrize(("on_the_day", "back"), [(True, False), (False, True)])
def test_a_day_that_was_run_on_already_takes_no_other_run(on_the_day, back) -> None:
    long, hard, edits, moved = slid()
    late = come_in(moved, long, days=1)
    run = DoneRun("this morning", hard.day if on_the_day else hard.day - timedelta(days=1), 3000.0, 1200.0)
    then, _ = as_taken_back(also_run(late, run), edits)
    assert (due(then, hard.id).day == hard.day) is back


def test_the_easy_run_of_the_day_that_the_long_run_had_taken_comes_back_however_near() -> None:
    long, _, edits, moved = slid(EVERY_DAY)
    gone = [edit.before for edit in edits if edit.after is None and edit.before.kind is SessionKind.EASY]
    then, _ = as_taken_back(come_in(moved, long), edits)
    assert gone
    assert all(due(then, session.id) == session for session in gone)
