"""Recordings are read in a process of their own: what one of them does to it is done to nothing else.

The process is forked when the first recording is read and serves until it is closed; one that ends is
replaced for the next recording. Forked, because then it has all modules at once: it reads as fast as if
there were no second process.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from syncd.formats.reading import Breakdown, BrokenDown, NoReader, ReadingLimits, Recordings
from syncd.formats.reading_child import GREW, LENGTH, OF_ANSWER, READ, serve

_LOOK_EVERY_S = 0.1  # our default: how often the size of the process is looked at
_BEYOND = 1.25  # where the system does not hold it to its limit, we do, a little above
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TOO_LONG_SIGNALS = (signal.SIGXCPU, signal.SIGALRM)


class ReadingApart:
    """Reads recordings in a bounded process; close it, or use it in a `with`."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._process: _Process | None = None

    @property
    def pid(self) -> int | None:
        """The process that reads, where there is one at this moment."""
        return None if self._process is None else self._process.pid

    def read(self, content: bytes) -> Recordings:
        """Every activity in a payload, or why there is none. Raises BrokenDown and NoReader."""
        process = self._started()
        try:
            found = process.ask(content, self._limits)
        except BaseException:  # to be stopped, too: its answer must not meet the next question
            self._process = None
            process.end()
            raise
        if process.is_larger_than(self._limits.memory_bytes // 2):
            self.close()  # what it holds goes back to the system
        return found

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> _Process:
        """The process, a new one where the old one has ended on its own. Raises NoReader."""
        if self._process is not None and self._process.has_ended():
            self.close()
        if self._process is None:
            self._process = _forked(self._limits)
        return self._process


class _Process:
    """A forked process and the two ends that are ours of the pipes to it."""

    def __init__(self, pid: int, questions: int, answers: int) -> None:
        self.pid = pid
        self._questions, self._answers = questions, answers
        self._held_at_first = _held_bytes(pid)
        self._status: int | None = None

    def ask(self, content: bytes, limits: ReadingLimits) -> Recordings:
        """What is in a payload. Raises BrokenDown."""
        end_s = time.monotonic() + limits.deadline_s
        self._send(LENGTH.pack(len(content)), end_s, limits)
        self._send(content, end_s, limits)
        kind, size = OF_ANSWER.unpack(self._received(OF_ANSWER.size, end_s, limits))
        if size > limits.answer_bytes:
            raise BrokenDown(Breakdown.OUTGREW, f"{size >> 20} MB of points")
        answer = self._received(size, end_s, limits)
        if kind == READ:
            found: Recordings = pickle.loads(answer)  # noqa: S301 - our own process wrote it
            return found
        detail = answer.decode("utf-8", "replace")
        raise BrokenDown(Breakdown.OUTGREW if kind == GREW else Breakdown.FAULT, detail)

    def has_ended(self) -> bool:
        """Whether it is gone; notes how."""
        if self._status is None:
            self._status = self._waited(os.WNOHANG)
        return self._status is not None

    def is_larger_than(self, size: int) -> bool:
        """Whether it holds more than so many bytes above what it began with."""
        return _held_bytes(self.pid) - self._held_at_first > size

    def end(self) -> None:
        """Kill it and let go of the pipes."""
        for end in (self._questions, self._answers):
            with suppress(OSError):
                os.close(end)
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._status = self._waited()

    def _send(self, data: bytes, end_s: float, limits: ReadingLimits) -> None:
        rest = memoryview(data)
        while rest:
            self._wait_for(self._questions, end_s, limits, writing=True)
            try:
                rest = rest[os.write(self._questions, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                self._died()

    def _received(self, size: int, end_s: float, limits: ReadingLimits) -> bytes:
        data = BytesIO()  # which gives its bytes away without a copy
        while data.tell() < size:
            self._wait_for(self._answers, end_s, limits)
            piece = os.read(self._answers, min(size - data.tell(), 1 << 20))
            if not piece:
                self._died()
            data.write(piece)
        return data.getvalue()

    def _wait_for(self, end: int, end_s: float, limits: ReadingLimits, *, writing: bool = False) -> None:
        """Until a pipe is ready. Raises BrokenDown where it takes too long, or the process grows."""
        ready = select.poll()
        ready.register(end, select.POLLOUT if writing else select.POLLIN)
        while True:
            left_s = end_s - time.monotonic()
            if left_s <= 0:
                raise BrokenDown(Breakdown.TOO_LONG, f"more than {limits.deadline_s:.0f} s")
            pause_s = min(left_s, _LOOK_EVERY_S)
            if ready.poll(pause_s * 1000):
                return
            if self.is_larger_than(int(limits.memory_bytes * _BEYOND)):
                raise BrokenDown(Breakdown.OUTGREW, f"more than {limits.memory_bytes >> 20} MB")

    def _waited(self, options: int = 0) -> int | None:
        """How it ended; None while it runs. 0 where the system does not tell: SIGCHLD may be ignored here."""
        try:
            pid, status = os.waitpid(self.pid, options)
        except ChildProcessError:
            return 0
        return status if pid else None

    def _died(self) -> NoReturn:
        """Say how it ended."""
        status = self._status if self._status is not None else self._waited()
        self._status = status or 0
        if not os.WIFSIGNALED(self._status):
            raise BrokenDown(Breakdown.CRASHED, f"code {os.waitstatus_to_exitcode(self._status)}")
        number = os.WTERMSIG(self._status)
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        if number in _TOO_LONG_SIGNALS:
            raise BrokenDown(Breakdown.TOO_LONG, name)
        raise BrokenDown(Breakdown.KILLED if number == signal.SIGKILL else Breakdown.CRASHED, name)


def _forked(limits: ReadingLimits) -> _Process:
    """A process that waits for recordings. Raises NoReader."""
    try:
        their_questions, our_questions = os.pipe()
        our_answers, their_answers = os.pipe()
        with warnings.catch_warnings():
            # Newer versions of Python warn where there are threads; the child starts and awaits none.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
    except OSError as error:
        raise NoReader(
            error.errno,
            f"no process can be started to read recordings ({error.strerror}); the next sync tries again",
        ) from error
    if not pid:
        serve(their_questions, their_answers, limits)
    _close((their_questions, their_answers))
    os.set_blocking(our_questions, False)
    return _Process(pid, our_questions, our_answers)


def _close(ends: Iterable[int]) -> None:
    for end in ends:
        os.close(end)


def _held_bytes(pid: int) -> int:
    """What a process has in memory; 0 where that cannot be seen."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0
