"""A service that answers badly about runs: nothing is lost, nothing is asked for ever."""

from collections.abc import Iterator

import pytest

from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import Service
from syncd.store.plan import SessionState
from tests.support.garmin_scene import RunsScene

LIST = "GET /activitylist-service/activities/search/activities"
DETAIL = "GET /activity-service/activity"
EASY = parse_workout("20min E")


@pytest.fixture
def new_scene(tmp_path) -> Iterator[RunsScene]:
    with Service(Account()).running() as service:
        yield RunsScene(tmp_path, service=service)


@pytest.fixture
def scene(new_scene) -> RunsScene:
    new_scene.sync(0, hour=6)
    new_scene.service.requests.clear()
    return new_scene


def counted(scene, day) -> int:
    with scene.world(scene.at(day)) as world:
        return world.store.activities.count_runs()


def effort(scene, day) -> float | None:
    with scene.world(scene.at(day)) as world:
        return world.store.activities.newest(1)[0].rpe


# --- details that are not told


def test_a_listed_run_whose_details_are_not_there_counts_and_holds_nothing_up(scene):
    scene.upload(1, EASY, hour=8)
    number = scene.upload(1)
    kept = scene.service.account.details.pop(number)
    report = scene.sync(1)
    assert (len(report.arrived), report.problems) == (2, ())
    assert scene.sync(1, hour=21).remarks == ()
    assert (counted(scene, 1), scene.sessions(1, 1)[0].state) == (2, SessionState.DONE)
    kept["summaryDTO"]["directWorkoutRpe"] = 80
    scene.service.account.details[number] = kept
    scene.sync(1, hour=22)
    assert effort(scene, 1) == 8


def test_details_that_are_never_told_are_not_asked_for_in_every_cycle(scene):
    number = scene.upload(1)
    scene.service.account.details.pop(number)
    scene.sync(1, hour=20)
    scene.requests()
    with scene.world(scene.at(1)) as world:
        looked = world.store.details.get("garmin", number)
    assert (looked.version, looked.activity_id) == ("", 1)
    scene.sync(1, hour=20)
    assert scene.requests() == [LIST]
    scene.sync(1, hour=21)
    assert scene.requests() == [LIST, DETAIL]


def test_details_of_an_old_run_that_failed_are_had_later(new_scene):
    new_scene.upload(-20, EASY, rpe=7)
    new_scene.service.faults.begin({2: Fault.ERROR_BEFORE})
    new_scene.sync(0, hour=6)
    assert effort(new_scene, 0) is None
    new_scene.sync(0, hour=7)
    assert effort(new_scene, 0) == 7


def test_a_daily_look_that_failed_is_made_up_for(scene):
    number = scene.upload(1)
    scene.sync(1)
    scene.service.account.details[number]["summaryDTO"]["directWorkoutRpe"] = 100
    scene.service.faults.begin({1: Fault.ERROR_BEFORE})
    scene.sync(2, hour=20)
    assert effort(scene, 2) is None
    scene.sync(2, hour=21)
    assert effort(scene, 2) == 10


def test_a_daily_look_that_was_cut_off_is_begun_again(scene):
    number = scene.upload(1)
    scene.sync(1)
    scene.service.account.details[number]["summaryDTO"]["directWorkoutRpe"] = 100
    scene.service.faults.begin({1: Fault.TOO_MANY})
    scene.sync(2, hour=20)
    (scene.folder / "logins" / "garmin-budget.json").unlink(missing_ok=True)  # the pause is over
    scene.sync(2, hour=21)
    assert effort(scene, 2) == 10


def test_a_clock_that_was_ahead_once_does_not_stop_the_daily_look(scene):
    number = scene.upload(1)
    scene.sync(1)
    with scene.world(scene.at(1)) as world:
        world.store.meta.set("details.garmin.looked", scene.at(400).isoformat())
    scene.service.account.details[number]["summaryDTO"]["directWorkoutRpe"] = 100
    scene.sync(2, hour=20)
    assert effort(scene, 2) == 10
