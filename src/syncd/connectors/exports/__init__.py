"""Whole accounts as their services hand them out: Strava's and Garmin's exports, read as they come."""

from syncd.connectors.exports.source import ExportSource, Words, is_export, opened_export

__all__ = ["ExportSource", "Words", "is_export", "opened_export"]
