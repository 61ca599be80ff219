"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The state of one thing. `UNKNOWN`: it could not be checked, or does not apply here."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


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
