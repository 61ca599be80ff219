"""What the athlete says twice, too late or too early changes nothing, and says why."""

import os
from datetime import UTC, datetime

import pytest

from syncd.paths import locate


@pytest.fixture
def synced(syncd, initialised):
    """A plan on a Monday morning: hard on Tuesday the 6th, long on Sunday the 11th."""
    assert syncd("sync").code == 0
    return syncd


def refused(said, words: str) -> None:
    assert said.code == 2
    assert words in said.err


def test_a_goal_and_a_phase_that_are_set_already_are_no_change(synced):
    refused(synced("goal", "5k"), "is your goal already")
    refused(synced("phase", "auto"), "already")


def test_an_illness_of_long_ago_is_left_out(synced):
    refused(synced("sick", "--from", "2025-06-01"), "is too long ago to enter")


def test_who_was_hurt_is_back_the_day_after_and_not_before_it_began(synced):
    assert synced("sick", "--hurt").code == 0
    refused(synced("resume", "--symptom-free-since", "2026-01-01"), "give a day from Mon 5 Jan to today")
    back = synced("resume")
    assert back.code == 0
    assert "Tue 6 Jan at the earliest" in back.out


def test_a_session_in_an_illness_is_not_pinned(synced):
    assert synced("sick").code == 0
    assert synced("pin", "2026-01-06").code == 2


def test_a_session_that_was_run_is_neither_skipped_nor_moved(syncd, lived):
    refused(syncd("skip", "2026-01-06"), "is done already")


def test_a_word_of_long_ago_is_not_taken_back(synced, monkeypatch):
    assert synced("skip", "2026-01-06").code == 0
    monkeypatch.setenv("SYNCD_NOW", "2026-02-20T06:30:00+01:00")
    refused(synced("undo", "1"), "which is past")


# --- tidy


def test_reports_of_faults_go_after_two_months(synced):
    folder = locate().faults
    folder.mkdir()
    for name, day in (
        ("old.txt", datetime(2025, 10, 1, tzinfo=UTC)),
        ("new.txt", datetime(2026, 1, 4, tzinfo=UTC)),
    ):
        (folder / name).touch()
        os.utime(folder / name, (day.timestamp(), day.timestamp()))
    assert synced("tidy").code == 0
    assert [file.name for file in folder.iterdir()] == ["new.txt"]


def test_a_disk_that_is_nearly_full_is_told_every_night(synced, monkeypatch):
    from collections import namedtuple
    from shutil import disk_usage

    usage = namedtuple("usage", disk_usage("/")._fields)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage(10**9, 10**9 - 10**7, 10**7))
    said = synced("tidy")
    assert said.code == 1
    assert "only 9 MB are free" in said.err
