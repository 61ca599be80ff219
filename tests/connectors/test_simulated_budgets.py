"""Breakers and counts follow SYNCD_NOW, so that they can be simulated; what expires or is spaced does not."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.connectors.base import AuthRequired, ConnectorContext, RateLimited
from syncd.connectors.garmin.connector import session_of as garmin_session
from syncd.connectors.strava.connector import session_of as strava_session
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import GarminStandIn
from tests.connectors.garmin.conftest import log_in
from tests.support.strava_scene import on_strava

START = datetime(2031, 5, 1, 12, tzinfo=UTC)
LIBRARY = "/workout-service/workouts"


@pytest.fixture
def at(monkeypatch):
    """Pin the clock of this process."""
    return lambda moment: monkeypatch.setenv("SYNCD_NOW", moment.isoformat())


@pytest.fixture
def garmin(tmp_path):
    with GarminStandIn(StandInGarminAccount(), hang_s=2.0).running() as service:
        settings = {"api_url": service.url, "spacing_s": 0}
        context = ConnectorContext("me", START, tmp_path, tmp_path / "logins", settings)
        log_in(service, garmin_session(context).tokens)
        yield service, context


def test_the_breaker_of_garmin_opens_and_closes_by_the_pinned_clock(garmin, at):
    service, context = garmin
    at(START)
    service.faults.begin({0: Fault.TOO_MANY})
    with pytest.raises(RateLimited) as refused:
        garmin_session(context).get(LIBRARY)
    assert refused.value.retry_at == START + timedelta(minutes=30)
    at(START + timedelta(minutes=29))
    with pytest.raises(RateLimited):
        garmin_session(context).get(LIBRARY)
    assert len(service.requests) == 1
    at(START + timedelta(minutes=31))
    assert garmin_session(context).get(LIBRARY) == []


def test_a_dead_login_is_tried_again_after_a_pinned_day(garmin, at):
    service, context = garmin
    service.account.access.clear()
    service.account.refresh = "another"
    for passed, asked in (
        (0, 2),
        (1, 3),
        (25, 5),
    ):  # hours; a request, then the refresh
        at(START + timedelta(hours=passed))
        with pytest.raises(AuthRequired):
            garmin_session(context).get(LIBRARY)
        assert len(service.requests) == asked


def test_requests_are_spaced_by_real_time_under_a_pinned_clock(garmin, at):
    """A clock that stands still would make each wait longer than the one before."""
    _, context = garmin
    at(START)
    session = garmin_session(context)
    session.spacing_s, waits, passed = 1.0, [], [1000.0]
    session.real_now = lambda: passed[0]

    def sleep(seconds):
        waits.append(seconds)
        passed[0] += seconds

    session.sleep = sleep
    for _ in range(6):
        session.get(LIBRARY)
    assert waits == [1.0] * 5


def test_the_counts_of_strava_go_by_the_pinned_clock_and_its_login_by_the_real_one(tmp_path, at):
    with on_strava(tmp_path) as scene:
        scene.now = datetime.now(UTC)
        scene.log_in()
        context = ConnectorContext(
            "me", START, tmp_path, tmp_path / "logins", {"api_url": f"{scene.service.url}/api/v3"}
        )
        at(START)
        session = strava_session(context)
        session.get("/athlete/activities")
        assert not any("token" in request for request in scene.service.requests)  # it has not expired
        kept = session.budget.read()
        assert kept.counted_s == START.timestamp()
        used = kept.quarter.used
        assert used > 0
        at(START + timedelta(minutes=16))
        assert session.budget.read().at(session.now()).quarter.used == 0
