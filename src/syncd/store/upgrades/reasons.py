"""Schema 7: sentences become reasons. Old ones stay verbatim, save where a rule reads them.

Three are read: that a result was much slower than the paces say (the next one then confirms it),
which verdict the key of an A17 was about (it is not reported twice), and where the paces in force come
from (the same set is not kept again).
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

_FAR_SLOWER = "3 % slower"
_VERDICTS = (  # how a sentence on a result began or ended, and its code
    (_FAR_SLOWER, "far_slower"),
    ("indoors:", "indoors"),
    (" instead of ", "wrong_distance"),
    (" downhill", "downhill"),
    ("a stop of ", "stopped"),
    ("the kilometres differ", "uneven"),
    ("of climb a kilometre", "hilly"),
    ("not as hard as it could be", "not_all_out"),
    ("no better than your paces", "no_better"),
    (" is faster than", "no_running_time"),
    (" is walking pace", "no_running_time"),
    ("fitness can be read", "no_running_time"),
    (" C", "hot"),
)
_ENTERED = re.compile(r"5 km in ([\d:.]+)")


def upgrade(connection: sqlite3.Connection) -> None:
    """Rewrite the columns. In the transaction of the step."""
    _rewrite(connection, "changes", "id", "reason", _legacy)
    _rewrite(connection, "weeks", "start", "notes", lambda text: [_legacy(note) for note in json.loads(text)])
    _rewrite(connection, "results", "id", "why", _verdict)
    _rewrite(connection, "zone_sets", "id", "source", _source)
    for identity, key in connection.execute("SELECT id, key FROM changes WHERE rule = 'A17'").fetchall():
        rule, _, rest = key.partition(":")
        run, _, prose = rest.partition(":")
        connection.execute(
            "UPDATE changes SET key = ? WHERE id = ?", (f"{rule}:{run}:{_code(prose)}", identity)
        )


def _rewrite(connection: sqlite3.Connection, table: str, key: str, column: str, made: Any) -> None:
    for identity, text in connection.execute(f"SELECT {key}, {column} FROM {table}").fetchall():  # noqa: S608
        kept = json.dumps(made(text), ensure_ascii=False)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (kept, identity))  # noqa: S608


def _legacy(text: str) -> dict[str, Any]:
    return {"code": "legacy", "text": text}


def _verdict(why: str) -> dict[str, Any]:
    return {"code": "far_slower"} if _FAR_SLOWER in why else _legacy(why)


def _code(prose: str) -> str:
    return next((code for phrase, code in _VERDICTS if phrase in prose), prose)


def _source(source: str) -> dict[str, Any]:
    entered = _ENTERED.fullmatch(source)
    if entered is None:
        return _legacy(source)
    return {"code": "entered_result", "distance_m": 5000.0, "time": entered[1]}
