"""What the athlete gives back is ours again, and what was let go on purpose is no loss."""

from datetime import timedelta

import pytest

from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey
from syncd.domain.reason import Reason
from syncd.store import StoreError
from syncd.store.raw import RawPayloads
from syncd.store.results import StoredResult
from tests.store.values import CONCRETE, MONDAY, NOW

KEY = OwnerKey("me", "2026w12-3", CONCRETE.content_hash)
HOUR = timedelta(hours=1)


# --- the ledger


def released(store, remote_id="r1"):
    store.ledger.release("garmin", KEY, MONDAY, remote_id, NOW, as_put=False)


def test_a_workout_that_is_given_back_on_its_day_is_there_again(store):
    released(store)
    store.ledger.reclaim("garmin", "me", KEY.session, MONDAY + timedelta(days=1), NOW + HOUR)
    later = MONDAY + timedelta(days=1)
    assert store.ledger.rows("garmin") == (LedgerRow(KEY, later, LedgerState.DONE, "r1"),)


@pytest.mark.parametrize(("remote_id", "day"), [("r1", None), (None, MONDAY)])
def test_a_workout_that_lies_nowhere_any_more_is_put_anew(store, remote_id, day):
    released(store, remote_id)
    store.ledger.reclaim("garmin", "me", KEY.session, day, NOW + HOUR)
    assert store.ledger.rows("garmin") == ()


def test_what_was_never_let_go_cannot_be_given_back(store):
    store.ledger.intend("garmin", KEY, MONDAY, NOW)
    store.ledger.reclaim("garmin", "me", KEY.session, MONDAY, NOW + HOUR)
    assert store.ledger.rows("garmin") == (LedgerRow(KEY, MONDAY, LedgerState.INTENDED),)


def test_a_removal_is_intended_before_it_is_done_and_never_inside_a_transaction(store):
    store.ledger.done("garmin", KEY, MONDAY, "r1", CONCRETE, NOW)
    with pytest.raises(StoreError, match="inside a transaction"), store.transaction():
        store.ledger.removing("garmin", KEY, NOW)
    store.ledger.removing("garmin", KEY, NOW)
    (row,) = store.ledger.rows("garmin")
    assert row.state is LedgerState.REMOVING


# --- recordings


def test_a_recording_that_made_room_is_known_not_to_be_lost_also_by_a_copy_of_the_state(tmp_path):
    raw = RawPayloads(tmp_path / "raw")
    kept, gone = raw.put(b"kept"), raw.put(b"gone")
    raw.retire(gone)
    for state in (raw, RawPayloads(tmp_path / "copy", tmp_path / "raw")):
        assert (state.has(kept), state.is_retired(kept)) == (True, False)
        assert (state.has(gone), state.is_retired(gone)) == (False, True)


# --- results


def result(**more) -> StoredResult:
    facts = {"at": NOW, "day": MONDAY, "distance_m": 5000.0, "time_s": 1500.0}
    facts |= {"origin": "race", "valid": True, "why": Reason("told")}
    return StoredResult(**(facts | more))


def test_a_result_told_without_a_run_replaces_no_other(store):
    store.results.keep(result())
    store.results.keep(result(time_s=1490.0))
    assert [kept.time_s for kept in store.results.in_force()] == [1500.0, 1490.0]
