"""Options as the rows of a table, and a command's signature made from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from syncd.cli.options import Words, option

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
        added = [row.parameter(name) for name, row in options.items()]
        signature = inspect.Signature([*own[:place], *added, *own[place:]])
        command.__signature__ = signature  # type: ignore[attr-defined]
        return command

    return with_signature
