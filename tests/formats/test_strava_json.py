"""What Strava tells of a run: laps where they were run, gaps in time, nothing guessed."""

import json
from math import isnan

import pytest

from syncd.domain.activity import Activity, LapTrigger, Trait
from syncd.formats.fit import Unreadable
from syncd.formats.recording import kind_of, read_recording
from syncd.formats.strava_json import MARK, payload_of, read_strava_json, sport_of
from tests.support.shared import shared_path

DETAIL = {
    "id": 11,
    "name": "morning",
    "sport_type": "Run",
    "start_date": "2026-03-17T06:00:00Z",
    "start_date_local": "2026-03-17T07:00:00Z",
    "utc_offset": 3600.0,
    "distance": 8000.0,
    "moving_time": 2690,
    "elapsed_time": 2700,
    "start_latlng": [45.0, 9.0],
}


def answered(name: str):
    path = shared_path("recordings", "strava", "athlete-a") / f"GET_api_v3_activities_{name}.json"
    return json.loads(path.read_text())["json"]


def recorded(number: str, keys: str | None = "time_distance_altitude_heartrate_moving") -> Activity:
    streams = None if keys is None else answered(f"{number}_streams_keys={keys}")
    found = read_recording(payload_of(answered(number), streams))
    assert isinstance(found, Activity)
    return found


def activity_from(streams=None, **more) -> Activity:
    found = read_strava_json(payload_of({**DETAIL, **more}, streams))
    assert isinstance(found, Activity)
    return found


def by_type(**columns):
    return {name: {"type": name, "data": data} for name, data in columns.items()}


RACE, NIGHT, RIDE, REPS = "10283002244", "13389554554", "14038286532", "13679778676"
WITH_PLACE = "time_distance_latlng_altitude_heartrate_moving"


@pytest.mark.parametrize(("number", "keys"), [(RACE, None), (NIGHT, WITH_PLACE)], ids=["race", "trail"])
def test_laps_of_a_real_race_last_what_was_told_before_it_was_cut_down(number, keys):
    run = recorded(number, *([keys] if keys else []))
    cut = [lap["elapsed_time"] for lap in answered(number)["laps"]]
    lasted = [lap.end_s - lap.start_s for lap in run.laps]
    assert len(lasted) == len(cut)
    assert all(-0.05 <= real - whole < 1.05 for real, whole in zip(lasted, cut, strict=True))
    assert sum(lasted) == pytest.approx(run.elapsed_s, abs=0.01)
    assert run.elapsed_s - sum(cut) > 4  # what the reported times lose


@pytest.mark.parametrize(("number", "keys"), [(RACE, None), (NIGHT, WITH_PLACE)], ids=["race", "trail"])
def test_laps_of_a_real_race_hold_the_way_of_the_stream(number, keys):
    run = recorded(number, *([keys] if keys else []))
    elapsed, way = run.samples.elapsed_s, run.samples.distance_m
    for lap in run.laps[1:]:
        before = max(place for place in range(len(elapsed)) if elapsed[place] <= lap.start_s)
        metres = sum(each.distance_m for each in run.laps if each.end_s <= lap.start_s)
        assert abs(way[before] - metres) < 6  # within the second of the border


def test_repetitions_without_a_stream_are_as_long_as_on_garmin_to_half_a_second():
    run = recorded(REPS, None)
    path = shared_path("recordings", "garmin", "athlete-a")
    twin = json.loads((path / "GET_activity-service_activity_18329782842_typedsplits.json").read_text())
    splits = [each for each in twin["json"]["splits"] if each["type"] == "INTERVAL_ACTIVE"]
    reps = [lap for lap in run.laps if lap.distance_m == 300.0]
    assert len(reps) == len(splits) == 6
    off = [lap.timer_s - split["duration"] for lap, split in zip(reps, splits, strict=True)]
    assert max(map(abs, off)) <= 0.5
    assert abs(sum(off) / 6) < 0.25  # cut down, they would be 0.65 s short on average


def test_the_timer_of_a_real_ride_stands_still_where_nothing_was_recorded():
    ride = recorded(RIDE)
    path = shared_path("recordings", "garmin", "athlete-a") / "GET_activity-service_activity_18689027868.json"
    twin = json.loads(path.read_text())["json"]["summaryDTO"]
    assert ride.sport == "mountain_bike_ride"
    assert ride.timer_s == pytest.approx(twin["duration"], rel=0.005)
    assert ride.elapsed_s == pytest.approx(twin["elapsedDuration"], abs=1)


def test_a_real_race_is_read_whole():
    run = recorded(RACE)
    assert (run.sport, run.sub_sport, run.device.manufacturer) == ("running", "", "garmin")
    assert (run.device.product, run.has_position) == ("forerunner 965", True)
    assert run.utc_offset.total_seconds() == 3600
    assert (len(run.samples), run.elapsed_s) == (5763, 5762)
    speeds = [each for each in run.samples.speed_mps if not isnan(each)]
    assert sum(speeds) / len(speeds) == pytest.approx(run.distance_m / run.elapsed_s, rel=0.01)
    assert {lap.trigger for lap in run.laps[:-1]} == {LapTrigger.DISTANCE}


def test_a_payload_is_known_by_its_content_and_reads_without_streams_and_laps():
    content = payload_of(DETAIL, None)
    assert content.startswith(MARK)
    assert kind_of(content) == "strava-json"
    run = read_recording(content)
    assert (run.distance_m, run.timer_s, run.elapsed_s, run.laps, len(run.samples)) == (
        8000.0,
        2690,
        2700,
        (),
        0,
    )


@pytest.mark.parametrize("form", ["list", "by type"])
def test_streams_come_as_a_list_in_any_order_or_by_type(form):
    streams = by_type(distance=[0.0, 3.0, 6.0], time=[0, 1, 2], heartrate=[120, 0, 300])
    run = activity_from(list(streams.values()) if form == "list" else streams)
    assert list(run.samples.elapsed_s) == [0, 1, 2]
    assert [isnan(each) for each in run.samples.heart_rate_bpm] == [False, True, True]
    assert run.samples.speed_mps[1] == 3.0


def test_a_column_of_another_length_is_left_out():
    run = activity_from(by_type(time=[0, 1, 2], distance=[0.0, 3.0]))
    assert all(isnan(each) for each in run.samples.distance_m)


def test_a_gap_without_a_way_stops_the_timer_and_one_with_a_way_does_not():
    stood = activity_from(by_type(time=[0, 1, 61, 62], distance=[0.0, 3.0, 3.0, 6.0]), elapsed_time=62)
    assert list(stood.samples.timer_s) == [0, 1, 2, 3]
    ran = activity_from(by_type(time=[0, 1, 61, 62], distance=[0.0, 3.0, 183.0, 186.0]), elapsed_time=62)
    assert ran.timer_s == 62


def test_a_border_while_standing_is_where_the_lap_is_told_to_end():
    seconds = list(range(301))
    way = [min(3.0 * each, 300.0) if each < 200 else 300.0 + 3.0 * (each - 200) for each in seconds]
    laps = [
        {"elapsed_time": 150, "moving_time": 100, "distance": 300.0, "start_date": "2026-03-17T06:00:00Z"},
        {"elapsed_time": 149, "moving_time": 100, "distance": 300.0, "start_date": "2026-03-17T06:02:31Z"},
    ]
    run = activity_from(by_type(time=seconds, distance=way), laps=laps, elapsed_time=300)
    assert run.laps[0].end_s == 150.5


def test_the_indexes_of_laps_are_not_believed():
    seconds = list(range(201))
    laps = [
        {"elapsed_time": 100, "distance": 300.0, "start_date": "2026-03-17T06:00:00Z", "end_index": 30},
        {"elapsed_time": 99, "distance": 300.0, "start_date": "2026-03-17T06:01:41Z", "start_index": 31},
    ]
    run = activity_from(
        by_type(time=seconds, distance=[3.0 * each for each in seconds]), laps=laps, elapsed_time=200
    )
    assert [lap.end_s for lap in run.laps] == pytest.approx([100, 200], abs=0.05)


def test_a_way_that_contradicts_the_laps_leaves_them_to_their_times():
    """A cropped activity: the stream has less than the laps."""
    seconds = list(range(201))
    laps = [
        {"elapsed_time": 100, "distance": 900.0, "start_date": "2026-03-17T06:00:00Z"},
        {"elapsed_time": 99, "distance": 900.0, "start_date": "2026-03-17T06:01:41Z"},
    ]
    run = activity_from(
        by_type(time=seconds, distance=[3.0 * each for each in seconds]), laps=laps, elapsed_time=200
    )
    assert run.laps[0].end_s == pytest.approx(100.5)


def test_sports_are_named_and_unknown_ones_keep_their_own_word():
    kinds = {"Run": "", "TrailRun": "trail", "VirtualRun": "virtual_activity", "TrackRun": "track"}
    for word, sub in kinds.items():
        assert sport_of({"sport_type": word}) == ("running", sub)
    assert sport_of({"sport_type": "Run", "trainer": True}) == ("running", "treadmill")
    assert sport_of({"type": "Run"}) == ("running", "")
    assert sport_of({"sport_type": "UnderwaterHockey2"}) == ("underwater_hockey2", "")
    assert sport_of({}) == ("", "")


def test_an_entry_by_hand_and_a_hidden_start_say_so():
    assert activity_from(manual=True, laps=[{"elapsed_time": 60}]).traits == {Trait.BY_HAND}
    assert activity_from(manual=True, laps=[{"elapsed_time": 60}]).laps == ()
    hidden = activity_from(start_date="2026-03-16T23:00:01Z", start_date_local="2026-03-17T00:00:01Z")
    assert hidden.traits == {Trait.HIDDEN_START}
    assert hidden.day(hidden.utc_offset).isoformat() == "2026-03-17"


def test_effort_and_missing_measurements():
    assert activity_from(perceived_exertion=7).rpe == 7
    assert activity_from(perceived_exertion=None).rpe is None
    assert activity_from(distance=0.0, manual=True).distance_m is None


@pytest.mark.parametrize(
    "content",
    [
        MARK,
        MARK + b"1}",
        payload_of({}, None),
        payload_of({"start_date": 7}, []),
        MARK + b'1,"activity":' + b"[" * 100_000,
        MARK + b'1,"activity":[],"streams":{"time":3}}',
    ],
)
def test_damage_is_said_and_never_raised(content):
    assert isinstance(read_strava_json(content), Unreadable)


@pytest.mark.parametrize(
    "more",
    [
        {"laps": 3},
        {"laps": [None]},
        {"laps": [{"elapsed_time": "x"}]},
        {"utc_offset": "x"},
        {"distance": "far", "moving_time": None, "elapsed_time": None},
        {"start_latlng": 1, "device_name": 7, "average_heartrate": []},
    ],
)
def test_fields_of_another_type_are_as_if_missing(more):
    assert activity_from(by_type(time=[0, None, "x", 1, 1, 5], distance=[None] * 6), **more).is_run
