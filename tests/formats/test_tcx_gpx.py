"""Runs in TCX and GPX: laps and positions become an activity, and hostile files a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import Activity, LapTrigger
from syncd.formats.fit import Unreadable
from syncd.formats.recording import kind_of, read_recording

START = datetime(2026, 3, 12, 17, 30, tzinfo=UTC)


def stamp(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def tcx(laps: int = 2, sport: str = "Running", seconds: int = 300) -> bytes:
    out = []
    for k in range(laps):
        points = "".join(
            f"<Trackpoint><Time>{stamp(s)}</Time><Position><LatitudeDegrees>45</LatitudeDegrees>"
            f"<LongitudeDegrees>9</LongitudeDegrees></Position><DistanceMeters>{3 * s}</DistanceMeters>"
            f"<HeartRateBpm><Value>140</Value></HeartRateBpm><Extensions><TPX xmlns='x'><Speed>3.0</Speed>"
            f"<RunCadence>85</RunCadence></TPX></Extensions></Trackpoint>"
            for s in range(k * seconds, (k + 1) * seconds)
        )
        out.append(
            f'<Lap StartTime="{stamp(k * seconds)}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
            f"<DistanceMeters>{3 * seconds}</DistanceMeters><AverageHeartRateBpm><Value>141</Value>"
            f"</AverageHeartRateBpm><TriggerMethod>Manual</TriggerMethod><Track>{points}</Track></Lap>"
        )
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/x/v2"><Activities>'
        f'<Activity Sport="{sport}">{"".join(out)}<Creator><Name>Forerunner 245</Name></Creator></Activity>'
        "</Activities></TrainingCenterDatabase>"
    ).encode()


def gpx(kind: str = "<type>running</type>", pause_s: int = 0, timed: bool = True) -> bytes:
    def point(s: int, shift: int) -> str:
        time = f"<time>{stamp(s + shift)}</time>" if timed else ""
        return f'<trkpt lat="{45 + s * 0.00003:.6f}" lon="9"><ele>100</ele>{time}</trkpt>'

    first = "".join(point(s, 0) for s in range(300))
    second = "".join(point(s, pause_s) for s in range(300, 600))
    return (
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1" creator="app"><trk><name>Run</name>{kind}'
        f"<trkseg>{first}</trkseg><trkseg>{second}</trkseg></trk></gpx>"
    ).encode()


def read(data: bytes) -> Activity:
    found = read_recording(data)
    assert isinstance(found, Activity)
    return found


def test_laps_and_samples_of_a_tcx_file() -> None:
    run = read(tcx())
    assert (run.start, run.sport, run.timer_s, run.distance_m) == (START, "running", 600, 1800)
    assert [lap.trigger for lap in run.laps] == [LapTrigger.MANUAL] * 2
    assert [(lap.start_s, lap.end_s) for lap in run.laps] == [(0, 300), (300, 600)]
    assert run.laps[0].avg_hr_bpm == 141
    assert run.samples.cadence_spm[0] == 170
    assert run.samples.speed_mps[5] == pytest.approx(3)
    assert str(run.device) == "forerunner 245"


def test_a_ride_in_tcx_is_no_run() -> None:
    assert not read(tcx(sport="Biking")).is_run


def test_a_track_has_its_distance_from_its_positions_and_stops_between_its_segments() -> None:
    run = read(gpx(pause_s=120))
    assert run.is_run
    assert run.distance_m == pytest.approx(599 * 0.00003 * 111_195, rel=0.01)
    assert run.elapsed_s - run.timer_s == pytest.approx(120)
    assert run.laps == ()
    assert run.has_position


def test_a_track_that_names_no_sport_is_taken_for_a_run_and_says_so() -> None:
    run = read(gpx(kind=""))
    assert run.is_run
    assert "names no sport" in run.problems[0]
    assert not read(gpx(kind="<type>hiking</type>")).is_run


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><gpx>&a;</gpx>', "document type"),
        (b"<gpx><trk>", "damaged XML"),
        (b"<gpx/>", "without times"),
        (gpx(timed=False), "without times"),
        (b"<TrainingCenterDatabase/>", "without a recorded activity"),
        (b"<a>" * 200, "nested too deeply"),
        (b'<?xml version="1.0" encoding="nonsense"?><gpx/>', ""),
    ],
)
def test_what_cannot_be_read_has_a_reason(data: bytes, reason: str) -> None:
    found = read_recording(data)
    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_the_content_says_which_format_it_is() -> None:
    assert [kind_of(data) for data in (tcx(), b"\xef\xbb\xbf" + gpx(), b"\x0e\x10.FIT", b"")] == [
        "tcx",
        "gpx",
        "fit",
        "fit",
    ]


@given(st.binary(max_size=200), st.integers(0, 2000))
def test_damage_never_raises(noise: bytes, place: int) -> None:
    for whole in (tcx(1, seconds=5), gpx()):
        found = read_recording(whole[:place] + noise + whole[place + len(noise) :])
        assert isinstance(found, (Activity, Unreadable))


def test_a_heart_rate_of_255_is_a_sensor_that_knows_nothing() -> None:
    run = read(tcx().replace(b"<Value>140</Value>", b"<Value>255</Value>"))
    assert run.samples.coverage(run.samples.heart_rate_bpm) == 0
