"""The program of one line has the commands that the whole program has."""

import subprocess
import sys

import pytest
import typer

from syncd.cli.program import MODULES, program, program_for


def commands(app: typer.Typer) -> set[str]:
    return set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_the_commands_that_it_is_looked_up_by(module: str) -> None:
    found = program([module])
    names = {each.name or each.callback.__name__ for each in found.registered_commands}
    assert names | {group.name for group in found.registered_groups} == set(MODULES[module])


def test_the_whole_program_has_all_of_them() -> None:
    assert commands(program()) == {name for names in MODULES.values() for name in names}


@pytest.mark.parametrize(
    "words",
    [["status"], ["--config", "plan", "status", "--json"], ["--profile=plan", "watch"], ["sync", "plan"]],
    ids=" ".join,
)
def test_a_line_gets_the_commands_of_its_module(words: list[str]) -> None:
    assert commands(program_for(words)) == set(MODULES["sync_commands"])


@pytest.mark.parametrize("words", [[], ["--help"], ["--help", "status"], ["stauts"], ["--version"]], ids=str)
def test_a_line_without_a_command_gets_all(words: list[str]) -> None:
    assert len(commands(program_for(words))) > 30


def test_a_command_loads_no_other_module_of_commands() -> None:
    code = (
        "import sys; from syncd.cli.main import main; main(['zones', '--five-k', '25:00']);"
        "print(*(name for name in sys.modules if name.endswith('_commands')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.split() == ["syncd.cli.fitness_commands"]
