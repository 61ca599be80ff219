"""An option with a value: what stands for the value in the help, and what Tab offers for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import typer

Words = Sequence[str] | Callable[[], Sequence[str]]
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Option:
    """An option that is told apart from any command: `--race DATE`. A table of them makes a signature.

    `words` can be its value, `several` with commas; `kind` is what the value is read as.
    """

    flag: str
    value: str
    says: str
    words: Words = ()
    several: bool = False
    kind: Any = str
    default: Any = ""

    @property
    def info(self) -> Any:
        """As typer wants it beside a type: `Annotated[str, RACE.info]`."""
        return option(self.flag, self.value, self.says, words=self.words, several=self.several)

    def parameter(self, name: str) -> inspect.Parameter:
        """As it would stand in the signature of a command."""
        return inspect.Parameter(
            name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=self.default,
            annotation=Annotated[self.kind, self.info],
        )


def taking(options: Mapping[str, Option], *, after: str) -> Callable[[Command], Command]:
    """The `**keywords` of a command are these options; its help lists them behind the parameter `after`.

    typer reads options from a command's signature: this gives the command the signature that it would have
    if all of them were written there.
    """

    def with_signature(command: Command) -> Command:
        written = inspect.signature(command, eval_str=True).parameters.values()
        own = [parameter for parameter in written if parameter.kind is not parameter.VAR_KEYWORD]
        place = [parameter.name for parameter in own].index(after) + 1
        added = [option.parameter(name) for name, option in options.items()]
        signature = inspect.Signature([*own[:place], *added, *own[place:]])
        command.__signature__ = signature  # type: ignore[attr-defined]
        return command

    return with_signature


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
