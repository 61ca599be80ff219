"""The level of each ladder as a state that is kept: what lifted or lowered it, session by session.

A success lifts it (A8), failures (A10) and a return after time off lower it. What is older than the sessions
that are still looked at has left its mark in `begun`: looking again at fewer of them never lowers a level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.training.adaptation import LevelDecision, QualityOutcome, next_level
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.levels import FLOOR
from syncd.domain.training.reasons import Cause

# Days off and levels lost, our defaults; from eight weeks on the ladder begins anew.
LOST: tuple[tuple[int, int], ...] = ((28, 2), (14, 1))
BEGINS_ANEW_DAYS = 56
KEPT_LONGER = timedelta(
    days=60
)  # steps from before the sessions that are looked at, for a plan as of a past day


@dataclass(frozen=True, slots=True)
class LadderStep:
    """What moved a ladder or left it where it was, a session or the group of a return, and the level then."""

    of: str
    day: date
    level: int


@dataclass(frozen=True, slots=True)
class LadderState:
    """The level before the first step, the steps, oldest first, and what was decided last."""

    begun: int
    steps: tuple[LadderStep, ...]
    decision: LevelDecision

    def begun_before(self, first: date) -> int:
        """The level on the evening before a day."""
        before = [step.level for step in self.steps if step.day < first]
        return before[-1] if before else self.begun


def ladder_after(
    family: str,
    kept: LadderState | None,
    outcomes: Sequence[QualityOutcome],
    returns: Iterable[Condition],
    since: date,
) -> LadderState | None:
    """The ladder after these outcomes, oldest first, all of them from `since` on; None before the first."""
    if not outcomes:
        return kept
    begun = outcomes[0].level if kept is None else kept.begun_before(since)
    old = () if kept is None else tuple(step for step in kept.steps if step.day < since)
    decision = LevelDecision(begun, "", Reason(Cause.NOTHING_SCORED), ())
    steps: list[LadderStep] = []
    lowering = [
        asked for asked in sorted(returns, key=_first_day) if _lowers(asked) and asked.first_day >= since
    ]
    for count, outcome in enumerate(outcomes, start=1):
        while lowering and lowering[0].first_day <= outcome.day:
            decision = _lowered(decision, lowering.pop(0), steps)
        decision = next_level(family, outcomes[:count], max(decision.level, FLOOR))
        steps.append(LadderStep(outcome.session_id, outcome.day, decision.level))
    for asked in lowering:
        decision = _lowered(decision, asked, steps)
    forgotten = [step for step in old if step.day < since - KEPT_LONGER]
    first = forgotten[-1].level if forgotten else (outcomes[0].level if kept is None else kept.begun)
    remembered = tuple(step for step in old if step.day >= since - KEPT_LONGER)
    return LadderState(first, (*remembered, *steps), decision)


def ladders_after(
    kept: Mapping[str, LadderState],
    outcomes: Mapping[str, Sequence[QualityOutcome]],
    returns: Sequence[Condition],
    since: date,
) -> dict[str, LadderState]:
    """The same for every family that was ever run."""
    found = {
        family: ladder_after(family, kept.get(family), outcomes.get(family, ()), returns, since)
        for family in sorted({*kept, *outcomes})
    }
    return {family: ladder for family, ladder in found.items() if ladder is not None}


def _lowers(asked: Condition) -> bool:
    return asked.asked is Demanded.RETURN and asked.rising is not None and asked.days_off >= LOST[-1][0]


def _lowered(decision: LevelDecision, asked: Condition, steps: list[LadderStep]) -> LevelDecision:
    """After so many days off; nobody has to be told: the weeks of the return are planned with it."""
    level = FLOOR
    if asked.days_off < BEGINS_ANEW_DAYS:
        lost = next(levels for days, levels in LOST if asked.days_off >= days)
        level = max(FLOOR, decision.level - lost)
    steps.append(LadderStep(asked.group, asked.first_day, level))
    return LevelDecision(level, "", Reason(Cause.LOWER_AFTER_TIME_OFF, {"days": asked.days_off}), ())


def _first_day(asked: Condition) -> date:
    return asked.first_day
