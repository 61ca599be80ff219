"""What nobody can decide is doubtful: rides and walks without a type, and runs faster than anybody's."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest

from syncd.domain.activity import Activity, Samples
from syncd.domain.doubts import Doubt, looks_like_a_run, superhuman, superhuman_part
from syncd.domain.world_records import RECORDS, least_s, most_m
from tests.support.runs import Leg, recorded


def even(
    kmh: float, seconds: int = 3600, *, cadence: float | None = 165.0, heart: float | None = 145.0
) -> Activity:
    """A recording at an even speed, a sample every ten seconds."""
    clock = array("d", range(0, seconds + 1, 10))
    count = len(clock)
    nothing = float("nan")
    return replace(
        recorded([Leg(300, seconds=60)]),
        sport="",
        timer_s=float(seconds),
        elapsed_s=float(seconds),
        distance_m=seconds * kmh / 3.6,
        samples=Samples(
            elapsed_s=clock,
            timer_s=clock,
            distance_m=array("d", [moment * kmh / 3.6 for moment in clock]),
            speed_mps=array("f", [kmh / 3.6] * count),
            heart_rate_bpm=array("f", [nothing if heart is None else heart] * count),
            altitude_m=array("f", [nothing] * count),
            cadence_spm=array("f", [nothing if cadence is None else cadence] * count),
        ),
    )


@pytest.mark.parametrize(
    ("run", "looks"),
    [
        pytest.param(even(10), True, id="10-km/h"),
        pytest.param(even(6.1), True, id="6.1-km/h"),
        pytest.param(even(17.8), True, id="17.8-km/h"),
        pytest.param(even(18), False, id="a-ride-at-18"),
        pytest.param(even(25), False, id="a-ride-at-25"),
        pytest.param(even(5), False, id="a-walk-at-5"),
        pytest.param(even(0), False, id="standing"),
        pytest.param(even(10, cadence=None, heart=None), True, id="nothing-measured"),
        pytest.param(even(10, cadence=0), False, id="cadence-0"),
        pytest.param(even(10, cadence=55), False, id="cadence-55"),
        pytest.param(even(10, heart=60), False, id="heart-60"),
        pytest.param(even(10, heart=95), True, id="heart-95"),
    ],
)
def test_what_has_no_type_is_a_run_where_it_looks_like_one(run: Activity, looks: bool) -> None:
    assert looks_like_a_run(run) is looks


def test_a_slow_mean_does_not_hide_ten_quick_minutes() -> None:
    legs = [Leg(420, seconds=1800), Leg(190, seconds=660), Leg(420, seconds=1800)]
    assert not looks_like_a_run(recorded(legs, noise=0.0))


def test_nor_a_minute_that_only_a_wheel_makes() -> None:
    legs = [Leg(330, seconds=1800), Leg(120, seconds=70), Leg(330, seconds=1800)]
    assert not looks_like_a_run(recorded(legs, noise=0.0))


def test_intervals_and_strides_are_running() -> None:
    legs = [Leg(360, seconds=900), *[Leg(190, seconds=180), Leg(420, seconds=120)] * 6, Leg(160, seconds=20)]
    assert looks_like_a_run(recorded(legs))


class TestSuperhuman:
    def test_an_elite_is_not(self) -> None:
        for pace, seconds in ((180, 3600), (175, 1700), (158, 800), (150, 210)):
            assert superhuman_part(recorded([Leg(pace, seconds=seconds)], noise=0.0).samples) is None

    @pytest.mark.parametrize(
        ("pace", "seconds", "metres"),
        [(130, 300, 1000), (148, 1000, 5000), (154, 1800, 10_000), (72, 3600, 1000)],
    )
    def test_what_nobody_has_run_is(self, pace: float, seconds: int, metres: float) -> None:
        doubt = superhuman_part(recorded([Leg(pace, seconds=seconds)], noise=0.0).samples)
        assert doubt is not None
        assert (doubt.code, doubt.facts["distance_m"]) == (Doubt.SUPERHUMAN, metres)
        assert doubt.facts["time_s"] == pytest.approx(pace * metres / 1000, rel=0.01)

    def test_also_in_the_middle_of_an_easy_run(self) -> None:
        legs = [Leg(360, seconds=1800), Leg(120, seconds=150), Leg(360, seconds=1800)]
        assert superhuman_part(recorded(legs).samples) is not None

    def test_a_short_burst_is_not_looked_at(self) -> None:
        legs = [Leg(360, seconds=1800), Leg(100, seconds=15), Leg(360, seconds=1800)]
        assert superhuman_part(recorded(legs).samples) is None

    def test_without_samples_there_is_nothing_to_doubt(self) -> None:
        assert superhuman_part(Samples()) is None

    @pytest.mark.parametrize(("metres", "seconds"), RECORDS)
    def test_a_record_itself_was_run(self, metres: float, seconds: float) -> None:
        assert not superhuman(metres, seconds)
        assert superhuman(metres, seconds - 0.1)
        assert most_m(seconds) == pytest.approx(metres)
        assert least_s(metres) == pytest.approx(seconds)

    def test_nothing_takes_no_time(self) -> None:
        assert (most_m(0), most_m(-1), least_s(0)) == (0, 0, 0)
        assert not superhuman(0, 10)
        assert not superhuman(1000, 0)

    def test_records_only_get_longer(self) -> None:
        reached = [most_m(seconds) for seconds in range(0, 200_000, 7)]
        assert reached == sorted(reached)
