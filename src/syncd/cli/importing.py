"""The sources of `import`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncd.connectors.base import ActivitySource


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
