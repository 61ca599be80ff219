"""One limit for all that a request takes: connecting, the handshake, headers and body together.

The time-outs of a socket begin anew with each byte, so an answer that comes byte by byte is never late.
Here a timer ends the connections that were made for it, whichever library made them: the
interpreter reports every attempt to connect (`socket.connect` among the audit events). What libcurl
does in C is not seen; its time-outs are for the whole transfer already.
"""

from __future__ import annotations

import os
import socket
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import RLock, Timer, get_ident
from time import monotonic
from typing import Any

_MOST_KEPT = 256  # our default: connections that are remembered


@dataclass(frozen=True, slots=True)
class _Connection:
    """Its descriptor, what that means as long as it is open, and the thread that made it."""

    number: int
    identity: tuple[int, int]
    thread: int


class DeadlinePassed(TimeoutError):  # noqa: N818 - named for what happened
    """It took longer than it may; whether the other side has acted on it is not known."""


class Deadline:
    """When it has to be over: then the connections of `thread` are ended, with None those of all."""

    def __init__(self, seconds: float, thread: int | None) -> None:
        self._ends_s = monotonic() + seconds
        self._thread = thread
        self._lock = RLock()  # a signal may end us in the middle of it, and `close` comes after that
        self._over = False
        self._timer = Timer(0.0, self._end)

    def start(self) -> None:
        """From here on it counts."""
        with self._lock:
            self._timer = self._started(self._ends_s - monotonic())

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return monotonic() >= self._ends_s

    def extend(self, seconds: float) -> None:
        """Allow that much more: for a wait that is on purpose."""
        with self._lock:
            self._timer.cancel()
            self._ends_s += seconds
            if not self._over:
                self._timer = self._started(self._ends_s - monotonic())

    def covers(self, thread: int) -> bool:
        """Whether it is for what that thread does."""
        return self._thread in (None, thread)

    def close(self) -> None:
        """It is over: end nothing any more."""
        self._over = True
        with self._lock:
            self._timer.cancel()

    def _started(self, seconds: float) -> Timer:
        timer = Timer(max(seconds, 0.0), self._end)
        timer.daemon = True
        timer.start()
        return timer

    def _end(self) -> None:
        with self._lock:
            if not self._over and self.passed:
                for connection in tuple(_connections):
                    if self.covers(connection.thread):
                        _shut_down(connection)


@contextmanager
def deadline(seconds: float, *, every_thread: bool = False) -> Iterator[Deadline]:
    """Whatever the block asks of the network is over after so many seconds.

    `every_thread`: also what other threads ask meanwhile, for a library that begins some.

    An error of the block becomes DeadlinePassed where the time is up. An answer may have ended there
    without an error: who reads to its end checks `passed`. A host name that nobody answers for takes as
    long as the resolver of the system lets it.
    """
    _watch()
    limit = Deadline(seconds, None if every_thread else get_ident())
    try:
        _limits.append(limit)
        limit.start()
        yield limit
    except DeadlinePassed:
        raise
    except Exception as error:
        if limit.passed:
            raise DeadlinePassed("it took too long") from error
        raise
    finally:  # a signal may have come anywhere in between
        limit.close()
        with suppress(ValueError):
            _limits.remove(limit)


_limits: list[Deadline] = []  # those in force
_connections: deque[_Connection] = deque(maxlen=_MOST_KEPT)
_watching = RLock()
_is_watched = False


def _watch() -> None:
    """Notice connections from now on; an audit hook is there once, and stays."""
    global _is_watched  # noqa: PLW0603 - a hook cannot be taken away again, so it is added once a process
    with _watching:
        if not _is_watched:
            sys.addaudithook(_on_event)
            _is_watched = True


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    if not _limits or event not in ("socket.connect", "socket.getaddrinfo"):
        return
    thread = get_ident()
    limits = [limit for limit in tuple(_limits) if limit.covers(thread)]
    if any(limit.passed for limit in limits):
        raise DeadlinePassed("it took too long")
    number = arguments[0].fileno() if limits and event == "socket.connect" else -1
    if number >= 0:  # the object of a socket changes when it is encrypted, its descriptor does not
        _connections.append(_Connection(number, _identity(number), thread))


def _shut_down(connection: _Connection) -> None:
    """End it, unless its descriptor means something else by now."""
    with suppress(OSError):
        copy = os.dup(connection.number)
        try:
            if _identity(copy) == connection.identity:
                with socket.socket(fileno=os.dup(copy)) as same:
                    same.shutdown(socket.SHUT_RDWR)
        finally:
            os.close(copy)


def _identity(number: int) -> tuple[int, int]:
    status = os.fstat(number)
    return status.st_dev, status.st_ino
