"""Work in a process of its own: its memory goes back to the system, and it can be ended if it hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

_BEFORE_THE_SERVICE = "500"  # where memory runs out, the system ends the child, and not the loop
_LARGEST_OUTPUT = 8 * 1024 * 1024  # our default: the report of a first import of years is below 1 MB


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: `code` is negative for a signal, as in `subprocess`."""

    code: int
    out: str
    err: str


class Child(Protocol):
    """A started process."""

    def poll(self) -> Ended | None:
        """None while it runs."""
        ...

    def ask_to_stop(self) -> None:
        """SIGTERM, to it and to what it started."""
        ...

    def kill(self) -> None:
        """SIGKILL, to it and to what it started."""
        ...


class Process:
    """A child of this process, in a session of its own so that its whole group can be ended."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start it. Raises OSError."""
        # Files, not pipes: nobody has to keep reading, and a child of the child cannot keep us waiting.
        self._out: IO[bytes] = tempfile.TemporaryFile(prefix="syncd-out-")  # noqa: SIM115 - read after its end
        self._err: IO[bytes] = tempfile.TemporaryFile(prefix="syncd-err-")  # noqa: SIM115
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                list(argv),
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=self._err,
                start_new_session=True,
            )
        except OSError:
            self._close()
            raise
        with suppress(OSError):
            Path(f"/proc/{self._process.pid}/oom_score_adj").write_text(_BEFORE_THE_SERVICE, encoding="ascii")
        self._ended: Ended | None = None

    def poll(self) -> Ended | None:
        """None while it runs; afterwards how it ended and what it wrote."""
        if self._ended is None and (code := self._process.poll()) is not None:
            self._signal(signal.SIGKILL)  # what it may have left behind
            self._ended = Ended(code, _content(self._out), _content(self._err))
            self._close()
        return self._ended

    def ask_to_stop(self) -> None:
        """SIGTERM to the group."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to the group."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _close(self) -> None:
        self._out.close()
        self._err.close()


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_LARGEST_OUTPUT).decode("utf-8", "replace")
