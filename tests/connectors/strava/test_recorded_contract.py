"""Every field that syncd reads exists in recorded answers of Strava with that type, and in the stand-in's.

Not shown by any recording, and taken from what others found out: the four counts of each answer, a
refresh, an unpaid app, subscriptions, a hidden start, and streams by type.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.answers import Request
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.echo import echo_of
from syncd.sandbox.strava.routes import answer
from tests.support.shared import shared_path

NUMBER, TEXT, NONE = (int, float), (str,), (type(None),)
NOW = datetime(2026, 3, 17, 20, tzinfo=UTC)
TOTALS = {
    "id": (int,),
    "name": TEXT,
    "sport_type": TEXT,
    "workout_type": (int, type(None)),
    "distance": NUMBER,
    "moving_time": (int,),
    "elapsed_time": (int,),
    "start_date": TEXT,
    "start_date_local": TEXT,
    "utc_offset": NUMBER,
    "upload_id": (int, type(None)),
    "visibility": TEXT,
    "flagged": (bool,),
    "manual": (bool,),
    "trainer": (bool,),
    "average_heartrate": NUMBER,
    "max_heartrate": NUMBER,
    "total_elevation_gain": NUMBER,
}
LAPS = {
    "laps.0.start_date": TEXT,
    "laps.0.elapsed_time": (int,),
    "laps.0.moving_time": (int,),
    "laps.0.distance": NUMBER,
    "laps.0.average_heartrate": NUMBER,
    "laps.0.max_heartrate": NUMBER,
}
# path of the request -> (recording, {path: types}); "0" is the first of a list
FIELDS: dict[str, tuple[str, dict[str, tuple[type, ...]]]] = {
    "/api/v3/athlete/activities": (
        "GET_api_v3_athlete_activities_per_page=10.json",
        {f"0.{name}": types for name, types in TOTALS.items()},
    ),
    "/api/v3/activities/7": (
        "GET_api_v3_activities_13679778676.json",
        {
            **TOTALS,
            **LAPS,
            "perceived_exertion": (*NUMBER, *NONE),
            "device_name": TEXT,
        },
    ),
    "/api/v3/activities/8": (
        "GET_api_v3_activities_99989554554.json",
        {"message": TEXT, "errors.0.resource": TEXT, "errors.0.field": TEXT, "errors.0.code": TEXT},
    ),
    "/api/v3/activities/7/streams": (
        "GET_api_v3_activities_10283002244_streams_keys=time_distance_altitude_heartrate_moving.json",
        {"0.type": TEXT, "0.data.0": (*NUMBER, bool), "0.original_size": (int,)},
    ),
}


def recorded(name: str) -> Any:
    whole = json.loads(shared_path("recordings", "strava", "athlete-a", name).read_text())
    return whole.get("json", whole) if isinstance(whole, dict) else whole


def of_the_stand_in(path: str) -> Any:
    account = StandInStravaAccount()
    recording = simulate(parse_workout("1min E + 1min E"), Runner(vdot=40), Scenario.AUTO_LAP, seed=1)
    account.add(echo_of(recording, 7, datetime(2026, 3, 17, 7, tzinfo=UTC), "run"))
    token = account.logins.grant(["read", "activity:read_all"], NOW.timestamp())["access_token"]
    query = {"keys": "time,distance,altitude,heartrate,moving"} if path.endswith("streams") else {}
    request = Request("GET", path, query, b"", f"Bearer {token}")
    return json.loads(answer(account, request, NOW.timestamp()).body)


def at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


@pytest.mark.parametrize(
    ("path", "field"), [(path, field) for path, (_, fields) in FIELDS.items() for field in fields]
)
def test_a_field_that_is_read_is_in_the_recording_and_in_the_stand_ins_answer(path, field):
    name, fields = FIELDS[path]
    for where, whole in (("recording", recorded(name)), ("stand-in", of_the_stand_in(path))):
        found = at(whole, field)
        assert type(found) in fields[field], f"{where}: {found!r}"
