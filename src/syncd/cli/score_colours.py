"""A colour per step of a score, for terminals that show colours."""

from __future__ import annotations

import os
import re
import sys

_GREEN, _YELLOW, _RED, _PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"
_VERDICTS = ((r" ok$", _GREEN), (r" (slow|quick|short)$", _YELLOW), (r" missed$", _RED))


def wanted() -> bool:
    """On a terminal, unless NO_COLOR asks for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def coloured(text: str) -> str:
    """Each line that ends in a verdict, in its colour; `text` has no control characters yet."""
    return "\n".join(map(_coloured, text.split("\n")))


def _coloured(line: str) -> str:
    colour = next((colour for pattern, colour in _VERDICTS if re.search(pattern, line)), None)
    return line if colour is None else f"{colour}{line}{_PLAIN}"
