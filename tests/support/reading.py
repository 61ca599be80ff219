"""Bytes to runs, in tests of readers."""

from __future__ import annotations

import pytest

from syncd.domain.activity import Activity
from syncd.formats.fit import Unreadable
from syncd.formats.recording import read_recordings


def runs_in(data: bytes) -> tuple[Activity, ...]:
    """Every activity; fails where the bytes cannot be read."""
    found = read_recordings(data)
    assert isinstance(found, tuple), found
    return found


def run_in(data: bytes) -> Activity:
    """The only activity."""
    [run] = runs_in(data)
    return run


def refusal_of(data: bytes) -> Unreadable:
    """Why the bytes hold no recording."""
    found = read_recordings(data)
    assert isinstance(found, Unreadable), found
    return found


def assert_run(run: Activity, metres: float, timer_s: float, elapsed_s: float | None = None) -> None:
    """A run of that distance and time that nobody doubts."""
    assert run.is_run
    assert not run.doubts
    assert run.distance_m == pytest.approx(metres, rel=0.005)
    assert run.timer_s == pytest.approx(timer_s, abs=2)
    assert run.elapsed_s == pytest.approx(timer_s if elapsed_s is None else elapsed_s, abs=2)
    if len(run.samples):
        assert run.samples.timer_s[-1] == pytest.approx(timer_s, abs=6)
