"""Text as a terminal can show it."""

from __future__ import annotations

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
