"""What runs in the process that reads recordings: one question after the other, until nobody asks."""

from __future__ import annotations

import gc
import math
import os
import pickle
import resource
import signal
import struct
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from syncd.formats import recording
from syncd.formats.reading import ReadingLimits, place_of

LENGTH = struct.Struct("<Q")
OF_ANSWER = struct.Struct("<cQ")  # the kind of answer, and how many bytes follow
READ, GREW, FAULTY = b"r", b"g", b"f"
_FIRST_TO_DIE = "1000"  # where memory runs out, the system ends this process before any other of ours
_ORPHAN_S = 30  # past the deadline nobody waits any more


def serve(questions: int, answers: int, limits: ReadingLimits) -> NoReturn:
    """Answer until the other side closes its end. Never returns: what the parent left open stays as it is."""
    code = 1
    try:
        gc.freeze()  # nothing of the parent's is finalised here: files and databases are still its own
        _let_go({questions, answers})
        _begin_bounded(limits)
        while (content := _question(questions)) is not None:
            _bound_next(limits)
            kind, answer = _answer_to(content)
            del content
            _write(answers, OF_ANSWER.pack(kind, len(answer)))
            _write(answers, answer)
            del answer
            if kind != READ:
                break  # a fresh process is certain to be sound
        code = 0
    finally:
        os._exit(code)


def _answer_to(content: bytes) -> tuple[bytes, bytes]:
    try:
        return READ, pickle.dumps(recording.read_recordings(content), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return GREW, b"out of memory"
    except Exception as error:  # noqa: BLE001 - a process boundary: whatever it was is told to the other side
        return FAULTY, place_of(error).encode("utf-8", "replace")


def _let_go(kept: set[int]) -> None:
    """Close what the parent has open, its locks and databases; silence whatever libraries may print."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        if number not in kept:
            os.dup2(nothing, number)
    first = 3
    for number in (*sorted(number for number in kept if number >= first), _most_open()):
        os.closerange(first, number)
        first = number + 1


def _most_open() -> int:
    """Beyond the highest number of an open file."""
    try:
        return max(map(int, os.listdir("/proc/self/fd"))) + 1  # noqa: PTH208 - numbers, no paths
    except OSError:
        return min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 16)


def _begin_bounded(limits: ReadingLimits) -> None:
    """Limits that the system keeps, as far as it lets us set them; the other side watches as well."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # meant for the parent, which ends this process
    for number in (signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_DIE, encoding="ascii")
    held = _virtual_bytes()
    for kind, now in ((resource.RLIMIT_DATA, held.get("VmData")), (resource.RLIMIT_AS, held.get("VmSize"))):
        if now is not None:
            _lower(kind, now + limits.memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)  # a dump would hold what the parent knows


def _bound_next(limits: ReadingLimits) -> None:
    """Limits of time for one recording."""
    signal.alarm(math.ceil(limits.deadline_s) + _ORPHAN_S)
    _lower(resource.RLIMIT_CPU, math.ceil(time.process_time() + limits.processor_s))


def _lower(kind: int, limit: int) -> None:
    """Set a soft limit, never above the hard one."""
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _virtual_bytes() -> dict[str, int]:
    """Sizes of this process by the kernel's names for them."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines if line.endswith(" kB"))
    return {name: int(size.split()[0]) << 10 for name, size in pairs}


def _question(questions: int) -> bytes | None:
    head = _read(questions, LENGTH.size)
    if head is None:
        return None
    return _read(questions, LENGTH.unpack(head)[0])


def _read(end: int, size: int) -> bytes | None:
    """So many bytes; None where the other side is gone."""
    data = BytesIO()  # which gives its bytes away without a copy
    while data.tell() < size:
        piece = os.read(end, min(size - data.tell(), 1 << 20))
        if not piece:
            return None
        data.write(piece)
    return data.getvalue()


def _write(end: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(end, rest) :]
