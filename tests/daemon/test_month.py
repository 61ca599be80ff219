"""A month in seconds: what happens to real machines happens here, and the service goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.sim_machine import report, settings_answer

DAY = timedelta(days=1)
LIMITED = "Garmin asked to be left alone until 18:00"


class Outside:
    """What stands in the way, by day of the month; it tells what each sync would print."""

    def __init__(self, machine):
        self.machine, self.network, self.limited = machine, True, False

    def __call__(self, words, now):
        if words == ("READ",):
            return settings_answer()
        if words[0] != "sync":
            return report()
        if not self.network:
            return report(1, problems=["Garmin Connect cannot be reached: try again later"])
        return report(1, problems=[LIMITED]) if self.limited else report()

    def set(self, **values):
        self.__dict__.update(values)


@pytest.fixture
def outside(stage):
    found = Outside(stage.machine)
    stage.machine.answer = found
    return found


def count(stage, first, last):
    return sum(first <= at < last for at in stage.machine.syncs())


def days(stage, since, number):
    return [count(stage, since + day * DAY, since + (day + 1) * DAY) for day in range(number)]


def test_a_month_without_events_has_the_same_number_of_syncs_every_day(stage, outside):
    stage.machine.now = start = datetime(2026, 3, 10, tzinfo=UTC)  # the clock changes on the 29th
    stage.machine.stop_after(30 * DAY)
    stage.run()
    assert all(64 <= count <= 74 for count in days(stage, start, 30))
    assert len(stage.machine.of("tidy")) == 30
    assert len(stage.machine.of("watch")) == 30
    assert not [line for line in stage.lines if "warning" in line or "error" in line]


@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)]
)
def test_on_the_night_of_a_change_of_the_clock_morning_and_night_come_once(stage, outside, start):
    stage.machine.now = start
    stage.machine.stop_after(DAY)
    stage.run()
    assert len(stage.machine.of("watch")) == 1
    assert len(stage.machine.of("tidy")) == 1
    assert 60 <= len(stage.machine.syncs()) <= 76


def test_after_three_days_of_sleep_it_syncs_once_when_the_network_had_time_to_come(stage, outside):
    stage.machine.now = start = datetime(2026, 1, 10, 12, tzinfo=UTC)
    stage.machine.after(timedelta(minutes=20), lambda: stage.machine.sleep(3 * DAY))
    stage.machine.stop_after(timedelta(hours=1))
    stage.run()
    woke = start + 3 * DAY + timedelta(minutes=20)
    after = [at for at in stage.machine.syncs() if at >= woke]
    assert timedelta(seconds=14) <= after[0] - woke <= timedelta(seconds=20)
    assert after[1] - after[0] > timedelta(minutes=13)
    assert len(stage.machine.of("watch")) == 1
    assert len(stage.machine.of("tidy")) == 1
    assert sum("woke up after 3 days" in line for line in stage.lines) == 1


def test_a_week_without_network_is_one_status_and_no_hammering(stage, outside):
    stage.machine.now = start = datetime(2026, 1, 10, 12, tzinfo=UTC)
    stage.machine.after(1 * DAY, lambda: outside.set(network=False))
    stage.machine.after(8 * DAY, lambda: outside.set(network=True))
    stage.machine.stop_after(10 * DAY)
    stage.run()
    assert all(60 <= count <= 78 for count in days(stage, start, 10))
    away = [text for text in stage.manager.statuses() if "with problems" in text]
    assert away
    last = stage.manager.statuses()[-2]
    assert "nothing new" in last
    assert "problems" not in last


def test_a_day_of_refusals_is_waited_out_at_the_usual_pace(stage, outside):
    stage.machine.now = start = datetime(2026, 1, 10, 12, tzinfo=UTC)
    stage.machine.after(1 * DAY, lambda: outside.set(limited=True))
    stage.machine.after(2 * DAY, lambda: outside.set(limited=False))
    stage.machine.stop_after(3 * DAY)
    stage.run()
    assert all(60 <= count <= 78 for count in days(stage, start, 3))
    assert any(LIMITED in line for line in stage.lines)


def test_a_clock_set_back_by_a_year_does_not_stop_the_syncs_and_neither_does_its_correction(stage, outside):
    stage.machine.now = start = datetime(2026, 1, 10, 12, tzinfo=UTC)
    stage.machine.after(timedelta(hours=1), lambda: stage.machine.set_clock(-365 * DAY))
    stage.machine.after(timedelta(hours=5), lambda: stage.machine.set_clock(365 * DAY))
    stage.machine.stop_after(timedelta(hours=8))
    stage.run()
    past = [at for at in stage.machine.syncs() if at < start - 300 * DAY]
    later = [at for at in stage.machine.syncs() if at > start + timedelta(hours=5)]
    assert 15 <= len(past) <= 19
    assert 11 <= len(later) <= 15
    assert sum("the clock was set back by 365 days" in line for line in stage.lines) == 1


def test_idle_it_wakes_about_once_a_minute(stage, outside):
    stage.machine.now = datetime(2026, 1, 10, 23, tzinfo=UTC)
    stage.machine.stop_after(timedelta(hours=4))
    stage.run()
    assert stage.machine.waits <= 4 * 60 * 1.1
