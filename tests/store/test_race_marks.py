"""Marks of races: what a service shows last counts, and outranks what an older export says."""

from datetime import timedelta

import pytest

from syncd.domain.merging.candidates import MergeCandidate
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.store.forgetting import forget_source
from syncd.store.race_marks import MarkPlace
from syncd.store.recordings import Recording, recording_id
from tests.store.values import MONDAY, NOW, run

LIST, DETAIL, EXPORT = MarkPlace
DAY = MONDAY + timedelta(days=1)


@pytest.fixture
def number(store) -> int:
    """A run that came from Garmin Connect and, again, in its export."""
    number = store.activities.add(run(), DAY, "garmin", "a" * 64, NOW)
    for source, remote_id in (("garmin", "7"), ("garmin-export", "me_7.fit")):
        keep(store, number, source, remote_id)
    return number


def keep(store, number, source, remote_id, gone=None) -> None:
    identity = recording_id(source, remote_id, "a" * 64)
    candidate = MergeCandidate(identity, source, "run", NOW, DAY, 3600.0)
    store.recordings.keep(Recording(remote_id, "a" * 64, "fit", number, candidate, gone))


def marked(store) -> frozenset[int]:
    return store.race_marks.between(DAY, DAY)


def test_a_run_is_no_race_until_somebody_says_so(store, number) -> None:
    store.race_marks.note("garmin", LIST, {"7": False}, NOW)
    assert marked(store) == frozenset()
    store.race_marks.note("garmin", LIST, {"7": True}, NOW)
    assert marked(store) == {number}
    assert store.race_marks.between(DAY + timedelta(days=1), DAY + timedelta(days=9)) == frozenset()


@pytest.mark.parametrize("shown", [False, None])
def test_a_mark_that_is_taken_off_is_gone(store, number, shown) -> None:
    store.race_marks.note("garmin", LIST, {"7": True}, NOW)
    store.race_marks.note("garmin", LIST, {"7": shown}, NOW)
    assert marked(store) == frozenset()


def test_what_is_not_shown_stays(store, number) -> None:
    store.race_marks.note("garmin", LIST, {"7": True}, NOW)
    store.race_marks.note("garmin", LIST, {"8": True}, NOW)
    assert marked(store) == {number}


def test_a_list_that_is_silent_leaves_the_word_to_the_page_of_the_run(store, number) -> None:
    store.race_marks.note("garmin", DETAIL, {"7": True}, NOW)
    store.race_marks.note("garmin", LIST, {"7": None}, NOW)
    assert marked(store) == {number}


def test_an_export_counts_where_the_service_is_silent(store, number) -> None:
    store.race_marks.note("garmin-export", EXPORT, {"me_7.fit": True}, NOW)
    assert marked(store) == {number}
    store.race_marks.note("garmin", LIST, {"7": True}, NOW)
    store.race_marks.note("garmin", LIST, {"7": False}, NOW)
    assert marked(store) == frozenset()


def test_a_recording_that_does_not_count_any_more_marks_nothing(store, number) -> None:
    store.race_marks.note("garmin", LIST, {"7": True}, NOW)
    keep(store, number, "garmin", "7", Reason(WithdrawalCause.DELETED))
    assert marked(store) == frozenset()


def test_nothing_is_left_of_a_source_that_is_forgotten(store, number) -> None:
    store.race_marks.note("garmin", LIST, {"7": True}, NOW)
    forget_source(store, "garmin")
    assert dict(store.tables())["race_marks"] == []
