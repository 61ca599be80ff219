"""What several readings of a calendar prove, and what they do not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.domain.delivery.observation import Observed, Reading, observe
from syncd.domain.delivery.remote import LedgerRow, LedgerState, OwnerKey, RemoteWorkout

TODAY = date(2026, 3, 17)
NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DINNER = (TODAY + timedelta(days=2), "event dinner")
RUN = (TODAY, "activity 9")


def row(number: int) -> LedgerRow:
    key = OwnerKey("me", f"2026w12-{number}", "0" * 12)
    return LedgerRow(key, TODAY + timedelta(days=number), LedgerState.DONE, f"{number}.{number}")


def entry(known: LedgerRow) -> RemoteWorkout:
    assert known.remote_id is not None
    return RemoteWorkout(known.remote_id, known.day, known.key, workout_id=known.remote_id.partition(".")[0])


ROWS = tuple(map(row, range(1, 7)))


def read(at: datetime, *others: tuple[date, str], **more) -> Reading:
    return Reading(
        at, TODAY - timedelta(days=1), TODAY + timedelta(days=9), strangers=frozenset(others), **more
    )


def sequence(*looks: tuple[Reading, set[int]]) -> Observed:
    """Looks one after the other, each with the numbers of what is missing in it."""
    rows, earlier = ROWS, []
    for reading, missing in looks:
        listed = [entry(known) for number, known in enumerate(ROWS, 1) if number not in missing]
        observed = observe(rows, listed, reading, TODAY, earlier)
        rows, earlier = observed.rows, [observed.reading, *earlier]
    return observed


def gone(observed: Observed) -> list[str]:
    return [each.key.session for each in observed.rows if each.gone]


def test_one_missing_in_two_whole_readings_ten_minutes_apart_is_gone():
    assert gone(sequence((read(NOON), {2}), (read(NOON + HOUR), {2}))) == ["2026w12-2"]
    assert gone(sequence((read(NOON), {2}), (read(NOON + HOUR / 10), {2}))) == []


def test_a_reading_that_was_not_whole_proves_nothing():
    partly, whole = read(NOON, whole=False), read(NOON + HOUR)
    assert gone(sequence((partly, {2}), (whole, {2}))) == []
    assert gone(sequence((whole, {2}), (replace(partly, at=NOON + 2 * HOUR), {2}))) == []


def test_readings_that_do_not_agree_on_the_others_begin_anew():
    unreliable = sequence((read(NOON), {1, 2}), (read(NOON + HOUR), {2}))
    assert gone(unreliable) == []
    assert gone(sequence((read(NOON), {1, 2}), (read(NOON + HOUR), {2}), (read(NOON + 2 * HOUR), {2}))) == [
        "2026w12-2"
    ]


def test_several_are_never_gone_by_themselves():
    for missing in ({1, 2}, {1, 2, 3, 4, 5, 6}):
        observed = sequence((read(NOON), missing), (read(NOON + HOUR), missing))
        assert (gone(observed), observed.several, observed.settled) == ([], True, True)


@pytest.mark.parametrize(("missing", "most"), [({1, 2}, False), ({1, 2, 3}, True), ({4}, False)])
def test_half_of_ours_is_most_of_it(missing, most):
    assert sequence((read(NOON), missing)).most is most


@pytest.mark.parametrize(
    ("before", "after", "proven"),
    [
        ({DINNER}, {DINNER}, True),
        ({DINNER}, {DINNER, RUN}, True),  # a run was recorded meanwhile
        ({DINNER}, set(), False),
        (set(), {DINNER}, False),  # perhaps another athlete's calendar
        (set(), set(), True),  # three of ours are still there
    ],
)
def test_the_entries_of_others_must_be_as_they_were_when_ours_were_seen(before, after, proven):
    missing = {1, 2, 3}
    observed = sequence(
        (read(NOON, *before), set()),
        (read(NOON + HOUR, *after), missing),
        (read(NOON + 2 * HOUR, *after), missing),
    )
    assert (observed.settled, observed.proven) == (True, proven)


def test_a_calendar_that_shows_nothing_at_all_proves_nothing():
    every = {1, 2, 3, 4, 5, 6}
    looks = ((read(NOON), set()), (read(NOON + HOUR), every), (read(NOON + 2 * HOUR), every))
    assert (sequence(*looks).settled, sequence(*looks).proven) == (True, False)


def test_the_only_one_of_ours_is_not_gone_when_the_calendar_shows_nothing_at_all():
    def looked(*others):
        rows, earlier = (row(1),), [replace(read(NOON, DINNER), seen=frozenset({"2026w12-1"}))]
        for hours in (1, 2, 3):
            observed = observe(rows, [], read(NOON + hours * HOUR, *others), TODAY, earlier)
            rows, earlier = observed.rows, [observed.reading, *earlier]
        return observed

    assert gone(looked()) == []
    assert gone(looked(DINNER)) == ["2026w12-1"]


def test_days_that_are_over_prove_nothing():
    past = replace(row(1), day=TODAY - timedelta(days=1))
    for rows in ([past], [past, replace(row(2), day=TODAY - timedelta(days=1))]):
        observed = observe(rows, [], read(NOON), TODAY)
        assert (observed.missing, observed.several) == ((), False)
