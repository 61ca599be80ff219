"""Renewing a login: between the moment a token is spent and the new one on disk nothing comes between.

A service that rotates its tokens takes the old one and gives the new one in the same answer. Whoever
is stopped there has neither. So a connector renews like this, and in no other way:

    with locked(path):                # only one process spends a token
        with renewal(path) as keep:
            answer = ...              # the old token goes out, within LONGEST_S
            keep(content)             # before anything else is done with the answer

Signals that would end the process wait until the block is left. There is room on disk before
anything is spent. What cannot be promised is in docs/explanation/reliability.md: SIGKILL and a power
cut between the service's rotation and our disk, and an answer that never arrives.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from syncd.credentials import CredentialError, load, save
from syncd.durable import Room, overwrite, private_folder, room_for

LONGEST_S = 30.0  # our default: what the answer to a spent token may take, connecting included
KEEP_TRYING_S = 10.0  # our default: a disk that is full for a moment costs no login
ENDING_S = LONGEST_S + KEEP_TRYING_S  # who stops a process waits so long while it renews a login
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGXCPU)
_LARGEST_BYTES = 64 * 1024  # what `credentials.load` reads back at most
_AGAIN_S = 0.5
_TOKEN = re.compile(r"[!-~]{1,16384}")  # printable, without a space; our default for the length

Keep = Callable[[str], None]
_Handler = Callable[[int, FrameType | None], Any] | int | None
_unkept: dict[Path, str] = {}


@contextmanager
def renewal(path: Path, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[Keep]:
    """Spend a token inside, and give the whole new content of `path` to what this yields.

    Raises CredentialError: on entering, where the file cannot be written, with nothing spent; from
    what it yields, where the new content could not be kept for KEEP_TRYING_S.
    """
    try:
        private_folder(path.parent)
        room = room_for(path, _LARGEST_BYTES)
    except OSError as error:
        raise CredentialError(f"{path} cannot be written: {error.strerror}") from error
    with room, undisturbed():
        yield lambda content: _keep(path, content, room, sleep)


def _keep(path: Path, content: str, room: Room, sleep: Callable[[float], None]) -> None:
    """Into the room that was made; else anew; else over the old token, which is worth nothing now."""
    began = time.monotonic()
    waited_s = 0.0
    while True:
        for write in (room.fill, _anew(path), lambda data: overwrite(path, data)):
            with suppress(OSError, CredentialError):
                write(content.encode())
                return
        if waited_s >= KEEP_TRYING_S or time.monotonic() - began >= KEEP_TRYING_S:
            _unkept[path] = content
            save(path, content)  # raises, saying why
            del _unkept[path]
            return
        sleep(_AGAIN_S)
        waited_s += _AGAIN_S


def current(path: Path) -> str | None:
    """The content of the file, as `credentials.load` gives it; of a renewal that could not be kept, that.

    It is tried again here, so that no new login is lost while this process lives. Raises CredentialError.
    """
    content = _unkept.get(path)
    if content is None:
        return load(path)
    with suppress(CredentialError):
        save(path, content)
        del _unkept[path]
    return content


def _anew(path: Path) -> Callable[[bytes], None]:
    return lambda data: save(path, data.decode())


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals that end a process wait until the block is left; then they do what they always do.

    Those that are ignored stay so. Python runs what handles a signal in the main thread only: in any
    other nothing comes between, and nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    handled = {
        number: handler
        for number in _ENDING
        if (handler := signal.getsignal(number)) not in (None, signal.SIG_IGN)
    }
    _handle(dict.fromkeys(handled, note))
    try:
        yield
    finally:
        _handle(handled, arrived)


def _handle(handlers: Mapping[signal.Signals, _Handler], arrived: Iterable[int] = ()) -> None:
    """Put handlers in place, all or none, and give them the signals that arrived before."""
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for waiting in set(arrived):
            signal.raise_signal(waiting)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)


def is_token(value: object) -> bool:
    """Whether a service can have meant it for a token: one that fits no header or file would end a login."""
    return isinstance(value, str) and bool(_TOKEN.fullmatch(value))


def under_way(folder: Path) -> bool:
    """Whether a process holds the lock of a login in `folder`: it may be spending a token just now."""
    return any(_is_held(lock) for lock in folder.glob("*.lock"))


def _is_held(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False
