"""What Garmin Connect tells of a run, where there is no recording."""

import json
from math import isnan

import pytest

from syncd.domain.activity import Activity
from syncd.formats.fit import Unreadable
from syncd.formats.garmin_json import MARK, payload_of, read_garmin_json, rpe_of, sport_of
from syncd.formats.recording import kind_of, read_recording
from tests.support.shared import shared_path

RUNNING = {"typeId": 1, "typeKey": "running", "parentTypeId": 17}
DETAIL = {
    "activityId": 1,
    "activityName": "morning",
    "activityTypeDTO": RUNNING,
    "metadataDTO": {"manualActivity": False},
    "summaryDTO": {
        "startTimeGMT": "2026-03-17T06:00:00.0",
        "startTimeLocal": "2026-03-17T07:00:00.0",
        "distance": 8000.0,
        "duration": 2700.0,
        "directWorkoutRpe": 30,
    },
}


def recorded(name: str):
    return json.loads((shared_path("recordings", "garmin", "athlete-a") / name).read_text())["json"]


def read(detail=DETAIL, splits=None, points=None, legs=()) -> Activity:
    found = read_recording(payload_of(detail, splits, points, legs))
    assert isinstance(found, Activity)
    return found


def test_the_payload_is_told_apart_from_recordings():
    assert kind_of(payload_of(DETAIL, None, None, ())) == "garmin-json"


def test_totals_alone_are_an_activity_with_its_effort():
    run = read()
    assert (run.sport, run.distance_m, run.timer_s, run.elapsed_s, run.rpe) == (
        "running",
        8000,
        2700,
        2700,
        3.0,
    )
    assert (run.name, run.laps, len(run.samples)) == ("morning", (), 0)


def test_a_real_run_reads_as_what_its_summary_says():
    detail = recorded("GET_activity-service_activity_19005790234.json")
    points = recorded(
        "GET_activity-service_activity_19005790234_details_maxChartSize=100000_maxPolylineSize=0.json"
    )
    run = read(detail, None, points)
    summary = detail["summaryDTO"]
    assert len(run.samples) == 1699
    assert run.samples.elapsed_s[-1] == pytest.approx(summary["elapsedDuration"], abs=5)
    assert run.samples.distance_m[-1] == pytest.approx(summary["distance"], abs=20)
    beats = [each for each in run.samples.heart_rate_bpm if not isnan(each)]
    assert sum(beats) / len(beats) == pytest.approx(summary["averageHR"], abs=3)
    assert run.distance_m == summary["distance"]


def test_real_laps_follow_one_another_and_add_up():
    splits = recorded("GET_activity-service_activity_18948270166_splits.json")
    first = splits["lapDTOs"][0]["startTimeGMT"]
    total = sum(lap["duration"] for lap in splits["lapDTOs"])
    summary = DETAIL["summaryDTO"] | {"startTimeGMT": first, "duration": total}
    run = read(DETAIL | {"summaryDTO": summary}, splits)
    assert len(run.laps) == 25
    assert run.laps[0].start_s == 0
    assert all(a.end_s == b.start_s for a, b in zip(run.laps, run.laps[1:], strict=False))
    assert sum(lap.timer_s for lap in run.laps) == pytest.approx(total)


def test_the_effort_is_kept_tenfold_there():
    assert rpe_of(recorded("GET_activity-service_activity_18861865288.json")) == 7.0
    assert rpe_of({"summaryDTO": {}}) is None
    assert rpe_of({"summaryDTO": {"directWorkoutRpe": 0}}) is None


@pytest.mark.parametrize(
    ("kind", "sport"),
    [
        (RUNNING, ("running", "")),
        ({"typeId": 18, "typeKey": "treadmill_running", "parentTypeId": 1}, ("running", "treadmill")),
        ({"typeId": 999, "typeKey": "moon_running", "parentTypeId": 1}, ("running", "moon")),
        ({"typeId": 2, "typeKey": "cycling", "parentTypeId": 17}, ("cycling", "")),
        (None, ("unknown", "")),
    ],
)
def test_every_child_of_running_is_a_run(kind, sport):
    assert sport_of(kind) == sport


@pytest.mark.parametrize(
    "content",
    [
        MARK,
        MARK + b"1}",
        MARK + b'1,"detail":[]}',
        MARK + b'1,"detail":{"summaryDTO":{"startTimeGMT":"soon"}}}',
        MARK + b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_says_so(content):
    assert isinstance(read_garmin_json(content), Unreadable)


def test_fields_of_a_wrong_type_are_nothing():
    odd = DETAIL | {
        "summaryDTO": DETAIL["summaryDTO"] | {"distance": "far", "averageHR": True, "duration": None}
    }
    run = read(
        odd, {"lapDTOs": "none"}, {"metricDescriptors": [1], "activityDetailMetrics": [{"metrics": 3}]}
    )
    assert (run.distance_m, run.avg_hr_bpm, run.timer_s, run.laps) == (None, None, 0.0, ())
