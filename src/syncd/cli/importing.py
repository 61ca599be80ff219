"""What `import` reads from, and how it says that it is still at it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from syncd.connectors.base import ActivitySource
    from syncd.cycle.importing import Imported

_QUIET_S = 2.0  # our default: a short import says only what it did
_EVERY_S = 0.5


@contextmanager
def source_at(path: Path, state: Path, now: datetime) -> Iterator[ActivitySource]:
    """The recordings at `path`: an export of a service, a folder, one file. Raises ConnectorError."""
    from syncd.connectors.exports import is_export, opened_export
    from syncd.connectors.folder import FolderSource

    if is_export(path):
        with opened_export(path, scratch=state) as export:
            yield export
    else:
        yield FolderSource(path, settle_s=0, now=now)


class Progress:
    """One line on stderr that is written again and again, for people who watch; gone at the end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._wanted = self._stream.isatty()
        self._next_s = time.monotonic() + _QUIET_S
        self._width = 0

    def __call__(self, imported: Imported) -> None:
        """So much was done."""
        if self._wanted and time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + _EVERY_S
            self._write(f"{imported.looked_at:,} files looked at, {imported.runs:,} runs so far")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._width:
            self._write("")

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text.ljust(self._width)}" + ("" if text else "\r"))
        self._stream.flush()
        self._width = len(text)
