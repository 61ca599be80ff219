"""Whole accounts as their services hand them out: Strava's and Garmin's exports, read as they come."""

from syncd.connectors.exports.source import (
    ExportedComment,
    ExportSource,
    is_export,
    is_recording,
    opened_export,
    recording_in,
)

__all__ = ["ExportSource", "ExportedComment", "is_export", "is_recording", "opened_export", "recording_in"]
