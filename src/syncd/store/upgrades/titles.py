"""Schema 6: titles such as `8 km easy` become a length and `easy`, in the plan and in its changes.

Only titles that syncd made (their session has a family); the athlete's own stay as they are.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

_LENGTH = re.compile(r"(\d+(?:\.\d+)?) km ((?:easy|recovery|long run)\b.*)")


def upgrade(connection: sqlite3.Connection) -> None:
    """Split them. In the transaction of the step."""
    rows = connection.execute("SELECT id, title, name FROM sessions WHERE family <> ''").fetchall()
    for identity, title, name in rows:
        length_m, rest = _split(title)
        connection.execute(
            "UPDATE sessions SET title = ?, length_m = ?, name = ? WHERE id = ?",
            (rest, length_m, _split(name)[1], identity),
        )
    for identity, before, after in connection.execute("SELECT id, before, after FROM changes").fetchall():
        connection.execute(
            "UPDATE changes SET before = ?, after = ? WHERE id = ?",
            (_upgraded(before), _upgraded(after), identity),
        )


def _upgraded(text: str | None) -> str | None:
    """The session of a change, as JSON."""
    if text is None:
        return None
    session: dict[str, Any] = json.loads(text)
    session["length_m"] = None
    if session["family"]:
        session["length_m"], session["title"] = _split(session["title"])
        session["name"] = _split(session["name"])[1]
    return json.dumps(session, ensure_ascii=False)


def _split(title: str) -> tuple[float | None, str]:
    """Metres, to 100, and what follows them; None and the whole title without a length."""
    found = _LENGTH.fullmatch(title)
    if found is None:
        return None, title
    return float(round(float(found[1]) * 10)) * 100, found[2]
