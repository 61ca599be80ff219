"""On a terminal no line is broken inside a word: neither errors, nor questions, nor long explanations."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, without_codes

WIDTH = 50


@pytest.fixture(autouse=True)
def narrow(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")


def too_wide(shown: str) -> list[str]:
    """Lines of several words that the terminal has to break; a single long word (a path) may be one."""
    lines = without_codes(shown).splitlines()
    return [line for line in lines if len(line) > WIDTH and len(line.split()) > 1]


@pytest.mark.parametrize(
    "line",
    [
        "zones --five-k 9:00",
        "plan --five-k 25:00 --weekdays mon,someday",
        "status",
        "stats",
        "plan --sourc x",
        "init --yes --source folder --sink folder",
    ],
)
def test_an_error_is_broken_between_words(line: str) -> None:
    terminal = Terminal(*line.split())
    assert terminal.code() in (1, 2)
    assert terminal.shown.startswith("syncd: ")
    assert len(terminal.shown) > WIDTH
    assert too_wide(terminal.shown) == []


def test_problems_after_a_sync_are_broken_between_words(tmp_path: Path) -> None:
    folder = str(tmp_path / "watch")
    init = Terminal("init", "--yes", "--source", "folder", "--inbox", folder, "--outbox", folder)
    assert init.code() == 0, init.shown
    terminal = Terminal("sync")
    terminal.code()
    assert "syncd:" in terminal.shown
    assert too_wide(terminal.shown) == []


def test_a_question_is_broken_between_words_and_the_cursor_stays_behind_it() -> None:
    terminal = Terminal("init")
    for question, words in (
        ("Time zone", "Europe/Rome"),
        ("Units", "km"),
        ("come from", "folder"),
        ("workouts go", ""),
        ("recorded runs", str(Path.home())),
        ("Folder for workouts", str(Path.home())),
    ):
        terminal.until(question).until(": ").type(words)
        terminal.shown = ""
    terminal.until("Your goal").until(": ").type("10k")
    terminal.shown = ""
    terminal.until("skip): ")
    assert terminal.shown.endswith("skip): ")
    assert too_wide(terminal.shown) == []
    assert "YYYY-MM-DD\n(Enter to skip): " in terminal.shown
    assert terminal.interrupted() == 130


def test_a_long_text_is_filled_and_not_broken_twice() -> None:
    Terminal("init", "--yes", "--source", "strava", "--sink", "garmin").code()
    terminal = Terminal("auth", "strava")
    terminal.until("Connect Strava")
    shown = without_codes(terminal.shown)
    assert terminal.interrupted() == 130
    assert too_wide(shown) == []
    lines = shown.splitlines()
    for line, following in pairwise(lines):
        continues = line and following.startswith("  ") and not following.lstrip().startswith("- ")
        if continues:
            assert len(line) + 1 + len(following.split()[0]) > WIDTH, line


def test_an_empty_line_stands_where_one_is_meant() -> None:
    terminal = Terminal("init")
    terminal.until("Time zone").until(": ")
    assert "to continue.\n\n" in without_codes(terminal.shown)
    assert terminal.interrupted() == 130
