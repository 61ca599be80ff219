"""Whatever signal comes at whatever point of a renewal, the login on disk is one that the service knows.

A signal at one of many points here; SYNCD_SWEEP=full tries every signal at every one.
"""

import time
from contextlib import contextmanager, nullcontext

import pytest

from syncd import renewal
from syncd.connectors import kept_renewal
from tests.reliability.rotations import logins, sweep
from tests.support.sweep import FULL

pytestmark = pytest.mark.filterwarnings(  # what was open when a signal came is closed by nobody
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
EVERY = 1 if FULL else 41


@pytest.fixture
def at(tmp_path):
    with logins(tmp_path) as made:
        yield made


@pytest.mark.parametrize("service", ["garmin", "strava", "new"])
def test_no_signal_loses_a_login_that_is_being_renewed(at, service):
    told = sweep(at[service], every=EVERY)
    print(f"\n{service}: {told.tries} signals, {len(told.wrong)} wrong")  # noqa: T201 - for reliability.md
    assert told.wrong == []
    assert told.tries > 10


def _no_shield(monkeypatch):
    monkeypatch.setattr(renewal, "undisturbed", nullcontext)


def _kept_after_the_shield(monkeypatch):
    @contextmanager
    def late(path):
        contents = []
        with renewal.room_for(path, 9000) as room:
            with renewal.undisturbed():
                yield contents.append
            for content in contents:
                renewal._keep(path, content, room, time.sleep)

    monkeypatch.setattr(kept_renewal, "renewal", late)


def _signals_are_lost(monkeypatch):
    monkeypatch.setattr(renewal.signal, "raise_signal", _only_outside(renewal.signal.raise_signal))


def _only_outside(raise_signal):
    import sys

    def raised(number):
        if sys._getframe(1).f_code.co_name != "_handle":
            raise_signal(number)

    return raised


@pytest.mark.parametrize("service", ["garmin", "strava"])
@pytest.mark.parametrize("plant", [_no_shield, _kept_after_the_shield, _signals_are_lost])
def test_the_sweep_finds_what_is_wrong_on_purpose(at, monkeypatch, service, plant):
    plant(monkeypatch)
    assert sweep(at[service], every=2, stop_at_first=True).wrong
