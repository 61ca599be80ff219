"""The service on a simulated machine: what it starts, when, and what it says."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from syncd.credentials import locked
from syncd.daemon.child import Ended
from syncd.daemon.machine import Wakeup
from syncd.daemon.state_file import DaemonStateFile, wake
from syncd.renewal import ENDING_S
from tests.support.sim_machine import quiet_answer, report, settings_answer

MIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_the_first_sync_is_at_once_and_the_next_by_the_interval(stage):
    stage.machine.stop_after(HOUR)
    assert stage.run() == 0
    first, *others = stage.machine.syncs()
    assert first - datetime(2026, 1, 6, 8, tzinfo=UTC) < MIN / 3
    assert 3 <= len(others) <= 4
    waits = [after - before for before, after in pairwise(stage.machine.syncs())]
    assert all(13 * MIN < wait < 17 * MIN for wait in waits)


def test_ready_comes_after_the_settings_and_before_any_sync(stage):
    stage.machine.stop_after(MIN)
    stage.run()
    assert stage.machine.started[0][1] == ("READ",)
    assert stage.manager.sent[0]["READY"] == "1"
    assert stage.manager.sent[-1]["STOPPING"] == "1"


@pytest.mark.parametrize(("code", "exit_code"), [(2, 2), (1, 1)])
def test_without_a_usable_configuration_it_does_not_start_and_says_why(stage, code, exit_code):
    stage.machine.answer = lambda words, now: Ended(code, "", "no configuration at x: run syncd init\n")
    assert stage.run() == exit_code
    assert "no configuration at x: run syncd init" in stage.lines[0]
    assert stage.manager.sent == [{"STOPPING": "1", "STATUS": "no configuration at x: run syncd init"}] or (
        stage.manager.statuses() == ["no configuration at x: run syncd init"]
    )


def test_a_broken_configuration_at_a_reload_changes_nothing_and_is_an_error(stage):
    broken = Ended(2, "", "config.toml line 3: [plan] days = 9, must be 2 to 7")
    answers = [settings_answer(), broken, settings_answer(every_s={"garmin": 3600})]

    def answer(words, now):
        return answers.pop(0) if words == ("READ",) else report()

    stage.machine.answer = answer
    stage.machine.after(20 * MIN, lambda: Wakeup.RELOAD)
    stage.machine.after(60 * MIN, lambda: Wakeup.RELOAD)
    stage.machine.stop_after(4 * HOUR)
    stage.run()
    loud = [line for line in stage.lines if "error" in line]
    assert loud == [loud[0]]
    assert "is invalid, the earlier one stays in use: config.toml line 3: [plan] days = 9" in loud[0]
    assert any(status.startswith("Needs you: the changed config") for status in stage.manager.statuses())
    assert "Needs you" not in stage.manager.statuses()[-2]
    before = [at for at in stage.machine.syncs() if at < datetime(2026, 1, 6, 9, tzinfo=UTC)]
    after = [at for at in stage.machine.syncs() if at > datetime(2026, 1, 6, 9, 10, tzinfo=UTC)]
    assert 4 <= len(before) <= 5
    assert 2 <= len(after) <= 3


def test_an_edited_file_is_read_without_anybody_saying_so(stage):
    stage.paths.config.write_text("a = 1")
    stage.machine.after(10 * MIN, lambda: stage.paths.config.write_text("a = 12") and None)
    stage.machine.stop_after(15 * MIN)
    stage.run()
    assert len(stage.machine.of("READ")) == 2


def test_children_work_with_the_configuration_that_was_checked(stage):
    stage.machine.stop_after(MIN)
    stage.run()
    environ = stage.machine.started[1][2]
    assert environ["SYNCD_GOOD_CONFIG"] == str(stage.paths.good_config)
    assert len(environ["SYNCD_CYCLE"]) == 8
    assert environ["A"] == "b"


def test_a_new_login_is_used_within_a_minute(stage):
    stage.machine.after(5 * MIN, lambda: wake(stage.paths.state))
    stage.machine.stop_after(7 * MIN)
    stage.run()
    _, second = stage.machine.syncs()
    assert second - datetime(2026, 1, 6, 8, tzinfo=UTC) < 6.5 * MIN


def test_a_login_that_needs_a_human_is_shown_and_asked_for_no_more_often_than_ever(stage):
    problem = "Garmin wants you to log in again: run syncd auth garmin"
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else report(3, problems=[problem], needs_human=True)
    )
    stage.machine.stop_after(2 * HOUR)
    stage.run()
    assert any(status.startswith(f"Needs you: {problem}") for status in stage.manager.statuses())
    assert 8 <= len(stage.machine.syncs()) <= 10
    assert DaemonStateFile(stage.paths.state).read().needs == (problem,)


def test_after_a_failure_it_tries_again_soon_and_then_less_and_less(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else report(1, problems=["no network"])
    )
    stage.machine.stop_after(HOUR)
    stage.run()
    syncs = stage.machine.syncs()
    waits = [round((after - before) / MIN) for before, after in pairwise(syncs)]
    assert waits[:3] == [2, 4, 8]
    assert all(13 <= wait <= 17 for wait in waits[3:])


def test_a_hung_sync_is_asked_to_end_at_its_deadline_and_killed_if_it_does_not(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else (report(), 1e9, False)
    )
    stage.machine.stop_after(20 * MIN)
    stage.run()
    assert any("sync took longer than 900 s and is being stopped" in line for line in stage.lines)
    assert stage.machine.syncs()[1] - stage.machine.syncs()[0] < 18 * MIN
    assert any("ended by signal 9" in line for line in stage.lines)


@pytest.mark.parametrize(
    ("takes", "obeys", "limit"), [(3.0, True, 4.0), (60.0, True, 5.0), (1e9, False, 10.0)]
)
def test_asked_to_stop_it_is_gone_within_ten_seconds_whatever_the_child_does(stage, takes, obeys, limit):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else (report(), takes, obeys)
    )
    stage.machine.stop_after(timedelta(seconds=2.5))
    began = stage.machine.monotonic()
    assert stage.run() == 0
    assert stage.machine.monotonic() - began - 2.5 <= limit
    assert all(child.poll() is not None for child in stage.machine.children)


@contextmanager
def login_being_renewed(paths):
    """Another process holds the lock of a login."""
    with locked(paths.logins / "garmin.json"):
        yield


@pytest.mark.parametrize(("takes", "killed"), [(20.0, False), (45.0, False), (1e9, True)])
def test_asked_to_stop_it_lets_a_child_renew_a_login_first_and_not_for_ever(stage, takes, killed):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else (report(), takes, False)
    )
    stage.machine.stop_after(timedelta(seconds=2.5))
    began = stage.machine.monotonic()
    with login_being_renewed(stage.paths):
        assert stage.run() == 0
    assert stage.machine.children[-1].killed == killed
    assert stage.machine.monotonic() - began - 2.5 <= 7 + ENDING_S + 2
    assert any("a login is being renewed" in line for line in stage.manager.statuses())


@pytest.mark.parametrize(("goes_on", "killed"), [(30.0, False), (1e9, True)])
def test_past_its_deadline_a_child_renews_a_login_before_it_is_killed(stage, goes_on, killed):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else (report(), 900.0 + goes_on, False)
    )
    stage.machine.stop_after(timedelta(seconds=1000))
    with login_being_renewed(stage.paths):
        stage.run()
    assert any("is being stopped" in line for line in stage.lines)
    assert any("ended by signal 9" in line for line in stage.lines) == killed


def test_what_a_sync_did_becomes_log_lines_with_its_id(stage):
    found = report(
        arrived=[{"outcome": "run", "name": "a.fit"}],
        scored=[{"date": "2026-01-06", "score": 92, "band": "on plan", "words": "All reps on pace."}],
        changes=[
            {"id": 4, "rule": "A8", "date": "2026-01-13", "before": "4 x 5 min", "after": "3 x 8 min",
             "reason": "the last two were on plan"}
        ],
        actions=[{"action": "update"}],
    )  # fmt: skip
    stage.machine.answer = lambda words, now: settings_answer() if words == ("READ",) else found
    stage.machine.stop_after(MIN)
    stage.run()
    cycle = stage.machine.started[1][2]["SYNCD_CYCLE"]
    lines = [line.split("] ", 1)[1] for line in stage.lines if f"[{cycle}]" in line]
    assert lines == [
        "run of 2026-01-06 scored 92 on plan: All reps on pace.",
        "2026-01-13: 3 x 8 min (was: 4 x 5 min), because the last two were on plan (rule A8, syncd undo 4)",
        "sync: 1 run, 1 change, 1 on the watch, 2.0 s",
    ]
    assert "Last sync 09:00: 1 run, 1 change, 1 on the watch" in stage.manager.statuses()[-2]


def test_in_the_morning_the_watch_is_checked_and_a_missing_session_is_reported(stage):
    stage.machine.now = datetime(2026, 1, 6, 4, tzinfo=UTC)
    watch = {
        "sessions": [{"date": "2026-01-06", "title": "3 x 8 min", "state": "scheduled"}],
        "device": {"name": "FR"},
        "problems": [],
    }

    def answer(words, now):
        return Ended(0, json.dumps(watch), "") if words[0] == "watch" else quiet_answer(words, now)

    stage.machine.answer = answer
    stage.machine.stop_after(2 * HOUR)
    stage.run()
    (at,) = stage.machine.of("watch")
    assert datetime(2026, 1, 6, 4, 30, tzinfo=UTC) <= at < datetime(2026, 1, 6, 4, 36, tzinfo=UTC)
    assert any("today's session (3 x 8 min) is not on the watch yet" in line for line in stage.lines)


def test_the_night_is_quiet_but_for_the_housekeeping(stage):
    stage.machine.now = datetime(2026, 1, 6, 21, tzinfo=UTC)
    stage.machine.stop_after(9 * HOUR)
    stage.run()
    night = [at for at in stage.machine.syncs() if at.hour >= 22 or at.hour < 4]
    assert night == []
    (tidied,) = stage.machine.of("tidy")
    assert tidied.hour == 23


def test_sources_are_asked_by_their_own_intervals_and_all_together_when_the_slowest_is_due(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer(every_s={"folder": 600, "strava": 3600}) if words == ("READ",) else report()
    )
    stage.machine.stop_after(4 * HOUR)
    stage.run()
    syncs = [words for _, words, _ in stage.machine.started if words[0] == "sync"]
    alone = ("sync", "--json", "--source", "folder")
    assert syncs[0] == ("sync", "--json")
    assert 4 <= syncs.count(("sync", "--json")) <= 5
    assert syncs.count(alone) == len(syncs) - syncs.count(("sync", "--json"))
    assert 18 <= syncs.count(alone) <= 22


def test_where_a_run_usually_ends_syncs_come_sooner(stage):
    end = datetime(2026, 1, 6, 10, tzinfo=UTC)
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else report(expected=[end.isoformat()])
    )
    stage.machine.stop_after(4 * HOUR)
    stage.run()
    within = [at for at in stage.machine.syncs() if end <= at < end + HOUR]
    before = [at for at in stage.machine.syncs() if end - HOUR <= at < end]
    assert len(within) >= 11
    assert len(before) <= 5


def test_a_port_that_is_taken_is_reported_and_polling_goes_on(stage):
    stage.machine.stop_after(HOUR)
    stage.run(follow_webhook=lambda hook: "port 8790: Address already in use; choose another port")
    assert any("Address already in use" in line for line in stage.lines)
    assert len(stage.machine.syncs()) >= 4


def test_a_message_is_sent_after_each_sync(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer(tells=True) if words == ("READ",) else report(1, problems=["no network"])
    )
    stage.machine.stop_after(MIN)
    stage.run()
    assert ("tell", "--trouble", "no network") in [words for _, words, _ in stage.machine.started]


def test_the_page_is_made_anew_when_there_is_news_and_once_a_day(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer()
        if words == ("READ",)
        else report(actions=[{"action": "update"}] if now.hour == 10 and now.minute < 20 else [])
    )
    stage.machine.stop_after(26 * HOUR)
    stage.run()
    pages = stage.machine.of("report")
    assert [at.day for at in pages] == [6, 6, 7] or [at.day for at in pages] == [6, 6, 6, 7]
    assert all(at.hour == 10 for at in pages[1:-1])


def test_a_report_that_is_none_is_a_trouble_with_what_stderr_says(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else Ended(1, "{", "syncd: the disk is full\n")
    )
    stage.machine.stop_after(MIN)
    stage.run()
    assert any("warning: the disk is full" in line for line in stage.lines)


def test_reports_to_the_manager_go_on_while_a_sync_takes_its_time(stage):
    stage.machine.answer = lambda words, now: (
        settings_answer() if words == ("READ",) else (report(), 600.0, True)
    )
    stage.manager.report_every_s = 45
    stage.machine.stop_after(10 * MIN)
    stage.run()
    assert sum("WATCHDOG" in fields for fields in stage.manager.sent) >= 13
