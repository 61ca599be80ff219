"""Everything that is kept of an athlete, in formats that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syncd.domain.plain_text import json_text
from syncd.durable import write_whole
from syncd.store.database import Value
from syncd.store.errors import StoreDamaged, disk_faults
from syncd.store.store import Store

_ENDINGS = {"fit": "fit", "tcx": "tcx", "gpx": "gpx"}  # everything else is JSON as a service sent it


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written. `unreadable`: payloads that are damaged, and were left out."""

    rows: Mapping[str, int]
    recordings: int
    unreadable: tuple[str, ...] = ()


def export_to(store: Store, folder: Path) -> Exported:
    """`tables/NAME.jsonl`, a JSON object a row; `recordings/` as received; `syncd.db`, the whole database.

    `folder` is there and empty. Raises StoreError.
    """
    with disk_faults(folder):
        (folder / "tables").mkdir(mode=0o700)
        (folder / "recordings").mkdir(mode=0o700)
        store.copy_to(folder)
        rows = {}
        for name, table_rows in store.tables():
            write_whole(folder / "tables" / f"{name}.jsonl", "".join(map(_line, table_rows)).encode())
            rows[name] = len(table_rows)
        written, unreadable = 0, []
        for name, row in _recordings(store).items():
            try:
                write_whole(folder / "recordings" / name, store.raw.get(str(row["raw_hash"])))
            except StoreDamaged as error:
                unreadable.append(str(error))
            else:
                written += 1
    return Exported(rows, written, tuple(unreadable))


def _line(row: Mapping[str, Value]) -> str:
    return json_text(dict(row)) + "\n"


def _recordings(store: Store) -> dict[str, Mapping[str, Value]]:
    """File name to row, for each payload that is still here; a payload comes once."""
    by_file: dict[str, Mapping[str, Value]] = {}
    for row in map(dict, store.rows("SELECT day, source, kind, raw_hash FROM recordings")):
        payload = str(row["raw_hash"])
        if store.raw.has(payload):
            ending = _ENDINGS.get(str(row["kind"]), "json")
            by_file[f"{row['day']}-{row['source']}-{payload[:8]}.{ending}"] = row
    return by_file
