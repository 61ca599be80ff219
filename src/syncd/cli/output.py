"""What commands share: the --json option, the paths of the profile, and the one way to print."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from syncd.paths import Paths, locate

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
        typer.echo(plain(text))


def plain(text: str) -> str:
    """Without control characters other than line ends: names come from files, and terminals obey."""
    return "".join(c for c in text if c == "\n" or (c.isprintable() and c not in _BIDI))


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def complain(problems: Iterable[str]) -> None:
    """One line each on stderr, after everything that could be done was done."""
    for problem in problems:
        typer.echo(plain(f"syncd: {' '.join(problem.split())}"), err=True)
