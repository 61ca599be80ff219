"""What the pages show to be typed can be typed: it runs, or at least the program understands it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from syncd.cli.as_service import taken_out
from syncd.cli.exits import UsageFault
from syncd.cli.main import main
from syncd.cli.program import hoisted
from syncd.config import Settings
from syncd.domain.notation import parse_workout
from syncd.formats.fit.workout import read_workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.docs.pages import PAGES, ROOT, Block, blocks, named, prose
from tests.support.commands import PROGRAM

TYPED = [(block, command) for block in blocks("sh", "console") for command in block.commands()]

# Why a line is not run here: how it begins, and the reason. What it says to syncd is parsed all the same.
NOT_RUN = {
    r"sudo ": "needs root",
    r"(pipx|git) ": "fetches or installs",
    r"(docker|podman|cp compose)": "needs a container engine",
    r"journalctl ": "needs systemd",
    r"scripts/": "has tests of its own, or is them",
    r"syncd service ": "needs systemd",
    r"syncd (--profile \w+ )?auth ": "asks for a login",
    r"syncd strava webhook ": "needs a login",
    r"syncd import ~/Downloads": "needs an export of yours",
}
ANSWERS = "--yes --force --five-k 25:00"
FOLDERS = "--source folder --sink folder --inbox ~/runs --outbox ~/workouts"
MAY_END_WITH = {"syncd doctor": {0, 1}}  # it tells what a machine without the service lacks


def reason_not_to_run(command: str) -> str:
    return next((why for begin, why in NOT_RUN.items() if re.match(begin, command)), "")


def answered(command: str) -> str:
    """With the answers that a person would type."""
    words, _, _ = command.partition("#")
    if re.match(r"syncd (--profile \w+ )?init", words):
        return f"{words} {ANSWERS} {'' if '--source' in words else FOLDERS}"
    return f"{words} --yes" if words.startswith("syncd forget") else command


def runnable(page: Path) -> list[str]:
    """The lines of a page that are run, in order; a console has a test of its own."""
    shown = [command for block, command in TYPED if block.page == page and block.language == "sh"]
    return [command for command in shown if not reason_not_to_run(command)]


RUN = {page: lines for page in PAGES if (lines := runnable(page))}


@pytest.fixture
def lived(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The home of a runner with two folders who has run one session, with a recording beside them."""
    for name in ("runs", "workouts", "bin"):
        (home / name).mkdir()
    syncd = home / "bin/syncd"
    syncd.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m syncd "$@"\n')
    syncd.chmod(0o755)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    assert main(["init", *ANSWERS.split(), *FOLDERS.split(), "--weekly-km", "20", "--longest-km", "8"]) == 0
    assert main(["sync"]) == 0
    (planned,) = (home / "workouts").glob("2026-01-06 *.fit")
    recording = simulate(
        read_workout(planned.read_bytes()).workout, Runner(vdot=38.3), Scenario.FADING, seed=5
    )
    ran = write_activity(
        recording, start=datetime.fromisoformat("2026-01-06T18:00:00+01:00"), utc_offset=timedelta(hours=1)
    )
    (home / "runs/2026-01-06.fit").write_bytes(ran)
    (home / "run.fit").write_bytes(ran)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    assert main(["sync"]) == 0
    return home


def typed(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """As in a terminal of that runner, whose browser shows nothing."""
    environment = os.environ | {"PATH": f"{home}/bin:{os.environ['PATH']}", "BROWSER": "true"}
    return subprocess.run(
        ["sh", "-c", command], cwd=home, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("page", RUN, ids=named)
def test_what_a_page_shows_runs_from_its_top_to_its_end(page: Path, lived: Path) -> None:
    for command in RUN[page]:
        done = typed(answered(command), lived)
        allowed = next((codes for begin, codes in MAY_END_WITH.items() if command.startswith(begin)), {0})
        assert done.returncode in allowed, f"{command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_a_console_shows_what_the_program_says(block: Block, lived: Path) -> None:
    expected = re.split(r"(?m)^\$ .*\n", block.text)[1:]
    for command, output in zip(block.commands(), expected, strict=True):
        done = typed(command, lived)
        assert done.stdout + done.stderr == output


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md", "docs/how-to/folder.md"])
def test_the_first_pages_of_a_newcomer_are_run(page: str) -> None:
    assert ROOT / page in RUN


@pytest.mark.parametrize("begin", NOT_RUN)
def test_every_reason_not_to_run_a_line_has_a_line(begin: str) -> None:
    assert any(re.match(begin, command) for _, command in TYPED)


def said_to_syncd(command: str) -> list[str]:
    """The arguments of syncd in a line; none where the line does not call it."""
    words = shlex.split(command, comments=True)
    while words and (words[0] == "sudo" or re.fullmatch(r"[A-Z_]+=.*", words[0])):
        del words[0]
    if words and words[0] in ("docker", "podman") and {"run", "exec"} & set(words):
        return words[len(words) - words[::-1].index("syncd") :]
    return words[1:] if words[:1] == ["syncd"] else []


def understood(arguments: list[str]) -> Any:
    """The command that these arguments reach, parsed by the program itself; raises what it would say."""
    words, _ = taken_out(arguments)
    command, words = PROGRAM, hoisted(words)
    context = command.make_context("syncd", words)
    while hasattr(command, "commands"):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, words, parent=context)
    return command


CALLS = [(block, command) for block, command in TYPED if said_to_syncd(command)]


@pytest.mark.parametrize(
    ("block", "command"), CALLS, ids=[f"{block} {command[:40]}" for block, command in CALLS]
)
def test_the_program_understands_every_line_that_calls_it(block: Block, command: str) -> None:
    assert understood(said_to_syncd(command)).help


def test_most_lines_are_calls_and_a_wrong_one_would_be_noticed() -> None:
    assert len(CALLS) > 60
    with pytest.raises(typer.exceptions.TyperException, match="No such option"):
        understood(["sync", "--dry-runs"])
    with pytest.raises(UsageFault, match="there is no command synch"):
        understood(["synch"])
    with pytest.raises(typer.exceptions.TyperException, match="not a valid int"):
        understood(["plan", "--days", "four"])


def mentions(page: Path) -> Iterator[tuple[str, set[str]]]:
    """Commands in running text, with the options that they name."""
    for span in re.findall(r"`(?:sudo )?syncd ([a-z][^`]*)`", prose(page)):
        yield span, set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", span))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_option_in_running_text_exists(page: Path) -> None:
    everywhere = {"--config", "--profile", "--service", "--json", "--help"}
    wrong = []
    for span, options in mentions(page):
        command: Any = PROGRAM
        for word in re.findall(r"(?<!\S)[a-z]+", span):
            command = getattr(command, "commands", {}).get(word, command)
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | everywhere
        wrong += [f"{span}: {option}" for option in options - known]
    assert wrong == []


@pytest.mark.parametrize(
    "script", sorted({word for _, line in TYPED for word in line.split() if word.startswith("scripts/")})
)
def test_every_script_that_is_shown_exists(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def together(values: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """`more` laid over `values`, section by section."""
    both = {key: together(values[key], more[key]) for key in more if isinstance(values.get(key), dict)}
    return values | more | both


def in_the_example(text: str) -> Settings:
    """A piece of configuration, laid over the example."""
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    return Settings(**together(example, tomllib.loads(text)))


READ_BY = {"toml": in_the_example, "json": json.loads}


@pytest.mark.parametrize("block", blocks(*READ_BY), ids=str)
def test_a_piece_of_configuration_or_json_is_valid(block: Block) -> None:
    assert READ_BY[block.language](block.text)


def test_no_block_is_in_a_language_that_nothing_checks() -> None:
    assert {block.language for block in blocks()} <= {"", "sh", "console", *READ_BY}


def test_the_workout_that_notation_begins_with_is_read() -> None:
    first = next(block for block in blocks("") if named(block.page) == "docs/reference/notation.md")
    assert parse_workout(first.text.strip()).steps
