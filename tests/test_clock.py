"""The clock is the wall's, unless SYNCD_NOW replaces it."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.clock import ClockError, now


def test_the_clock_is_aware_and_runs() -> None:
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_syncd_now_replaces_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-03-12T18:40:00+01:00")
    assert now() == datetime(2026, 3, 12, 17, 40, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-03-12T18:40:00"])
def test_a_time_that_is_none_is_refused_with_an_example(text: str, monkeypatch) -> None:
    monkeypatch.setenv("SYNCD_NOW", text)
    with pytest.raises(ClockError, match="write 2026-03-12T18:40:00"):
        now()
