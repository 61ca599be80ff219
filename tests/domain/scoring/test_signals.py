"""What the samples say between two moments."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import NO_SAMPLES, Samples, column
from syncd.domain.scoring.signals import Signal, Stretch, signal_of


def samples(speeds: list[float | None], *, every_s: float = 1.0, bpm: float | None = None) -> Samples:
    clock = array("d", [k * every_s for k in range(len(speeds))])
    silent = column([None] * len(speeds))
    return Samples(
        elapsed_s=clock,
        timer_s=clock,
        distance_m=column([None] * len(speeds), "d"),
        speed_mps=column(speeds),
        heart_rate_bpm=column([bpm] * len(speeds)),
        altitude_m=silent,
        cadence_spm=silent,
    )


def all_of(signal: Signal) -> Stretch:
    return Stretch(0, len(signal.timer_s))


def test_moving_and_standing_are_told_apart() -> None:
    signal = signal_of(samples([3.0] * 61 + [0.0] * 30 + [3.0] * 60))
    assert signal.moved(all_of(signal)) == pytest.approx((120, 360))
    assert signal.stood_s(all_of(signal)) == 30
    assert signal.moved(signal.stretch(60, 90)) == (0, 0)


def test_the_timer_counts_and_not_the_wall_clock() -> None:
    running = samples([3.0] * 101)
    stopped = array("d", [k + (600 if k > 50 else 0) for k in range(101)])
    signal = signal_of(Samples(stopped, *(getattr(running, name) for name in running.__slots__[1:])))
    assert signal.moved(signal.stretch(0, 1000)) == pytest.approx((100, 300))


def test_a_long_silence_is_no_data() -> None:
    signal = signal_of(samples([3.0, 3.0, 3.0], every_s=31))
    assert signal.spoke_s(all_of(signal)) == 0
    assert signal_of(samples([3.0, 3.0, 3.0], every_s=9)).moved(Stretch(0, 3)) == pytest.approx((18, 54))


def test_a_short_burst_beyond_a_runner_is_dropped_and_a_sprint_is_kept() -> None:
    spike = signal_of(samples([3.0] * 50 + [9.0] * 3 + [3.0] * 50))
    sprint = signal_of(samples([3.0] * 50 + [8.0] * 8 + [3.0] * 50))
    car = signal_of(samples([3.0] * 50 + [15.0] * 60 + [3.0] * 50))
    assert (len(spike.spikes), len(sprint.spikes), len(car.spikes)) == (3, 0, 60)
    assert spike.has_spike(Stretch(40, 60))
    assert not spike.has_spike(Stretch(60, 90))


def test_the_first_seconds_of_a_step_are_not_held_against_it() -> None:
    signal = signal_of(samples([0.0] + [1.0] * 8 + [4.0] * 200))
    speeds, seconds = signal.steady_speeds(all_of(signal))
    assert min(speeds) > 3.5
    assert sum(seconds) == pytest.approx(194)


def test_the_mean_does_not_look_beyond_the_step() -> None:
    signal = signal_of(samples([4.0] * 100 + [2.0] * 100))
    speeds, _ = signal.steady_speeds(Stretch(0, 100))
    assert set(speeds) == {4.0}


def test_standing_is_no_part_of_the_steadiness() -> None:
    signal = signal_of(samples([4.0] * 60 + [0.0] * 40 + [4.0] * 60))
    assert set(signal.steady_speeds(all_of(signal))[0]) == {4.0}


def test_heart_rate_is_a_mean_over_time_and_none_without_any() -> None:
    assert signal_of(samples([3.0] * 60, bpm=150)).mean_heart_rate(Stretch(0, 60)) == pytest.approx(150)
    assert signal_of(samples([3.0] * 60)).mean_heart_rate(Stretch(0, 60)) is None


def test_no_samples_say_nothing() -> None:
    signal = signal_of(NO_SAMPLES)
    assert signal.stretch(0, 100) == Stretch(0, 0)
    assert signal.steady_speeds(Stretch(0, 0)) == ([], [])
    assert signal.spoke_s(Stretch(0, 0)) == 0


@given(st.lists(st.one_of(st.none(), st.floats(0, 7)), min_size=1, max_size=120), st.data())
def test_two_halves_are_the_whole(speeds, data) -> None:
    signal = signal_of(samples(speeds))
    cut = data.draw(st.integers(0, len(speeds)))
    parts = Stretch(0, cut), Stretch(cut, len(speeds))
    assert sum(signal.spoke_s(part) for part in parts) == pytest.approx(signal.spoke_s(all_of(signal)))
    assert sum(signal.moved(part)[1] for part in parts) == pytest.approx(signal.moved(all_of(signal))[1])
