"""Small rules of English that many sentences need."""

from __future__ import annotations

_VOWELS = frozenset("aeiou")
_EIGHT, _ELEVEN_AND_EIGHTEEN = "8", ("11", "18")  # numbers that begin with a vowel when they are spoken


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 run`, `2 runs`, `1,204 files`; `plural` where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def with_article(text: str) -> str:
    """`a pause`, `an effort`, `an 8 km run`."""
    first = text[:1].lower()
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    spoken = digits.startswith(_EIGHT) or digits in _ELEVEN_AND_EIGHTEEN
    return f"an {text}" if first in _VOWELS or spoken else f"a {text}"
