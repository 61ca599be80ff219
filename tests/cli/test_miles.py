"""Whoever runs miles reads miles: every command, as people and programs see it, the page and the files."""

import re
import shlex
from pathlib import Path

import pytest

from syncd.paths import locate
from tests.cli.test_json_schemas import (  # noqa: F401 - fixtures among them
    CASES,
    a_week_later,
    after_files_nobody_reads,
    desk,
    scored_otherwise,
    tidied,
    unblocked,
    watched_over,
    well_again,
    with_a_run_to_read,
    with_files_nobody_reads,
)

STATES = {"lived", "planned", "with_a_run_to_read", "a_week_later", "scored_otherwise", "well_again", "desk"}
NOTATION = re.compile(r"@\S+/km|(?<![\w.])\d+(\.\d+)?km\b")  # a workout is written as it is measured
KILOMETRES = re.compile(r"(?i)\bkm\b|kilomet")
WRITTEN_SO = {"notation", "on_watch", "text", "file", "config"}


@pytest.fixture(autouse=True)
def _miles(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_ATHLETE__UNITS", "mi")


def in_kilometres(text: str) -> list[str]:
    return [line for line in text.splitlines() if KILOMETRES.search(NOTATION.sub("", line))]


def sentences(payload, key: str = "") -> list[str]:
    """Every text of an answer but those that are workouts, or a copy of a file."""
    if isinstance(payload, dict):
        return [text for name, value in payload.items() for text in sentences(value, name)]
    if isinstance(payload, list):
        return [text for value in payload for text in sentences(value, key)]
    return [payload] if isinstance(payload, str) and key not in WRITTEN_SO else []


HOUSEHOLD = [case for case in CASES if case.state in STATES and case.state != "desk"]


@pytest.mark.parametrize("case", HOUSEHOLD, ids=lambda case: f"{case.state}: {case.line}")
def test_what_a_command_says_is_in_miles(syncd, desk, request: pytest.FixtureRequest, case) -> None:  # noqa: F811
    request.getfixturevalue(case.state)
    said = syncd(*shlex.split(case.line), "--json")
    assert in_kilometres("\n".join(sentences(said.json))) == []


@pytest.mark.parametrize(
    "line",
    ["status", "next", "plan", "why", "why 2026-01-13", "score", "zones", "watch", "sync", "doctor --offline",
     "rpe 1 7.5", "undo", "result 10k 50:00 --date 2026-01-04", "move 2026-01-11 2026-01-12",
     "goal marathon"],
)  # fmt: skip
def test_what_people_read_is_in_miles(syncd, lived, line: str) -> None:
    said = syncd(*shlex.split(line))
    assert in_kilometres(f"{said.out}\n{said.err}") == []


def test_the_page_and_the_calendar_and_the_files_for_the_watch_are_in_miles(syncd, lived) -> None:
    syncd("report")
    page = re.sub(r"<style.*?</style>", "", locate().report.read_text(), flags=re.DOTALL)
    assert in_kilometres(re.sub(r"<[^>]*>", "\n", page)) == []
    calendar = (locate().state / "syncd.ics").read_text()
    assert in_kilometres(calendar.replace("\r\n ", "")) == []
    assert " mi " in calendar


def test_a_file_is_scored_in_the_units_that_are_asked_for(syncd, desk) -> None:  # noqa: F811
    said = syncd("score", "run.fit", "--units", "mi")
    assert "/mi" in said.out
    assert in_kilometres(said.out) == []
    assert syncd("score", "run.fit", "--units", "yards").code == 2
