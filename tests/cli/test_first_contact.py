"""The first five minutes on a real terminal: from an empty home to workouts that lie ready for the watch."""

import os
import subprocess
import sys

import pytest

from syncd.paths import locate
from tests.support.terminal import Terminal, without_codes

NOTHING = ""


@pytest.fixture
def places(tmp_path, monkeypatch):
    inbox, outbox = tmp_path / "runs", tmp_path / "workouts"
    inbox.mkdir()
    outbox.mkdir()
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    return inbox, outbox


def answer(terminal, *pairs):
    for question, words in pairs:
        terminal.until(f"{question}").until(": ").type(words)
        terminal.shown = ""


FIRST = (
    ("Time zone", "Europe/Rome"),
    ("Units, km or mi", NOTHING),
    ("Where do your runs come from", "folder"),
    ("Where should workouts go", NOTHING),
)
PLAN = (
    ("Your goal", "10k"),
    ("Date of a race", NOTHING),
    ("Runs per week", "4"),
    ("Kilometres you run per week now", "20"),
    ("Longest run", "8"),
    ("Day of the long run", NOTHING),
    ("Your time for a recent all-out 5 km", "25:00"),
    ("Date of that 5 km", NOTHING),
)
BODY = (
    ("Do any apply?", NOTHING),
    ("Year of birth", NOTHING),
    ("Sex, female or male", NOTHING),
    ("Highest heart rate", NOTHING),
    ("Resting heart rate", NOTHING),
    ("Threshold heart rate", NOTHING),
)


def test_from_an_empty_home_to_workouts_for_the_watch(places):
    inbox, outbox = places
    terminal = Terminal("init")
    answer(
        terminal, *FIRST, ("Folder with your recorded runs", str(inbox)), ("Folder for workouts", str(outbox))
    )
    answer(terminal, *PLAN, *BODY)
    terminal.until("Preview of your first two weeks").until("Save this?").type("yes")
    assert terminal.code() == 0, terminal.shown
    assert "Next: syncd sync" in terminal.shown
    done = subprocess.run([sys.executable, "-m", "syncd", "sync"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list(outbox.glob("*.fit"))) >= 4


def test_ctrl_c_half_way_loses_no_answer(places):
    inbox, outbox = places
    terminal = Terminal("init")
    answer(terminal, *FIRST, ("Folder with your recorded runs", str(inbox)))
    terminal.until("Folder for workouts")
    assert terminal.interrupted() == 130
    assert "Traceback" not in terminal.shown
    assert not locate().config.exists()
    again = Terminal("init")
    again.until("Continuing where you stopped")
    answer(again, ("Folder for workouts", str(outbox)), *PLAN, *BODY)
    again.until("Save this?").type(NOTHING)
    assert again.code() == 0, again.shown
    assert locate().config.exists()


def test_without_utf_8_there_is_text_and_no_fault(places):
    inbox, outbox = places
    plain = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    begin = [
        *("init", "--yes", "--five-k", "25:00", "--days", "4", "--weekly-km", "20", "--longest-km", "8"),
        *("--inbox", str(inbox), "--outbox", str(outbox)),
    ]
    for command in (begin, ["sync"], ["status"], ["plan"], ["next"], ["why"], ["zones"], ["watch"]):
        done = subprocess.run(
            [sys.executable, "-m", "syncd", *command], capture_output=True, text=True, env=plain
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii(), command
        assert len(done.stdout) > 30, command


def test_on_a_narrow_terminal_no_line_is_wider_than_it(places, monkeypatch):
    inbox, outbox = places
    for command in (
        [
            *("init", "--yes", "--five-k", "25:00", "--days", "4", "--weekly-km", "20", "--longest-km", "8"),
            *("--inbox", str(inbox), "--outbox", str(outbox)),
        ],
        ["sync"],
    ):
        subprocess.run([sys.executable, "-m", "syncd", *command], check=True, capture_output=True)
    monkeypatch.setenv("COLUMNS", "40")
    for name in ("status", "plan", "next", "why", "watch", "doctor --offline"):
        terminal = Terminal(*name.split())
        assert terminal.code() == 0, terminal.shown
        lines = without_codes(terminal.shown).splitlines()
        assert [line for line in lines if len(line) > 40 and len(line.split()) > 1] == [], name


def test_into_a_pipe_goes_neither_colour_nor_another_layout(places, monkeypatch):
    inbox, outbox = places
    begin = (
        *("init", "--yes", "--five-k", "25:00", "--days", "4", "--weekly-km", "20", "--longest-km", "8"),
        *("--inbox", str(inbox), "--outbox", str(outbox)),
    )
    for command in (begin, ("sync",)):
        subprocess.run([sys.executable, "-m", "syncd", *command], check=True, capture_output=True)
    said = []
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        done = subprocess.run([sys.executable, "-m", "syncd", "status"], capture_output=True, text=True)
        said.append(done.stdout)
    assert said[0] == said[1]
    assert "\x1b" not in said[0]
