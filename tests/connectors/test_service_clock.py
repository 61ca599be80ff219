"""What time it is by a service: from its own answers, fresh ones, and of either service."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from syncd.connectors.base import ConnectorContext, TellsTime
from syncd.connectors.garmin.replies import Reply
from syncd.connectors.service_clock import ServiceClock
from syncd.connectors.strava.connector import session_of, strava_source
from tests.support.strava_scene import on_strava

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def reply(**headers):
    return Reply(200, {"Date": format_datetime(AT, usegmt=True), **headers}, b"{}")


def test_it_goes_on_from_the_date_of_the_last_answer():
    clock = ServiceClock()
    assert clock.now() is None
    clock.note(reply())
    assert AT <= clock.now() < AT + timedelta(seconds=30)


@pytest.mark.parametrize("age", ["3", "86400", " 7 ", "soon", "-1"])
def test_an_answer_that_was_kept_on_the_way_tells_no_time(age):
    """A cache repeats the date of the first answer."""
    assert reply(Age=age).at is None
    assert reply(Age="0").at == AT


def test_a_page_of_something_in_between_tells_no_time():
    """The gateway of a hotel has a clock of its own."""
    clock = ServiceClock()
    clock.note(Reply(200, {"Date": format_datetime(AT), "Content-Type": "text/html"}, b"<p>Log in"))
    assert clock.now() is None


@pytest.mark.parametrize(
    "date",
    ["", "yesterday", "Thu, 01 Jan 99999 00:00:00 GMT", "Sun, 99 Mar 2026 12:00:00 GMT", "\x00", "1" * 5000],
)
def test_a_date_that_is_none_is_no_time(date):
    assert Reply(200, {"Date": date}).at is None


def test_strava_s_answers_tell_it_too(tmp_path):
    with on_strava(tmp_path) as scene:
        session = scene.session(tells_time=True)
        session.get("/athlete/activities")
        asked = len(scene.service.requests)
        assert abs(session.service_time() - datetime.now(UTC)) < timedelta(seconds=30)
        assert len(scene.service.requests) == asked
        assert scene.session().service_time() is None


def test_the_real_service_is_believed_and_a_stand_in_is_not(tmp_path):
    for address, believed in (("http://127.0.0.1:8765", False), ("", True)):
        context = ConnectorContext("me", AT, tmp_path, tmp_path, {"api_url": address})
        assert session_of(context).tells_time is believed
        assert isinstance(strava_source(context), TellsTime)
