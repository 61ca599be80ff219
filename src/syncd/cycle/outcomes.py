"""How the quality sessions went, as the adaptation rules want to know it."""

from __future__ import annotations

import json
from datetime import date, timedelta

from syncd.domain.scoring.card import Flag
from syncd.domain.session import SessionState
from syncd.domain.training.adaptation import QualityOutcome
from syncd.domain.training.rungs import LADDERS
from syncd.store import Store

_EXCUSES = frozenset({Flag.HOT.value, Flag.HILLY.value})  # A10: no sign of a level too high
LOOK_BACK = timedelta(days=180)  # our default: longer than any phase


def quality_outcomes(store: Store, today: date) -> dict[str, tuple[QualityOutcome, ...]]:
    """Every scored session of each quality family, oldest first."""
    outcomes: dict[str, list[QualityOutcome]] = {}
    for each in store.plan.between(today - LOOK_BACK, today):
        session = each.session
        if each.state is not SessionState.DONE or session.family not in LADDERS or each.activity_id is None:
            continue
        stored = store.scores.for_session(session.id)
        run = store.activities.get(each.activity_id)
        if stored is None or run is None:
            continue
        payload = json.loads(stored.payload)
        reps = payload.get("reps", {})
        outcomes.setdefault(session.family, []).append(
            QualityOutcome(
                session_id=session.id,
                day=run.day,
                family=session.family,
                level=session.level,
                reps_planned=reps.get("judged", 0),
                reps_in_band=reps.get("in_band", 0),
                rpe=run.rpe,
                expected_rpe=session.rpe,
                confidence=stored.confidence,
                score=stored.score,
                excused=bool(_EXCUSES & set(payload.get("flags", ()))),
            )
        )
    return {
        family: tuple(sorted(found, key=lambda outcome: (outcome.day, outcome.session_id)))
        for family, found in outcomes.items()
    }
