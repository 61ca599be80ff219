"""Questions to the person at the terminal, on stderr, so that --json stays one object on stdout."""

from __future__ import annotations

import sys

import typer

from syncd.cli.output import filled, shown
from syncd.report.sheet import Sheet, StyledText, Tone, sheet_of


def asked(question: str) -> str:
    """The answer, without spaces around it. Raises typer.Abort where the terminal was closed."""
    return _line(question).strip()


def agreed(question: str, *, by_enter: bool = False) -> bool:
    """Whether the answer is yes; `by_enter`: an empty one is yes too. Raises typer.Abort."""
    answer = asked(question).lower()
    return by_enter if not answer else answer in {"y", "yes"}


def asked_secret(question: str, *, optional: bool = False) -> str:
    """An answer that is not echoed; a pipe has no echo anyway. Asked until it is not empty, or `optional`."""
    if not sys.stdin.isatty():
        return _line(question)
    default = "" if optional else None
    prompt = shown(question, sys.stderr)
    return str(typer.prompt(prompt, hide_input=True, err=True, default=default, show_default=False))


def say(text: str | Sheet) -> None:
    """Print something for the person while the command goes on."""
    typer.echo(shown(text, sys.stderr), err=True)


def say_filled(text: str) -> None:
    """Print text that has line breaks of its own; a terminal breaks its paragraphs anew."""
    say(filled(text) if sys.stderr.isatty() else text)


def explain(text: str) -> None:
    """Print why something is asked, in a quiet tone."""
    say(sheet_of(*(StyledText(line, Tone.QUIET) for line in text.split("\n"))))


def _line(question: str) -> str:
    typer.echo(f"{shown(f'{question}:', sys.stderr)} ", err=True, nl=False)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        typer.echo("", err=True)  # what is printed next gets a line of its own
        raise
    if not line:  # the terminal was closed
        typer.echo("", err=True)
        raise typer.Abort
    return line.rstrip("\n")
