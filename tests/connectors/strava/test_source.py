"""Runs from Strava: one request to know of everything, two for a run, nothing lost by the way."""

import json

import pytest

from syncd.connectors.base import ActivityRef, Gone, Postponed, Rejected, Spreading, Unavailable
from syncd.connectors.strava.oauth import Places
from syncd.domain.activity import Activity
from syncd.formats.recording import read_recording
from syncd.sandbox.garmin.faults import Fault
from tests.connectors.contract import SourceContract
from tests.support.shared import shared_path
from tests.support.strava_scene import recorded

LIST, DETAIL, STREAMS = "athlete/activities", "activities/", "/streams"


def listed(strava, cursor="2026-03-17"):
    return [ref.remote_id for ref in strava.source().list_since(cursor)]


class TestStravaSource(SourceContract):
    @pytest.fixture
    def source(self, strava):
        strava.runs(1)
        strava.runs(2, "trail", sport_type="TrailRun")
        return strava.source()

    @pytest.fixture
    def unreachable(self, strava):
        return strava.source(places=Places("http://127.0.0.1:9", "http://127.0.0.1:9"))


def test_every_kind_of_running_is_listed_newest_first_and_nothing_else(strava):
    old, new = strava.runs(5), strava.runs(1, sport_type="TrackRun")
    strava.runs(2, sport_type="Ride")
    strava.runs(3, sport_type="UnderwaterHockey")
    assert listed(strava, "") == [str(new), str(old)]


def test_the_whole_list_is_read_once_and_then_one_request_tells_of_everything(strava):
    for number in range(250):
        strava.runs(number + 1)
    assert len(listed(strava, "")) == 250
    assert len(strava.service.requests) == 2  # a full page, and one of 50
    strava.service.requests.clear()
    new = strava.runs(0.1)
    assert listed(strava, "")[0] == str(new)
    assert len(listed(strava, "")) == 251
    assert len(strava.service.requests) == 2


def test_a_nearly_full_page_may_have_had_rows_taken_out(strava):
    numbers = [strava.runs(number + 1) for number in range(230)]
    strava.account.hidden = [str(each) for each in numbers[:60]]
    assert len(listed(strava, "")) == 170


def test_with_everything_taken_listing_begins_two_weeks_back_and_far_back_once_a_week(strava):
    strava.runs(50)
    recent = strava.runs(10)
    assert len(listed(strava, "")) == 2
    assert str(recent) in listed(strava)
    late = strava.runs(40)
    assert str(late) not in listed(strava)
    strava.passes(days=7)
    assert str(late) in listed(strava, "2026-03-24")


def test_after_weeks_without_a_cycle_nothing_between_is_missed(strava):
    listed(strava, "")
    between = strava.runs(1)
    strava.passes(days=40)
    assert str(between) in listed(strava)


def test_a_lost_catalogue_or_a_lost_state_lists_everything_again(strava):
    old = strava.runs(400)
    listed(strava, "")
    assert str(old) not in listed(strava)  # taken: no need to know of it
    assert str(old) in listed(strava, "")
    (strava.folder / "strava" / "catalogue.json").write_text("{")
    assert str(old) in listed(strava, "")


def test_an_edit_changes_the_fingerprint_and_kudos_do_not(strava):
    number = strava.runs(1)
    before = next(strava.source().list_since(""))
    strava.account.edit(number, kudos_count=99, comment_count=3, achievement_count=2)
    assert next(strava.source().list_since("")) == before
    strava.account.edit(number, name="renamed")
    assert next(strava.source().list_since("")).fingerprint != before.fingerprint


def test_a_deleted_run_is_not_listed_and_cannot_be_had(strava):
    number = strava.runs(1)
    source = strava.source()
    ref = next(source.list_since(""))
    strava.account.delete(number)
    assert listed(strava, "") == []
    with pytest.raises(Gone):
        source.fetch(ref)


def test_a_run_is_two_requests_and_its_detail_comes_with_it(strava):
    strava.runs(1, "threshold")
    source = strava.source()
    ref = next(source.list_since(""))
    strava.service.requests.clear()
    run = read_recording(source.fetch(ref).content)
    assert isinstance(run, Activity)
    assert (run.name, len(run.samples) > 500, len(run.laps) > 1) == ("threshold", True, True)
    assert source.detail(ref).rpe == recorded().rpe
    assert len(strava.service.requests) == 2


def test_a_run_by_hand_has_no_streams_to_ask_for_and_one_without_streams_its_totals(strava):
    strava.runs(1, by_hand=True)
    source = strava.source()
    ref = next(source.list_since(""))
    strava.service.requests.clear()
    assert len(read_recording(source.fetch(ref).content).samples) == 0
    assert len(strava.service.requests) == 1
    number = strava.runs(0.5)
    strava.account.streams.clear()
    source = strava.source()
    run = read_recording(source.fetch(next(source.list_since(""))).content)
    assert (run.distance_m, len(run.samples), str(number) != "") == (round(recorded().distance_m, 1), 0, True)


def test_what_is_told_late_is_found_by_asking_again(strava):
    number = strava.runs(1)
    source = strava.source()
    ref = next(source.list_since(""))
    strava.account.edit(number, perceived_exertion=None)
    before = source.detail(ref)
    strava.account.edit(number, perceived_exertion=8, kudos_count=50)
    again = source.detail(ref)
    assert (before.rpe, again.rpe, again.is_run) == (None, 8, True)
    assert again.version != before.version
    strava.account.edit(number, kudos_count=51)
    assert source.detail(ref).version == again.version
    strava.account.edit(number, sport_type="Walk", type="Walk")
    assert (source.detail(ref).is_run, source.detail(ref).sport) == (False, "walk")


def test_older_runs_leave_room_for_new_ones(strava):
    strava.account.meter.reads = (20, 1000)
    for number in range(20):
        strava.runs(20 + number)
    source = strava.source()
    refs = list(source.list_since(""))
    for ref in refs[:7]:  # 1 for the list, 14 of the 16 that are not kept free
        source.fetch(ref)
    with pytest.raises(Postponed):
        source.fetch(refs[7])
    new = strava.runs(0.1)
    source = strava.source()
    assert source.fetch(next(source.list_since(""))).ref.remote_id == str(new)
    assert strava.account.meter.refusals == 0


def test_how_far_it_is_is_told_with_how_long_it_takes(strava):
    source = strava.source()
    assert isinstance(source, Spreading)
    strava.now = strava.now.replace(hour=9)
    assert source.progress(688, 1000) == (
        "312 of 1,000 older runs on Strava read; goes on by itself, about 2 days"
    )
    assert source.progress(1988, 2000).endswith("about 6 days")
    assert source.progress(300, 1000).endswith("about 2 hours")
    assert source.progress(1, 1000).endswith("about 1 hour")


def test_a_run_that_the_service_fails_on_is_left_alone_after_three_times_and_others_go_on(strava):
    bad, good = strava.runs(1), strava.runs(2)
    for _ in range(3):
        source = strava.source()
        refs = {ref.remote_id: ref for ref in source.list_since("")}
        strava.service.faults.begin({0: Fault.ERROR_BEFORE})
        with pytest.raises(Unavailable, match="Strava fails on it"):
            source.fetch(refs[str(bad)])
        source.fetch(refs[str(good)])
        strava.passes(hours=2)
    source = strava.source()
    assert [ref.remote_id for ref in source.list_since("")] == [str(good)]
    assert source.remarks() == ("Strava fails on 1 run: asked for again once a day",)
    strava.passes(days=1)
    source = strava.source()
    source.fetch({ref.remote_id: ref for ref in source.list_since("2026-03-18")}[str(bad)])
    assert source.remarks() == ()


def test_a_short_outage_counts_once(strava):
    strava.runs(1)
    for _ in range(5):
        source = strava.source()
        ref = next(source.list_since(""))
        strava.service.faults.begin({0: Fault.ERROR_BEFORE})
        with pytest.raises(Unavailable):
            source.fetch(ref)
    assert len(listed(strava, "")) == 1


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.TOO_MANY, Fault.TOO_MANY_WITH_TIME}))
def test_a_list_that_cannot_be_read_is_never_an_empty_one_and_keeps_the_catalogue(strava, fault):
    strava.runs(1)
    listed(strava, "")
    kept = (strava.folder / "strava" / "catalogue.json").read_bytes()
    with strava.faulty({0: fault}), pytest.raises(Unavailable):
        strava.source().list_since("2026-03-17")
    assert (strava.folder / "strava" / "catalogue.json").read_bytes() == kept


@pytest.mark.parametrize("place", [0, 1])
def test_a_run_that_breaks_off_is_no_run(strava, place):
    strava.runs(1)
    ref = next(strava.source().list_since(""))
    for fault in set(Fault) - {Fault.TOO_MANY, Fault.TOO_MANY_WITH_TIME, Fault.WRONG_TYPES_AFTER}:
        with strava.faulty({place: fault}), pytest.raises(Unavailable):
            strava.source().fetch(ref)
    with strava.faulty({0: Fault.WRONG_TYPES_AFTER}), pytest.raises(Unavailable):
        strava.source().fetch(ref)


@pytest.mark.parametrize("remote_id", ["", "../1", "1/streams", "x"])
def test_only_numbers_are_asked_for(strava, remote_id):
    source = strava.source()
    source.list_since("")
    strava.service.requests.clear()
    with pytest.raises(Rejected):
        source.fetch(ActivityRef("strava", remote_id, "x"))
    assert strava.service.requests == []


def test_real_lists_are_read(strava):
    folder = shared_path("recordings", "strava", "athlete-a")
    rows = json.loads((folder / "GET_api_v3_athlete_activities_per_page=10.json").read_text())["json"]
    for row in rows:
        strava.account.rows[str(row["id"])] = row
    runs = {str(row["id"]) for row in rows if row["sport_type"] == "Run"}
    assert set(listed(strava, "")) == runs
    assert len(runs) == 2
