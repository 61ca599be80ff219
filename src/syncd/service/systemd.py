"""Asking the service manager, through its own commands."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_TIMEOUT_S = 120.0


class ServiceError(Exception):
    """The service manager did not do it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class CommandRunner(Protocol):
    """Runs a program of the system."""

    def __call__(self, *argv: str) -> CommandResult:
        """Its result; for a missing program, code 127."""
        ...


def run(*argv: str) -> CommandResult:
    """The real one."""
    program = shutil.which(argv[0])
    if program is None:
        return CommandResult(127, "", f"{argv[0]}: not found")
    try:
        process = subprocess.run(  # noqa: S603 - fixed programs, arguments without a shell
            [program, *argv[1:]], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return CommandResult(1, "", str(error))
    return CommandResult(process.returncode, process.stdout.strip(), process.stderr.strip())


@dataclass(frozen=True, slots=True)
class Systemctl:
    """`systemctl`, for a user's services or for the system's."""

    user: bool
    commands: CommandRunner = run

    def __call__(self, *arguments: str) -> CommandResult:
        """The result."""
        return self.commands("systemctl", *(("--user",) if self.user else ()), *arguments)

    def do(self, *arguments: str) -> str:
        """Its output. Raises ServiceError."""
        result = self(*arguments)
        if result.code != 0:
            reason = " ".join((result.err or result.out).split()) or f"code {result.code}"
            raise ServiceError(f"systemctl {' '.join(arguments)}: {reason}")
        return result.out

    def show(self, unit: str, names: Sequence[str]) -> dict[str, str]:
        """Properties of a unit; empty where systemd does not answer."""
        result = self("show", unit, "-p", ",".join(names))
        lines = [line.partition("=") for line in result.out.splitlines()] if result.code == 0 else []
        return {name: value for name, _, value in lines}


def is_there(user: bool) -> bool:
    """Whether systemd runs here; for a user's services, also their own manager."""
    if not Path("/run/systemd/system").is_dir():
        return False
    return not user or _is_seen(Path(f"/run/user/{os.getuid()}/systemd"))


def _is_seen(folder: Path) -> bool:
    """Inside a hardened unit the place may be closed: then there is nothing that could be asked."""
    try:
        return folder.is_dir()
    except OSError:
        return False
