"""What commands share: the --json option, the paths of the profile, and how to print."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from typing import Annotated, Any, TextIO

import typer

from syncd.domain.plain_text import json_text, plain
from syncd.paths import Paths, locate
from syncd.report.plain import fitting
from syncd.report.sheet import Sheet, from_text

_ITEM = re.compile(r"(?:-|\d\.) ")  # of a list

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def paths_of(context: typer.Context) -> Paths:
    """The paths of this command line's profile. Raises PathError."""
    profile, config = context.obj or ("", None)
    return locate(profile, config)


def show(payload: dict[str, Any], text: str | Sheet, as_json: bool) -> None:
    """Print one of the two forms of the same result."""
    if as_json:
        typer.echo(json_text(payload, indent=2))
    elif text:  # a command that could do nothing has explained why on stderr
        typer.echo(shown(text, sys.stdout))


def shown(text: str | Sheet, stream: TextIO) -> str:
    """The text for a stream: a pipe gets the lines as they are, a terminal lines that fit, in colours."""
    width = get_terminal_size().columns if stream.isatty() else None
    gap = ""
    if isinstance(text, str):
        if width is None:
            return fitting(plain(text), stream.encoding)
        gap = "\n" * (len(text) - len(text.rstrip("\n")))  # a sheet ends with its last line
        text = from_text(text)
    from syncd.report.rendering import rendered

    return rendered(text, width, colours=has_colours(stream), encoding=stream.encoding) + gap


def filled(text: str) -> Sheet:
    """Text with line breaks of its own, as paragraphs and items that a terminal breaks anew."""
    blocks: list[str] = []
    for line in text.split("\n"):
        if line and blocks and blocks[-1] and not _ITEM.match(line):
            blocks[-1] += f" {line.strip()}"
        else:
            blocks.append(line)
    sheet = Sheet()
    for block in blocks:
        item = _ITEM.match(block)
        sheet.say(block, hang=len(item[0]) if item else 0)
    return sheet


def has_colours(stream: TextIO) -> bool:
    """On a terminal that supports them, unless NO_COLOR is set (no-color.org)."""
    return is_screen(stream) and not os.environ.get("NO_COLOR")


def is_screen(stream: TextIO) -> bool:
    """A terminal that can do more than print lines: use colours, and rewrite lines."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def complain(problems: Iterable[str]) -> None:
    """Print one line per problem on stderr, after everything that could be done was done."""
    for problem in problems:
        typer.echo(shown(f"syncd: {' '.join(problem.split())}", sys.stderr), err=True)


__all__ = [
    "JsonOption",
    "complain",
    "filled",
    "has_colours",
    "is_screen",
    "paths_of",
    "plain",
    "show",
    "shown",
]
