"""Whose a workout with our mark is: ours, another installation's, or the athlete's own copy."""

from dataclasses import replace
from datetime import date

from syncd.domain.delivery.ownership import Installation, tell_apart
from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey, RemoteWorkout, find_key

DAY, LATER = date(2026, 3, 18), date(2026, 3, 20)
V1, V2 = "0" * 12, "1" * 12
HERE, THERE = "aaaaaaaa", "bbbbbbbb"


def key(nonce: str = HERE, version: str = V1, session: str = "2026w12-3") -> OwnerKey:
    return OwnerKey("me", session, version, nonce)


def entry(
    remote_id: str = "7.1", day: date | None = DAY, mark: OwnerKey | None = None, **more
) -> RemoteWorkout:
    number = remote_id.partition(".")[0]
    return RemoteWorkout(remote_id, day, mark or key(), workout_id=number, **more)


def row(state: LedgerState = LedgerState.DONE, remote_id: str | None = "7.1") -> LedgerRow:
    return LedgerRow(key(), DAY, state, remote_id)


def us(**more) -> Installation:
    return Installation(HERE, sent=frozenset({key()}), **more)


def test_the_mark_has_room_for_the_installation_and_older_marks_still_read():
    assert key().marker == f"syncd:me:2026w12-3:{V1}:{HERE}"
    assert find_key(f"40 min {key().marker}").nonce == HERE
    assert find_key(f"40 min syncd:me:2026w12-3:{V1}").nonce == ""
    assert key() == key(THERE)


def test_two_marks_that_differ_in_the_installation_alone_are_nobodys():
    assert find_key(f"{key().marker} {key(THERE).marker}") is None


def test_what_the_ledger_knows_by_its_id_is_ours_also_with_an_older_mark():
    for mark in (key(), key(nonce="")):
        assert tell_apart([entry(mark=mark)], [row()], us()).ours == (entry(mark=mark),)


def test_a_mark_of_another_installation_is_never_ours_whatever_the_ledger_says():
    foreign = entry(mark=key(THERE))
    for ledger in ([], [row()]):
        apart = tell_apart([foreign], ledger, us(is_new=True))
        assert (apart.ours, apart.others) == ((), (foreign,))


def test_what_an_installation_wrote_that_this_one_replaces_is_ours():
    mark = key(THERE, V2)
    apart = tell_apart([entry(mark=mark)], [], us(taken_over=frozenset({THERE}), is_new=True))
    assert apart.ours == (entry(mark=mark),)


def test_our_mark_with_a_version_that_was_never_sent_is_a_second_copy_of_us():
    strange = entry(mark=key(version=V2))
    apart = tell_apart([strange], [row()], us())
    assert (apart.ours, apart.second_copy) == ((), (strange,))


def test_a_copy_under_another_id_is_the_athletes():
    copied = entry("8.2", LATER)
    apart = tell_apart([entry(), copied], [row()], us())
    assert (apart.ours, apart.copies) == ((entry(),), (copied,))


def test_a_copy_stays_the_athletes_when_ours_is_gone():
    copied = entry("8.2", LATER)
    for ledger in ([row()], []):
        assert tell_apart([copied], ledger, us()).copies == (copied,)


def test_our_workout_on_a_second_day_is_the_athletes():
    second = entry("7.2", LATER)
    assert tell_apart([entry(), second], [row()], us()).copies == (second,)


def test_our_workout_on_another_day_instead_was_moved():
    moved = entry("7.2", LATER)
    assert tell_apart([moved], [row()], us()).ours == (moved,)


def test_what_the_sink_knows_to_be_our_request_is_ours():
    twice = entry("8.2", made_here=True)
    assert tell_apart([entry(), twice], [row()], us()).ours == (entry(), twice)


def test_what_was_on_its_way_when_the_answer_never_came_is_ours():
    arrived = entry("8", None)
    begun = row(LedgerState.INTENDED, None)
    assert tell_apart([arrived], [begun], us()).ours == (arrived,)


def test_with_a_new_database_an_older_mark_is_enough():
    mark = key(nonce="")
    assert tell_apart([entry(mark=mark)], [], us(is_new=True)).ours == (entry(mark=mark),)
    assert tell_apart([entry(mark=mark)], [], us()).copies == (entry(mark=mark),)


def test_once_the_athlete_says_so_what_others_wrote_is_ours_and_their_own_copy_is_not():
    foreign, copied = entry(mark=key(THERE)), entry("9.3", LATER)
    apart = tell_apart([foreign, copied], [replace(row(), remote_id="1.1")], us(takes_all=True))
    assert (apart.ours, apart.copies) == ((foreign,), (copied,))


def test_a_restored_database_trusts_its_own_mark():
    newer = entry(mark=key(version=V2))
    assert tell_apart([newer], [row()], us(is_new=True)).ours == (newer,)
