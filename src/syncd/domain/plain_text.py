"""Text from outside, made harmless: names come from files and services."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # they control, turn text around, or end a line
_JOINERS = "\u200c\u200d"  # of letters in some scripts, and of the parts of a picture


def plain(text: str) -> str:
    """Without control characters other than line ends, and without marks that turn text around."""
    return "".join(sign for sign in text if sign == "\n" or _is_shown(sign))


def _is_shown(sign: str) -> bool:
    """A letter too that this Python does not know yet: scripts and symbols come every year."""
    return sign.isprintable() or sign in _JOINERS or unicodedata.category(sign) not in _ACTING


def one_line(text: str) -> str:
    """The same on one line, whatever ends a line there: also the separators of Unicode.

    What is harmless already stays as it is.
    """
    if text.isprintable() or all(map(_is_shown, text)):
        return text
    return " ".join(plain("".join(" " if sign.isspace() else sign for sign in text)).split())


def tidy_names(record: object, *names: str) -> None:
    """Put these fields of a frozen record on one line, where they are not: for its `__post_init__`."""
    for name in names:
        text = getattr(record, name)
        if (harmless := one_line(text)) is not text:
            object.__setattr__(record, name, harmless)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON for a terminal, and for whoever reads it line by line: what is not printable is escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(sign if sign == "\n" or sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return json.dumps(sign)[1:-1] if ord(sign) > 0x7F else f"\\u{ord(sign):04x}"  # JSON leaves DEL as it is
