"""No request that carries a secret follows a redirect, and nothing that comes with one is kept.

Each request meets a few of the 64 redirects here, and all of them with SYNCD_SWEEP=full.
"""

import pytest

from syncd.connectors import pinned_session
from syncd.connectors.strava import transport
from tests.reliability.redirects import ATTEMPTS, PLACES, STATUSES, scene, sweep
from tests.support.sweep import FULL

EVERY = 1 if FULL else 23


@pytest.fixture
def on_stage(tmp_path):
    with scene(tmp_path) as made:
        yield made


def test_no_secret_follows_a_redirect_and_nothing_that_comes_with_one_is_kept(on_stage):
    told = sweep(on_stage, every=EVERY)
    print(f"\n{told.tries} redirects, {len(told.wrong)} wrong")  # noqa: T201 - for the page on reliability
    assert told.wrong == []
    assert told.never_asked == set()
    assert told.tries >= len(ATTEMPTS) * len(STATUSES) * len(PLACES) // EVERY


def _follows_anywhere(monkeypatch):
    from syncd.connectors.garmin import curl_wire

    for module in (pinned_session, curl_wire):
        monkeypatch.setattr(module, "may_follow", lambda *_: True)


def _takes_a_redirect_for_an_answer(monkeypatch):
    from syncd.connectors.garmin import curl_wire

    for module in (pinned_session, curl_wire):
        monkeypatch.setattr(module, "is_redirect", lambda _: False)


def _follows_within_the_service(monkeypatch):
    from syncd.connectors.garmin import curl_wire

    def same(_method, _headers, url, target):
        return pinned_session.origin_of(url) == pinned_session.origin_of(target)

    for module in (pinned_session, curl_wire):
        monkeypatch.setattr(module, "may_follow", same)


def _reads_with_a_session_of_the_library(monkeypatch):
    monkeypatch.setattr(transport, "PinnedSession", transport.requests.Session)
    monkeypatch.setattr(transport.Transport, "send", transport.HTTPAdapter.send)


@pytest.mark.parametrize(
    "plant",
    [
        _follows_anywhere,
        _takes_a_redirect_for_an_answer,
        _follows_within_the_service,
        _reads_with_a_session_of_the_library,
    ],
)
def test_the_sweep_finds_what_is_wrong_on_purpose(on_stage, monkeypatch, plant):
    plant(monkeypatch)
    assert sweep(on_stage, every=EVERY, stop_at_first=True).wrong
