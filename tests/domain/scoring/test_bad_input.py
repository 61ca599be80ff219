"""Odd recordings: a reason, no total or a low confidence; never a crash and never a made-up number."""

from array import array
from dataclasses import replace

import pytest

from syncd.domain.activity import Activity, Samples
from syncd.domain.scoring.prescription import Origin
from syncd.domain.scoring.words import describe
from tests.domain.scoring.sessions import SIX_800, scored, six_800, workout
from tests.support.runs import recorded

RUN = recorded(six_800(numbered=False), bpm=150)
SAMPLES = RUN.samples


def column(value: float) -> "array[float]":
    return array("f", [value]) * len(SAMPLES)


def first(count: int) -> Samples:
    return Samples(*(getattr(SAMPLES, name)[:count] for name in Samples.__slots__))


def gap_of(seconds: float) -> Samples:
    half = len(SAMPLES) // 2
    clock = array("d", [t + (seconds if k > half else 0) for k, t in enumerate(SAMPLES.elapsed_s)])
    return replace(SAMPLES, elapsed_s=clock, timer_s=clock)


def jumping() -> Samples:
    metres = array("d", [m + 50_000 * (k % 97 == 0) for k, m in enumerate(SAMPLES.distance_m)])
    return replace(SAMPLES, distance_m=metres, speed_mps=column(float("nan")))


ODD = {
    "one sample": replace(RUN, samples=first(1), laps=()),
    "no samples": replace(RUN, samples=first(0), laps=()),
    "all-zero speed": replace(RUN, samples=replace(SAMPLES, speed_mps=column(0)), laps=(), distance_m=0.0),
    "heart rate of 255": replace(RUN, samples=replace(SAMPLES, heart_rate_bpm=column(255)), laps=()),
    "30 hours between two samples": replace(RUN, samples=gap_of(108_000), laps=()),
    "distances that jump": replace(RUN, samples=jumping(), laps=()),
    "nothing at all": Activity(start=RUN.start, sport="running"),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("notation", [SIX_800, "8km E", "2x(99x(10s R + 10s jog))"])
def test_an_odd_recording_is_judged_without_falling_over(name: str, notation: str) -> None:
    card = scored(ODD[name], workout(notation), origin=Origin.PLAN)
    assert card.score is None or 0 <= card.score <= 100
    assert describe(card)


@pytest.mark.parametrize("name", ["one sample", "no samples", "all-zero speed", "nothing at all"])
def test_where_nothing_was_measured_the_intervals_are_not_praised(name: str) -> None:
    card = scored(ODD[name], workout(SIX_800), origin=Origin.PLAN)
    assert card.score is None or card.score < 50 or card.confidence < 0.6
    assert card.reps_in_band == 0
