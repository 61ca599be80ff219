"""What the documentation names exists: commands, options of the examples, linked files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from syncd.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
COMMANDS = typer.main.get_command(app).commands


def leaves(commands: dict, before: str = "") -> dict:
    """The commands that do something, by all their words; groups lie inside groups."""
    found = {}
    for name, command in commands.items():
        inner = getattr(command, "commands", None)
        words = f"{before} {name}".strip()
        found |= {words: command} if inner is None else leaves(inner, words)
    return found


LEAVES = leaves(COMMANDS)


def test_there_are_pages():
    assert len(PAGES) >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_shown_exists(page: Path) -> None:
    text = page.read_text()
    blocks = "\n".join(re.findall(r"(?ms)^```\w*\n(.*?)^```", text))
    shown = re.findall(r"`syncd ([a-z]+)", text) + re.findall(r"(?m)^(?:\$ )?syncd ([a-z]+)", blocks)
    assert set(shown) <= set(COMMANDS)


def test_every_command_is_in_the_readme():
    text = (ROOT / "README.md").read_text()
    shown = [name for name, command in COMMANDS.items() if not command.hidden]
    assert [name for name in shown if not re.search(rf"`?\b{name}\b", text)] == []


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_every_command_says_what_it_does_and_speaks_json(name: str) -> None:
    command = LEAVES[name]
    assert command.help
    assert "--json" in {option for parameter in command.params for option in parameter.opts}


def test_the_reference_of_commands_is_the_program_of_today():
    """Else: scripts/cli-reference."""
    done = subprocess.run([sys.executable, ROOT / "scripts/cli-reference", "--check"])
    assert done.returncode == 0
