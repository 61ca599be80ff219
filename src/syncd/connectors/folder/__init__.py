"""Directories instead of an account: recorded runs from one, workouts and a calendar into another."""

from syncd.connectors.base import Connector
from syncd.connectors.folder.archived import INDEX
from syncd.connectors.folder.connector import folder_sink, folder_source
from syncd.connectors.folder.sink import FolderSink
from syncd.connectors.folder.source import FolderSource

FOLDER = Connector(name="folder", source=folder_source, sink=folder_sink, forgets=(INDEX,))

__all__ = ["FOLDER", "FolderSink", "FolderSource"]
