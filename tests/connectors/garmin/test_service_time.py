"""What time it is by the service: from the answers that come anyway, never from this machine's stand-in."""

from datetime import UTC, datetime, timedelta

from syncd.connectors.base import ConnectorContext, TellsTime
from syncd.connectors.garmin.connector import garmin_sink, garmin_source
from syncd.connectors.garmin.connector import session_of as built_session
from syncd.connectors.garmin.session import Endpoints


def test_the_date_of_the_last_answer_tells_it(service, session_of):
    session = session_of(tells_time=True)
    session.get("/device-service/deviceregistration/devices")
    asked = len(service.requests)
    assert abs(session.service_time() - datetime.now(UTC)) < timedelta(seconds=5)
    assert len(service.requests) == asked


def test_before_any_answer_one_cheap_request_tells_it(service, session_of):
    assert session_of(tells_time=True).service_time() is not None
    assert service.requests == ["GET /device-service/deviceservice/mylastused"]


def test_a_stand_in_on_this_machine_is_not_asked(service, session_of, tmp_path):
    assert session_of().service_time() is None
    assert service.requests == []
    for address, believed in (("http://127.0.0.1:8765", False), ("", True)):
        context = ConnectorContext(
            "me", datetime.now(UTC), tmp_path, tmp_path, {"api_url": address, "spacing_s": 0}
        )
        assert built_session(context).tells_time is believed
        assert isinstance(garmin_sink(context), TellsTime)
        assert isinstance(garmin_source(context), TellsTime)


def test_a_service_that_is_away_tells_nothing(session_of):
    away = session_of(endpoints=Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9"), tells_time=True)
    assert away.service_time() is None
