"""The database: it opens, it is whole, it holds what this version expects."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from syncd.health.check import Check, fail, ok, unknown
from syncd.health.examination import RESTORE, Examination
from syncd.store import StoreError
from syncd.store.copies import to_restore
from syncd.store.database import Database
from syncd.store.errors import StoreBehind, StoreBusy, StoreDamaged
from syncd.store.looking import database_as_it_is
from syncd.store.migrations import NewerSchema, bring_up_to_date

_NAME, _NEW = "database", Path("a new database")


def database(case: Examination) -> list[Check]:
    """It opens, it is intact, and this version can use it."""
    if not case.state_is_listed:
        return [unknown(_NAME, "cannot be checked: see permissions")]
    path, copies = case.database, to_restore(case.paths.state)
    if not path.exists() and not copies:
        return [unknown(_NAME, "there is none yet: the first syncd sync creates it")]
    try:
        with database_as_it_is(path, checked=True) as opened:
            if problem := _lack(opened) or opened.problem():
                return [fail(_NAME, f"{path} is damaged ({problem})", RESTORE)]
            runs = opened.rows("SELECT count(*) FROM activities WHERE sport = 'running'")[0][0]
    except NewerSchema as error:
        return [fail(_NAME, str(error), "install the version of syncd that wrote it, or a newer one")]
    except StoreBusy as error:
        return [unknown(_NAME, str(error))]
    except (StoreBehind, StoreDamaged) as error:
        return [fail(_NAME, str(error), RESTORE)]
    except StoreError as error:
        return [fail(_NAME, str(error), RESTORE if copies else "check that syncd may read it")]
    return [ok(_NAME, f"intact, {runs} run{'' if runs == 1 else 's'}, {path.stat().st_size // 1024} kB")]


def _lack(opened: Database) -> str:
    """What this version expects in it and does not find, "" for nothing."""
    found = _columns_of(opened)
    missing = _expected() - found
    if not missing:
        return ""
    table, column = min(missing)
    there = any(table == name for name, _ in found)
    return f"{table}.{column} is missing" if there else f"no such table: {table}"


@cache
def _expected() -> frozenset[tuple[str, str]]:
    """Every column of a database of this version, by table."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.row_factory = sqlite3.Row
        bring_up_to_date(fresh, _NEW)
        return _columns_of(Database(_NEW, fresh))


def _columns_of(opened: Database) -> frozenset[tuple[str, str]]:
    found = opened.rows(
        "SELECT tables.name, columns.name"
        " FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns"
        " WHERE tables.type = 'table'"
    )
    return frozenset((str(row[0]), str(row[1])) for row in found)
