"""Kill a migration before each of its statements, and print what the file then holds.

Run as a program: it forks, which only a process without threads should do.
"""

import json
import os
import shutil
import sqlite3
import sys
from pathlib import Path

from syncd.store.migrations import migrate


def connected(path: Path, lives: int | None = None) -> sqlite3.Connection:
    """A connection that ends its process before statement `lives`, counted from 0."""
    connection = sqlite3.connect(path, isolation_level=None)
    if lives is not None:
        left = [lives]

        def count(_statement: str) -> None:
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1

        connection.set_trace_callback(count)
    return connection


def state_of(path: Path) -> list[object]:
    connection = connected(path)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = sorted(row[0] for row in connection.execute("SELECT name FROM sqlite_schema"))
    rows = connection.execute("SELECT count(*) FROM run").fetchone()[0] if "run" in tables else None
    columns = [row[1] for row in connection.execute("PRAGMA table_info(run)")]
    check = connection.execute("PRAGMA quick_check").fetchone()[0]
    connection.close()
    return [version, tables, columns, rows, check]


def main(before: Path, schema: Path) -> None:
    states, lives, killed = [], 0, True
    while killed:
        path = before.with_name(f"killed-{lives}.db")
        if before.stat().st_size:
            shutil.copy(before, path)
        child = os.fork()
        if child == 0:
            migrate(connected(path, lives), path, schema)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        left = state_of(path)
        connection = connected(path)
        migrate(connection, path, schema)
        connection.close()
        states.append({"killed": killed, "left": left, "after": state_of(path)})
        lives += 1
    print(json.dumps(states))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
