"""Names that try to be more than names, and what must not come of them in any output."""

from __future__ import annotations

import re
import unicodedata

FORGED = "FORGED"
BREAKS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
SIGNS = (
    "\x00", "\x07", "\x08", "\x1b[2J", "\x1b]0;title\x07", "\x7f", "\x9b31m", "\u202e", "\u2066", "\u200f",
    "\ufeff", "\U000e0041", "\u200b",
)  # fmt: skip
HOSTILE = "Easy" + "".join(f"{each}{FORGED}" for each in BREAKS) + "".join(SIGNS) + "end"
_LINE_ENDS = re.compile("|".join(map(re.escape, sorted(BREAKS, key=len, reverse=True))))


def harm_of(text: str, *, allowed: str = "\n") -> list[str]:
    """What a text does that names made it do: lines of their own, and signs that are no letters."""
    signs = {f"U+{ord(sign):04X}" for sign in text if sign not in allowed and _controls(sign)}
    lines = [line.strip() for line in _LINE_ENDS.split(text)]
    return [*sorted(signs), *(line[:60] for line in lines if line.startswith(FORGED))]


def _controls(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp", "Cs"}
