"""When two recordings are the same run."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncd.domain.merging.candidates import family_of
from syncd.domain.merging.rules import MergeRule, fit_of, is_inside
from tests.domain.merging.made import HIDDEN, ON_STRAVA, PHONE, START, WATCH, later


def rule(a, b) -> MergeRule | None:
    fit = fit_of(a, b)
    assert fit == fit_of(b, a)
    return fit.rule if fit else None


def test_one_recording_on_two_services_is_the_same():
    assert rule(WATCH, ON_STRAVA) is MergeRule.SAME


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (later(ON_STRAVA, 60), MergeRule.SAME),
        (later(ON_STRAVA, -60), MergeRule.SAME),
        (replace(ON_STRAVA, elapsed_s=3618.0), MergeRule.SAME),  # 0.5 % of an hour
        (replace(ON_STRAVA, distance_m=10_100.0), MergeRule.SAME),
        (later(ON_STRAVA, 61), MergeRule.TOGETHER),
        (replace(ON_STRAVA, elapsed_s=3650.0), MergeRule.TOGETHER),
        (replace(ON_STRAVA, distance_m=10_200.0), MergeRule.TOGETHER),
        (replace(ON_STRAVA, distance_m=12_600.0), None),
        (later(ON_STRAVA, 1900), None),
        (later(ON_STRAVA, 3601), None),
        (replace(ON_STRAVA, family="cycling"), None),
    ],
)
def test_the_limits(other, expected):
    assert rule(WATCH, other) is expected


def test_a_phone_beside_the_watch_is_the_same_run():
    assert rule(WATCH, PHONE) is MergeRule.TOGETHER


def test_a_clock_ten_minutes_off_still_overlaps_enough_to_be_the_same_hour_of_running():
    assert rule(WATCH, later(PHONE, 525)) is MergeRule.TOGETHER


def test_the_instant_counts_and_not_the_wall_clock_of_a_journey():
    tokyo = replace(ON_STRAVA, start=START.astimezone(ZoneInfo("Asia/Tokyo")), day=date(2026, 3, 13))
    assert rule(WATCH, tokyo) is MergeRule.SAME
    same_wall_clock = replace(ON_STRAVA, start=START.replace(tzinfo=ZoneInfo("Asia/Tokyo")))
    assert rule(WATCH, same_wall_clock) is None


def test_the_hour_that_the_clocks_repeat_holds_two_runs():
    rome = ZoneInfo("Europe/Rome")
    first = replace(WATCH, start=datetime(2025, 10, 26, 2, 10, tzinfo=rome).astimezone(UTC), elapsed_s=1800.0)
    second = replace(first, id="g2", start=datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=rome).astimezone(UTC))
    assert rule(first, second) is None


@pytest.mark.parametrize("nothing", [None, 0.0])
def test_a_distance_that_is_not_known_does_not_count(nothing):
    assert rule(WATCH, replace(ON_STRAVA, distance_m=nothing)) is MergeRule.SAME
    assert rule(replace(WATCH, distance_m=nothing), replace(ON_STRAVA, distance_m=nothing)) is MergeRule.SAME


def test_indoors_two_devices_guess_the_distance():
    far_off = replace(PHONE, distance_m=7000.0)
    assert rule(WATCH, far_off) is None
    assert rule(replace(WATCH, indoors=True), far_off) is MergeRule.TOGETHER


def test_an_entry_by_hand_at_about_the_time_is_the_recorded_run():
    by_hand = later(replace(WATCH, id="m", source="strava", elapsed_s=3600.0, distance_m=None), -1500)
    assert rule(WATCH, by_hand) is MergeRule.TOGETHER
    assert rule(WATCH, later(by_hand, -400)) is None


def test_a_forty_hour_run_takes_in_its_copy_and_no_other_run():
    ultra = replace(WATCH, elapsed_s=144_000.0, distance_m=200_000.0)
    assert rule(ultra, replace(ultra, id="s", source="strava", elapsed_s=143_999.0)) is MergeRule.SAME
    assert rule(ultra, later(ON_STRAVA, 70_000)) is None


@pytest.mark.parametrize(
    ("other", "fits"),
    [
        (HIDDEN, True),
        (replace(HIDDEN, elapsed_s=3605.6), True),
        (replace(HIDDEN, elapsed_s=3605.7), False),
        (replace(HIDDEN, distance_m=10_020.0), True),
        (replace(HIDDEN, distance_m=10_021.0), False),
        (replace(HIDDEN, distance_m=None), False),
        (replace(HIDDEN, day=date(2026, 3, 11)), False),
        (replace(HIDDEN, source="garmin"), False),
    ],
)
def test_of_a_hidden_start_the_day_is_left(other, fits):
    assert rule(WATCH, other) is (MergeRule.HIDDEN if fits else None)


def test_nothing_is_the_same_as_a_recording_without_a_duration():
    assert rule(WATCH, replace(ON_STRAVA, elapsed_s=0.0)) is None


def test_a_part_lies_inside_its_whole_and_not_the_other_way_round():
    part = later(replace(WATCH, id="g2", elapsed_s=1200.0, distance_m=3300.0), 600)
    assert is_inside(part, WATCH)
    assert not is_inside(WATCH, part)
    assert not is_inside(replace(part, start=START + timedelta(seconds=2700)), WATCH)
    assert not is_inside(part, HIDDEN)


@pytest.mark.parametrize(
    ("word", "family"),
    [
        ("running", "running"),
        ("TrailRun", "running"),
        ("trail_running", "running"),
        ("VirtualRide", "cycling"),
        ("mountain_biking", "cycling"),
        ("Hike", "walking"),
        ("WeightTraining", "strength"),
        ("strength_training", "strength"),
        ("Snowboard", "snowboard"),
    ],
)
def test_the_sport_is_one_in_the_words_of_every_service(word, family):
    assert family_of(word) == family
