"""How far a session has come: only what is known is said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey
from syncd.domain.delivery.watch_state import Delivered, OnWatch, on_watch

VERSION, OTHER = "0a1b2c3d4e5f", "ffffffffffff"
PUT = datetime(2026, 3, 16, 18, tzinfo=UTC)
BEFORE, AFTER = PUT - timedelta(minutes=1), PUT + timedelta(minutes=1)


def row(state=LedgerState.DONE, version=VERSION, remote_id="1.2"):
    return LedgerRow(OwnerKey("me", "2026w12-3", version), date(2026, 3, 17), state, remote_id)


@pytest.mark.parametrize(
    ("known_row", "known", "expected"),
    [
        (None, Delivered(), OnWatch.NOT_PUSHED),
        (row(LedgerState.INTENDED, remote_id=None), Delivered(), OnWatch.NOT_PUSHED),
        (row(LedgerState.REMOVING), Delivered(True, PUT, AFTER), OnWatch.NOT_PUSHED),
        (row(LedgerState.INTENDED), Delivered(True, PUT, AFTER), OnWatch.EARLIER_VERSION),
        (row(version=OTHER), Delivered(True, PUT, AFTER), OnWatch.EARLIER_VERSION),
        (row(LedgerState.RELEASED), Delivered(), OnWatch.YOURS),
        (row(LedgerState.REJECTED), Delivered(), OnWatch.REFUSED),
        (row(), Delivered(listed=False, put_at=PUT, synced_at=AFTER), OnWatch.PUSHED),
        (row(), Delivered(True, PUT, AFTER), OnWatch.ON_WATCH),
        (row(), Delivered(True, PUT, BEFORE), OnWatch.SCHEDULED),
        (row(), Delivered(True, PUT, None), OnWatch.SCHEDULED),
        (row(), Delivered(None, PUT, AFTER), OnWatch.ON_WATCH),
        (row(), Delivered(True, None, AFTER), OnWatch.SCHEDULED),
        (row(), Delivered(True, PUT, AFTER, date(2026, 3, 17)), OnWatch.ON_WATCH),
        (row(), Delivered(True, PUT, AFTER, date(2026, 3, 18)), OnWatch.MOVES),
        (row(), Delivered(None, PUT, AFTER, date(2026, 3, 18)), OnWatch.MOVES),
        (row(version=OTHER), Delivered(True, PUT, AFTER, date(2026, 3, 18)), OnWatch.MOVES),
        (row(LedgerState.RELEASED), Delivered(day=date(2026, 3, 18)), OnWatch.YOURS),
        (None, Delivered(day=date(2026, 3, 18)), OnWatch.NOT_PUSHED),
    ],
)
def test_a_session_is_as_far_as_is_known(known_row, known, expected):
    assert on_watch(known_row, VERSION, known) is expected


@pytest.mark.parametrize(
    ("listed", "expected"), [(True, "scheduled"), (None, "scheduled"), (False, "on_watch")]
)
def test_a_file_that_vanished_from_the_watchs_folder_was_taken(listed, expected):
    assert on_watch(row(), VERSION, Delivered(listed), consumes=True) == expected


@pytest.mark.parametrize(("listed", "expected"), [(True, "moves"), (None, "moves"), (False, "on_watch")])
def test_a_file_that_was_taken_moves_no_more(listed, expected):
    known = Delivered(listed, day=date(2026, 3, 18))
    assert on_watch(row(), VERSION, known, consumes=True) == expected
