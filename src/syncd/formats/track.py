"""What is wrong with a text that cannot be a recording."""

from __future__ import annotations


class TrackError(ValueError):
    """The file cannot be read; the message is a phrase for a runner."""
