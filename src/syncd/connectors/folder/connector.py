"""Building the two ends from the `[folder]` section."""

from __future__ import annotations

from pathlib import Path

from syncd.connectors.base import ConnectorContext, Rejected
from syncd.connectors.folder.sink import FolderSink
from syncd.connectors.folder.source import FolderSource


def folder_source(context: ConnectorContext) -> FolderSource:
    """The source over `[folder] inbox`. Raises Rejected when it is not set."""
    return FolderSource(_directory(context, "inbox"), now=context.now, state=context.state)


def folder_sink(context: ConnectorContext) -> FolderSink:
    """The sink over `[folder] outbox`. Raises Rejected when it is not set."""
    return FolderSink(_directory(context, "outbox"), context.athlete)


def _directory(context: ConnectorContext, key: str) -> Path:
    value = context.settings.get(key)
    if not value:
        raise Rejected(f"[folder] {key} is not set: name the folder there")
    return Path(value)
