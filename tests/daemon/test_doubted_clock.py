"""A clock that a sync finds wrong, or that has jumped: what goes by the date waits in the service too."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.daemon.child import Ended
from syncd.daemon.state_file import DaemonStateFile
from tests.support.sim_machine import report, settings_answer

MIN, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 1, 6, 8, tzinfo=UTC)
WRONG = "the clock says 2027-01-06 08:00 UTC, but it is 2026-01-06 08:00 UTC by garmin: nothing is done"
DATED = {"tidy", "watch", "report"}


def answering(stage, is_right):
    """Syncs find the clock as `is_right` says of the wall clock; messages are wanted."""

    def answer(words, now):
        if words == ("READ",):
            return settings_answer(tells=True)
        if words[0] != "sync":
            return Ended(0, "{}", "")
        return report() if is_right(now) else report(1, problems=[WRONG], clock_doubted=True)

    stage.machine.answer = answer


def started(stage):
    return [words for _, words, _ in stage.machine.started]


def status(stage):
    return DaemonStateFile(stage.paths.state).read()


def near(now):
    return abs(now - START) < 3 * DAY


def test_while_the_clock_is_doubted_nothing_that_goes_by_the_date_is_begun(stage):
    answering(stage, lambda now: False)
    stage.machine.stop_after(2 * DAY)
    stage.run()
    assert not {words[0] for words in started(stage)} & DATED
    told = [words for words in started(stage) if words[0] == "tell"]
    assert told
    assert all("--heartbeat-only" in words for words in told)
    assert status(stage).last_look == ""
    assert (
        len([line for line in stage.lines if "error: " in line and "until the clock is right" in line]) == 1
    )


def test_a_doubt_is_shown_with_what_the_sync_said_and_goes_with_it(stage):
    wrong_until = START + HOUR
    answering(stage, lambda now: now > wrong_until)
    seen = []
    stage.machine.after(MIN, lambda: seen.append(status(stage)))
    stage.machine.stop_after(3 * HOUR)
    stage.run()
    assert seen[0].needs == (WRONG,)
    assert seen[0].next_look == ""
    last = status(stage)
    assert (last.needs, last.failures) == ((), 0)
    assert last.last_look
    assert ("report", "--json") in started(stage)


@pytest.mark.parametrize("by", [400 * DAY, -400 * DAY, 7 * HOUR, -7 * HOUR])
def test_after_a_jump_a_sync_judges_before_anything_else(stage, by):
    answering(stage, near)
    stage.machine.after(HOUR, lambda: stage.machine.set_clock(by))
    stage.machine.after(HOUR + 20 * MIN, lambda: stage.machine.set_clock(-by))
    stage.machine.stop_after(3 * HOUR)
    stage.run()
    assert any("clock was set" in line or "woke up" in line for line in stage.lines)
    jumped = [(at, words) for at, words, _ in stage.machine.started if abs(at - START - by) < 3 * HOUR]
    assert jumped[0][1][0] == "sync"
    if not near(START + by):
        assert not {words[0] for _, words in jumped} & DATED
        after = [words[0] for at, words, _ in stage.machine.started if START + HOUR < at < START + 5 * HOUR]
        assert "sync" in after  # it is right again, and goes on


def test_a_clock_that_jumps_about_asks_for_no_storm_of_syncs(stage):
    answering(stage, near)
    for second in range(10, 1800, 10):
        by = 20 if second % 20 else -20
        stage.machine.after(timedelta(seconds=second), lambda by=by: stage.machine.set_clock(by * MIN))
    stage.machine.stop_after(31 * MIN)
    stage.run()
    assert 2 <= len(stage.machine.syncs()) <= 10


def test_a_sync_without_a_report_settles_nothing(stage):
    sound = []

    def answer(words, now):
        if words == ("READ",):
            return settings_answer()
        if words[0] != "sync":
            return Ended(0, "{}", "")
        sound.append(now)
        return Ended(-9, "", "") if len(sound) > 1 else report(1, problems=[WRONG], clock_doubted=True)

    stage.machine.answer = answer
    stage.machine.stop_after(2 * DAY)
    stage.run()
    assert not {words[0] for words in started(stage)} & DATED
    assert status(stage).needs == (WRONG,)
