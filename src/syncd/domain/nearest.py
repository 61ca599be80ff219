"""`did you mean`: the known word that is nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word that was probably meant, whatever its case; None where nothing is near.

    Of `Europe/Rome` the last part is enough.
    """
    from difflib import get_close_matches  # only a mistake needs it

    by_case = {name.lower(): name for name in known}
    ends = sorted(name for name in by_case if name.endswith(f"/{word.lower()}"))
    matches = get_close_matches(word.lower(), by_case, n=1) or ends
    return by_case[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that says what is wrong: `; did you mean half?`, or nothing."""
    name = nearest(word, known)
    return f"; did you mean {name}?" if name else ""
