"""The stand-in for Strava answers as the real one does: recorded shapes, real limits, coarse echoes."""

import json
from datetime import UTC, datetime, timedelta, timezone
from math import floor

import pytest

from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.domain.training.zones import resolve_workout
from syncd.formats.fit.activity import read_activity
from syncd.formats.strava_json import payload_of, read_strava_json
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.garmin.answers import Request
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.strava.account import Meter, StandInStravaAccount
from syncd.sandbox.strava.echo import echo_of
from syncd.sandbox.strava.routes import answer, headers_of
from tests.support.shared import shared_path
from tests.support.strava_scene import SCOPES, recorded

ROME = timezone(timedelta(hours=1))
START = datetime(2026, 1, 8, 18, tzinfo=ROME)
NOW_S = START.timestamp() + 7200
REPS = "10min E + 6x(300m R + 2min jog) + 10min E"
LIST = "/api/v3/athlete/activities"


@pytest.fixture
def account():
    return StandInStravaAccount()


@pytest.fixture
def token(account):
    return account.logins.grant(SCOPES, NOW_S)["access_token"]


def asked(account, token, path, now_s=NOW_S, **query):
    request = Request(
        "GET", path, {name: str(value) for name, value in query.items()}, b"", f"Bearer {token}"
    )
    reply = answer(account, request, now_s)
    return reply.status, json.loads(reply.body), headers_of(account, request, now_s)


def add(account, days_ago=0.0, **more):
    number = account.new_id()
    return account.add(echo_of(recorded(), number, START - timedelta(days=days_ago), "run", **more))


def test_an_echo_has_its_own_number_and_coarser_times():
    run = recorded(REPS)
    echo = echo_of(run, 16_000_000_007, START, "reps")
    assert echo.row["elapsed_time"] == floor(run.elapsed_s)
    assert echo.row["external_id"].startswith("garmin_ping_")
    assert str(echo.row["id"]) not in echo.row["external_id"]
    assert [lap["elapsed_time"] for lap in echo.detail["laps"]] == [
        floor(lap.end_s - lap.start_s) for lap in run.laps
    ]
    assert sum(lap["elapsed_time"] for lap in echo.detail["laps"]) < run.elapsed_s - 4


def test_its_laps_point_elsewhere_and_begin_late_but_their_way_adds_up():
    run = recorded(REPS)
    echo = echo_of(run, 1, START, "reps")
    second = echo.detail["laps"][1]
    assert second["start_index"] == floor(run.laps[1].start_s) - 60
    late = datetime.fromisoformat(second["start_date"]) - START - timedelta(seconds=run.laps[1].start_s)
    assert timedelta(seconds=-0.6) <= late <= timedelta(seconds=2.7)
    way = echo.streams["distance"]["data"]
    assert sum(lap["distance"] for lap in echo.detail["laps"]) == pytest.approx(way[-1], abs=3)


@pytest.mark.parametrize("scenario", [Scenario.PERFECT, Scenario.FADING, Scenario.LIGHTS, Scenario.TOO_FAST])
@pytest.mark.parametrize("notation", [REPS, "15min E + 3x(5min T + 90s jog) + 10min E", "30min E"])
def test_an_echo_scores_as_the_recording_does_within_three_points(notation, scenario):
    run, runner = recorded(notation, scenario), Runner(vdot=40.0)
    fit = read_activity(write_activity(run, start=START, utc_offset=timedelta(hours=1)))
    echo = echo_of(run, 1, START, "x", skew_s=3)
    told = read_strava_json(payload_of(echo.detail, echo.streams))
    workout = resolve_workout(run.workout, runner.zones)
    scores = [
        score_activity(
            each, Prescription(PrescriptionOrigin.ARGUMENT, workout, None, None), runner.zones
        ).score
        for each in (fit, told)
    ]
    assert abs(scores[0] - scores[1]) <= 3


def test_an_echo_has_every_field_that_a_recorded_answer_has_and_we_read():
    path = shared_path("recordings", "strava", "athlete-a") / "GET_api_v3_activities_13679778676.json"
    real = json.loads(path.read_text())["json"]
    echo = echo_of(recorded(REPS), 1, START, "x")
    assert set(echo.detail) <= set(real)
    assert set(echo.detail["laps"][0]) <= set(real["laps"][0])


def test_a_hidden_start_shows_the_day_and_one_second():
    row = echo_of(recorded(), 1, START, "x", hidden_start=True).row
    assert (row["start_date_local"], row["start_date"]) == ("2026-01-08T00:00:01Z", "2026-01-07T23:00:01Z")


def test_a_list_is_newest_first_and_with_after_oldest_first(account, token):
    new, old = add(account), add(account, 3)
    after = int((START - timedelta(days=9)).timestamp())
    assert [row["id"] for row in asked(account, token, LIST)[1]] == [new, old]
    assert [row["id"] for row in asked(account, token, LIST, after=after)[1]] == [old, new]
    assert asked(account, token, LIST, page=99)[1] == []
    assert asked(account, token, "/athlete/activities", per_page=1)[1][0]["id"] == new


def test_an_echo_comes_later_than_the_run(account, token):
    number = account.new_id()
    account.add(echo_of(recorded(), number, START, "late"), there_from_s=NOW_S + 60)
    assert asked(account, token, LIST)[1] == []
    assert asked(account, token, f"/api/v3/activities/{number}")[0] == 404
    assert asked(account, token, f"/api/v3/activities/{number}", NOW_S + 60)[0] == 200


def test_refusals_are_worded_as_recorded(account, token):
    folder = shared_path("recordings", "strava", "athlete-a")
    account.meter.reads = (3, 9)
    cases = {
        "GET_api_v3_activities_99989554554.json": ("/api/v3/activities/99989554554", {}),
        "GET_api_v3_athlete_activities_after=4072395600_per_page=2.json": (LIST, {"after": 4_072_395_600}),
        "GET_api_v3_athlete_activities_after=1737176400_per_page=2_page=99.json": (LIST, {"page": 99}),
        "GET_api_v3_athlete_activities_after=1737176400_per_page=2.json": (LIST, {}),
    }
    for name, (path, query) in cases.items():
        assert asked(account, token, path, **query)[1] == json.loads((folder / name).read_text())["json"]


def test_streams_come_by_type_or_as_a_list_and_always_with_the_distance(account, token):
    number = add(account)
    path = f"/api/v3/activities/{number}/streams"
    by_type = asked(account, token, path, keys="time,heartrate", key_by_type="true")[1]
    assert set(by_type) == {"time", "heartrate", "distance"}
    as_list = asked(account, token, path, keys="heartrate")[1]
    assert {each["type"] for each in as_list} == {"heartrate", "distance"}
    account.streams.clear()
    assert asked(account, token, path, keys="time")[0] == 404


def test_limits_go_by_the_quarter_of_the_clock_and_by_the_day_and_refusals_count():
    meter = Meter(reads=(2, 5))
    midnight = 1_700_006_400.0  # a multiple of a day
    at = [midnight + 880, midnight + 890, midnight + 895, midnight + 900, midnight + 901, midnight + 86_400]
    broken = [meter.take(each, reading=True) for each in at]
    assert broken == ["", "", "read rate limit", "", "", ""]
    assert meter.headers(at[4]) == {
        "X-RateLimit-Limit": "200,2000",
        "X-RateLimit-Usage": "2,5",
        "X-ReadRateLimit-Limit": "2,5",
        "X-ReadRateLimit-Usage": "2,5",
    }
    assert meter.headers(at[5])["X-ReadRateLimit-Usage"] == "1,1"
    assert meter.refusals == 1


def test_every_answer_tells_the_counts_and_the_login_is_not_counted(account, token):
    assert asked(account, token, LIST)[2]["X-ReadRateLimit-Usage"] == "1,1"
    assert asked(account, "wrong", LIST)[2]["X-ReadRateLimit-Usage"] == "2,2"
    request = Request("POST", "/oauth/token", {}, b"", "")
    assert headers_of(account, request, NOW_S) == {}


def test_without_the_right_to_read_nothing_is_shown(account, token):
    poor = account.logins.grant(["read"], NOW_S)["access_token"]
    status, told, _ = asked(account, poor, LIST)
    assert (status, told["errors"][0]["field"]) == (401, "activity:read_permission")
    assert asked(account, "wrong", LIST)[1]["errors"][0]["field"] == "access_token"
    account.logins.app_active = False
    assert asked(account, token, LIST)[0] == 403


def test_an_account_is_kept_as_one_file(account, tmp_path):
    number = add(account, hidden_start=True)
    account.meter.take(NOW_S, reading=True)
    account.save(tmp_path / "strava.json")
    assert StandInStravaAccount.load(tmp_path / "strava.json") == account
    account.delete(number)
    assert not account.is_there(str(number), NOW_S)
    assert datetime.fromtimestamp(NOW_S, UTC).hour == 19
