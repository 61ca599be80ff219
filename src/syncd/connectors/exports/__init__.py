"""Whole accounts as their services hand them out: Strava's and Garmin's exports, read as they come."""

from syncd.connectors.exports.source import ExportedComment, ExportSource, is_export, opened_export

__all__ = ["ExportSource", "ExportedComment", "is_export", "opened_export"]
