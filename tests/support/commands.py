"""The commands of the program, by the words that are typed."""

import typer

from syncd.cli.program import program

PROGRAM = typer.main.get_command(program())
COMMANDS = PROGRAM.commands


def leaves(commands: dict, before: str = "") -> dict:
    """The commands that do something, by all their words; groups lie inside groups."""
    found = {}
    for name, command in commands.items():
        inner = getattr(command, "commands", None)
        words = f"{before} {name}".strip()
        found |= {words: command} if inner is None else leaves(inner, words)
    return found


LEAVES = leaves(COMMANDS)
