"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How well a thing is. `UNKNOWN`: it could not be looked at, or does not apply here."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing: how it is in words, and what to do where it is not well.

    `needs_login`: only logging in helps.
    """

    name: str
    state: State
    words: str
    remedy: str = ""
    needs_login: bool = False


def ok(name: str, words: str) -> Check:
    """It is well."""
    return Check(name, State.OK, words)


def warn(name: str, words: str, remedy: str) -> Check:
    """It works, but a person should look."""
    return Check(name, State.WARN, words, remedy)


def fail(name: str, words: str, remedy: str) -> Check:
    """It does not work."""
    return Check(name, State.FAIL, words, remedy)


def unknown(name: str, words: str) -> Check:
    """Nothing can be said."""
    return Check(name, State.UNKNOWN, words)


def worst(checks: Iterable[Check]) -> State:
    """The worst state among them; unknown is not bad."""
    found = {each.state for each in checks}
    return next((state for state in (State.FAIL, State.WARN) if state in found), State.OK)
