"""Text from outside, made harmless: names come from files and services."""

from __future__ import annotations

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

    With None it stays in memory, where everything fits.
    """
    try:
        text.encode(encoding or "utf-8", "surrogateescape")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII).encode("ascii", "replace").decode()
    return text
