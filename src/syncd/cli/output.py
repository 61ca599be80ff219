"""What commands share: the --json option, the paths of the profile, and the one way to print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from typing import Annotated, Any

import typer

from syncd.paths import Paths, locate
from syncd.report.plain import fitting, narrowed, plain

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]


def paths_of(context: typer.Context) -> Paths:
    """Where the profile of this command line lives. Raises PathError."""
    profile, config = context.obj or ("", None)
    return locate(profile, config)


def show(payload: dict[str, Any], text: str, as_json: bool) -> None:
    """Print one of the two forms of the same value."""
    if as_json:
        typer.echo(json.dumps(payload, indent=2, ensure_ascii=False))
    elif text:  # a command that could do nothing has said why on stderr
        typer.echo(fitting(_on_terminal(plain(text)), sys.stdout.encoding))


def _on_terminal(text: str) -> str:
    """A pipe gets the lines as they are; a narrow terminal what fits."""
    return narrowed(text, get_terminal_size().columns) if sys.stdout.isatty() else text


def complain(problems: Iterable[str]) -> None:
    """One line each on stderr, after everything that could be done was done."""
    for problem in problems:
        line = plain(f"syncd: {' '.join(problem.split())}")
        typer.echo(fitting(line, sys.stderr.encoding), err=True)


__all__ = ["JsonOption", "complain", "paths_of", "plain", "show"]
