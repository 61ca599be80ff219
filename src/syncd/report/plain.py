"""Words from outside, made harmless: names come from files and services."""

from __future__ import annotations

import re
import textwrap

_WIDE, _NARROWEST = 80, 30
_GAP = re.compile(r"(?<=\S) {3,}")
_HANG = 7  # where the words of most lines begin

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def plain(text: str) -> str:
    """Without control characters other than line ends, and without marks that turn text around."""
    return "".join(c for c in text if c == "\n" or (c.isprintable() and c not in _BIDI))


_ASCII = str.maketrans(
    {"·": "-", "–": "-", "—": "-", "…": "...", "×": "x", "│": "|", "─": "-", "└": "+", "┬": "+", "░": ":"}
    | dict.fromkeys("█▀▄", "#")
    | dict.fromkeys("▏▎▍▌▋▊▉", "")
    | {"“": '"', "”": '"', "’": "'", "°": " deg", "●": "*"}
)


def fitting(text: str, encoding: str | None) -> str:
    """The text as a terminal of that encoding can show it: simpler signs for those that it lacks.

    None: it goes to memory, where everything fits.
    """
    try:
        text.encode(encoding or "utf-8", "surrogateescape")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII).encode("ascii", "replace").decode()
    return text


def narrowed(text: str, width: int) -> str:
    """For a terminal of fewer columns than the text was laid out for: gaps close first, then lines wrap."""
    if width >= _WIDE:
        return text
    return "\n".join(_narrowed(line, max(width, _NARROWEST)) for line in text.split("\n"))


def _narrowed(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    closed = _GAP.sub("  ", line)
    if len(closed) <= width:
        return closed
    indent = " " * min(len(closed) - len(closed.lstrip()) + _HANG, width // 3)
    parts = textwrap.wrap(closed, width, subsequent_indent=indent, drop_whitespace=True)
    return "\n".join(parts)
