"""Times as runners write them: `22:30`, `1:45:00`, `5:05/km`."""

from __future__ import annotations

import re

_RACE_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")


def parse_race_time(text: str) -> float:
    """Seconds of `mm:ss` or `h:mm:ss`. Raises ValueError, saying how to write it."""
    found = _RACE_TIME.fullmatch(text.strip())
    if found is None or int(found[3]) > 59 or (found[1] and int(found[2]) > 59):
        raise ValueError(f"{text!r} is not a time: write mm:ss or h:mm:ss, for example 24:30")
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def format_clock(seconds: float) -> str:
    """`58:04` or `1:45:00`, rounded to the second."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
