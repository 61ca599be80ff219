"""Which error leaves the program with which exit code."""

from __future__ import annotations

OK, FAILED, USAGE, NEEDS_HUMAN, NOTHING_MATCHED, INTERRUPTED = 0, 1, 2, 3, 4, 130


class UsageFault(Exception):  # noqa: N818 - named for what it says
    """The command cannot do what was asked; the message says what to type instead."""


class NothingMatched(Exception):  # noqa: N818
    """There is nothing that the command could work on."""


class CommandFailed(Exception):  # noqa: N818
    """The command failed this time."""


_USAGE = frozenset(
    {
        "UsageFault",
        "ConfigError",
        "PathError",
        "ClockError",
        "WorkoutError",
        "FitnessError",
        "PlanError",
        "OverrideError",
    }
)
_FAILED = frozenset({"CommandFailed", "ConnectorError", "StoreError", "ServiceError", "OSError"})


def exit_code(error: Exception) -> int | None:
    """The exit code of an error that syncd knows; None for a fault of its own.

    By name, because importing every module that defines one would slow down each command.
    """
    name = {base.__name__ for base in type(error).__mro__}
    if name & {"AuthRequired"}:
        return NEEDS_HUMAN
    if name & {"NothingMatched"}:
        return NOTHING_MATCHED
    if name & _USAGE:
        return USAGE
    if name & _FAILED:
        return FAILED
    return None
