from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.daemon.sync_times import JITTER, DayRhythm, QuietHours, daily, next_sync, retry_sync

ROME = ZoneInfo("Europe/Rome")
NIGHT = DayRhythm(ROME, QuietHours(time(22, 30), time(5, 30)))
QUARTER = timedelta(minutes=15)
moments = st.integers(0, 4 * 366 * 24 * 60).map(
    lambda minute: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
chances = st.floats(0, 1)


def test_by_day_syncs_come_by_the_interval_give_or_take_a_tenth():
    now = datetime(2026, 1, 6, 12, tzinfo=UTC)
    assert next_sync(now, QUARTER, NIGHT) == now + QUARTER
    assert next_sync(now, QUARTER, NIGHT, chance=0.0) == now + QUARTER * (1 - JITTER)
    assert next_sync(now, QUARTER, NIGHT, chance=1.0) == now + QUARTER * (1 + JITTER)


def test_in_the_hour_after_a_run_usually_ends_syncs_come_three_times_as_often():
    end = datetime(2026, 1, 6, 17, tzinfo=UTC)
    assert next_sync(end - timedelta(minutes=4), QUARTER, NIGHT, [end]) == end + timedelta(minutes=1)
    assert next_sync(end, QUARTER, NIGHT, [end]) == end + QUARTER / 3
    assert next_sync(end + timedelta(minutes=70), QUARTER, NIGHT, [end]) == end + timedelta(minutes=85)


@given(moments, st.timedeltas(timedelta(minutes=5), timedelta(hours=20)), chances, moments)
def test_no_sync_falls_into_the_quiet_night_and_each_is_later_than_now(now, every, chance, end):
    sync = next_sync(now, every, NIGHT, [end], chance)
    assert sync > now
    assert not NIGHT.quiet.covers(sync.astimezone(ROME).time())
    assert sync - now <= every * (1 + JITTER) + timedelta(hours=9)


@given(moments, chances)
def test_without_a_quiet_night_syncs_go_on(now, chance):
    assert next_sync(now, QUARTER, DayRhythm(ROME), (), chance) - now <= QUARTER * (1 + JITTER)


@given(
    moments,
    times,
    chances,
    st.sampled_from(["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_a_daily_time_comes_once_on_every_local_day(now, at, chance, name):
    zone = ZoneInfo(name)
    first = daily(now, at, zone, chance)
    second = daily(first, at, zone, chance)
    assert now < first <= now + timedelta(hours=26)
    assert timedelta(hours=22) <= second - first <= timedelta(hours=26)


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)]
)
def test_the_morning_after_the_clock_changed_is_at_the_same_local_time(day):
    assert daily(day, time(5, 30), ROME, 0.0).astimezone(ROME).time() == time(5, 30)


def test_a_quiet_part_may_lie_within_one_day():
    assert QuietHours(time(1), time(5)).covers(time(3))
    assert not QuietHours(time(1), time(5)).covers(time(5))
    assert not QuietHours(time(22), time(5)).covers(time(12))


@given(st.integers(1, 500))
def test_after_failures_it_is_tried_soon_then_ever_later_and_never_later_than_usual(failures):
    now = datetime(2026, 1, 6, tzinfo=UTC)
    wait, next_wait = (
        retry_sync(now, QUARTER, number, DayRhythm(ROME)) - now for number in (failures, failures + 1)
    )
    assert timedelta(minutes=2) <= wait <= next_wait <= QUARTER
