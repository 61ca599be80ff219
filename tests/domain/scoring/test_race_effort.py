"""A race in a run: found by a distance of races, with a warm-up in the file, never in repetitions."""

from datetime import datetime, time, timedelta

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.scoring.race_effort import best_race, is_all_out, is_even, race_effort, raced_distance
from syncd.domain.scoring.strain import strain_of
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.formats.recording import read_recordings
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.store.score_codec import strain_from_json, strain_to_json
from tests.support.scene import MONDAY, ROME, ZONES

START = datetime.combine(MONDAY, time(9), tzinfo=ROME)


def ran(notation: str, scenario: Scenario = Scenario.PERFECT, seed: int = 1):
    recording = simulate(parse_workout(notation), Runner(vdot=ZONES.vdot), scenario, seed=seed)
    (activity,) = read_recordings(write_activity(recording, start=START, utc_offset=timedelta(hours=1)))
    return activity


@pytest.mark.parametrize(
    ("metres", "race"),
    [
        (4880.0, None),
        (4900.0, 5000.0),
        (5150.0, 5000.0),
        (5160.0, None),
        (10_050.0, 10_000.0),
        (21_300.0, 21_097.5),
        (42_195.0, None),
        (0.0, None),
    ],
)
def test_gps_measures_a_5_km_from_4_90_to_5_15(metres, race) -> None:
    assert raced_distance(metres) == race


@pytest.mark.parametrize(
    ("notation", "distance_m", "all_out"),
    [
        pytest.param("5km @4:58-5:02/km", 5000.0, True, id="a-parkrun"),
        pytest.param("4.95km @4:58-5:02/km", 5000.0, True, id="measured-short"),
        pytest.param("2km E + 5km @4:58-5:02/km + 2km E", 5000.0, True, id="with-warm-up"),
        pytest.param("10km @5:12-5:16/km", 10_000.0, True, id="10-km"),
        pytest.param("5km @5:14-5:17/km", 5000.0, False, id="close-to-it"),
        pytest.param("15min E + 8x(225s I + 2min jog) + 10min E", None, False, id="repetitions"),
        pytest.param("8km E", None, False, id="easy"),
        pytest.param("15km M", 15_000.0, False, id="marathon-pace"),
    ],
)
def test_a_race_is_found_by_its_distance(notation, distance_m, all_out) -> None:
    found = race_effort(ran(notation), ZONES)
    assert (found and found.distance_m) == distance_m
    assert is_all_out(found) is all_out


def test_20_minutes_are_not_needed() -> None:
    nineteen = zones_from_result(5000, 1140, as_of=None, source=entered_result(5000.0, "19:00"))
    found = race_effort(ran("5km @3:39-3:41/km"), nineteen)
    assert found is not None
    assert found.time_s == pytest.approx(1100, abs=12)
    assert is_all_out(found)


def test_without_paces_only_a_whole_run_of_that_length_may_be_one() -> None:
    assert race_effort(ran("5km @4:58-5:02/km"), None).distance_m == 5000.0
    assert race_effort(ran("2km E + 5km @4:58-5:02/km + 2km E"), None) is None


def test_a_treadmill_proves_nothing() -> None:
    assert race_effort(ran("5km @4:58-5:02/km", Scenario.TREADMILL), ZONES) is None


def test_a_warm_up_makes_a_run_uneven() -> None:
    assert is_even(ran("5km @4:58-5:02/km"))
    assert not is_even(ran("2km E + 5km @4:58-5:02/km + 1km E"))


def test_too_short_for_any_race() -> None:
    assert best_race(ran("1km T")) is None


# the work in a run


def test_repetitions_add_up_whatever_is_between_them() -> None:
    work = strain_of(ran("15min E + 8x(225s I + 2min jog) + 10min E"), ZONES, None).work
    assert work.threshold_s == pytest.approx(1800, abs=120)
    assert work.five_k_s <= work.threshold_s <= work.half_s <= work.marathon_s <= work.quick_s


def test_an_easy_run_has_none() -> None:
    work = strain_of(ran("40min E"), ZONES, None).work
    assert (work.quick_s, work.marathon_s) == (0.0, 0.0)


def test_without_paces_and_on_a_treadmill_it_is_not_measured() -> None:
    assert strain_of(ran("40min T"), None, None).work is None
    assert strain_of(ran("40min T", Scenario.TREADMILL), ZONES, None).work is None


@pytest.mark.parametrize("notation", ["5km @4:58-5:02/km", "30min E"])
def test_a_strain_comes_back_equal(notation) -> None:
    strain = strain_of(ran(notation), ZONES, None)
    assert strain_from_json(strain_to_json(strain)) == strain


def test_a_strain_of_an_earlier_version_comes_back_without_work() -> None:
    strain = strain_from_json('{"above_lt1": 0.1, "decoupling": null, "climb_m_per_km": 3.0, "held_s": 0.0}')
    assert (strain.above_lt1, strain.work, strain.race) == (0.1, None, None)
