"""Removing every trace of a source: the only place that deletes runs."""

from __future__ import annotations

from syncd.store.store import Store

# In this order, because rows point at each other. A run that another source has too stays.
_STATEMENTS = (
    "DELETE FROM recordings WHERE source = ?",
    "DELETE FROM details WHERE source = ?",
    "DELETE FROM race_marks WHERE source = ?",
    "DELETE FROM arrivals WHERE source = ?",
    "DELETE FROM quarantine WHERE source = ?",
    "UPDATE sessions SET activity_id = NULL WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM scores WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM words WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM pains WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM results WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM corrections WHERE author = ?",
    "DELETE FROM corrections WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM fits WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM questions WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM details WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM arrivals WHERE activity_id IN (SELECT id FROM orphans)",
    "DELETE FROM activities WHERE id IN (SELECT id FROM orphans)",
    (
        "DELETE FROM lost_payloads WHERE raw_hash NOT IN (SELECT raw_hash FROM recordings"
        " UNION SELECT raw_hash FROM arrivals WHERE raw_hash IS NOT NULL"
        " UNION SELECT raw_hash FROM details WHERE raw_hash IS NOT NULL)"
    ),
)
_META = ("cursor.{}", "source_look.{}", "device_sync.{}", "details.{}.looked", "details.{}.unlisted")
_ORPHANS = """
CREATE TEMP TABLE orphans AS
SELECT id FROM activities
WHERE source = ? AND id NOT IN (SELECT activity_id FROM recordings WHERE source <> ?)
"""
_ONLY_HERE = """
WITH payloads AS (
    SELECT source, raw_hash FROM arrivals WHERE raw_hash IS NOT NULL
    UNION SELECT source, raw_hash FROM details WHERE raw_hash IS NOT NULL
    UNION SELECT source, raw_hash FROM recordings
)
SELECT DISTINCT raw_hash FROM payloads
WHERE source = ? AND raw_hash NOT IN (SELECT raw_hash FROM payloads WHERE source <> ?)
"""


def remote_ids(store: Store, source: str) -> tuple[str, ...]:
    """Everything that this source ever delivered."""
    sql = "SELECT DISTINCT remote_id FROM recordings WHERE source = ? ORDER BY remote_id"
    return tuple(str(row["remote_id"]) for row in store.rows(sql, (source,)))


def forget_source(store: Store, source: str) -> int:
    """Delete what came from there alone, and how far it was read; returns how many runs were deleted.

    Call it when nothing that came from there counts any more. Opens its own transaction; payloads go
    after it, so that a kill in between leaves files without a row, never the reverse.
    """
    payloads = [str(row["raw_hash"]) for row in store.rows(_ONLY_HERE, (source, source))]
    with store.transaction():
        store.run(_ORPHANS, (source, source))
        runs = int(store.rows("SELECT count(*) AS number FROM orphans")[0]["number"])
        for statement in _STATEMENTS:
            store.run(statement, (source,) * statement.count("?"))
        store.run("DROP TABLE orphans")
        for key in _META:
            store.meta.forget(key.format(source))
    for payload in payloads:
        store.raw.forget(payload)
    for payload in store.raw.sizes().keys() - _named_payloads(store):
        store.raw.forget(payload)  # a kill, or a fault before its row, left it behind
    return runs


def _named_payloads(store: Store) -> frozenset[str]:
    """Every payload that some row is about; a column that names payloads has hash in its name."""
    columns = store.rows(
        "SELECT t.name AS named, c.name AS hash FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND c.name LIKE '%hash%'"
    )
    return frozenset(
        str(row["payload"])
        for column in columns
        for row in store.rows(f'SELECT DISTINCT "{column["hash"]}" AS payload FROM "{column["named"]}"')  # noqa: S608
    )
