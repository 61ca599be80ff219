"""What every command shows: on terminals of 60, 80 and 120 columns, and into a pipe.

The screens lie in tests/cli/screens; SYNCD_SCREENS=write makes them anew, to be looked at before they
are committed. {bold}, {green} and their like stand for what a terminal shows so.
"""

import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len

import syncd.cli.output
from tests.support.terminal import without_codes
from tests.support.watch import run_what_is_on_the_watch

SCREENS = Path(__file__).parent / "screens"
WRITES = os.environ.get("SYNCD_SCREENS") == "write"  # tests see no such variable
WIDTHS = (60, 80, 120)
CODES = {"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow", "36": "cyan", "0": "/"}

Screens = dict[str, str]


class Stream(StringIO):
    """Something to print to: a terminal or a pipe."""

    def __init__(self, *, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal, self._encoding = terminal, encoding

    def isatty(self) -> bool:
        return self._terminal

    @property
    def encoding(self) -> str:
        return self._encoding


def legible(text: str) -> str:
    return re.sub(
        r"\x1b\[([\d;]+)m", lambda found: "".join(f"{{{CODES[n]}}}" for n in found[1].split(";")), text
    )


@pytest.fixture
def screens(monkeypatch) -> Screens:
    """What commands of this test showed last, by where it was seen."""
    seen: Screens = {}
    original = syncd.cli.output.shown

    def everywhere(words, stream):
        for width in (40, *WIDTHS):
            monkeypatch.setenv("COLUMNS", str(width))
            seen[str(width)] = original(words, Stream(terminal=True))
        seen["pipe"] = original(words, Stream(terminal=False))
        return seen["pipe"]

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(syncd.cli.output, "shown", everywhere)
    return seen


def nothing(syncd, inbox: Path, outbox: Path) -> None:
    """As `lived` left it: Tuesday evening, the first quality run is done."""


def another_run(syncd, inbox: Path, outbox: Path) -> None:
    run_what_is_on_the_watch(outbox, inbox, "2026-01-08")
    os.environ["SYNCD_NOW"] = "2026-01-08T20:00:00+01:00"


def skipped(syncd, inbox: Path, outbox: Path) -> None:
    syncd("skip", "2026-01-08")


def paused(syncd, inbox: Path, outbox: Path) -> None:
    syncd("pause", "--until", "2026-01-20")


def raced(syncd, inbox: Path, outbox: Path) -> None:
    syncd("result", "10k", "51:00", "--date", "2026-01-04")


CASES: dict[str, tuple[Callable, tuple[str, ...]]] = {
    "status": (nothing, ("status",)),
    "plan": (nothing, ("plan", "--weeks", "3")),
    "plan of anybody": (nothing, ("plan", "--weekly-km", "12", "--longest-km", "4", "--start", "2026-01-05")),
    "next": (nothing, ("next",)),
    "why a change": (nothing, ("why", "2026-01-13")),
    "why a pause": (paused, ("why", "2026-01-13")),
    "score": (nothing, ("score",)),
    "zones": (nothing, ("zones",)),
    "zones with a result": (raced, ("zones",)),
    "zones with heart rates": (nothing, ("zones", "--five-k", "25:00", "--hr-max", "190", "--hr-rest", "50")),
    "sync a run": (another_run, ("sync",)),
    "sync, dry": (another_run, ("sync", "--dry-run")),
    "sync, nothing new": (nothing, ("sync",)),
    "watch": (nothing, ("watch",)),
    "rescore": (nothing, ("rescore", "--all")),
    "match": (nothing, ("match", "1", "2026w02-1")),
    "move": (nothing, ("move", "2026-01-08", "2026-01-09")),
    "skip": (nothing, ("skip", "2026-01-08")),
    "pin": (nothing, ("pin", "2026-01-08")),
    "pause": (nothing, ("pause", "--until", "2026-01-20")),
    "resume": (paused, ("resume",)),
    "sick": (nothing, ("sick",)),
    "rpe": (nothing, ("rpe", "2026-01-06", "7")),
    "goal": (nothing, ("goal", "10k")),
    "phase": (nothing, ("phase", "speed")),
    "undo": (skipped, ("undo",)),
    "result": (nothing, ("result", "10k", "51:00", "--date", "2026-01-04")),
    "import": (nothing, ("import", "{inbox}")),
    "calendar": (nothing, ("calendar", "--out", "{outbox}/calendar.ics")),
    "report": (nothing, ("report", "--out", "{outbox}/report.html")),
    "export": (nothing, ("export", "{outbox}/mine")),
    "doctor": (nothing, ("doctor", "--offline")),
    "auth status": (nothing, ("auth", "status")),
}

# The lengths of this machine's paths decide where lines break: only that they fit is tested.
WITH_PATHS = {"calendar", "report", "export", "doctor", "auth status"}


@pytest.mark.parametrize("name", CASES)
def test_a_command_shows_its_screen(name: str, syncd, initialised, lived, screens, monkeypatch) -> None:
    inbox, outbox = initialised
    before, words = CASES[name]
    monkeypatch.setenv("SYNCD_NOW", os.environ["SYNCD_NOW"])  # what a case changes is put back
    before(syncd, inbox, outbox)
    screens.clear()
    places = {"inbox": inbox, "outbox": outbox}
    said = syncd(*(word.format(**places) for word in words))
    assert screens, said.err
    for width in (40, *WIDTHS):
        lines = without_codes(screens[str(width)]).splitlines()
        assert [line for line in lines if cell_len(line) > width and len(line.split()) > 1] == []
    assert without_codes(screens["pipe"]) == screens["pipe"]
    blocks = [f"=== {where}\n{legible(screens[where])}\n" for where in (*map(str, WIDTHS), "pipe")]
    if name not in WITH_PATHS:
        compare(name, "\n".join(blocks))


def compare(name: str, shown: str) -> None:
    path = SCREENS / f"{name.replace(', ', ' ').replace(' ', '-')}.txt"
    if WRITES:
        SCREENS.mkdir(exist_ok=True)
        path.write_text(shown)
    assert path.read_text() == shown


def test_no_screen_is_left_of_a_case_that_is_gone() -> None:
    known = {f"{name.replace(', ', ' ').replace(' ', '-')}.txt" for name in CASES if name not in WITH_PATHS}
    assert {path.name for path in SCREENS.iterdir()} == known
