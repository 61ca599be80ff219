"""The stand-in for Garmin Connect behaves as the real one as far as recordings show."""

import contextlib
import io
import json
import time
import zipfile
from collections.abc import Iterator

import pytest
import requests

from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.garmin.stored import stored_workout
from tests.support.shared import shared_path

WORKOUTS = "/workout-service/workout"
SCHEDULE = "/workout-service/schedule"
SENT = {
    "workoutName": "easy",
    "description": "40min",
    "sportType": {"sportTypeId": 1},
    "workoutSegments": [
        {
            "sportType": {"sportTypeId": 1},
            "workoutSteps": [
                {
                    "type": "ExecutableStepDTO",
                    "stepType": {"stepTypeId": 3},
                    "endCondition": {"conditionTypeId": 2},
                    "endConditionValue": 2400,
                    "targetType": {"workoutTargetTypeId": 1},
                }
            ],
        }
    ],
}


@pytest.fixture
def service() -> Iterator[GarminStandIn]:
    with GarminStandIn(StandInGarminAccount(), hang_s=1.0).running() as running:
        yield running


def ask(service: GarminStandIn, method: str, path: str, body: object = None, **params) -> requests.Response:
    access = next(iter(service.account.access), None) or service.account.issue(time.time())["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    return requests.request(method, service.url + path, json=body, params=params, headers=headers, timeout=5)


def created(service: GarminStandIn) -> int:
    return ask(service, "POST", WORKOUTS, SENT).json()["workoutId"]


def shape(value: object) -> object:
    """Names and types, with the numbers that a server assigns left out."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items() if name not in _ASSIGNED}
    return [shape(each) for each in value] if isinstance(value, list) else value


_ASSIGNED = {"stepId", "displayable", "displayOrder"}


@pytest.mark.parametrize(
    "name", ["WorkoutRunningNestedRepeats", "WorkoutCyclingPowerCadence", "WorkoutEdgeCases"]
)
def test_a_workout_is_stored_as_the_recordings_show(name):
    folder = shared_path("recordings", "garmin", "workouts")
    sent, stored = (json.loads((folder / f"{name}{end}.gcn").read_text()) for end in ("Input", "Output"))
    made = stored_workout(sent, iter(range(1, 1000)), 1, 2)
    assert made["workoutName"] == stored["workoutName"]
    ours, theirs = (each["workoutSegments"][0]["workoutSteps"] for each in (made, stored))
    _same_where_both_tell(shape(ours), shape(theirs))


def _same_where_both_tell(ours: object, theirs: object) -> None:
    if isinstance(ours, dict):
        for name in ours.keys() & theirs.keys():
            _same_where_both_tell(ours[name], theirs[name])
        return
    if isinstance(ours, list):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            _same_where_both_tell(one, other)
        return
    assert (ours, type(ours)) == (theirs, type(theirs))


def test_workouts_are_created_read_replaced_and_deleted(service):
    number = created(service)
    assert ask(service, "GET", f"{WORKOUTS}/{number}").json()["workoutName"] == "easy"
    assert ask(service, "PUT", f"{WORKOUTS}/{number}", {**SENT, "workoutName": "long"}).status_code == 204
    assert ask(service, "GET", "/workout-service/workouts").json()[0]["workoutName"] == "long"
    assert ask(service, "DELETE", f"{WORKOUTS}/{number}").status_code == 204
    assert ask(service, "DELETE", f"{WORKOUTS}/{number}").status_code == 404


def test_every_post_to_the_schedule_adds_an_entry(service):
    number = created(service)
    for _ in range(2):
        assert ask(service, "POST", f"{SCHEDULE}/{number}", {"date": "2026-03-31"}).status_code == 200
    assert len(service.account.schedules) == 2
    entry = next(iter(service.account.schedules))
    assert ask(service, "DELETE", f"{SCHEDULE}/{entry}").status_code == 204
    assert ask(service, "DELETE", f"{SCHEDULE}/{entry}").status_code == 404
    assert ask(service, "POST", f"{SCHEDULE}/1", {"date": "2026-03-31"}).status_code == 404


def test_months_count_from_nought_and_show_the_neighbours_days(service):
    number = created(service)
    ask(service, "POST", f"{SCHEDULE}/{number}", {"date": "2026-03-31"})
    for month, shown in ((2, 1), (3, 1), (4, 0)):
        page = ask(service, "GET", f"/calendar-service/year/2026/month/{month}").json()
        assert len(page["calendarItems"]) == shown
        assert page["month"] == month
        assert not any("description" in item for item in page["calendarItems"])


def test_a_deleted_workout_takes_its_entries_along_or_leaves_them(service):
    for cascade, left in ((True, 0), (False, 1)):
        service.account.cascade = cascade
        number = created(service)
        ask(service, "POST", f"{SCHEDULE}/{number}", {"date": "2026-03-31"})
        ask(service, "DELETE", f"{WORKOUTS}/{number}")
        assert len(service.account.schedules) == left


def test_summaries_cover_any_range_in_one_request(service):
    number = created(service)
    ask(service, "POST", f"{SCHEDULE}/{number}", {"date": "2026-03-31"})
    query = 'query{workoutScheduleSummariesScalar(startDate:"2026-01-01",endDate:"2026-12-31")}'
    found = ask(service, "POST", "/graphql-gateway/graphql", {"query": query}).json()
    assert [row["workoutId"] for row in found["data"]["workoutScheduleSummariesScalar"]] == [number]


def test_activities_are_listed_newest_first_and_their_file_is_in_a_zip(service):
    for number, day in ((1, "2026-03-01"), (2, "2026-03-03")):
        row = {
            "activityId": number,
            "activityName": "run",
            "startTimeLocal": f"{day} 07:00:00",
            "startTimeGMT": f"{day} 06:00:00",
            "activityType": {"typeId": 6, "typeKey": "trail_running", "parentTypeId": 1},
            "distance": 10_000.0,
            "duration": 3000.0,
        }
        service.account.add_activity(row, {"activityId": number}, b"fit" if number == 1 else None)
    path = "/activitylist-service/activities/search/activities"
    rows = ask(service, "GET", path, activityType="running", limit="1").json()
    assert [row["activityId"] for row in rows] == [2]
    assert ask(service, "GET", path, start="2").json() == []
    packed = ask(service, "GET", "/download-service/files/activity/1").content
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == ["1_ACTIVITY.fit"]
    assert ask(service, "GET", "/download-service/files/activity/2").status_code == 404
    (item,) = service.account.month(2026, 1)["calendarItems"]
    assert (item["duration"], item["distance"]) == (3_000_000.0, 1_000_000.0)


def test_a_refresh_token_is_good_for_one_refresh(service):
    first = service.account.issue(time.time())
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], "client_id": "x"}
    answers = [requests.post(service.token_url, data=form, timeout=5) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 400]
    assert answers[1].json() == {"error": "invalid_grant"}


def test_an_access_token_that_is_over_is_refused(service):
    over = service.account.issue(time.time() - 20_000)["access_token"]
    assert service.account.accepts(over, time.time()) is False
    assert ask(service, "GET", "/workout-service/workouts").status_code == 401


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_meets_the_request_it_is_meant_for_and_only_that(service, fault):
    created(service)
    service.hang_s = 0.05
    service.faults.begin({1: fault})
    assert ask(service, "GET", "/workout-service/workouts").status_code == 200
    before = len(service.account.workouts)
    with contextlib.suppress(requests.RequestException):
        ask(service, "POST", WORKOUTS, SENT)
    assert len(service.account.workouts) - before == fault.carried_out
    assert ask(service, "GET", "/workout-service/workouts").status_code == 200


def test_the_account_is_kept_as_one_file(service, tmp_path):
    created(service)
    service.account.save(tmp_path / "account.json")
    assert StandInGarminAccount.load(tmp_path / "account.json") == service.account
