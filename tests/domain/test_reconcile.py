"""What must be on the watch, against what is there: decided by values alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.delivery.actions import Adopt, Forget, Put, Release, Remove, Update, describe
from syncd.domain.delivery.labels import watch_name
from syncd.domain.delivery.observation import Reading, observe
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import (
    Desired,
    LedgerRow,
    LedgerState,
    OwnerKey,
    RemoteWorkout,
    find_key,
)

TODAY = date(2026, 3, 17)
NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)
V1, V2 = "0" * 12, "1" * 12


def key(session: str = "2026w12-3", version: str = V1, athlete: str = "me") -> OwnerKey:
    return OwnerKey(athlete, session, version)


def want(session: str = "2026w12-3", version: str = V1, day: date = TOMORROW, **more) -> Desired:
    return Desired(key(session, version), day, "3 x 8 min HM", **more)


def there(remote_id: str = "r1", version: str = V1, day: date | None = TOMORROW, **more) -> RemoteWorkout:
    return RemoteWorkout(remote_id, day, key(version=version), **more)


def row(state: LedgerState = LedgerState.DONE, version: str = V1, day: date = TOMORROW, **more) -> LedgerRow:
    return LedgerRow(key(version=version), day, state, **{"remote_id": "r1", **more})


def kinds(*arguments, **more) -> list[type]:
    return [type(action) for action in reconcile(*arguments, today=TODAY, **more)]


def test_equal_content_on_the_same_day_is_left_alone():
    assert kinds([want()], [there()], [row()]) == []


def test_what_is_missing_is_put():
    assert reconcile([want()], [], [], today=TODAY) == (Put(want(), "not on the watch yet"),)


def test_nothing_is_put_on_a_day_that_is_over():
    yesterday = TODAY - timedelta(days=1)
    assert kinds([want(day=yesterday, until=TODAY)], [], []) == []


def test_changed_content_is_updated_in_place():
    assert kinds([want(version=V2)], [there()], [row()]) == [Update]


def test_a_moved_session_is_updated_and_says_from_where():
    (action,) = reconcile([want(day=TODAY)], [there()], [row()], today=TODAY)
    assert isinstance(action, Update)
    assert action.why == "moved from Wed 18 Mar"


def test_without_updates_in_place_a_removal_precedes_its_replacement():
    assert kinds([want(version=V2)], [there()], [row()], updates_in_place=False) == [Remove, Put]


def test_what_is_no_longer_planned_is_removed():
    (action,) = reconcile([], [there()], [row()], today=TODAY)
    assert isinstance(action, Remove)
    assert action.why == "no longer planned"


def test_a_past_session_is_removed_from_the_day_after():
    assert kinds([want(day=TODAY)], [there(day=TODAY)], [row(day=TODAY)]) == []
    yesterday = TODAY - timedelta(days=1)
    (action,) = reconcile([want(day=yesterday)], [there(day=yesterday)], [row(day=yesterday)], today=TODAY)
    assert isinstance(action, Remove)
    assert action.why == "its day is over"


def test_a_grace_window_keeps_a_past_session():
    yesterday = TODAY - timedelta(days=1)
    kept = want(day=yesterday, until=TODAY)
    assert kinds([kept], [there(day=yesterday)], [row(day=yesterday)]) == []


def test_after_a_crash_the_workout_that_arrived_is_adopted():
    intended = row(LedgerState.INTENDED, remote_id=None)
    assert reconcile([want()], [there()], [intended], today=TODAY) == (
        Adopt(there(), want(), "there already, as wanted"),
    )


def test_after_a_crash_the_workout_that_did_not_arrive_is_put_again():
    assert kinds([want()], [], [row(LedgerState.INTENDED, remote_id=None)]) == [Put]


def test_a_workout_left_in_the_library_is_scheduled():
    assert kinds([want()], [there(day=None)], [row(LedgerState.INTENDED, remote_id=None)]) == [Update]


def test_with_a_lost_database_the_marks_are_enough():
    assert kinds([want()], [there()], []) == [Adopt]
    assert kinds([], [there()], []) == [Remove]


def test_a_second_copy_is_removed_and_the_ledger_keeps_the_first():
    (action,) = reconcile([want()], [there(), there("r2")], [row()], today=TODAY)
    assert isinstance(action, Remove)
    assert (action.remote.remote_id, action.spare) == ("r2", True)


def test_an_entry_without_a_mark_is_known_by_the_ledger():
    unmarked = RemoteWorkout("r1", TOMORROW, None)
    assert kinds([want()], [unmarked], [row()]) == []
    assert kinds([want(version=V2)], [unmarked], [row()]) == [Update]
    assert kinds([], [unmarked], [row()]) == [Remove]


def test_an_entry_without_mark_or_ledger_row_is_not_ours():
    assert kinds([], [RemoteWorkout("strange", TOMORROW, None)], []) == []


def test_what_the_athlete_edited_is_theirs():
    assert kinds([want()], [there(intact=False)], [row()]) == [Release]
    assert kinds([], [there(intact=False)], [row()]) == [Release]
    assert kinds([], [there(intact=False)], []) == []


def test_a_released_session_is_never_touched_again():
    released = row(LedgerState.RELEASED)
    for listed in ([], [there()], [there(day=TODAY)], [there(intact=False)]):
        assert kinds([want(version=V2)], listed, [released]) == []
        assert kinds([], listed, [released]) == []


def test_a_released_row_is_forgotten_long_after_its_day_unless_the_workout_is_still_there():
    long_ago = TODAY - timedelta(days=91)
    released = row(LedgerState.RELEASED, day=long_ago)
    assert kinds([], [], [released]) == [Forget]
    assert kinds([], [there(day=TOMORROW)], [released]) == []


def test_a_missing_workout_is_neither_put_again_nor_released_on_one_look():
    assert kinds([want()], [], [row(missing_since=NOON)]) == []
    assert kinds([want(version=V2)], [], [row(missing_since=NOON)]) == []


def test_a_workout_missing_twice_was_removed_by_the_athlete():
    assert kinds([want()], [], [row(missing_since=NOON, gone=True)]) == [Release]


def test_a_workout_on_another_day_is_in_doubt_and_then_the_athletes():
    elsewhere = [there(day=TODAY)]
    assert kinds([want()], elsewhere, [row()]) == []
    assert kinds([], elsewhere, [row()]) == []
    (action,) = reconcile([want()], elsewhere, [row(missing_since=NOON, gone=True)], today=TODAY)
    assert isinstance(action, Release)
    assert action.why == "moved by hand to Tue 17 Mar: left there"


def test_a_removal_that_was_interrupted_is_finished():
    assert kinds([], [there()], [row(LedgerState.REMOVING)]) == [Remove]
    assert kinds([], [], [row(LedgerState.REMOVING)]) == [Forget]


def test_a_refused_workout_is_not_sent_again_unchanged():
    refused = row(LedgerState.REJECTED, remote_id=None)
    assert kinds([want()], [], [refused]) == []
    assert kinds([want(version=V2)], [], [refused]) == [Put]


def test_a_watch_that_took_its_workout_gets_it_once():
    assert kinds([want()], [], [row()], consumes=True) == []
    assert kinds([want(day=TODAY)], [], [row()], consumes=True) == []
    assert kinds([want(version=V2)], [], [row()], consumes=True) == [Put]
    assert kinds([], [], [row()], consumes=True) == [Forget]


def test_a_session_that_is_desired_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        reconcile([want(), want(version=V2)], [], [], today=TODAY)


def test_removals_come_before_updates_and_updates_before_new_ones():
    desired = [want("2026w12-1"), want("2026w12-3", V2)]
    listed = [there(), RemoteWorkout("r9", TODAY, key("2026w12-9"))]
    assert kinds(desired, listed, [row()]) == [Remove, Update, Put]


def test_an_action_describes_itself_in_one_line():
    (action,) = reconcile([want()], [], [], today=TODAY)
    assert describe(action) == "create 2026-03-18 3 x 8 min HM: not on the watch yet"
    (action,) = reconcile([], [there(title="easy 7 km")], [], today=TODAY)
    assert describe(action) == "remove 2026-03-18 easy 7 km: no longer planned"


# --- observing


def look(rows, listed, now=NOON, **more):
    reading = Reading(now, TODAY - timedelta(days=7), TODAY + timedelta(days=10))
    return observe(rows, listed, reading, TODAY, **more).rows


def test_an_absence_counts_after_ten_minutes_and_two_listings():
    (once,) = look([row()], [])
    assert (once.missing_since, once.gone) == (NOON, False)
    assert not look([once], [], NOON + timedelta(minutes=9))[0].gone
    assert look([once], [], NOON + timedelta(minutes=10))[0].gone


def test_what_is_seen_again_was_never_missing():
    (once,) = look([row()], [])
    (again,) = look([once], [there()], NOON + timedelta(hours=1))
    assert (again.missing_since, again.gone) == (None, False)


def test_another_day_is_an_absence_too():
    assert look([row()], [there(day=TODAY)])[0].missing_since == NOON


def test_days_that_were_not_listed_say_nothing():
    far = row(day=TODAY + timedelta(days=30))
    assert look([far], []) == (far,)


def test_rows_that_were_never_there_cannot_be_missing():
    intended = row(LedgerState.INTENDED, remote_id=None)
    assert look([intended], []) == (intended,)


def test_when_several_vanished_none_is_believed():
    both = [row(), replace(row(), key=key("2026w12-4"), remote_id="r2")]
    once = look(both, [])
    assert [each.missing_since for each in once] == [NOON, NOON]
    assert not any(each.gone for each in look(once, [], NOON + timedelta(hours=1)))


# --- labels that read otherwise


def test_a_workout_whose_labels_read_otherwise_is_updated_once():
    (action,) = reconcile([want(fingerprint="mi")], [there()], [row(fingerprint="km")], today=TODAY)
    assert action == Update(there(), want(fingerprint="mi"), "its name or note has changed", True)
    assert kinds([want(fingerprint="mi")], [there()], [row(fingerprint="mi")]) == []


def test_labels_of_a_run_that_is_near_or_over_stay_as_they_are():
    changed = [want(fingerprint="mi")], [there()], [row(fingerprint="km")]
    assert kinds(*changed, relabel_from=TOMORROW + timedelta(days=1)) == []
    yesterday = TODAY - timedelta(days=1)
    late = [want(day=yesterday, until=TODAY, fingerprint="mi")]
    assert kinds(late, [there(day=yesterday)], [row(day=yesterday, fingerprint="km")]) == []


def test_a_row_that_kept_no_fingerprint_writes_nothing():
    assert kinds([want(fingerprint="mi")], [there()], [row()]) == []


def test_a_change_of_content_takes_the_new_labels_along_even_when_the_run_is_near():
    near = {"relabel_from": TOMORROW + timedelta(days=1)}
    wanted = want(version=V2, fingerprint="mi")
    (action,) = reconcile([wanted], [there()], [row(fingerprint="km")], today=TODAY, **near)
    assert action == Update(there(), wanted, "its workout changed")


def test_what_is_adopted_keeps_the_fingerprint_that_it_was_put_with():
    begun = row(LedgerState.INTENDED, fingerprint="km")
    near = {"relabel_from": TOMORROW + timedelta(days=1)}
    (action,) = reconcile([want(fingerprint="mi")], [there()], [begun], today=TODAY, **near)
    assert action == Adopt(there(), want(fingerprint="km"), "there already, as wanted")
    (action,) = reconcile([want(fingerprint="mi")], [there()], [begun], today=TODAY)
    assert isinstance(action, Update)


def test_a_watch_gets_no_second_file_for_labels_alone():
    taken = [want(fingerprint="mi")], [], [row(fingerprint="km")]
    assert kinds(*taken, consumes=True) == []
    lies_there = [want(fingerprint="mi")], [there()], [row(fingerprint="km")]
    assert kinds(*lies_there, consumes=True) == [Update]


def test_a_sink_that_cannot_update_replaces_it():
    relabelled = [want(fingerprint="mi")], [there()], [row(fingerprint="km")]
    assert kinds(*relabelled, updates_in_place=False) == [Remove, Put]


# --- names and marks


@given(st.text(max_size=200))
def test_the_name_on_the_watch_always_ends_in_the_mark_of_the_session(title):
    name = watch_name(title, key())
    assert name.endswith(" [w12-3]")
    assert len(name) <= 60
    assert watch_name(name, key()) == name


def test_two_different_marks_in_one_text_are_nobodys():
    assert find_key(f"a {key().marker} b") == key()
    assert find_key(f"{key().marker} {key(version=V2).marker}") is None


def test_a_change_in_flight_that_left_the_workout_on_no_day_is_our_doing():
    """MatchReason by the seeded episodes: taken for the athlete's deletion, the session was lost."""
    intended = row(LedgerState.INTENDED, remote_id="r1", missing_since=NOON - timedelta(hours=1))
    (seen,) = look([intended], [there("r1", day=None)])
    assert (seen.gone, seen.missing_since) == (False, None)
