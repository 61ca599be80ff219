"""The real clock, signals and processes; tests put a simulated one in its place."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Protocol

from syncd.daemon.child import Child, Process


class Wish(Enum):
    """What somebody outside wants of the service."""

    STOP = auto()
    RELOAD = auto()
    LOOK = auto()


class Machine(Protocol):
    """Everything that is not a decision."""

    def wall(self) -> datetime:
        """The wall clock, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; they stand still while the machine sleeps."""
        ...

    def wait(self, seconds: float) -> frozenset[Wish]:
        """Until then, until a child ended, or until somebody wants something."""
        ...

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> Child:
        """Start a process. Raises OSError."""
        ...


_WISHES = {signal.SIGTERM: Wish.STOP, signal.SIGINT: Wish.STOP, signal.SIGHUP: Wish.RELOAD}


class Linux:
    """This process. Use it in a `with`: signals are taken in it, and given back after."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def __enter__(self) -> Linux:
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in (*_WISHES, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)  # the number arrives through the pipe
        return self

    def __exit__(self, *_: object) -> None:
        for number in (*_WISHES, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.close(self._read)
        os.close(self._write)

    def wall(self) -> datetime:
        """The system's clock: `SYNCD_NOW` pins commands, a pinned service would never look again."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """CLOCK_MONOTONIC."""
        return time.monotonic()

    def wait(self, seconds: float) -> frozenset[Wish]:
        """Sleep until something happens."""
        select.select([self._read], [], [], max(seconds, 0.0))
        wishes = set()
        with suppress(BlockingIOError):
            for number in os.read(self._read, 256):
                wish = Wish.LOOK if number == 0 else _WISHES.get(signal.Signals(number))
                if wish is not None:
                    wishes.add(wish)
        return frozenset(wishes)

    def knock(self) -> None:
        """Wake the loop for a look; may be called from any thread."""
        with suppress(OSError):
            os.write(self._write, b"\0")

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> Child:
        """Our own interpreter with these arguments; the working directory is never a place for modules."""
        return Process([sys.executable, "-P", *argv], environ)
