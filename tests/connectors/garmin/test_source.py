"""Runs from Garmin Connect: all kinds of running, the original file, nothing guessed."""

import base64
import io
import json
import zipfile
from collections import Counter

import pytest

from syncd.connectors.base import ActivityRef, Rejected, Unavailable
from syncd.connectors.garmin.session import Endpoints
from syncd.connectors.garmin.source import GarminSource
from syncd.sandbox.garmin.faults import Fault
from tests.connectors.contract import SourceContract
from tests.support.shared import shared_path

LIST = "GET /activitylist-service/activities/search/activities"
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
    service.account.add_activity(row, {"activityId": number}, fit)


@pytest.fixture
def source(session_of):
    return GarminSource(session_of())


def listed(source, cursor=""):
    return [ref.remote_id for ref in source.list_since(cursor)]


class TestGarminSource(SourceContract):
    @pytest.fixture
    def source(self, service, session_of):
        add(service, 1)
        add(service, 2, "2026-03-19", TRAIL)
        return GarminSource(session_of())

    @pytest.fixture
    def unreachable(self, session_of):
        return GarminSource(session_of(endpoints=Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9")))


def test_every_kind_of_running_is_listed_newest_first_and_nothing_else(service, source):
    add(service, 1)
    add(service, 2, "2026-03-18", CYCLING)
    add(service, 3, "2026-03-19", TRAIL)
    add(service, 4, "2026-03-20", {"typeId": 89, "typeKey": "multi_sport", "parentTypeId": 17}, parent=True)
    assert listed(source) == ["3", "1"]


def test_listing_begins_two_weeks_before_the_cursor_in_one_request(service, source):
    for number, day in ((1, "2026-03-01"), (2, "2026-03-06"), (3, "2026-03-20")):
        add(service, number, day)
    assert listed(source, "2026-03-20") == ["3", "2"]
    assert service.requests == [LIST]


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


def test_a_run_entered_by_hand_is_left_out_and_said(service, source):
    add(service, 1, manualActivity=True)
    assert listed(source) == []
    assert source.remarks() == (
        "1 run entered by hand on Garmin Connect: without a recording there is nothing to score",
    )


def test_a_run_without_a_recording_is_rejected_not_asked_for_again(service, source):
    add(service, 1, fit=None)
    with pytest.raises(Rejected, match="no recording"):
        source.fetch(next(source.list_since("")))


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
        (packed(a_tcx=b"<x/>"), Rejected),
        (packed(a_fit=b"1", b_fit=b"2"), Rejected),
        (packed(a_fit=bytes(65 << 20)), Rejected),
    ],
    ids=["no zip", "cut short", "another format", "two files", "bomb"],
)
def test_an_archive_that_holds_no_recording_is_refused(service, source, archive, error):
    service.account.archives["1"] = base64.b64encode(archive).decode()
    with pytest.raises(error):
        source.fetch(ActivityRef("garmin", "1", "x"))


def test_a_real_list_and_a_real_archive_are_read(service, source):
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
