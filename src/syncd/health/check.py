"""What a check found."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.plain_text import tidy_names


class State(StrEnum):
    """The state of one thing. `UNKNOWN`: it could not be checked, or does not apply here."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Command(str):
    """A remedy that is a command line, to be typed as it is."""

    __slots__ = ()

    @classmethod
    def of(cls, *words: object) -> Command:
        """The words as a shell takes them: a path may have spaces."""
        return cls(shlex.join(map(str, words)))

    @classmethod
    def installing(cls, *packages: str) -> Command:
        """Into the environment that this program runs in: `pip` alone may be another one's."""
        return cls.of(sys.executable, "-m", "pip", "install", *packages)


@dataclass(frozen=True, slots=True)
class Check:
    """The result for one thing: a short text, and what to do where something is wrong.

    `needs_login`: only logging in helps.
    """

    name: str
    state: State
    text: str
    remedy: str = ""
    needs_login: bool = False

    def __post_init__(self) -> None:
        tidy_names(self, "text")  # it may name a file

    @property
    def command(self) -> str | None:
        """The remedy where it is a command line."""
        return str(self.remedy) if isinstance(self.remedy, Command) else None


def ok(name: str, text: str) -> Check:
    """It works."""
    return Check(name, State.OK, text)


def warn(name: str, text: str, remedy: str) -> Check:
    """It works, but a person should have a look."""
    return Check(name, State.WARN, text, remedy)


def fail(name: str, text: str, remedy: str) -> Check:
    """It does not work."""
    return Check(name, State.FAIL, text, remedy)


def unknown(name: str, text: str) -> Check:
    """It could not be checked."""
    return Check(name, State.UNKNOWN, text)


def worst(checks: Iterable[Check]) -> State:
    """The worst state among them; unknown is not bad."""
    states = {check.state for check in checks}
    return next((state for state in (State.FAIL, State.WARN) if state in states), State.OK)
