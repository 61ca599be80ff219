"""How well runs fit sessions: found once, and read by every later assignment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.session_fit import Fit, Veto
from syncd.store.database import Database


class Fits:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, runs: str) -> dict[str, Fit]:
        """What is known of a version of a run, or of a row of runs, by version of the session."""
        found = self._db.rows("SELECT session, fit FROM fits WHERE runs = ?", (runs,))
        return {row["session"]: _fit(row["fit"]) for row in found}

    def keep(self, runs: str, activity_id: int, day: date, fits: Mapping[str, Fit]) -> None:
        """Remember them, by version of the session; `activity_id` is the first run, `day` its day."""
        with self._db.transaction():
            for session, fit in fits.items():
                self._db.run(
                    "INSERT OR REPLACE INTO fits (runs, session, activity_id, day, fit)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (runs, session, activity_id, day.isoformat(), json.dumps(asdict(fit), sort_keys=True)),
                )

    def forget_before(self, day: date) -> None:
        """Runs of longer ago are assigned no more."""
        self._db.run("DELETE FROM fits WHERE day < ?", (day.isoformat(),))


def _fit(text: str) -> Fit:
    values = json.loads(text)
    named, veto = values["named"], values["veto"]
    return Fit(
        **values
        | {
            "named": None if named is None else Method(named),
            "veto": None if veto is None else Veto(veto),
        }
    )
