"""What a cycle asks of Garmin Connect: never more than it must."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import BothEndsScene
from tests.support.scene import MONDAY

LIST = "GET /activitylist-service/activities/search/activities"
FILE, DETAIL = "GET /download-service/files/activity", "GET /activity-service/activity"
CREATE, SCHEDULE = "POST /workout-service/workout", "POST /workout-service/schedule"
LOOK, REPLACE = "GET /workout-service/workout", "PUT /workout-service/workout"
LIBRARY = "GET /workout-service/workouts"
OFF, DELETE = "DELETE /workout-service/schedule", "DELETE /workout-service/workout"
DAY = 3


def calendar(month: int) -> str:
    return f"GET /calendar-service/year/2026/month/{month}"


@pytest.fixture
def scene(tmp_path) -> Iterator[BothEndsScene]:
    """Three days in, with everything in place; the first nightly looks are behind us."""
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = BothEndsScene(tmp_path, service=service)
        scene.sync(0, hour=6)
        scene.sync(DAY, hour=6)
        scene.requests()
        yield scene


def asked(scene: BothEndsScene) -> list[str]:
    """Ids left out, but for the month of a calendar."""
    found = [
        each if "/month/" in each else each.rstrip("0123456789").rstrip("/")
        for each in scene.service.requests
    ]
    scene.service.requests.clear()
    return found


def test_nothing_new_is_one_list_and_one_calendar(scene):
    assert scene.sync(DAY, hour=7).quiet
    assert asked(scene) == [LIST, calendar(0)]


def test_around_the_end_of_a_month_it_is_one_calendar_more(scene):
    for day in range(DAY + 1, 25):
        scene.sync(day, hour=6)
    asked(scene)
    assert scene.sync(24, hour=7).quiet
    assert asked(scene) == [LIST, calendar(0), calendar(1)]


def test_a_new_run_is_its_file_and_its_details_more(scene):
    scene.upload(DAY)
    scene.sync(DAY, hour=20)
    assert asked(scene)[:4] == [LIST, FILE, DETAIL, calendar(0)]


def test_a_new_workout_is_two_writes_and_a_look(scene):
    before = set(scene.entries())
    day = next(each.session.day for each in scene.sessions(DAY + 10, DAY + 16))
    early = (day - MONDAY).days - 9  # the first day that sees it
    scene.sync(early - 1, hour=6)
    asked(scene)
    scene.sync(early, hour=5)  # before the nightly look
    assert set(scene.entries()) - before
    requests = asked(scene)
    assert [requests.count(each) for each in (CREATE, SCHEDULE, LOOK, LIBRARY)] == [1, 1, 1, 0]


def test_a_changed_workout_is_one_write_and_a_look(scene):
    now = scene.at(DAY, 8)
    with scene.world(now) as world:
        (each,) = world.store.plan.between(MONDAY + timedelta(days=6), MONDAY + timedelta(days=6))
        made = parse_workout("30min @5:50-6:40/km", name=each.resolved.name)
        world.store.plan.replace(replace(each.session, workout=made), made, each.zone_set_id)
    scene.sync(DAY, hour=8)
    assert asked(scene) == [LIST, calendar(0), REPLACE, LOOK]


def test_a_session_that_is_over_is_two_writes(scene):
    gone = min(scene.entries())
    day = (gone - MONDAY).days + 2
    for each in range(DAY + 1, day):
        scene.sync(each, hour=6)
    asked(scene)
    scene.sync(day, hour=6)
    requests = asked(scene)
    assert (requests.count(OFF), requests.count(DELETE)) == (1, 1)


def test_the_library_is_listed_once_a_day_and_no_more(scene):
    for hour in range(7, 24):
        scene.sync(DAY + 1, hour=hour)
    assert asked(scene).count(LIBRARY) == 1
