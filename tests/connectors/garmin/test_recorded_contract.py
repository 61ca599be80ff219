"""Every field that syncd reads exists in recorded answers with that type, and so it does in the stand-in's.

What no recording shows is listed with its source: it rests on what others found out.
"""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_run, listed_weather
from syncd.sandbox.garmin.answers import Request
from syncd.sandbox.garmin.routes import answer
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support.cassettes import FOLDER
from tests.support.shared import shared_path

NUMBER, TEXT, NONE = (int, float), (str,), (type(None),)
A, B = "athlete-a/", "athlete-b/"
LIST_FILE = A + "GET_activitylist-service_activities_search_activities_start=0_limit=20.json"

# operation -> (recording, {path: types}); "0" is the first of a list
FIELDS: dict[str, tuple[str, dict[str, tuple[type, ...]]]] = {
    "/activitylist-service/activities/search/activities": (
        LIST_FILE,
        {
            "0.activityId": (int,),
            "0.activityName": TEXT,
            "0.startTimeLocal": TEXT,
            "0.startTimeGMT": TEXT,
            "0.distance": NUMBER,
            "0.duration": NUMBER,
            "0.elapsedDuration": NUMBER,
            "0.workoutId": (int, type(None)),
            "0.lapCount": (int,),
            "0.activityType.typeId": (int,),
            "0.activityType.typeKey": TEXT,
            "0.activityType.parentTypeId": (int,),
            "0.manualActivity": (bool,),
            "0.parent": (bool,),
        },
    ),
    "/activity-service/activity/7": (
        A + "GET_activity-service_activity_18861865288.json",
        {
            "activityId": (int,),
            "activityName": TEXT,
            "isMultiSportParent": (bool,),
            "activityTypeDTO.typeId": (int,),
            "activityTypeDTO.typeKey": TEXT,
            "activityTypeDTO.parentTypeId": (int,),
            "metadataDTO.lastUpdateDate": TEXT,
            "metadataDTO.manualActivity": (bool,),
            "metadataDTO.childIds": (list,),
            "metadataDTO.manufacturer": TEXT,
            "metadataDTO.hasPolyline": (bool,),
            "summaryDTO.startTimeGMT": TEXT,
            "summaryDTO.startTimeLocal": TEXT,
            "summaryDTO.distance": NUMBER,
            "summaryDTO.duration": NUMBER,
            "summaryDTO.elapsedDuration": NUMBER,
            "summaryDTO.averageHR": NUMBER,
            "summaryDTO.maxHR": NUMBER,
            "summaryDTO.directWorkoutRpe": NUMBER,
        },
    ),
    "/activity-service/activity/7/splits": (
        A + "GET_activity-service_activity_18948270166_splits.json",
        {
            "lapDTOs.0.startTimeGMT": TEXT,
            "lapDTOs.0.distance": NUMBER,
            "lapDTOs.0.duration": NUMBER,
            "lapDTOs.0.elapsedDuration": NUMBER,
            "lapDTOs.0.averageHR": NUMBER,
            "lapDTOs.0.maxHR": NUMBER,
        },
    ),
    "/activity-service/activity/7/details": (
        A + "GET_activity-service_activity_19005790234_details_maxChartSize=100000_maxPolylineSize=0.json",
        {
            "metricDescriptors.0.metricsIndex": (int,),
            "metricDescriptors.0.key": TEXT,
            "activityDetailMetrics.0.metrics": (list,),
        },
    ),
    "/activity-service/activity/7/weather": (
        B + "activityweather_1378220136.json",
        {"temp": NUMBER, "dewPoint": NUMBER},
    ),
    "/userprofile-service/socialProfile": (
        A + "GET_userprofile-service_socialProfile.json",
        {"profileId": (int,), "fullName": TEXT, "displayName": TEXT},
    ),
}
# No recording shows these; GARMIN's own apps and other clients are the source.
UNVERIFIED = {
    "calendar item": "id, itemType, date, workoutId, protectedWorkoutSchedule: code of three other clients",
    "month of the calendar": "year, month from 0, calendarItems: code of the garminconnect library",
    "library row": "workoutId, workoutName, description, updateDate: code of two other clients",
    "schedule": "workoutScheduleId, calendarDate: logs of another client's tests",
    "last used device": "lastUsedDeviceName, lastUsedDeviceUploadTime: code of the garminconnect library",
    "login": "responseStatus.type, serviceTicketId: code of the garminconnect library",
}
METRICS = (
    "sumElapsedDuration",
    "sumDuration",
    "sumDistance",
    "directSpeed",
    "directHeartRate",
    "directElevation",
)


@pytest.fixture(scope="module")
def account() -> StandInGarminAccount:
    made = StandInGarminAccount()
    made.access["contract"] = float("inf")
    start = datetime(2026, 3, 17, 7, tzinfo=UTC)
    recording = simulate(parse_workout("1min E + 1min E"), Runner(vdot=40), Scenario.PERFECT, seed=1)
    run = listed_run(recording, 7, start, "run")
    run.detail["summaryDTO"]["directWorkoutRpe"] = 40
    made.add_activity(run.row, run.detail, b"run", {**run.parts, "weather": listed_weather(7, 59, 48)})
    return made


def told(account: StandInGarminAccount, path: str) -> Any:
    reply = answer(account, Request("GET", path, {}, b"", "Bearer contract"), 0.0)
    assert reply.status == 200
    return json.loads(reply.body)


def recorded(name: str) -> Any:
    found = json.loads((shared_path("recordings", "garmin") / name).read_text())
    return found["json"] if isinstance(found, dict) and "json" in found else found


def at(payload: Any, path: str) -> Any:
    for part in path.split("."):
        payload = payload[int(part)] if isinstance(payload, list) else payload[part]
    return payload


def faults(payload: Any, fields: dict[str, tuple[type, ...]]) -> list[str]:
    found = []
    for path, types in fields.items():
        try:
            value = at(payload, path)
        except (KeyError, IndexError, TypeError):
            found.append(f"{path} is missing")
            continue
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            found.append(f"{path} is {type(value).__name__}")
    return found


@pytest.mark.parametrize("path", FIELDS)
def test_what_is_read_exists_in_a_recording_of_the_real_service(path):
    name, fields = FIELDS[path]
    assert faults(recorded(name), fields) == []


@pytest.mark.parametrize("path", FIELDS)
def test_what_is_read_exists_in_the_stand_in(account, path):
    assert faults(told(account, path), FIELDS[path][1]) == []


RECORDED_AS = dict(
    zip(FIELDS, ("activities", "detail", "splits", "points", "weather", "profile"), strict=True)
)


@pytest.mark.parametrize("version", ["0.3.2", "0.3.20"])
@pytest.mark.parametrize("path", FIELDS)
def test_what_is_read_exists_in_the_cassettes(path, version):
    file = FOLDER / f"garminconnect-{version}" / f"{RECORDED_AS[path]}.yaml"
    (interaction,) = yaml.safe_load(file.read_text())["interactions"]
    assert faults(json.loads(interaction["response"]["body"]["string"]), FIELDS[path][1]) == []


def test_a_renamed_field_would_be_noticed(account):
    path = "/activity-service/activity/7"
    changed = deepcopy(told(account, path))
    changed["summaryDTO"]["elapsed"] = changed["summaryDTO"].pop("elapsedDuration")
    changed["activityId"] = "7"
    assert faults(changed, FIELDS[path][1]) == ["activityId is str", "summaryDTO.elapsedDuration is missing"]


def test_the_points_have_the_keys_that_are_looked_for(account):
    for payload in (
        told(account, "/activity-service/activity/7/details"),
        recorded(FIELDS["/activity-service/activity/7/details"][0]),
    ):
        keys = {each["key"] for each in payload["metricDescriptors"]}
        assert keys >= set(METRICS)
        assert len(payload["activityDetailMetrics"][0]["metrics"]) >= len(keys)


def test_an_activity_that_is_gone_is_answered_like_the_real_service(account):
    reply = answer(account, Request("GET", "/activity-service/activity/1", {}, b"", "Bearer contract"), 0.0)
    real = json.loads((shared_path("recordings", "garmin") / "api-library/test_delete__2.json").read_text())
    assert reply.status == real["status"]["code"] == 404
    assert json.loads(reply.body).keys() == real["json"].keys()
