"""The committed plan comes back as it was committed, and what became of it stays with it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings

from syncd.domain.session import SessionState
from syncd.store import Store, StoreError
from tests.store.values import CONCRETE, MONDAY, NOW, SYMBOLIC, run, session, week
from tests.support.workouts import workouts

RESOLVED = {f"2026w12-{slot}": CONCRETE for slot in range(1, 8)}


def test_a_committed_week_comes_back_equal(store):
    committed = week(session(1), session(2, MONDAY + timedelta(days=3)))
    assert store.plan.commit_week(committed, RESOLVED, None, NOW) == ("2026w12-1", "2026w12-2")
    assert store.plan.weeks() == (committed,)
    assert store.plan.weeks(since=MONDAY + timedelta(days=1)) == ()


def test_a_session_keeps_the_paces_it_was_committed_with(store, zones):
    zone_set_id = store.zone_sets.add(zones, NOW)
    store.plan.commit_week(week(session()), RESOLVED, zone_set_id, NOW)
    found = store.plan.get("2026w12-3")
    assert found.resolved == CONCRETE
    assert found.version == CONCRETE.content_hash
    assert found.zone_set_id == zone_set_id
    assert (found.state, found.activity_id) == (SessionState.DUE, None)


@settings(max_examples=50)
@given(symbolic=workouts(), concrete=workouts())
def test_any_workout_survives(tmp_path_factory, symbolic, concrete):
    with Store.open(tmp_path_factory.mktemp("state")) as store:
        store.plan.commit_week(week(session(workout=symbolic)), {"2026w12-3": concrete}, None, NOW)
        found = store.plan.get("2026w12-3")
    assert found.session.workout == symbolic
    assert (found.resolved, found.version) == (concrete, concrete.content_hash)


def test_committing_again_adds_what_is_new_and_leaves_what_is_there(store):
    store.plan.commit_week(week(session(1)), RESOLVED, None, NOW)
    store.plan.set_state("2026w12-1", SessionState.DROPPED)
    moved = session(1, MONDAY + timedelta(days=5))
    assert store.plan.commit_week(week(moved, session(2)), RESOLVED, None, NOW) == ("2026w12-2",)
    assert store.plan.get("2026w12-1").session == session(1)
    assert store.plan.get("2026w12-1").state is SessionState.DROPPED
    assert [each.id for each in store.plan.weeks()[0].sessions] == ["2026w12-2"]


def test_a_week_is_committed_whole_or_not_at_all(store):
    with pytest.raises(KeyError):
        store.plan.commit_week(week(session(1), session(9)), RESOLVED, None, NOW)
    assert store.plan.weeks() == ()
    assert store.plan.get("2026w12-1") is None


def test_sessions_are_found_by_day_in_every_state(store):
    sessions = [session(slot, MONDAY + timedelta(days=slot)) for slot in (1, 2, 3)]
    store.plan.commit_week(week(*sessions), RESOLVED, None, NOW)
    store.plan.set_state("2026w12-2", SessionState.MISSED)
    found = store.plan.between(MONDAY + timedelta(days=2), MONDAY + timedelta(days=3))
    assert [(each.session.id, each.state.value) for each in found] == [
        ("2026w12-2", "missed"),
        ("2026w12-3", "due"),
    ]


def test_a_replaced_session_keeps_its_state_and_its_run(store):
    store.plan.commit_week(week(session()), RESOLVED, None, NOW)
    run_id = store.activities.add(run(), MONDAY, "folder", "a" * 64, NOW)
    store.plan.set_state("2026w12-3", SessionState.DONE, run_id)
    later = session(day=MONDAY + timedelta(days=4))
    store.plan.replace(later, SYMBOLIC, None)
    found = store.plan.get("2026w12-3")
    assert (found.session, found.version) == (later, SYMBOLIC.content_hash)
    assert (found.state, found.activity_id) == (SessionState.DONE, run_id)


def test_a_run_completes_at_most_one_session(store):
    store.plan.commit_week(week(session(1), session(2)), RESOLVED, None, NOW)
    run_id = store.activities.add(run(), MONDAY, "folder", "a" * 64, NOW)
    store.plan.set_state("2026w12-1", SessionState.DONE, run_id)
    store.plan.set_state("2026w12-2", SessionState.DONE, run_id)
    assert store.plan.get("2026w12-1").state is SessionState.DUE
    assert store.plan.done_with(run_id).session.id == "2026w12-2"


def test_a_session_that_is_not_committed_cannot_change(store):
    with pytest.raises(StoreError, match="no session 2026w12-3"):
        store.plan.set_state("2026w12-3", SessionState.DONE)
    with pytest.raises(StoreError, match="no session 2026w12-3"):
        store.plan.replace(session(), CONCRETE, None)
