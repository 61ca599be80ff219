"""Hills, heat, poor sensors: what explains a pace, and what is not believed."""

from array import array
from dataclasses import replace

import pytest

from syncd.domain.scoring.card import Flag, Scorecard
from syncd.domain.scoring.grade import level_factor
from syncd.domain.scoring.heat import Weather
from syncd.domain.scoring.intensity_part import HeartZones
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.reasons import Note, PartReason
from syncd.domain.scoring.score import score_activity
from syncd.domain.units import KILOMETRES
from syncd.report.score_reasons import part_text
from syncd.report.score_summary import summary_text
from tests.domain.scoring.sessions import (
    EASY,
    SEEDS,
    SIX_800,
    ZONES,
    card_of,
    pace_of,
    six_800,
    workout,
)
from tests.support.runs import Leg, recorded


def uphill(grade: float, *, equal_effort: bool) -> list[Leg]:
    slower = level_factor(grade) if equal_effort else 1.0
    legs = six_800()
    return [
        replace(leg, pace=leg.pace * slower, grade=grade)
        if leg.metres
        else replace(leg, grade=-grade, pace=leg.pace * level_factor(-grade))
        if leg.index == 2
        else leg
        for leg in legs
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_repetitions_up_a_hill_at_equal_effort_are_on_pace(seed: int) -> None:
    card = card_of(uphill(0.04, equal_effort=True), seed=seed)
    assert pace_of(card) >= 90
    assert Flag.HILLY in card.flags
    assert card.reps_in_band == 6
    assert "hilly" in summary_text(card, KILOMETRES)


def test_the_same_pace_uphill_is_too_hard() -> None:
    assert pace_of(card_of(uphill(0.04, equal_effort=False))) < 60


@pytest.mark.parametrize(
    ("grade", "factor"), [(0, 1), (0.03, 1.095), (-0.08, 0.876), (0.5, 2.297), (-0.5, 1.081)]
)
def test_the_measured_table_is_linear_between_its_points_and_flat_beyond(grade, factor) -> None:
    assert level_factor(grade) == pytest.approx(factor)


def test_a_barometer_that_wavers_by_a_metre_is_no_hill() -> None:
    activity = recorded([Leg(EASY, metres=8000)])
    waves = array("f", [100 + (k // 60 % 2) for k in range(len(activity.samples))])
    activity = replace(activity, samples=replace(activity.samples, altitude_m=waves))
    assert Flag.HILLY not in card_for(activity, "8km E").flags


def card_for(activity, notation: str, **more: object) -> Scorecard:
    return score_activity(activity, Prescription(PrescriptionOrigin.PLAN, workout(notation)), ZONES, **more)


def test_heat_frees_the_slow_side_of_work_and_is_said() -> None:
    legs = six_800([274] * 6)  # 3.3 % below the band
    activity = recorded(legs, workout=workout(SIX_800))
    cool, hot = (card_for(activity, SIX_800, weather=weather) for weather in (Weather(10), Weather(32, 24)))
    assert pace_of(hot) > pace_of(cool) + 10
    assert Flag.HOT in hot.flags
    assert Flag.HOT not in cool.flags


@pytest.mark.parametrize(
    ("fahrenheit", "dew_point", "least", "most"),
    [(74, 71, 0.03, 0.045), (55, 40, 0, 0), (95, 80, 0.06, 0.10)],
)
def test_the_slow_down_is_that_of_the_chart(fahrenheit, dew_point, least, most) -> None:
    weather = Weather((fahrenheit - 32) / 1.8, (dew_point - 32) / 1.8)
    assert least <= weather.slow_down <= most


def test_poor_positions_double_the_tolerance_and_are_said() -> None:
    activity = recorded(six_800([251] * 6), workout=workout(SIX_800))
    speeds = array("f", activity.samples.speed_mps)
    for k in range(0, len(speeds), 60):
        speeds[k] = 11.0
    poor = card_for(replace(activity, samples=replace(activity.samples, speed_mps=speeds)), SIX_800)
    assert Flag.GPS_POOR in poor.flags
    assert pace_of(poor) > pace_of(card_for(activity, SIX_800))


def test_a_heart_rate_that_counts_steps_is_dropped() -> None:
    activity = recorded([Leg(EASY, seconds=2400)], bpm=172)
    card = card_for(activity, "40min @HR120-145")
    assert card.part("intensity").score is None
    assert [reason.code for reason in card.part("intensity").why] == [PartReason.HEART_RATE_LOCKED]
    assert "followed your cadence" in part_text(card.part("intensity"), KILOMETRES)
    beside = recorded([Leg(EASY, seconds=2400)], bpm=160)
    assert card_for(beside, "40min @HR120-145").part("intensity").score == 0


def test_without_heart_rate_it_is_said_that_there_was_none() -> None:
    for bpm, notation in ((None, "40min @HR120-145"), (172, "40min E")):
        card = card_for(recorded([Leg(EASY, seconds=2400)], bpm=bpm), notation)
        assert [reason.code for reason in card.part("intensity").why] == [PartReason.NO_EFFORT]


LIMITS = HeartZones(easy_max=145, lt1=150, lt2=168)


@pytest.mark.parametrize(("bpm", "low", "high"), [(138, 95, 100), (160, 0, 10)])
def test_an_easy_run_is_easy_by_the_athletes_own_heart_rate(bpm: float, low: int, high: int) -> None:
    card = card_for(recorded([Leg(EASY, metres=8000)], bpm=bpm), "8km E", heart_zones=LIMITS)
    assert low <= (card.part("intensity").score or 0) <= high


def test_heart_rate_below_the_zone_is_free_where_the_pace_was_right() -> None:
    legs = [Leg(EASY, seconds=600), Leg(1000 / workout("20min T").steps[0].target.middle_mps, seconds=1200)]
    card = card_for(recorded(legs, bpm=135), "10min E + 20min T", heart_zones=LIMITS)
    assert card.part("intensity").score == 100


def test_heart_rate_and_effort_two_bands_apart_lower_the_confidence() -> None:
    same, apart = (
        card_for(recorded([Leg(EASY, metres=8000)], bpm=138, rpe=rpe), "8km E", heart_zones=LIMITS)
        for rpe in (3, 7)
    )
    assert apart.confidence < same.confidence
    assert Note.HEART_AND_EFFORT_DISAGREE in apart.notes
