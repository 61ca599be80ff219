"""How far a workout has come on the service is known, or known to be open, at every step."""

from contextlib import suppress

import pytest

from syncd.connectors.base import DateRange, OutcomeUnknown
from syncd.connectors.garmin.index import Index, Placement
from syncd.connectors.garmin.sink import GarminSink
from syncd.sandbox.garmin.faults import Fault
from tests.connectors.contract import EASY, NOW, TUESDAY, key, workout

CREATE, SCHEDULE = 0, 1  # the requests of a new workout


def delivered(session_of, path) -> Placement:
    sink, made = GarminSink(session_of(), "me", path, NOW), workout(EASY)
    with suppress(OutcomeUnknown):
        sink.put(TUESDAY, made, key(made))
    return Index.load(path).placement_of(key(made))


@pytest.mark.parametrize(
    ("request_number", "left_open"),
    [(CREATE, Placement.PERHAPS_CREATED), (SCHEDULE, Placement.PERHAPS_SCHEDULED)],
)
@pytest.mark.parametrize("fault", [Fault.DROPPED_BEFORE, Fault.DROPPED_AFTER])
def test_a_request_without_an_answer_leaves_open_what_is_there_until_the_next_cycle_looked(
    service, session_of, tmp_path, request_number, left_open, fault
):
    index = tmp_path / "me.json"
    service.faults.begin({request_number: fault})
    assert delivered(session_of, index) is left_open
    service.faults.begin({})
    assert delivered(session_of, index) is Placement.SCHEDULED
    assert len(service.account.workouts) == len(service.account.schedules) == 1


def test_before_the_first_cycle_nothing_is_there(tmp_path):
    assert Index.load(tmp_path / "none.json").placement_of(key(workout(EASY))) is Placement.NOTHING_THERE


def test_a_workout_that_left_the_calendar_is_on_no_day(service, session_of, tmp_path):
    index, window = tmp_path / "me.json", DateRange(TUESDAY, TUESDAY)
    delivered(session_of, index)
    service.account.schedules.clear()
    GarminSink(session_of(), "me", index, NOW).list_owned(window)
    assert Index.load(index).placement_of(key(workout(EASY))) is Placement.ON_NO_DAY
