"""Days without running as they are looked up: what covers them, and what says the same twice."""

from datetime import date, timedelta

import pytest

from syncd.store.overrides import Override, OverrideKind
from tests.store.values import MONDAY, NOW


def spell(kind: OverrideKind, first: int, last: int | None) -> Override:
    return Override(kind, NOW, day(first), None if last is None else day(last))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


PAUSE, ILL, HURT = OverrideKind.PAUSE, OverrideKind.ILL, OverrideKind.HURT


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ([spell(PAUSE, -9, -1)], []),
        ([spell(PAUSE, -9, 0)], [PAUSE]),
        ([spell(PAUSE, 9, 12)], [PAUSE]),
        ([spell(PAUSE, 10, 12)], []),
        ([spell(ILL, -3, None)], [ILL]),
        ([spell(PAUSE, 2, 4), spell(ILL, 0, None)], [ILL]),
        ([spell(PAUSE, -9, 4), spell(HURT, -3, 4)], [HURT]),
        ([spell(PAUSE, 2, 5), spell(ILL, 0, 4)], [PAUSE, ILL]),
        ([spell(PAUSE, 2, None), spell(ILL, 0, 4)], [PAUSE, ILL]),
    ],
)
def test_time_off_of_ten_days_is_found_without_a_pause_that_an_illness_covers(store, kept, shown) -> None:
    for override in kept:
        store.overrides.add(override)
    found = store.overrides.time_off_between(day(0), day(9))
    assert [override.kind for override in found] == shown
