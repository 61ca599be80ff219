"""Scores: every one that was ever given, the newest of a run counts."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from syncd.domain.activity import Trait
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.card import ScoreBand, Scorecard, Strain
from syncd.domain.scoring.judgement import NOTHING_COMPARED, Judgement
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.store.database import Database
from syncd.store.reason_codec import reason_from_text, reason_to_text
from syncd.store.score_codec import card_from_json, card_to_json, strain_from_json, strain_to_json
from syncd.store.times import from_text, to_text

ALGORITHM_NONE = "0"  # nothing was compared


@dataclass(frozen=True, slots=True)
class StoredScore:
    """Which session a run was, how it went, and what it cost. `id` is 0 until it is recorded.

    `part_of`: the run that this one is a part of. `strain` None: it was not measured.
    """

    activity_id: int
    attribution: Attribution
    at: datetime
    judgement: Judgement = NOTHING_COMPARED
    strain: Strain | None = None
    part_of: int | None = None
    id: int = 0

    @property
    def method(self) -> Method:
        """How the session was found."""
        return self.attribution.method

    @property
    def session_id(self) -> str | None:
        """The session that it was."""
        return self.attribution.session_id

    @property
    def card(self) -> Scorecard | None:
        """How it went; None where nothing was compared."""
        return self.judgement.card

    @property
    def score(self) -> int | None:
        """0 to 100; None without a total."""
        return None if self.card is None else self.card.score

    @property
    def band(self) -> ScoreBand | None:
        """What the score means."""
        return None if self.card is None else self.card.band

    @property
    def confidence(self) -> float:
        """0 to 1; 0 where nothing was compared."""
        return 0.0 if self.card is None else self.card.confidence

    @property
    def algorithm(self) -> str:
        """The version that gave the score."""
        return ALGORITHM_NONE if self.card is None else str(self.card.algorithm)


class Scores:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(self, score: StoredScore) -> int:
        """Keep it beside the earlier ones of that run; its id."""
        attribution, judgement = score.attribution, score.judgement
        return self._db.insert(
            "INSERT INTO scores (activity_id, session_id, method, attribution_confidence, why, part_of,"
            " origin, prescription, algorithm, score, band, confidence, card, strain, problems, traits, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                score.activity_id,
                score.session_id,
                score.method.value,
                attribution.confidence,
                reason_to_text(attribution.why),
                score.part_of,
                judgement.origin.value,
                judgement.notation,
                score.algorithm,
                score.score,
                score.band,
                score.confidence,
                None if score.card is None else card_to_json(score.card),
                None if score.strain is None else strain_to_json(score.strain),
                json.dumps(judgement.problems, ensure_ascii=False),
                json.dumps(sorted(judgement.traits)),
                to_text(score.at),
            ),
        )

    def newest_of(self, activity_id: int) -> StoredScore | None:
        """The one that counts for a run."""
        row = self._db.row(
            "SELECT * FROM scores WHERE activity_id = ? ORDER BY id DESC LIMIT 1", (activity_id,)
        )
        return None if row is None else _score(row)

    def history_of(self, activity_id: int) -> tuple[StoredScore, ...]:
        """All of a run, oldest first."""
        found = self._db.rows("SELECT * FROM scores WHERE activity_id = ? ORDER BY id", (activity_id,))
        return tuple(map(_score, found))

    def between(self, first: date, last: date) -> tuple[StoredScore, ...]:
        """The one that counts for each run on these days, in the order the runs began."""
        found = self._db.rows(_BETWEEN, (first.isoformat(), last.isoformat()))
        return tuple(map(_score, found))

    def for_session(self, session_id: str) -> StoredScore | None:
        """The newest score against a session that still counts for its run."""
        row = self._db.row(_FOR_SESSION, (session_id,))
        return None if row is None else _score(row)


_BETWEEN = """
SELECT scores.* FROM activities
JOIN scores ON scores.id = (SELECT max(id) FROM scores WHERE activity_id = activities.id)
WHERE activities.day BETWEEN ? AND ?
ORDER BY activities.start_at, activities.id
"""
_FOR_SESSION = """
SELECT * FROM scores
WHERE session_id = ?
  AND NOT EXISTS (SELECT 1 FROM scores AS later
                  WHERE later.activity_id = scores.activity_id AND later.id > scores.id)
ORDER BY id DESC LIMIT 1
"""


def _card(row: sqlite3.Row) -> Scorecard | None:
    if row["card"] is None:
        return None
    return card_from_json(
        row["card"],
        algorithm=int(row["algorithm"]),
        score=row["score"],
        band=row["band"],
        confidence=row["confidence"],
    )


def _score(row: sqlite3.Row) -> StoredScore:
    return StoredScore(
        id=row["id"],
        activity_id=row["activity_id"],
        attribution=Attribution(
            Method(row["method"]),
            row["session_id"],
            row["attribution_confidence"],
            reason_from_text(row["why"]),
        ),
        at=from_text(row["at"]),
        judgement=Judgement(
            origin=PrescriptionOrigin(row["origin"]),
            notation=row["prescription"],
            card=_card(row),
            problems=tuple(json.loads(row["problems"])),
            traits=frozenset(map(Trait, json.loads(row["traits"]))),
        ),
        strain=None if row["strain"] is None else strain_from_json(row["strain"]),
        part_of=row["part_of"],
    )
