"""The status of the service, in a file that `status` and `doctor` read. Standard library only."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syncd.durable import read_small, write_whole

_STATUS, _LOCK, _WAKE = "service.json", "service.lock", "service.wake"
_TRIES = 10


class AlreadyRunning(Exception):  # noqa: N818 - named for what it says
    """Another service is using this state."""


@dataclass(frozen=True, slots=True)
class DaemonState:
    """The keys of `service.json`. Times are ISO text with offset, "" where there is none.

    `last_look` and `next_look` are syncs; `says` and `exit_code` are those of the last one. `needs`: what
    only a human can do.
    """

    pid: int = 0
    version: str = ""
    started_at: str = ""
    next_look: str = ""
    last_look: str = ""
    last_ok: str = ""
    cycle: str = ""
    exit_code: int = 0
    seconds: float = 0.0
    says: str = ""
    needs: tuple[str, ...] = ()
    failures: int = 0

    def with_next(self, moment: datetime | None) -> DaemonState:
        """The same with the time of the next sync."""
        return replace(self, next_look=moment.isoformat(timespec="seconds") if moment else "")


class DaemonStateFile:
    """`service.json` in the state folder; written when something changes, never by the clock."""

    def __init__(self, state: Path) -> None:
        self._path = state / _STATUS
        self._written: DaemonState | None = None

    def write(self, status: DaemonState) -> None:
        """Keep it. A full or read-only disk is reported elsewhere."""
        if status == self._written:
            return
        try:
            write_whole(self._path, json.dumps(asdict(status), indent=1).encode())
            self._written = status
        except OSError:
            self._written = None

    def exists(self) -> bool:
        """Whether a service ever ran here."""
        return os.path.lexists(self._path)

    def read(self) -> DaemonState | None:
        """None where no service ever ran, or the file cannot be read."""
        try:
            values: dict[str, Any] = json.loads(read_small(self._path))
            values["needs"] = tuple(values.get("needs", ()))
            state = DaemonState(**values)
            _require_sound(state)
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return None
        return state


def _require_sound(state: DaemonState) -> None:
    """Raises ValueError, TypeError where it holds what no service writes."""
    for name, default in asdict(DaemonState()).items():
        kinds = (int, float) if isinstance(default, float) else (type(default),)
        if not isinstance(getattr(state, name), kinds):
            raise TypeError(f"{name} is no {type(default).__name__}")
    if not all(isinstance(need, str) for need in state.needs):
        raise TypeError("needs are texts")
    for moment in (state.started_at, state.next_look, state.last_look, state.last_ok):
        if moment and datetime.fromisoformat(moment).tzinfo is None:
            raise ValueError(f"{moment} has no offset")


@contextmanager
def only_service(state: Path) -> Iterator[None]:
    """Be the only service of this state. Raises AlreadyRunning, OSError."""
    path = state / _LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        for left in range(_TRIES, -1, -1):  # whoever checks whether a service runs holds it for a moment
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not left:
                    holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
                    raise AlreadyRunning(f"process {holder}") from None
            time.sleep(0.05)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_running(state: Path) -> bool:
    """Whether a service is using this state now."""
    try:
        descriptor = os.open(state / _LOCK, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def started(state: Path) -> tuple[int, datetime]:
    """The process of the service that runs, and when it began; (0, now) where the lock does not say."""
    try:
        content = read_small(state / _LOCK).decode("ascii", "replace").strip()
        began = datetime.fromtimestamp((state / _LOCK).stat().st_mtime, UTC)
    except OSError:
        return 0, datetime.now(UTC)
    return (int(content) if content.isdecimal() else 0), began


def next_step(state: Path) -> str:
    """What to do after logging in: nothing, where a service is running."""
    if is_running(state):
        return "The service will use it from now on."
    return "Next: syncd service install (to let it run by itself), or syncd sync (by hand)"


def wake(state: Path) -> None:
    """Ask the service, if there is one, to sync soon: a login has been renewed, or the plan has changed."""
    try:
        (state / _WAKE).touch(mode=0o600)
    except OSError:
        return


def wake_mark(state: Path) -> float:
    """Changes whenever somebody asked; 0 where nobody did."""
    try:
        return (state / _WAKE).stat().st_mtime
    except OSError:
        return 0.0
