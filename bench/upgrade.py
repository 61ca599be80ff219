"""How long a database of version 0.1.0 with many scores takes to come over: bench/upgrade.py [SCORES]."""

import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from syncd.store.database import open_database
from syncd.store.migrations import SCHEMA

DUMP = Path(__file__).parent.parent / "tests" / "store" / "upgrades" / "version_0_1_0.sql"
COLUMNS = (
    "activity_id, session_id, algorithm, origin, prescription, score, band, confidence, method, payload,"
    " words, at"
)


def with_scores(path: Path, wanted: int) -> int:
    """The demo's database with its scores again and again; how many."""
    old = sqlite3.connect(path)
    old.executescript(DUMP.read_text())
    count = old.execute("SELECT count(*) FROM scores").fetchone()[0]
    while count < wanted:
        most = min(count, wanted - count)
        old.execute(f"INSERT INTO scores ({COLUMNS}) SELECT {COLUMNS} FROM scores LIMIT {most}")  # noqa: S608
        count += most
    old.commit()
    old.close()
    return count


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "syncd.db"
        count = with_scores(path, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
        began = time.monotonic()
        open_database(path, SCHEMA).close()
        print(f"{count} scores: {time.monotonic() - began:.2f} s")


if __name__ == "__main__":
    main()
