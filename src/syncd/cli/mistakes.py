"""What typer says of a command line that it cannot read, in our words: what to type, and where help is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from typer.exceptions import TyperException

_UNREADABLE = re.compile(r"(?P<value>'.*'|\".*\") is not a valid (?P<kind>\w+)\.?", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", re.DOTALL)
_NO_VALUE = re.compile(r"Option '(?P<name>.*)' does not take a value\.")
_KINDS = {"int": "a whole number", "integer": "a whole number", "float": "a number"}


@dataclass(frozen=True, slots=True)
class _Meant:
    """The command that was meant, and its words after `syncd`."""

    command: Any
    words: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        return " ".join(("syncd", *self.words, "--help"))

    @property
    def name(self) -> str:
        return " ".join(self.words) or "syncd"


def in_words(error: TyperException, program: Any, arguments: Sequence[str]) -> str:
    """One line. The kind by its name, for typer keeps the place where its errors are defined to itself."""
    meant = _where(error) or _meant(program, arguments)
    said = _SAID.get(type(error).__name__, _other)(error, meant)
    return f"{said} ({meant.help})"


def _where(error: TyperException) -> _Meant | None:
    context = getattr(error, "ctx", None)
    return _Meant(context.command, tuple(context.command_path.split()[1:])) if context else None


def _meant(program: Any, arguments: Sequence[str]) -> _Meant:
    """Some errors do not say where they happened: the words of the line do."""
    found = _Meant(program)
    for word in arguments:
        inner = getattr(found.command, "commands", {})
        if word in inner:
            found = _Meant(inner[word], (*found.words, word))
    return found


def _no_such_option(error: Any, _: _Meant) -> str:
    name = str(error.option_name)
    if error.possibilities:
        return f"there is no option {name}; did you mean {error.possibilities[0]}?"
    if not name.startswith("--"):
        return f"there is no option {name}: options begin with two dashes"
    return f"there is no option {name}"


def _odd_option(error: Any, meant: _Meant) -> str:
    if alone := _NO_VALUE.fullmatch(error.message):
        return f"{alone['name']} stands alone, without a value"
    found = next((each for each in meant.command.params if error.option_name in each.opts), None)
    return f"{error.option_name} needs a value{_meaning(found)}"


def _missing(error: Any, meant: _Meant) -> str:
    return f"{meant.name} needs {_name(error.param)}{_meaning(error.param)}"


def _bad_value(error: Any, _: _Meant) -> str:
    found = _UNREADABLE.fullmatch(error.message)
    said = f"{found['value']} is not {_KINDS.get(found['kind'], 'possible')}" if found else error.message
    return f"{_name(error.param)}: {said}" if error.param else str(said)


def _other(error: Any, meant: _Meant) -> str:
    message = str(error.format_message())
    if extra := _EXTRA.fullmatch(message):
        return f"{meant.name} has no use for {extra['words']!r} (words with spaces belong in quotes)"
    if message == "Missing command." and meant.words:
        inner = [name for name, each in meant.command.commands.items() if not each.hidden]
        return f"{meant.name} what? There is {', '.join(inner)}"
    return "which command?" if message == "Missing command." else message


_SAID = {
    "NoSuchOption": _no_such_option,
    "BadOptionUsage": _odd_option,
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
}


def _name(parameter: Any) -> str:
    """As it is typed: `--days`, and `DAY` for a word without a name."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name).upper()


def _meaning(parameter: Any) -> str:
    text = (getattr(parameter, "help", None) or "").rstrip(".")
    return f": {text}" if text else ""
