"""Runs from Garmin Connect through whole cycles: arrivals, efforts told late, edits, deletions."""

import base64
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.scoring.card import Flag
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_weather
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import RunsScene
from tests.support.remarks import remarks_of
from tests.support.scene import MONDAY

LIST = "GET /activitylist-service/activities/search/activities"
FILE, DETAIL = "GET /download-service/files/activity", "GET /activity-service/activity"
CYCLING = {"typeId": 2, "typeKey": "cycling", "parentTypeId": 17}


@pytest.fixture
def new_scene(tmp_path) -> Iterator[RunsScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        yield RunsScene(tmp_path, service=service)


@pytest.fixture
def scene(new_scene) -> RunsScene:
    new_scene.sync(0, hour=6)
    new_scene.service.requests.clear()
    return new_scene


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def state(scene, day) -> SessionState:
    return scene.sessions(day, day)[0].state


# --- requests


def test_an_idle_cycle_is_one_request(scene):
    scene.sync(0, hour=7)
    assert scene.requests() == [LIST]


def test_a_new_run_costs_its_file_and_its_details_and_nothing_the_next_time(scene):
    scene.upload(1)
    report = scene.sync(1)
    assert scene.requests() == [
        LIST,
        FILE,
        DETAIL,
    ]
    assert report.assessed[0].stored.method == "exact"
    assert state(scene, 1) is SessionState.DONE
    scene.sync(1, hour=21)
    assert scene.requests() == [LIST]


def test_the_cursor_moves_on_only_when_everything_was_taken(scene):
    with scene.world(scene.at(0)) as world:
        assert world.store.meta.get("cursor.garmin") == on(0).isoformat()
    scene.upload(1)
    scene.service.faults.begin({1: Fault.ERROR_BEFORE})
    report = scene.sync(1)
    assert [each.outcome.value for each in report.arrived] == ["waiting"]
    with scene.world(scene.at(1)) as world:
        assert world.store.meta.get("cursor.garmin") == on(0).isoformat()
    scene.sync(1, hour=21)
    with scene.world(scene.at(1)) as world:
        assert world.store.meta.get("cursor.garmin") == on(1).isoformat()
    assert state(scene, 1) is SessionState.DONE


def test_a_late_upload_in_the_middle_of_the_list_is_found(scene):
    (early,) = scene.sessions(1, 1)
    scene.upload(3)
    scene.sync(3)
    scene.upload(1, early.resolved)
    report = scene.sync(4, hour=6)
    assert len(report.arrived) == 1
    assert report.arrived[0].activity.day(timedelta(0)) == on(1)


def test_a_long_history_comes_in_portions_and_says_how_far_it_is(new_scene):
    scene = new_scene
    for day in range(-60, -10):
        scene.upload(day, parse_workout("10min E"))
    first = scene.sync(0, hour=8)
    assert (len(first.arrived), remarks_of(first)) == (40, ("10 older runs to come, 40 per sync",))
    assert max(each.activity.start.date() for each in first.arrived) == on(-11)  # the newest first
    assert not first.problems
    second = scene.sync(0, hour=9)
    assert (len(second.arrived), second.remarks) == (10, ())


# --- efforts and edits


def test_an_effort_that_is_told_with_the_run_is_in_its_score(scene):
    scene.upload(1, rpe=9)
    report = scene.sync(1)
    assert report.arrived[0].activity_id is not None
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.get(report.arrived[0].activity_id).rpe == 9


def test_an_effort_that_is_told_later_is_found_the_next_day_and_scored_again(scene):
    number = scene.upload(1)
    report = scene.sync(1)
    before = report.assessed[0].stored
    scene.service.account.details[number]["summaryDTO"]["directWorkoutRpe"] = 100
    scene.sync(1, hour=22)  # the list does not show it
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.get(before.activity_id).rpe is None
    scene.sync(2, hour=20)
    with scene.world(scene.at(2)) as world:
        assert world.store.activities.get(before.activity_id).rpe == 10
        assert len(world.store.scores.history_of(before.activity_id)) == 2
        assert world.store.scores.newest_of(before.activity_id).session_id == before.session_id


def test_an_edit_that_the_list_shows_costs_one_question_and_no_download(scene):
    number = scene.upload(1)
    scene.sync(1)
    account = scene.service.account
    account.activities[0]["activityName"] = account.details[number]["activityName"] = "Evening tempo"
    scene.requests()
    scene.sync(1, hour=21)
    assert scene.requests() == [LIST, DETAIL]
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.newest(1)[0].name == "Evening tempo"
    scene.sync(1, hour=22)
    assert scene.requests() == [LIST]


def test_details_that_fail_cost_nothing_but_time(scene):
    scene.upload(1, rpe=8)
    scene.service.faults.begin({2: Fault.ERROR_BEFORE})
    report = scene.sync(1)
    assert (report.problems, state(scene, 1)) == ((), SessionState.DONE)
    scene.sync(1, hour=21)
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.newest(1)[0].rpe == 8


# --- what is no run any more


def test_a_run_that_became_a_ride_counts_no_more_and_its_session_is_open_again(scene):
    number = scene.upload(1)
    scene.sync(1)
    account = scene.service.account
    account.activities[0]["activityType"] = account.details[number]["activityTypeDTO"] = CYCLING
    report = scene.sync(1, hour=21)
    assert remarks_of(report) == ("Garmin: the run of Tue 6 Jan is now cycling there: it no longer counts",)
    assert state(scene, 1) is SessionState.DUE
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.count_runs() == 0
        assert world.store.activities.runs_between(on(0), on(9)) == ()


def test_it_counts_again_when_it_is_a_run_again(scene):
    number = scene.upload(1)
    first = scene.sync(1).assessed[0].stored
    account = scene.service.account
    kind = deepcopy(account.activities[0]["activityType"])
    account.activities[0]["activityType"] = account.details[number]["activityTypeDTO"] = CYCLING
    scene.sync(1, hour=21)
    account.activities[0]["activityType"] = account.details[number]["activityTypeDTO"] = kind
    report = scene.sync(1, hour=22)
    assert remarks_of(report) == ("Garmin: the run of Tue 6 Jan is back: it counts again",)
    assert [each.stored.score for each in report.assessed] == [first.score]
    assert state(scene, 1) is SessionState.DONE


def test_a_run_that_was_deleted_counts_no_more_and_nothing_of_it_is_lost(scene):
    number = scene.upload(1)
    run = scene.sync(1).arrived[0].activity_id
    scene.service.account.delete_activity(number)
    report = scene.sync(1, hour=21)
    assert remarks_of(report) == ("Garmin: the run of Tue 6 Jan is no longer there: it no longer counts",)
    assert state(scene, 1) is SessionState.DUE
    with scene.world(scene.at(1)) as world:
        kept = world.store.activities.get(run)
        assert world.store.raw.has(kept.raw_hash)
        assert len(world.store.scores.history_of(run)) == 2
    assert scene.sync(1, hour=22).remarks == ()
    scene.sync(4, hour=6)
    assert state(scene, 1) is SessionState.MISSED


def test_a_run_that_one_listing_forgot_is_asked_about_and_stays(scene):
    scene.upload(1)
    scene.upload(3)
    scene.sync(3)
    row = scene.service.account.activities.pop(0)
    report = scene.sync(3, hour=21)
    assert (report.remarks, report.problems) == ((), ())
    scene.service.account.activities.insert(0, row)
    with scene.world(scene.at(3)) as world:
        assert world.store.activities.count_runs() == 2


def test_a_list_that_is_suddenly_empty_is_not_believed(scene):
    for day in (1, 3):
        scene.upload(day)
    scene.sync(3)
    scene.service.account.activities.clear()
    scene.service.account.details.clear()
    report = scene.sync(3, hour=21)
    assert report.problems == ("no run is listed, although 2 of these days were there: nothing is changed",)
    with scene.world(scene.at(3)) as world:
        assert world.store.activities.count_runs() == 2


def test_a_run_that_was_deleted_and_uploaded_again_counts_once(scene):
    number = scene.upload(1)
    scene.sync(1)
    account = scene.service.account
    row, detail = deepcopy(account.activities[0]), deepcopy(account.details[number])
    content = account.archive(number)
    account.delete_activity(number)
    scene.sync(1, hour=21)
    account.add_activity(row | {"activityId": 900}, detail | {"activityId": 900}, None)
    account.archives["900"] = base64.b64encode(content).decode()
    scene.sync(1, hour=22)
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.count_runs() == 1
    assert state(scene, 1) is SessionState.DONE


# --- without a recording


def test_a_run_without_a_file_is_scored_by_what_the_service_tells(scene):
    scene.upload(1, fit=False)
    report = scene.sync(1)
    assert report.assessed[0].stored.score is not None
    assert state(scene, 1) is SessionState.DONE


def test_an_entry_by_hand_is_load_and_is_not_scored(scene):
    number = scene.upload(1, fit=False)
    account = scene.service.account
    account.details[number]["metadataDTO"]["manualActivity"] = True
    report = scene.sync(1)
    assert report.assessed[0].stored.score is None
    with scene.world(scene.at(1)) as world:
        assert world.store.activities.runs_between(on(1), on(1))[0].distance_m > 0


# --- weather


def test_a_hot_day_is_asked_for_once_and_changes_the_score_of_a_slow_run(scene):
    number = scene.upload(1)
    scene.sync(1)
    scene.service.account.parts[number]["weather"] = listed_weather(int(number), 95, 77)
    scene.sync(2, hour=20)
    weather = f"GET /activity-service/activity/{number}/weather"
    assert scene.service.requests.count(weather) == 1
    scene.sync(3, hour=20)
    assert scene.service.requests.count(weather) == 1
    with scene.world(scene.at(3)) as world:
        run = world.store.activities.newest(1)[0]
        assert world.store.details.weather_of(run.id) == (35.0, 25.0)
        assert Flag.HOT in world.store.scores.newest_of(run.id).card.flags


@pytest.mark.parametrize(("fahrenheit", "eased"), [(86, True), (85, False)])
def test_the_long_run_of_the_morning_after_a_run_in_heat_is_shorter_once(scene, fahrenheit, eased):
    for day in range(6):
        scene.sync(day, hour=6)
    (before,) = scene.sessions(6, 6)
    number = scene.upload(5, parse_workout("4km E"))
    scene.sync(5, hour=20)
    scene.service.account.parts[number]["weather"] = listed_weather(int(number), fahrenheit, 50)
    report = scene.sync(6, hour=7)
    (after,) = scene.sessions(6, 6)
    assert [change.session_id for change in report.changes if change.rule == "W1"] == (
        [before.session.id] if eased else []
    )
    share = after.session.distance_m / before.session.distance_m
    assert share == (pytest.approx(0.75, abs=0.02) if eased else 1)
    again = scene.sync(6, hour=8)
    assert (again.changes, again.actions) == ((), ())
