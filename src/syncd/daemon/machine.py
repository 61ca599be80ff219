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
from threading import Event
from typing import Protocol

from syncd.daemon.child import Child, Process


class Wakeup(Enum):
    """What somebody outside asks of the service."""

    STOP = auto()
    RELOAD = auto()
    NEWS = auto()  # a service says that it has something new


class Machine(Protocol):
    """Everything that is not a decision."""

    def wall(self) -> datetime:
        """The wall clock, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; they stop while the machine sleeps."""
        ...

    def wait(self, seconds: float) -> frozenset[Wakeup]:
        """Wait that long, or until a child ends or somebody asks for something; what was asked for."""
        ...

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> Child:
        """Start a process. Raises OSError."""
        ...


_SIGNALS = {signal.SIGTERM: Wakeup.STOP, signal.SIGINT: Wakeup.STOP, signal.SIGHUP: Wakeup.RELOAD}


class Linux:
    """This process. Use it in a `with`: it handles the signals inside, and restores them afterwards."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._has_news = Event()

    def __enter__(self) -> Linux:
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in (*_SIGNALS, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)  # the number arrives through the pipe
        return self

    def __exit__(self, *_: object) -> None:
        for number in (*_SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.close(self._read)
        os.close(self._write)

    def wall(self) -> datetime:
        """The system's clock: `SYNCD_NOW` pins commands, a pinned service would never sync again."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """CLOCK_MONOTONIC."""
        return time.monotonic()

    def wait(self, seconds: float) -> frozenset[Wakeup]:
        """Sleep until something happens."""
        select.select([self._read], [], [], max(seconds, 0.0))
        demands = set()
        with suppress(BlockingIOError):
            for number in os.read(self._read, 256):
                if number == 0:
                    self._has_news.clear()
                demand = Wakeup.NEWS if number == 0 else _SIGNALS.get(signal.Signals(number))
                if demand is not None:
                    demands.add(demand)
        return frozenset(demands)

    def report_news(self) -> None:
        """Wake the loop because a service has something new; may be called from any thread.

        Once until the loop has seen it: a full pipe would keep signals out.
        """
        if not self._has_news.is_set():
            self._has_news.set()
            with suppress(OSError):
                os.write(self._write, b"\0")

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> Child:
        """Our own interpreter with these arguments; modules are never imported from the working directory."""
        return Process([sys.executable, "-P", *argv], environ)
