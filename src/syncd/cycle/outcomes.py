"""How sessions went: quality outcomes for the rules on levels, and evidence for the gates between phases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from syncd.cycle.done_runs import is_too_fast
from syncd.domain.athlete import PastRun
from syncd.domain.scoring.card import Flag, Scorecard, StepStatus
from syncd.domain.session import EASY_KINDS, SessionState, monday_of
from syncd.domain.training.adaptation import QualityOutcome
from syncd.domain.training.ladders import LADDERS
from syncd.domain.training.phases import PhaseEvidence
from syncd.domain.training.volume import weekly_distances
from syncd.store import Store

_EXCUSES = frozenset({Flag.HOT, Flag.HILLY})  # A10: no sign of a level too high
LOOK_BACK = timedelta(days=180)  # our default: longer than any phase
GATES_LOOK_BACK = timedelta(weeks=6)
_PEAK_BACK_WEEKS = 26
_NEAR_PEAK = 0.95


def quality_outcomes(store: Store, today: date) -> dict[str, tuple[QualityOutcome, ...]]:
    """Every scored session of each quality family, oldest first."""
    outcomes: dict[str, list[QualityOutcome]] = {}
    for committed in store.plan.between(today - LOOK_BACK, today):
        session = committed.session
        if (
            committed.state is not SessionState.DONE
            or session.family not in LADDERS
            or committed.activity_id is None
        ):
            continue
        stored = store.scores.for_session(session.id)
        run = store.activities.get(committed.activity_id)
        if stored is None or run is None:
            continue
        card = stored.card
        outcomes.setdefault(session.family, []).append(
            QualityOutcome(
                session_id=session.id,
                day=run.day,
                family=session.family,
                level=session.level,
                reps_planned=card.reps_judged if card else 0,
                reps_in_band=card.reps_in_band if card else 0,
                rpe=run.rpe,
                expected_rpe=session.rpe,
                confidence=stored.confidence,
                score=stored.score,
                excused=card is not None and not _EXCUSES.isdisjoint(card.flags),
                reps_too_fast=_too_fast(card),
            )
        )
    return {
        family: tuple(sorted(unsorted, key=lambda outcome: (outcome.day, outcome.session_id)))
        for family, unsorted in outcomes.items()
    }


def _too_fast(card: Scorecard | None) -> int:
    """Whole repetitions that were too fast."""
    reps = [row for row in card.steps if row.rep is not None] if card else []
    return sum(row.status is StepStatus.DONE and is_too_fast(row) for row in reps)


def phase_evidence(store: Store, today: date) -> PhaseEvidence:
    """The evidence of the last six weeks; what was not measured is None, which is neutral."""
    first = today - GATES_LOOK_BACK
    easy = [session for session in store.plan.between(first, today) if session.session.kind in EASY_KINDS]
    done = [
        session for session in easy if session.state is SessionState.DONE and session.activity_id is not None
    ]
    felt = [
        run.rpe for session in done if (run := store.activities.get(session.activity_id or 0)) and run.rpe
    ]
    missed = sum(session.state in (SessionState.DONE, SessionState.MISSED) for session in easy) - len(done)
    since = monday_of(today) - timedelta(weeks=_PEAK_BACK_WEEKS)
    return evidence_of(len(done), missed, felt, store.activities.runs_between(since, today), today)


def evidence_of(
    done: int, missed: int, felt: Sequence[float], runs: Sequence[PastRun], today: date
) -> PhaseEvidence:
    """The evidence from the easy sessions of the last six weeks and the runs of half a year.

    `done` and `missed` easy sessions, and how those felt that somebody rated.
    """
    recent = [run for run in runs if today - GATES_LOOK_BACK <= run.day <= today]
    return PhaseEvidence(
        easy_done=done / (done + missed) if done + missed else None,
        longest_m=max((run.distance_m for run in recent), default=0.0),
        longest_s=max((run.duration_s for run in recent), default=0.0),
        weeks_near_peak=_weeks_near_peak(runs, today),
        easy_rpe=median(felt) if felt else None,
    )


def _weeks_near_peak(runs: Sequence[PastRun], today: date) -> int | None:
    """Weeks in a row, up to the last whole one, within 5 % of the largest of half a year."""
    monday = monday_of(today)
    first = monday - timedelta(weeks=_PEAK_BACK_WEEKS)
    weekly = weekly_distances(run for run in runs if first <= run.day < monday)
    if not weekly:
        return None
    peak, count = max(weekly.values()), 0
    while weekly.get(monday - timedelta(weeks=count + 1), 0.0) >= _NEAR_PEAK * peak:
        count += 1
    return count
