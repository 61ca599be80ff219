"""JSON of what services report, read within bounds: a short text can become a thousand times its size."""

from __future__ import annotations

import json
from typing import Any

# Our defaults: a run of 24 hours with a point a second and eleven streams has a million numbers.
MOST_BYTES = 12 << 20
MOST_VALUES = 1_500_000
MOST_LISTS = 200_000  # and objects


def loaded(content: bytes) -> Any:
    """What the text says. Raises ValueError, also where it is larger than any run, and RecursionError."""
    if len(content) > MOST_BYTES or content.count(b",") > MOST_VALUES:
        raise ValueError("larger than any run")
    if content.count(b"[") + content.count(b"{") > MOST_LISTS:
        raise ValueError("more lists than any run has")
    return json.loads(content)
