"""What is on a sink, what was, and what the next cycle must look for after a crash."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey
from syncd.store import StoreError
from tests.store.values import CONCRETE, MONDAY, NOW, SYMBOLIC

KEY = OwnerKey("me", "2026w12-3", CONCRETE.content_hash)
NEXT = OwnerKey("me", "2026w12-3", SYMBOLIC.content_hash)
HOUR = timedelta(hours=1)


def test_an_intent_is_a_row_without_a_version_on_the_sink(store):
    store.ledger.intend("folder", KEY, MONDAY, NOW)
    assert store.ledger.rows("folder") == (LedgerRow(KEY, MONDAY, LedgerState.INTENDED),)
    assert store.ledger.rows("garmin") == ()
    assert store.ledger.versions(KEY.session) == ()


def test_an_intent_inside_a_transaction_is_refused(store):
    with pytest.raises(StoreError, match="inside a transaction"), store.transaction():
        store.ledger.intend("folder", KEY, MONDAY, NOW)
    assert store.ledger.rows("folder") == ()


def test_a_done_row_remembers_what_is_there_and_since_when(store):
    store.ledger.intend("folder", KEY, MONDAY, NOW)
    store.ledger.done("folder", KEY, MONDAY, "r1", CONCRETE, NOW)
    assert store.ledger.rows("folder") == (LedgerRow(KEY, MONDAY, LedgerState.DONE, "r1"),)
    (version,) = store.ledger.versions(KEY.session)
    assert (version.key, version.workout, version.put_at, version.left_at) == (KEY, CONCRETE, NOW, None)


def test_the_version_on_the_watch_at_the_start_of_a_run_is_known(store):
    store.ledger.done("folder", KEY, MONDAY, "r1", CONCRETE, NOW)
    store.ledger.done("folder", NEXT, MONDAY, "r1", SYMBOLIC, NOW + HOUR)
    store.ledger.forget("folder", NEXT, NOW + 3 * HOUR)
    at = store.ledger.on_sink_at
    assert at(KEY.session, NOW - HOUR) is None
    assert at(KEY.session, NOW).key == KEY
    assert at(KEY.session, NOW + HOUR).key == NEXT
    assert at(KEY.session, NOW + 3 * HOUR) is None
    assert [version.key for version in store.ledger.with_version(KEY.version)] == [KEY]


def test_confirming_the_same_version_again_does_not_begin_it_anew(store):
    store.ledger.done("folder", KEY, MONDAY, "r1", CONCRETE, NOW)
    store.ledger.done("folder", KEY, MONDAY + timedelta(days=1), "r2", CONCRETE, NOW + HOUR)
    (version,) = store.ledger.versions(KEY.session)
    assert (version.put_at, version.left_at) == (NOW, None)


def test_a_released_workout_that_was_moved_is_still_there(store):
    for session, as_put in (("2026w12-1", True), ("2026w12-2", False)):
        key = replace(KEY, session=session)
        store.ledger.done("folder", key, MONDAY, session, CONCRETE, NOW)
        store.ledger.release("folder", key, MONDAY, session, NOW + HOUR, as_put=as_put)
    assert {row.state for row in store.ledger.rows("folder")} == {LedgerState.RELEASED}
    assert store.ledger.on_sink_at("2026w12-1", NOW + 2 * HOUR) is not None
    assert store.ledger.on_sink_at("2026w12-2", NOW + 2 * HOUR) is None


def test_a_removal_is_remembered_until_it_is_confirmed(store):
    store.ledger.done("folder", KEY, MONDAY, "r1", CONCRETE, NOW)
    store.ledger.removing("folder", KEY, NOW)
    assert store.ledger.rows("folder") == (LedgerRow(KEY, MONDAY, LedgerState.REMOVING, "r1"),)
    store.ledger.forget("folder", KEY, NOW)
    assert store.ledger.rows("folder") == ()


def test_what_a_listing_did_not_show_is_kept_until_it_is_seen_again(store):
    store.ledger.done("folder", KEY, MONDAY, "r1", CONCRETE, NOW)
    (row,) = store.ledger.rows("folder")
    store.ledger.note_missing("folder", [replace(row, missing_since=NOW)])
    assert store.ledger.rows("folder")[0].missing_since == NOW
    store.ledger.note_missing("folder", [row])
    assert store.ledger.rows("folder")[0].missing_since is None


def test_athletes_and_sinks_do_not_meet(store):
    for sink, athlete in (("folder", "me"), ("folder", "anna"), ("garmin", "me")):
        store.ledger.done(sink, replace(KEY, athlete=athlete), MONDAY, "r1", CONCRETE, NOW)
    store.ledger.forget("folder", KEY, NOW)
    assert [row.key.athlete for row in store.ledger.rows("folder")] == ["anna"]
    assert len(store.ledger.rows("garmin")) == 1
