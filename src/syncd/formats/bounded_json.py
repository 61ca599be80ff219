"""JSON of what services report, read within bounds: a short text can become a thousand times its size."""

from __future__ import annotations

import json
import re
from typing import Any

# Our defaults: a run of 24 hours with a point a second and eleven streams has a million numbers.
MOST_BYTES = 12 << 20
MOST_VALUES = 1_500_000
MOST_LISTS = 200_000  # and objects
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


class TooLargeError(ValueError):
    """The text is larger than anything real."""


def loaded(content: bytes) -> Any:
    """What the text says. Raises ValueError, also where it is larger than any run, or nested too deeply.

    Numbers that are none (NaN, Infinity) become None; half characters, which nothing can store, are replaced.
    """
    if len(content) > MOST_BYTES or content.count(b",") > MOST_VALUES:
        raise TooLargeError("larger than any run")
    if content.count(b"[") + content.count(b"{") > MOST_LISTS:
        raise TooLargeError("more lists than any run has")
    try:
        found = json.loads(content, parse_constant=_no_number)
        return _mended(found) if _HALF.search(content) else found
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(_: str) -> None:
    return None


def _mended(value: Any) -> Any:
    """The same with halves of characters replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(item) for name, item in value.items()}
    return value
