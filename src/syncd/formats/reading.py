"""How recordings are read: here, or in a process of their own that may die of them."""

from __future__ import annotations

import struct
import traceback
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from syncd.domain.activity import Activity
from syncd.formats import recording
from syncd.formats.fit import Unreadable

# What Python raises where nonsense meets code that expects sense. Faults of the disk, of the database and of
# services have classes of their own, and are none of these.
NONSENSE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
Recordings = tuple[Activity, ...] | Unreadable


class Breakdown(StrEnum):
    """How reading ended where it did not come to an end by itself."""

    CRASHED = "crashed"  # the process that read it died of a fault
    OUTGREW = "outgrew"  # it needed more memory than reading may take, or sent more than anything real
    TOO_LONG = "too_long"
    KILLED = "killed"  # from outside, as the system does when memory runs out
    FAULT = "fault"  # a fault of ours, with a name
    INTERRUPTED = "interrupted"  # the process that waited for it ended too


class BrokenDown(Exception):  # noqa: N818 - named for what happened
    """RecordingReader a recording did not come to an end; `detail` says more where more is known."""

    def __init__(self, cause: Breakdown, detail: str = "") -> None:
        super().__init__(f"{cause.value}: {detail}" if detail else cause.value)
        self.cause, self.detail = cause, detail


_TEXTS: dict[str, str] = {
    Breakdown.CRASHED: "its reader crashed",
    Breakdown.OUTGREW: "it needs too much memory",
    Breakdown.TOO_LONG: "reading it takes too long",
    Breakdown.KILLED: "its reader was killed",
    Breakdown.FAULT: "its reader failed",
    Breakdown.INTERRUPTED: "syncd itself ended while reading it",
}


def breakdown_text(cause: str, detail: str = "") -> str:
    """What happened, for people: `its reader crashed (SIGSEGV)`."""
    text = _TEXTS.get(cause, "reading it failed")
    return f"{text} ({detail})" if detail else text


class NoReader(OSError):  # noqa: N818
    """The process that reads recordings cannot be started: nothing is known of the recording."""


def place_of(error: BaseException) -> str:
    """`TypeError in formats/tcx.py, line 12`: for a report of the fault; nothing of what was read."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "syncd" in Path(frame.filename).parts]
    if not ours:
        return type(error).__name__
    path = Path(ours[-1].filename)
    return f"{type(error).__name__} in {path.parent.name}/{path.name}, line {ours[-1].lineno}"


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading one recording may take.

    Our defaults. Memory is above what the process that starts it holds: together with that, with the
    content itself and with the service it stays below the 400 MB that the unit has (MemoryMax). A recording
    of 24 hours takes some 30 MB, and 10 s on the slowest machine there is.
    """

    memory_bytes: int = 160 << 20
    processor_s: float = 60.0
    deadline_s: float = 90.0
    answer_bytes: int = 32 << 20  # three times the most points that are read


class RecordingReader(Protocol):
    """Reads recordings."""

    def read(self, content: bytes) -> Recordings:
        """Every activity in a payload, or why there is none. Raises BrokenDown and NoReader."""
        ...


class ReaderHere:
    """In this process, without bounds: for what is known to be harmless."""

    def read(self, content: bytes) -> Recordings:
        """Every activity in a payload, or why there is none; whatever goes wrong goes wrong here."""
        return recording.read_recordings(content)


HERE = ReaderHere()
