"""Runs from Garmin Connect: all kinds of running, the original file, nothing guessed."""

import base64
import io
import json
import zipfile
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from syncd.connectors.base import ActivityRef, Gone, Rejected, RunSummary, Unavailable
from syncd.connectors.garmin.session import Endpoints
from syncd.connectors.garmin.source import GarminSource
from syncd.domain.activity import Trait
from syncd.domain.notation import parse_workout
from syncd.formats.recording import read_recording
from syncd.sandbox.garmin.activity import listed_run, listed_weather
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.connectors.contract import SourceContract
from tests.support.shared import shared_path

LIST = "GET /activitylist-service/activities/search/activities"
TODAY = date(2026, 3, 21)
RUNNING = {"typeId": 1, "typeKey": "running", "parentTypeId": 17}
TRAIL = {"typeId": 6, "typeKey": "trail_running", "parentTypeId": 1}
CYCLING = {"typeId": 2, "typeKey": "cycling", "parentTypeId": 17}


def add(service, number, day="2026-03-17", kind=RUNNING, fit=b"recording", **more):
    row = {
        "activityId": number,
        "activityName": f"run {number}",
        "startTimeLocal": f"{day} 07:00:00",
        "startTimeGMT": f"{day} 06:00:00",
        "activityType": kind,
        "distance": 8000.0,
        "duration": 2700.0,
        **more,
    }
    detail = {
        "activityId": number,
        "activityName": f"run {number}",
        "activityTypeDTO": kind,
        "metadataDTO": {"manualActivity": more.get("manualActivity", False), "childIds": []},
        "summaryDTO": {
            "startTimeGMT": f"{day}T06:00:00.0",
            "startTimeLocal": f"{day}T07:00:00.0",
            "distance": 8000.0,
            "duration": 2700.0,
        },
    }
    service.account.add_activity(row, detail, fit)


@pytest.fixture
def source(session_of):
    return GarminSource(session_of(), TODAY)


def listed(source, cursor=""):
    return [ref.remote_id for ref in source.list_since(cursor)]


def test_the_list_alone_tells_of_recent_runs(service, source):
    add(service, 1, "2026-03-17", fastestSplit_5000=1429.822)
    add(service, 2, "2026-03-18", TRAIL, distance=12000.5)
    add(service, 3, "2026-03-19", CYCLING)
    add(service, 4, "2026-01-02")
    add(service, 5, "2026-03-16", distance=None)
    assert source.recent_runs(date(2026, 2, 1)) == (
        RunSummary(date(2026, 3, 18), 12000.5),
        RunSummary(date(2026, 3, 17), 8000.0, 1429.822),
    )
    assert service.requests == [LIST]


def test_of_many_recent_runs_two_pages_are_enough(service, source):
    for number in range(1, 251):
        add(service, number, f"2026-03-{number % 20 + 1:02d}", fit=None)
    assert len(source.recent_runs(date(2026, 2, 1))) == 200
    assert service.requests == [LIST, LIST]


@pytest.mark.parametrize("strange", [{"startTimeLocal": "soon"}, {"startTimeLocal": None}])
def test_a_list_of_runs_that_cannot_be_read_is_no_answer(service, source, strange):
    service.account.activities.append(
        {"activityId": 1, "activityType": RUNNING, "distance": 5000.0, **strange}
    )
    with pytest.raises(Unavailable):
        source.recent_runs(date(1900, 1, 1))


class TestGarminSource(SourceContract):
    @pytest.fixture
    def source(self, service, session_of):
        add(service, 1)
        add(service, 2, "2026-03-19", TRAIL)
        return GarminSource(session_of(), TODAY)

    @pytest.fixture
    def unreachable(self, session_of):
        nowhere = session_of(endpoints=Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9"))
        return GarminSource(nowhere, TODAY)


def test_every_kind_of_running_is_listed_newest_first_and_nothing_else(service, source):
    add(service, 1)
    add(service, 2, "2026-03-18", CYCLING)
    add(service, 3, "2026-03-19", TRAIL)
    assert listed(source) == ["3", "1"]


def test_listing_begins_two_weeks_before_the_cursor_in_one_request(service, source):
    for number, day in ((1, "2026-03-01"), (2, "2026-03-06"), (3, "2026-03-20")):
        add(service, number, day)
    assert listed(source, "2026-03-20") == ["3", "2"]
    assert service.requests == [LIST]
    assert source.listed_from() == date(2026, 3, 6)


def test_the_first_time_half_a_year_is_read_or_as_much_as_is_wanted(service, session_of):
    for number, day in ((1, "2025-09-21"), (2, "2025-09-23"), (3, "2026-03-20")):
        add(service, number, day)
    assert listed(GarminSource(session_of(), TODAY)) == ["3", "2"]
    assert listed(GarminSource(session_of(), TODAY, 365)) == ["3", "2", "1"]


def test_a_cursor_of_the_future_is_today(service, source):
    add(service, 1, "2026-03-20")
    assert listed(source, "2031-01-01") == ["1"]


def test_pages_are_read_to_the_end(service, source):
    for number in range(1, 251):
        add(service, number)
    assert len(listed(source)) == 250
    assert service.requests == [LIST] * 3


def test_an_edit_that_the_list_shows_changes_the_fingerprint(service, source):
    add(service, 1)
    before = next(source.list_since(""))
    assert next(source.list_since("")) == before
    service.account.activities[0]["distance"] = 8100.0
    assert next(source.list_since("")).fingerprint != before.fingerprint


def told(source, number="1"):
    ref = next(each for each in source.list_since("") if each.remote_id == number)
    raw = source.fetch(ref)
    return raw, read_recording(raw.content)


def test_a_run_entered_by_hand_is_told_by_its_totals(service, source):
    add(service, 1, manualActivity=True, fit=None)
    raw, activity = told(source)
    assert raw.kind == "garmin-json"
    assert (activity.distance_m, activity.timer_s, len(activity.samples)) == (8000.0, 2700.0, 0)
    assert activity.traits == {Trait.BY_HAND}
    assert [each.rpartition("/")[0] for each in service.requests[1:]] == [
        "GET /download-service/files/activity",
        "GET /activity-service/activity",
    ]


def test_a_run_without_a_file_is_told_by_its_laps_and_points(service, source):
    recording = simulate(parse_workout("20min E"), Runner(vdot=38.3), Scenario.PERFECT, seed=1)
    start = datetime(2026, 3, 17, 7, tzinfo=ZoneInfo("Europe/Rome"))
    run = listed_run(recording, 1, start, "no file")
    service.account.add_activity(run.row, run.detail, None, run.parts)
    raw, activity = told(source)
    assert raw.kind == "garmin-json"
    assert activity.start == start
    assert activity.utc_offset == start.utcoffset()
    assert len(activity.samples) == len(recording.samples)
    assert [lap.timer_s for lap in activity.laps] == [lap.timer_s for lap in recording.laps]


def test_the_running_legs_of_a_multisport_are_load(service, source):
    kind = {"typeId": 89, "typeKey": "multi_sport", "parentTypeId": 17}
    add(service, 1, kind=kind, parent=True)
    service.account.details["1"]["metadataDTO"]["childIds"] = [11, 12, 13]
    for number, leg in ((11, RUNNING), (12, CYCLING), (13, RUNNING)):
        add(service, number, kind=leg)
        service.account.activities = [r for r in service.account.activities if r["activityId"] != number]
    _, activity = told(source)
    assert (activity.sport, activity.sub_sport, activity.distance_m) == ("running", "multisport", 16000.0)
    assert activity.traits == {Trait.LEGS}


def test_weather_is_told_in_fahrenheit_and_read_in_celsius(service, source):
    add(service, 1)
    service.account.parts["1"] = {"weather": listed_weather(1, 86, 68)}
    ref = next(source.list_since(""))
    assert source.weather(ref) == (30.0, 20.0)
    service.account.parts["1"] = {}
    assert source.weather(ref) is None


def test_the_details_change_with_effort_name_and_kind(service, source):
    add(service, 1)
    ref = next(source.list_since(""))
    versions = [source.detail(ref).version]
    detail = service.account.details["1"]
    detail["summaryDTO"]["directWorkoutRpe"] = 70
    assert source.detail(ref).rpe == 7.0
    versions.append(source.detail(ref).version)
    detail["activityTypeDTO"] = CYCLING
    told_now = source.detail(ref)
    assert (told_now.is_run, told_now.sport) == (False, "cycling")
    versions.append(told_now.version)
    assert len(set(versions)) == 3
    service.account.delete_activity("1")
    with pytest.raises(Gone):
        source.detail(ref)


@pytest.mark.parametrize("fault", [Fault.WRONG_TYPES_AFTER, Fault.PAGE_AFTER, Fault.TRUNCATED_AFTER])
def test_a_list_that_cannot_be_read_is_never_an_empty_one(service, source, fault):
    service.faults.begin({0: fault})
    with pytest.raises(Unavailable):
        source.list_since("")


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("archive", "error"),
    [
        (b"no zip", Unavailable),
        (packed(a_fit=b"x" * 1000)[:-30], Unavailable),
        (packed(a_fit=bytes(65 << 20)), Rejected),
    ],
    ids=["no zip", "cut short", "bomb"],
)
def test_an_archive_that_holds_no_recording_is_refused(service, source, archive, error):
    service.account.archives["1"] = base64.b64encode(archive).decode()
    with pytest.raises(error):
        source.fetch(ActivityRef("garmin", "1", "x"))


def test_a_recording_in_another_format_is_handed_on_as_it_is(service, source):
    service.account.archives["1"] = base64.b64encode(packed(a_tcx=b"<x/>", notes_txt=b"hello")).decode()
    raw = source.fetch(ActivityRef("garmin", "1", "x"))
    assert (raw.kind, raw.content) == ("tcx", b"<x/>")


@pytest.mark.parametrize("files", [{}, {"a_fit": b"1", "b_fit": b"2"}], ids=["none", "two"])
def test_an_archive_without_one_recording_is_told_from_the_details(service, source, files):
    add(service, 1)
    service.account.archives["1"] = base64.b64encode(packed(**files)).decode()
    assert told(source)[0].kind == "garmin-json"


def test_a_real_list_and_a_real_archive_are_read(service, session_of):
    source = GarminSource(session_of(), TODAY, 3650)
    folder = shared_path("recordings", "garmin", "athlete-a")
    recorded = json.loads(
        (folder / "GET_activitylist-service_activities_search_activities_start=0_limit=20.json").read_text()
    )
    rows = recorded["json"]
    for row in rows:
        service.account.add_activity(row, {}, None)
    kinds = Counter(1 in (row["activityType"]["typeId"], row["activityType"]["parentTypeId"]) for row in rows)
    assert len(listed(source)) == kinds[True] > 0
    with zipfile.ZipFile(folder / "GET_download-service_files_activity_18861865288.zip") as archive:
        (name,) = archive.namelist()
        content = archive.read(name)
    add(service, 18861865288, "2027-01-01", fit=content)
    assert source.fetch(next(source.list_since(""))).content == content
