"""Who can read and write the files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from syncd import credentials
from syncd.credentials import CredentialError
from syncd.health.check import Check, Command, fail, ok, unknown, warn
from syncd.health.examination import Examination

_NAME = "permissions"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def permissions(case: Examination) -> list[Check]:
    """Nobody else can read logins or runs, and we can write them."""
    state = case.paths.state
    if not state.exists():
        return [unknown(_NAME, f"there is no state folder yet ({state})")]
    if not os.access(state, os.W_OK | os.X_OK):
        return [fail(_NAME, f"{state} cannot be written", _own(state))]
    if not case.state_is_listed:
        return [fail(_NAME, f"{state} cannot be read", _own(state))]
    found = next(_problems(case), None)
    return [found or ok(_NAME, "only you can read your logins and runs")]


def _problems(case: Examination) -> Iterator[Check]:
    """The worst first."""
    state, logins = case.paths.state, case.paths.logins
    for file in sorted(logins.glob("*.json")) if logins.is_dir() else ():
        try:
            credentials.load(file)
        except CredentialError as error:
            problem, _, remedy = str(error).partition(": run ")
            yield fail(_NAME, problem, Command(remedy.strip("`") or "syncd auth status"))
    for path in _ours(case):
        if _status(path).st_uid != os.geteuid():
            yield fail(_NAME, f"{path} belongs to another user", _own(state))
    if state.stat().st_mode & _OTHERS:
        yield warn(_NAME, f"other users can read {state}", Command.of("chmod", "700", state))
    for path in _ours(case):
        mode = path.lstat().st_mode
        if mode & stat.S_IWOTH and not stat.S_ISLNK(mode):
            yield fail(_NAME, f"everybody can write {path}", Command.of("chmod", "go-w", path))
        if path == case.database and mode & _OTHERS:
            yield warn(_NAME, f"others are allowed to read {path}", Command.of("chmod", "600", path))


def _status(path: Path) -> os.stat_result:
    """Of what a link leads to: the state may lie on another disk."""
    try:
        return path.stat()
    except OSError:
        return path.lstat()


def _ours(case: Examination) -> list[Path]:
    """The files and folders directly in the state, and the logins; recordings are too many."""
    state, logins = case.paths.state, case.paths.logins
    return [state, *sorted(state.iterdir()), *(sorted(logins.iterdir()) if logins.is_dir() else ())]


def _own(folder: Path) -> Command:
    return Command.of("chown", "-R", os.geteuid(), folder)
