"""Options with a value: the placeholder in the help, and what Tab completes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer

Choices = Sequence[str] | Callable[[], Sequence[str]]


def option(
    name: str,
    value: str,
    help_text: str,
    *,
    choices: Choices = (),
    several: bool = False,
    default: bool = False,
) -> Any:
    """`--race DATE`. `choices` are its values, `several` with commas; `default`: show the default."""
    return typer.Option(
        name, metavar=value, help=help_text, show_default=default, autocompletion=completion(choices, several)
    )


def argument(help_text: str, *, choices: Choices = (), metavar: str | None = None) -> Any:
    """An argument: a value without an option in front of it."""
    return typer.Argument(
        help=help_text, metavar=metavar, show_default=False, autocompletion=completion(choices, several=False)
    )


def completion(choices: Choices, several: bool) -> Callable[[str], list[str]] | None:
    """What the shell completes for what is typed so far; None leaves it to the shell: files."""
    if not choices:
        return None

    def complete(incomplete: str) -> list[str]:
        known = choices() if callable(choices) else choices
        before, comma, begun = incomplete.rpartition(",") if several else ("", "", incomplete)
        left = [choice for choice in known if choice not in before.split(",")]
        return [f"{before}{comma}{choice}" for choice in left if choice.startswith(begun)]

    return complete
