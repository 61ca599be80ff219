"""A service that answers badly about runs: nothing is lost, nothing is asked for ever."""

import base64
from collections.abc import Iterator
from copy import deepcopy

import pytest

from syncd.connectors.folder import FolderSource
from syncd.cycle.arrivals import fetch_new
from syncd.domain.notation import parse_workout
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import RunsScene
from tests.support.remarks import remarks_of

LIST = "GET /activitylist-service/activities/search/activities"
DETAIL = "GET /activity-service/activity"
EASY = parse_workout("20min E")


@pytest.fixture
def new_scene(tmp_path) -> Iterator[RunsScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
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


# --- deletions


def uploaded_again(scene, number: str, again: str) -> None:
    """The same recording under another number, after it was deleted."""
    account = scene.service.account
    row = next(each for each in account.activities if str(each["activityId"]) == number)
    row, detail = deepcopy(row), deepcopy(account.details[number])
    content = account.archive(number)
    account.delete_activity(number)
    scene.sync(1, hour=20)
    account.add_activity(row | {"activityId": int(again)}, detail | {"activityId": int(again)}, None)
    account.archives[again] = base64.b64encode(content).decode()


def test_a_run_that_was_deleted_and_uploaded_again_stays_counted_and_costs_nothing_more(scene):
    number = scene.upload(1)
    scene.upload(1, EASY, hour=7)
    scene.sync(1, hour=19)
    uploaded_again(scene, number, "900")
    for hour in (21, 22):
        report = scene.sync(1, hour=hour)
        assert (counted(scene, 1), report.remarks) == (2, ())
        assert scene.sessions(1, 1)[0].state is SessionState.DONE
    scene.requests()
    scene.sync(1, hour=23)
    assert scene.requests() == [LIST]


def test_a_run_is_withdrawn_when_its_last_copy_is_deleted(scene):
    number = scene.upload(1)
    scene.upload(1, EASY, hour=7)
    scene.sync(1, hour=19)
    uploaded_again(scene, number, "900")
    scene.sync(1, hour=21)
    scene.service.account.delete_activity("900")
    report = scene.sync(1, hour=22)
    assert remarks_of(report) == ("Garmin: the run of Tue 6 Jan is no longer there: it no longer counts",)
    assert counted(scene, 1) == 1


def test_a_deleted_run_that_also_came_from_a_folder_counts(scene):
    number = scene.upload(1)
    scene.sync(1)
    (scene.inbox / "run.fit").write_bytes(base64.b64decode(scene.service.account.files[number]))
    later = scene.at(400)  # the file has settled
    with scene.world(scene.at(1)) as world:
        fetch_new(FolderSource(scene.inbox, settle_s=0, now=later), world, scene.at(1))
    scene.service.account.delete_activity(number)
    words = (
        "Garmin: the run of Tue 6 Jan is no longer there: it also came from the folder, so it still counts"
    )
    assert remarks_of(scene.sync(1, hour=21)) == (words,)
    assert (counted(scene, 1), scene.sessions(1, 1)[0].state) == (1, SessionState.DONE)
    scene.requests()
    assert scene.sync(1, hour=22).remarks == ()
    assert scene.requests() == [LIST]


def test_a_run_that_the_list_forgets_for_good_is_asked_about_once_a_day(scene):
    scene.upload(1)
    scene.upload(3)
    scene.sync(3)
    scene.service.account.activities.pop(0)
    scene.requests()
    asked = []
    for hour in (21, 22, 23):
        scene.sync(3, hour=hour)
        asked.append(scene.requests())
    assert asked == [[LIST, DETAIL], [LIST], [LIST]]
    assert counted(scene, 3) == 2


def test_runs_that_the_list_forgets_never_hide_one_that_was_deleted(scene):
    for hour in range(6, 12):
        scene.upload(2, EASY, hour=hour)
    deleted = scene.upload(1, EASY, hour=8)
    scene.upload(1, EASY, hour=5)
    scene.sync(2)
    account = scene.service.account
    account.delete_activity(deleted)
    account.activities = [row for row in account.activities if "2026-01-06" in row["startTimeLocal"]]
    scene.sync(2, hour=21)
    scene.sync(2, hour=22)
    assert counted(scene, 2) == 7
