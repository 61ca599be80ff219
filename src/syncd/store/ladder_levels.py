"""The levels of the ladders, each with what moved it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from syncd.domain.training.adaptation import LevelDecision
from syncd.domain.training.ladder_levels import LadderState, LadderStep
from syncd.store.database import Database
from syncd.store.reason_codec import reason_from_text, reason_to_text

_KEEP = (
    "INSERT OR REPLACE INTO ladder_levels (family, begun, steps, level, rule, reason, sessions)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class LadderLevels:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> dict[str, LadderState]:
        """The ladder of each family that was ever run."""
        found = {}
        for row in self._db.rows("SELECT * FROM ladder_levels ORDER BY family"):
            steps = tuple(
                LadderStep(of, date.fromisoformat(day), level, went)
                for of, day, level, went in json.loads(row["steps"])
            )
            decision = LevelDecision(
                row["level"], row["rule"], reason_from_text(row["reason"]), tuple(json.loads(row["sessions"]))
            )
            found[row["family"]] = LadderState(row["begun"], steps, decision)
        return found

    def keep(self, ladders: Mapping[str, LadderState]) -> None:
        """What is different now; nothing is written where nothing is. In one transaction."""
        known = self.all()
        changed = {family: ladder for family, ladder in ladders.items() if ladder != known.get(family)}
        if not changed:
            return
        with self._db.transaction():
            for family, ladder in changed.items():
                steps = [[step.of, step.day.isoformat(), step.level, step.went] for step in ladder.steps]
                decision = ladder.decision
                self._db.run(
                    _KEEP,
                    (
                        family,
                        ladder.begun,
                        json.dumps(steps),
                        decision.level,
                        decision.rule,
                        reason_to_text(decision.reason),
                        json.dumps(list(decision.evidence)),
                    ),
                )
