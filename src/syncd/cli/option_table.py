"""Options as the rows of a table, and a command's signature made from them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from syncd.cli.options import Choices, option

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Option:
    """An option that is defined outside of any command: `--race DATE`. A table of them makes a signature.

    `choices` are its possible values, `several` of them with commas; `kind` is the type of the value.
    """

    flag: str
    value: str
    help: str
    choices: Choices = ()
    several: bool = False
    kind: Any = str
    default: Any = ""

    @property
    def info(self) -> Any:
        """As typer needs it beside a type: `Annotated[str, RACE.info]`."""
        return option(self.flag, self.value, self.help, choices=self.choices, several=self.several)

    def parameter(self, name: str) -> inspect.Parameter:
        """The parameter in the signature of a command."""
        return inspect.Parameter(
            name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=self.default,
            annotation=Annotated[self.kind, self.info],
        )


def taking(options: Mapping[str, Option], *, after: str) -> Callable[[Command], Command]:
    """Make these options the `**keywords` of a command, listed after the parameter `after` in its help.

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
