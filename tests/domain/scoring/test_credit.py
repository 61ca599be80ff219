"""What a speed earns: the check of the specification at every VDOT, and the shape of the curve."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from syncd.domain.reason import Reason
from syncd.domain.scoring.credit import CreditCurve, curve_for, tolerance_of
from syncd.domain.scoring.planned_steps import plan_of
from syncd.domain.training.zones import zones_from_vdot
from syncd.domain.workout import PaceZone
from tests.domain.scoring.sessions import ZONES, workout
from tests.support.workouts import pace_bands

EVERY_VDOT = range(18, 86)
E, M, T, I, R = (PaceZone(word) for word in "EMTIR")  # noqa: E741 - the runner's own letters


def curves(notation: str, vdot: float) -> list[CreditCurve]:
    zones = zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test"))
    steps = plan_of(workout(notation, zones), None, zones).steps
    return [curve_for(step, step.band, zones) for step in steps if step.band]


def speed(zone: PaceZone, vdot: float) -> float:
    return 1000 / zones_from_vdot(vdot, as_of=None, source=Reason.legacy("test")).paces[zone].fast_s_per_km


@pytest.mark.parametrize(
    ("notation", "run_at", "most"),
    [("40min E", M, 0.5), ("20min M", T, 0.5), ("20min T", I, 0.3), ("3x(5min T)", I, 0.3)],
)
def test_the_pace_of_the_next_zone_earns_little_at_every_level(notation, run_at, most) -> None:
    earned = {vdot: curves(notation, vdot)[0].credit(speed(run_at, vdot)) for vdot in EVERY_VDOT}
    assert {vdot: credit for vdot, credit in earned.items() if credit > most + 1e-6} == {}


@pytest.mark.parametrize(
    ("notation", "zone"),
    [("5x(1km I + 2min jog)", I), ("8x(200m R + 1min jog)", R), ("6x(400m R + 1min jog)", R)],
)
def test_repetitions_ten_percent_too_fast_earn_little_at_every_level(notation, zone) -> None:
    earned = {vdot: curves(notation, vdot)[0].credit(1.1 * speed(zone, vdot)) for vdot in EVERY_VDOT}
    assert {vdot: credit for vdot, credit in earned.items() if credit > 0.31} == {}  # bands are in mm/s


@pytest.mark.parametrize("notation", ["40min E", "20min M", "20min T", "5x(1km I)", "8x(200m R)"])
def test_the_whole_band_earns_everything_at_every_level(notation) -> None:
    for curve in (curves(notation, vdot)[0] for vdot in EVERY_VDOT):
        for mps in (curve.band.slow_mps, curve.band.middle_mps, curve.band.fast_mps):
            assert curve.credit(mps) == 1
            assert curve.holds(mps)


@pytest.mark.parametrize(
    ("seconds", "share"), [(44, 0.05), (45, 0.035), (89, 0.035), (90, 0.023), (180, 0.016), (600, 0.011)]
)
def test_the_longer_a_step_the_better_it_is_measured(seconds: float, share: float) -> None:
    assert tolerance_of(seconds) == share


def test_slower_is_free_but_in_work() -> None:
    notation = "15min E + 1x(800m I + 2min jog @6:00-7:00/km) keep-last + 10min E"
    warm_up, rep, jog, cool_down = curves(notation, 40)
    assert [curve.credit(0.5) for curve in (warm_up, rep, jog, cool_down)] == [1, 0, 1, 1]


any_curve = st.builds(
    lambda band, notation: curve_for(plan_of(workout(notation), None, ZONES).steps[0], band, ZONES),
    pace_bands(),
    st.sampled_from(["4x(30s I)", "4x(75s I)", "4x(800m I)", "20min T", "20min M", "40min E", "5min jog E"]),
)
speeds = st.floats(0.3, 12)


@given(any_curve, speeds)
def test_credit_is_a_share_and_full_wherever_the_speed_is_in_the_band(curve, mps) -> None:
    assert 0 <= curve.credit(mps) <= 1
    if curve.holds(mps):
        assert curve.credit(mps) == 1


@given(any_curve, speeds, speeds)
def test_nearer_to_the_band_never_earns_less(curve, one, other) -> None:
    assume(one != other)
    middle = curve.band.middle_mps
    if (one < middle) == (other < middle):
        nearer, further = sorted((one, other), key=lambda mps: abs(mps - middle))
        assert curve.credit(nearer) >= curve.credit(further)


@given(any_curve, st.lists(speeds))
def test_many_speeds_at_once_earn_what_each_earns(curve, many) -> None:
    assert curve.credits(many) == [curve.credit(mps) for mps in many]
