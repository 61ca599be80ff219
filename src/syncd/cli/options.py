"""An option with a value: what stands for the value in the help, and what Tab offers for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer

Words = Sequence[str] | Callable[[], Sequence[str]]


def option(
    name: str, value: str, says: str, *, words: Words = (), several: bool = False, default: bool = False
) -> Any:
    """`--race DATE`. `words` can be its value, `several` with commas; `default` is worth showing."""
    return typer.Option(
        name, metavar=value, help=says, show_default=default, autocompletion=completion(words, several)
    )


def argument(says: str, *, words: Words = (), metavar: str | None = None) -> Any:
    """A word without a name in front."""
    return typer.Argument(
        help=says, metavar=metavar, show_default=False, autocompletion=completion(words, several=False)
    )


def completion(words: Words, several: bool) -> Callable[[str], list[str]] | None:
    """What the shell offers for what is typed so far; None leaves it to the shell: files."""
    if not words:
        return None

    def complete(incomplete: str) -> list[str]:
        known = words() if callable(words) else words
        before, comma, begun = incomplete.rpartition(",") if several else ("", "", incomplete)
        left = [word for word in known if word not in before.split(",")]
        return [f"{before}{comma}{word}" for word in left if word.startswith(begun)]

    return complete
