"""Heart rate, cadence, speed, altitude and distance, under every name that programs have for them."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import pytest

from syncd.domain.activity import Activity
from tests.support.reading import assert_run, run_in
from tests.support.tracks import (
    EVENING,
    Trackpoint,
    gpx,
    gpx_file,
    gpx_track,
    steady,
    tcx_of,
    zulu,
)

STEADY = steady(hr=None)


def with_more(more: str) -> list[Trackpoint]:
    return [replace(point, more=more) for point in STEADY]


def rates(run: Activity) -> set[float]:
    return set(run.samples.heart_rate_bpm)


HEARTS = """
<gpxtpx:TrackPointExtension><gpxtpx:hr>140</gpxtpx:hr></gpxtpx:TrackPointExtension>
<TrackPointExtension xmlns="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><hr>140</hr></TrackPointExtension>
<ns3:TrackPointExtension><ns3:hr>140</ns3:hr><ns3:cad>85</ns3:cad></ns3:TrackPointExtension>
<gpxtpx:TrackPointExtension><x>9</x><gpxtpx:hr> 140 </gpxtpx:hr></gpxtpx:TrackPointExtension>
<gpxdata:hr>140</gpxdata:hr>
<gpxdata:hr xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0">140.0</gpxdata:hr>
<hr>140</hr>
<heartrate>140</heartrate>
<heart_rate>140</heart_rate>
<HeartRate>140</HeartRate>
<heartRate>140</heartRate>
<HEARTRATE>140</HEARTRATE>
<hr>140 bpm</hr>
<bpm>140</bpm>
<pulse>140</pulse>
<st:heartRate>140</st:heartRate>
<st:heartRate bpm="140"/>
<heartrate value="140"/>
<heartrate><value>140</value></heartrate>
<HeartRateBpm><Value>140</Value></HeartRateBpm>
<HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>140</Value></HeartRateBpm>
<mytracks:extension hr="140" cad="85"/>
<hr/><heartrate>140</heartrate>
<power>250</power><extension><a><b><hr>140</hr></b></a></extension>
""".strip().splitlines()


@pytest.mark.parametrize("more", HEARTS)
def test_a_heart_rate_has_many_names(more: str) -> None:
    for run in (run_in(gpx(with_more(more))), run_in(tcx_of(with_more(more)))):
        assert_run(run, 5400, 1800)
        assert rates(run) == {140.0}


def test_it_may_be_an_attribute_of_the_point() -> None:
    written = gpx(STEADY).replace(b"<trkpt ", b'<trkpt hr="140" cad="86" ')
    run = run_in(written)
    assert (rates(run), run.samples.cadence_spm[0]) == ({140.0}, 172)


@pytest.mark.parametrize("place", ["gpx", "trk"])
def test_it_may_stand_in_a_list_beside_the_points(place: str) -> None:
    """As SportTracks and its kin write it, each with a time of its own."""
    beats = "".join(
        f'<st:heartRate time="{zulu(EVENING)[:14]}{s // 60:02d}:{s % 60:02d}Z" bpm="140"/>'
        for s in range(0, 1801, 4)
    )
    beside = (
        f"<extensions><st:activity><st:heartRateTrack>{beats}</st:heartRateTrack></st:activity></extensions>"
    )
    track = gpx_track(STEADY)
    written = (
        gpx_file(beside, track) if place == "gpx" else gpx_file(track.replace("</trk>", f"{beside}</trk>"))
    )
    run = run_in(written)
    assert_run(run, 5400, 1800)
    assert rates(run) == {140.0}


@pytest.mark.parametrize("value", ["0", "255", "1", "-5", "9999", "none", ""])
def test_a_rate_that_no_heart_has_is_none(value: str) -> None:
    run = run_in(tcx_of(with_more(f"<hr>{value}</hr>")))
    assert run.samples.coverage(run.samples.heart_rate_bpm) == 0


CADENCES = """
<gpxtpx:TrackPointExtension><gpxtpx:cad>85</gpxtpx:cad></gpxtpx:TrackPointExtension>
<gpxdata:cadence>85</gpxdata:cadence>
<cadence>85</cadence>
<cadence>170</cadence>
<Cadence>85</Cadence>
<ns3:TPX><ns3:RunCadence>85</ns3:RunCadence></ns3:TPX>
<TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><RunCadence>85</RunCadence></TPX>
<TPX CadenceSensor="Footpod"><RunCadence>85</RunCadence></TPX>
<run_cadence>170</run_cadence>
<spm>170</spm>
<st:cadence rpm="85"/>
""".strip().splitlines()


@pytest.mark.parametrize("more", CADENCES)
def test_so_has_a_cadence(more: str) -> None:
    for run in (run_in(gpx(with_more(more))), run_in(tcx_of(with_more(more)))):
        assert set(run.samples.cadence_spm) == {170.0}


SPEEDS = """
<speed>2.5</speed>
<gpxdata:speed>2.5</gpxdata:speed>
<gpxtpx:TrackPointExtension><gpxtpx:speed>2.5</gpxtpx:speed></gpxtpx:TrackPointExtension>
<ns3:TPX><ns3:Speed>2.5</ns3:Speed></ns3:TPX>
<TPX><Speed>2.5</Speed><Watts>240</Watts></TPX>
""".strip().splitlines()


@pytest.mark.parametrize("more", SPEEDS)
def test_so_has_a_speed(more: str) -> None:
    for run in (run_in(gpx(with_more(more))), run_in(tcx_of(with_more(more)))):
        assert run.samples.speed_mps[90] == 2.5


@pytest.mark.parametrize(
    "more",
    [
        "<altitude>512.5</altitude>",
        "<gpxdata:altitude>512,5</gpxdata:altitude>",
        "<elevation>512.5</elevation>",
    ],
)
def test_so_has_an_altitude(more: str) -> None:
    assert set(run_in(gpx(with_more(more))).samples.altitude_m) == {512.5}


def test_the_usual_altitudes_are_read() -> None:
    high = [replace(point, ele=512.5) for point in STEADY]
    for written in (gpx(high), tcx_of(high)):
        assert set(run_in(written).samples.altitude_m) == {512.5}


@pytest.mark.parametrize("value", [-32768, 65535, -20000.0, 99999])
def test_an_altitude_off_the_earth_is_none(value: float) -> None:
    run = run_in(gpx([replace(point, ele=value) for point in STEADY]))
    assert all(map(isnan, run.samples.altitude_m))


@pytest.mark.parametrize("name", ["gpxdata:distance", "distance", "DistanceMeters"])
def test_a_counter_in_gpx_counts(name: str) -> None:
    points = [
        replace(point, lat=None, lon=None, more=f"<{name}>{point.distance_m}</{name}>") for point in STEADY
    ]
    run = run_in(gpx(points))
    assert_run(run, 5400, 1800)
    assert run.is_treadmill


def test_attributes_without_meaning_mean_nothing() -> None:
    run = run_in(tcx_of(with_more('<x y="140" value="3" unit="bpm" xmlns="hr"/>')))
    assert run.samples.coverage(run.samples.heart_rate_bpm) == 0


def test_a_run_on_a_treadmill_that_writes_zero_zero_has_its_heart_rate() -> None:
    points = [replace(point, lat=0.0, lon=0.0, more="<hr>140</hr>") for point in STEADY]
    run = run_in(gpx(points))
    assert (rates(run), run.distance_m, run.has_position, run.is_treadmill) == ({140.0}, None, False, True)
