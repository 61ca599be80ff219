"""Paces and bands: what a fitness means on the road."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.athlete import ZoneSet
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.training.fitness import FitnessError
from syncd.domain.training.zones import band_for, resolve_workout, zones_from_result, zones_from_vdot
from syncd.domain.workout import (
    LAP_BUTTON,
    PaceBand,
    PaceZone,
    Role,
    ZoneTarget,
    covering,
    lasting,
    steps_of,
)
from tests.domain.training.test_fitness import clock
from tests.support.workouts import workouts

E, M, HM, T, TEN_K, FIVE_K, I, R = PaceZone  # noqa: E741 - the runner's own letters
QUALITY = (M, HM, T, TEN_K, FIVE_K, I, R)
EVERY_VDOT = [*range(18, 86)]
PER_MILE = 1.609344


def zones_at(vdot: float) -> ZoneSet:
    return zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test"))


def pace(zones: ZoneSet, zone: PaceZone) -> float:
    return zones.paces[zone].fast_s_per_km


@pytest.mark.parametrize(
    ("vdot", "row"),
    [
        (30, ("6:08", "6:42", "6:52", "7:39", "8:23", "6:24", "5:54", "5:39")),
        (40, ("4:49", "5:15", "5:27", "6:07", "6:44", "5:06", "4:41", "4:26")),
        (50, ("3:59", "4:20", "4:31", "5:07", "5:38", "4:15", "3:55", "3:40")),
        (60, ("3:25", "3:42", "3:52", "4:25", "4:52", "3:40", "3:23", "3:08")),
        (70, ("2:59", "3:14", "3:24", "3:54", "4:18", "3:14", "2:57", "2:42")),
    ],
)
def test_paces_per_kilometre_are_those_of_the_reference_table(vdot, row) -> None:
    zones = zones_at(vdot)
    easy = zones.paces[E]
    got = (
        *(pace(zones, zone) for zone in (FIVE_K, HM, M)),
        easy.fast_s_per_km,
        easy.slow_s_per_km,
        *(pace(zones, zone) for zone in (T, I, R)),
    )
    assert got == pytest.approx([clock(text) for text in row], abs=0.8)


@pytest.mark.parametrize(
    ("distance_m", "result", "row"),
    [
        (42_195, "3:45:00", ("9:39", "10:36", "8:35", "8:02", "7:24")),
        (21_097.5, "1:45:00", ("9:21", "10:17", "8:19", "7:48", "7:10")),
        (42_195, "3:30:00", ("9:02", "9:56", "8:01", "7:31", "6:55")),
        (21_097.5, "1:30:00", ("8:07", "8:56", "7:09", "6:45", "6:12")),
        (42_195, "3:00:00", ("7:48", "8:36", "6:52", "6:29", "5:58")),
    ],
)
def test_paces_per_mile_are_those_of_the_published_calculator(distance_m, result, row) -> None:
    zones = zones_from_result(distance_m, clock(result), as_of=None, source=Reason.legacy("race"))
    easy = zones.paces[E]
    got = (easy.fast_s_per_km, easy.slow_s_per_km, pace(zones, M), pace(zones, T), pace(zones, I))
    assert [p * PER_MILE for p in got] == pytest.approx([clock(text) for text in row], abs=1.0)


def test_the_fastest_published_row_has_vo2max_pace_held_below_5k_pace() -> None:
    zones = zones_from_result(42_195, clock("2:30:00"), as_of=None, source=Reason.legacy("race"))
    assert pace(zones, M) * PER_MILE == pytest.approx(clock("5:43"), abs=0.5)
    assert pace(zones, T) * PER_MILE == pytest.approx(clock("5:27"), abs=0.5)
    assert pace(zones, I) == pytest.approx(0.99 * pace(zones, FIVE_K))


@pytest.mark.parametrize("vdot", EVERY_VDOT)
def test_s14_vo2max_pace_is_a_bit_faster_than_5k_pace(vdot) -> None:
    zones = zones_at(vdot)
    assert 0.95 - 1e-9 <= pace(zones, I) / pace(zones, FIVE_K) <= 0.99 + 1e-9


@pytest.mark.parametrize("vdot", EVERY_VDOT)
def test_s15_threshold_is_a_bit_slower_than_5k_pace(vdot) -> None:
    zones = zones_at(vdot)
    assert 1.03 - 1e-9 <= pace(zones, T) / pace(zones, FIVE_K) <= 1.10


@pytest.mark.parametrize("vdot", EVERY_VDOT)
def test_paces_keep_their_order(vdot) -> None:
    zones = zones_at(vdot)
    ordered = [zones.paces[E].slow_s_per_km, *(pace(zones, z) for z in (E, M, HM, FIVE_K, I, R))]
    assert all(slower > faster for slower, faster in pairwise(ordered))
    assert pace(zones, R) == pytest.approx(pace(zones, I) - 15)


@given(st.floats(760, 2700), st.floats(1, 60))
def test_a_faster_5k_never_gives_a_slower_pace(five_k_s, gain_s) -> None:
    slower = zones_from_result(5000, five_k_s + gain_s, as_of=None, source=Reason.legacy("test"))
    faster = zones_from_result(5000, five_k_s, as_of=None, source=Reason.legacy("test"))
    for zone in PaceZone:
        assert faster.paces[zone].fast_s_per_km < slower.paces[zone].fast_s_per_km
        assert faster.bands[zone].slow_mps >= slower.bands[zone].slow_mps


@pytest.mark.parametrize("vdot", EVERY_VDOT)
@pytest.mark.parametrize(
    ("zone", "half"), [(HM, 0.03), (M, 0.03), (T, 0.025), (I, 0.025), (FIVE_K, 0.025), (R, 0.04)]
)
def test_a_band_is_its_pace_either_way_and_never_narrower_than_8_s(vdot, zone, half) -> None:
    zones = zones_at(vdot)
    width = zones.bands[zone].slow_s_per_km - zones.bands[zone].fast_s_per_km
    assert width == pytest.approx(max(2 * half * pace(zones, zone), 8), abs=0.5)


@pytest.mark.parametrize("vdot", EVERY_VDOT)
def test_the_easy_band_reaches_far_on_the_slow_side(vdot) -> None:
    easy, band = zones_at(vdot).paces[E], zones_at(vdot).bands[E]
    assert band.fast_s_per_km == pytest.approx(easy.fast_s_per_km * 0.97, rel=1e-3)
    assert band.slow_s_per_km == pytest.approx(easy.slow_s_per_km * 1.10, rel=1e-3)


@pytest.mark.parametrize("zone", QUALITY)
def test_a_repetition_under_two_minutes_gets_four_per_cent(zone) -> None:
    zones = zones_at(40)
    for short in (lasting(119), covering(200)):
        band = band_for(zones, zone, short)
        assert band.fast_s_per_km == pytest.approx(pace(zones, zone) * 0.96, rel=1e-3)
        assert band.slow_s_per_km == pytest.approx(pace(zones, zone) * 1.04, rel=1e-3)


@pytest.mark.parametrize("duration", [lasting(120), covering(2000), LAP_BUTTON])
def test_a_longer_repetition_gets_the_band_of_its_zone(duration) -> None:
    zones = zones_at(40)
    assert all(band_for(zones, zone, duration) is zones.bands[zone] for zone in PaceZone)


def test_a_workout_becomes_paces_and_its_recoveries_stay_free() -> None:
    zones = zones_at(40)
    workout = parse_workout("15min E + 4x(1km T + 2min jog E) + 4x(200m 5K + 200m jog) + 10min cd E")
    warm_up, rep, jog, short, other_jog, cool_down = steps_of(resolve_workout(workout, zones).steps)
    assert warm_up.target == cool_down.target == zones.bands[E]
    assert rep.target == zones.bands[T]
    assert jog.target is None
    assert other_jog.target is None
    assert isinstance(short.target, PaceBand)
    assert short.target.fast_mps > zones.bands[FIVE_K].fast_mps


@given(workouts(), st.integers(18, 85))
def test_resolving_changes_nothing_but_the_zone_targets(workout, vdot) -> None:
    resolved = resolve_workout(workout, zones_at(vdot))
    assert resolve_workout(resolved, zones_at(50)) == resolved
    for before, after in zip(steps_of(workout.steps), steps_of(resolved.steps), strict=True):
        assert (before.duration, before.role) == (after.duration, after.role)
        if not isinstance(before.target, ZoneTarget):
            assert after.target == before.target
        elif before.role not in (Role.RECOVERY, Role.REST) or before.target.zone is not E:
            assert isinstance(after.target, PaceBand)


@pytest.mark.parametrize("vdot", [0, 17.9, 85.1, 200])
def test_no_paces_outside_the_range_that_was_checked(vdot) -> None:
    with pytest.raises(FitnessError, match="VDOT"):
        zones_at(vdot)


def test_the_5k_record_still_gives_paces() -> None:
    assert zones_from_result(5000, 756, as_of=None, source=Reason.legacy("track")).vdot == 85
