"""Dated results that the paces come from; the paces themselves are computed from the VDOT."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.store.database import Database
from syncd.store.reason_codec import reason_from_text, reason_to_text
from syncd.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class StoredZones:
    """What a zone set is made of: `zones_from_vdot(vdot, as_of=..., source=...)` builds it again."""

    id: int
    vdot: float
    five_k_s: float
    as_of: date | None
    source: Reason
    added_at: datetime


class ZoneSets:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, zones: ZoneSet, at: datetime) -> int:
        """Keep it as the one in force; its id. Adding the one in force again changes nothing."""
        as_of = zones.as_of.isoformat() if zones.as_of else None
        facts = (zones.vdot, zones.five_k_s, as_of, reason_to_text(zones.source))
        with self._db.transaction():
            newest = self._db.row("SELECT * FROM zone_sets ORDER BY id DESC LIMIT 1")
            if newest and facts == tuple(newest[name] for name in ("vdot", "five_k_s", "as_of", "source")):
                return int(newest["id"])
            return self._db.insert(
                "INSERT INTO zone_sets (vdot, five_k_s, as_of, source, added_at) VALUES (?, ?, ?, ?, ?)",
                (*facts, to_text(at)),
            )

    def in_force(self) -> StoredZones | None:
        """The one that was added last."""
        row = self._db.row("SELECT * FROM zone_sets ORDER BY id DESC LIMIT 1")
        return None if row is None else _zones(row)

    def get(self, zone_set_id: int) -> StoredZones | None:
        """One of them."""
        row = self._db.row("SELECT * FROM zone_sets WHERE id = ?", (zone_set_id,))
        return None if row is None else _zones(row)

    def history(self) -> tuple[StoredZones, ...]:
        """All, oldest first."""
        return tuple(map(_zones, self._db.rows("SELECT * FROM zone_sets ORDER BY id")))


def _zones(row: sqlite3.Row) -> StoredZones:
    return StoredZones(
        id=row["id"],
        vdot=row["vdot"],
        five_k_s=row["five_k_s"],
        as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
        source=reason_from_text(row["source"]),
        added_at=from_text(row["added_at"]),
    )
