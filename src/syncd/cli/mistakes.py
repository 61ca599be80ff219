"""Rewords typer's errors about a command line: what to type, and where to find help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from typer.exceptions import TyperException

from syncd.cli.choices import listed

_UNREADABLE = re.compile(r"(?P<value>'.*'|\".*\") is not a valid (?P<kind>\w+)\.?", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((?P<extra>.*)\)", re.DOTALL)
_NO_VALUE = re.compile(r"Option '(?P<name>.*)' does not take a value\.")
_KINDS = {"int": "a whole number", "integer": "a whole number", "float": "a number"}


@dataclass(frozen=True, slots=True)
class _Intended:
    """The command that was intended, and its names after `syncd`."""

    command: Any
    names: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        return " ".join(("syncd", *self.names, "--help"))

    @property
    def name(self) -> str:
        return " ".join(self.names) or "syncd"


def explained(error: TyperException, program: Any, arguments: Sequence[str]) -> str:
    """One line. Kinds of errors are told apart by name: typer does not export their classes."""
    intended = _where(error) or _intended(program, arguments)
    problem = _EXPLANATIONS.get(type(error).__name__, _other)(error, intended)
    return f"{problem} ({intended.help})"


def _where(error: TyperException) -> _Intended | None:
    context = getattr(error, "ctx", None)
    return _Intended(context.command, tuple(context.command_path.split()[1:])) if context else None


def _intended(program: Any, arguments: Sequence[str]) -> _Intended:
    """Some errors do not say where they happened: the arguments do."""
    intended = _Intended(program)
    for argument in arguments:
        commands = getattr(intended.command, "commands", {})
        if argument in commands:
            intended = _Intended(commands[argument], (*intended.names, argument))
    return intended


def _no_such_option(error: Any, _: _Intended) -> str:
    name = str(error.option_name)
    if error.possibilities:
        return f"there is no option {name}; did you mean {error.possibilities[0]}?"
    if not name.startswith("--"):
        return f"there is no option {name}: options begin with two dashes"
    return f"there is no option {name}"


def _odd_option(error: Any, intended: _Intended) -> str:
    if alone := _NO_VALUE.fullmatch(error.message):
        return f"{alone['name']} takes no value"
    option = next((option for option in intended.command.params if error.option_name in option.opts), None)
    return f"{error.option_name} needs a value{_meaning(option)}"


def _missing(error: Any, intended: _Intended) -> str:
    return f"{intended.name} needs {_name(error.param)}{_meaning(error.param)}"


def _bad_value(error: Any, _: _Intended) -> str:
    match = _UNREADABLE.fullmatch(error.message)
    problem = f"{match['value']} is not {_KINDS.get(match['kind'], 'valid')}" if match else error.message
    return f"{_name(error.param)}: {problem}" if error.param else str(problem)


def _other(error: Any, intended: _Intended) -> str:
    message = str(error.format_message())
    if extra := _EXTRA.fullmatch(message):
        return f"{intended.name} does not take {extra['extra']!r} (put text with spaces in quotes)"
    if message == "Missing command." and intended.names:
        names = [name for name, command in intended.command.commands.items() if not command.hidden]
        return f"{intended.name} needs a command: {listed(names)}"
    return "give a command" if message == "Missing command." else message


_EXPLANATIONS = {
    "NoSuchOption": _no_such_option,
    "BadOptionUsage": _odd_option,
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
}


def _name(parameter: Any) -> str:
    """As it is typed: `--days`, or `DAY` for an argument."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name).upper()


def _meaning(parameter: Any) -> str:
    text = (getattr(parameter, "help", None) or "").rstrip(".")
    return f": {text}" if text else ""
