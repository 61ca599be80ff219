"""A service that says it has something new is asked soon, alone, and not for every time it says so."""

import os
import signal
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.daemon.child import Ended
from syncd.daemon.machine import Linux, Wakeup
from syncd.daemon.notices import AT_LEAST_S, SETTLE_S, Notices
from tests.support.sim_machine import report, settings_answer

MIN = timedelta(minutes=1)
START = datetime(2026, 1, 6, 8, tzinfo=UTC)
HOOK = {"source": "strava", "listen": "127.0.0.1", "port": 8790, "owner": 77}
STRAVA_ALONE = ("sync", "--json", "--source", "strava")


def both(**more):
    return settings_answer(every_s={"garmin": 900, "strava": 7200}, webhook=HOOK, **more)


def answering(sync=report):
    def answer(words, _now):
        if words == ("READ",):
            return both()
        return sync() if words[0] == "sync" else Ended(0, "{}", "")

    return answer


def knock_each_second(stage, seconds, begin=60):
    for second in range(seconds):
        stage.machine.after(timedelta(seconds=begin + second), lambda: Wakeup.NEWS)


def syncs_of(stage):
    return [(at, words) for at, words, _ in stage.machine.started if words[0] == "sync"]


def test_only_the_source_that_says_so_is_asked_and_soon(stage):
    stage.machine.answer = answering()
    knock_each_second(stage, 1)
    stage.machine.stop_after(5 * MIN)
    stage.run()
    (_, first), (at, words) = syncs_of(stage)
    assert (first, words) == (("sync", "--json"), STRAVA_ALONE)
    assert timedelta(seconds=65) <= at - START <= timedelta(seconds=67)


def test_a_notice_a_second_for_ten_minutes_is_a_handful_of_syncs_and_none_of_garmin(stage):
    stage.machine.answer = answering()
    knock_each_second(stage, 600)
    stage.machine.stop_after(30 * MIN)
    stage.run()
    noticed = [at for at, words in syncs_of(stage) if words == STRAVA_ALONE]
    assert 3 <= len([at for at in noticed if at < START + 11 * MIN]) <= 5
    assert noticed[-1] >= START + 11 * MIN + timedelta(seconds=SETTLE_S - 1)
    garmin = [at for at, words in syncs_of(stage) if words != STRAVA_ALONE]
    assert len(garmin) <= 4  # as ever, one in a quarter of an hour


def test_notices_without_an_end_do_not_keep_the_sources_from_being_asked_together(stage):
    stage.machine.answer = answering()
    for second in range(0, 6 * 3600, 20):
        stage.machine.after(timedelta(seconds=second + 30), lambda: Wakeup.NEWS)
    stage.machine.stop_after(6 * 60 * MIN)
    stage.run()
    together = [at for at, words in syncs_of(stage) if words == ("sync", "--json")]
    assert 3 <= len(together) <= 5
    alone = [at for at, words in syncs_of(stage) if words == STRAVA_ALONE]
    assert len(alone) <= 6 * 4 + 6


def test_a_notice_during_its_own_sync_is_answered_by_another_one(stage):
    stage.machine.answer = lambda words, now: (
        (report(), 40.0, True) if words == STRAVA_ALONE else answering()(words, now)
    )
    knock_each_second(stage, 1)
    stage.machine.after(timedelta(seconds=80), lambda: Wakeup.NEWS)  # while it runs
    stage.machine.stop_after(6 * MIN)
    stage.run()
    assert [words for _, words in syncs_of(stage)].count(STRAVA_ALONE) == 2


def test_a_notice_whose_sync_fails_is_tried_again(stage):
    stage.machine.answer = lambda words, now: (
        report(1, problems=["no network"]) if words == STRAVA_ALONE else answering()(words, now)
    )
    knock_each_second(stage, 1)
    stage.machine.stop_after(6 * MIN)
    stage.run()
    assert len([at for at, words in syncs_of(stage) if "strava" in words or len(words) == 2]) >= 3


def test_waiting_for_a_busy_service_does_not_spin(stage):
    stage.machine.answer = lambda words, now: (
        (report(), 600.0, True) if words == ("sync", "--json") else answering()(words, now)
    )
    knock_each_second(stage, 1, begin=30)
    stage.machine.stop_after(8 * MIN)
    stage.run()
    assert stage.machine.waits < 60


def test_a_sync_that_waits_behind_the_configuration_loses_no_source(stage):
    """A notice while the settings are read, when another source is due too."""
    read_again = []

    def answer(words, _now):
        if words == ("READ",):
            read_again.append(words)
            return (both(), 30.0, True) if len(read_again) > 1 else both()
        return report() if words[0] == "sync" else Ended(0, "{}", "")

    stage.machine.answer = answer
    stage.machine.after(14 * MIN, lambda: Wakeup.NEWS)
    stage.machine.after(14 * MIN, lambda: Wakeup.RELOAD)
    stage.machine.after(14 * MIN + timedelta(seconds=1), lambda: Wakeup.RELOAD)
    stage.machine.stop_after(20 * MIN)
    stage.run()
    later = [words for at, words in syncs_of(stage) if at > START + 14 * MIN]
    assert ("sync", "--json") in later


def test_a_clock_that_is_set_back_loses_no_notice(stage):
    stage.machine.answer = answering()
    knock_each_second(stage, 1)

    def back():
        stage.machine.set_clock(timedelta(days=-400))

    stage.machine.after(timedelta(seconds=62), back)
    stage.machine.stop_after(5 * MIN)
    stage.run()
    assert len(syncs_of(stage)) >= 2


# --- the rule itself


def asked_at(notices_s, until_s, takes_s=1.0):
    """When a source is asked, for notices at these seconds; the service sleeps until something is due."""
    now = [0.0]
    notices, asked, busy_until = Notices(lambda: now[0]), [], 0.0
    waiting = sorted(notices_s)
    while now[0] <= until_s:
        due = notices.due_in_s()
        due_s = None if due is None else max(now[0] + due, busy_until)
        nexts = [*waiting[:1], *([due_s] if due_s is not None else [])]
        if not nexts:
            break
        now[0] = max(now[0], min(nexts))
        if waiting and waiting[0] <= now[0]:
            waiting.pop(0)
            notices.arrived()
        elif due_s is not None:
            asked.append(now[0])
            notices.asked()
            busy_until = now[0] + takes_s
    return asked


@given(st.lists(st.floats(0, 3600), min_size=1, max_size=60))
def test_after_the_last_notice_the_source_is_asked_and_never_twice_within_a_minute(times):
    asked = asked_at(times, 10_000)
    assert asked[-1] >= max(times) + SETTLE_S - 0.001
    assert asked[-1] <= max(times) + 900 + SETTLE_S
    assert asked[0] <= min(times) + SETTLE_S + 0.001
    assert all(later - earlier >= AT_LEAST_S - 0.001 for earlier, later in pairwise(asked))


def test_a_day_of_notices_each_second_is_about_a_sync_in_a_quarter_of_an_hour():
    assert len(asked_at(range(86_400), 90_000)) <= 86_400 / 900 + 6


def test_after_a_pause_it_is_soon_again():
    *_, before, after = asked_at([*range(300), 5000.0], 9000)
    assert after == pytest.approx(5000 + SETTLE_S)
    assert before < 1000


# --- the wake-up


def test_notices_beyond_number_keep_no_signal_out():
    """Both come through one pipe, which has an end."""
    with Linux() as machine:
        for _ in range(100_000):
            machine.report_news()
        os.kill(os.getpid(), signal.SIGTERM)
        demands = set()
        for _ in range(3):
            demands |= machine.wait(0.05)
        assert demands == {Wakeup.NEWS, Wakeup.STOP}
        machine.report_news()
        assert machine.wait(5) == {Wakeup.NEWS}
