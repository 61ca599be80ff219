"""The level of each ladder as a state that is kept: what lifted or lowered it, session by session.

A success lifts it (A8), failures (A10) and a return after time off lower it. What is older than the sessions
that are still looked at has left its mark in `begun`: looking again at fewer of them never lowers a level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.training.adaptation import LevelDecision, QualityOutcome, moves_a_level, next_level
from syncd.domain.training.conditions import Condition
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
    went: str = (
        ""  # how the session went, or how long the time off was: one that is otherwise is counted anew
    )


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
    if kept is None and not outcomes:
        return None
    old = () if kept is None else tuple(step for step in kept.steps if step.day < since)
    known = () if kept is None else tuple(step for step in kept.steps if step.day >= since)
    begun = kept.begun_before(since) if kept is not None and (old or not outcomes) else outcomes[0].level
    events = _events(outcomes, returns, since if old or not outcomes else outcomes[0].day)
    same = _as_known(events, known)
    if same and same == len(events) < len(known):
        same -= 1  # the newest was taken back: the one before it decides anew
    decision = LevelDecision(known[same - 1].level if same else begun, "", Reason(Cause.NOTHING_SCORED), ())
    if kept is not None and same == len(events) == len(known):
        decision = kept.decision
    steps = list(known[:same])
    for number, event in enumerate(events[same:], start=same):
        decision = _decided(family, events[: number + 1], outcomes, decision)
        steps.append(LadderStep(event.of, event.day, decision.level, event.went))
    forgotten = [step for step in old[:-1] if step.day < since - KEPT_LONGER]
    first = kept.begun if kept is not None and old else begun
    first = forgotten[-1].level if forgotten else first
    return LadderState(first, (*old[len(forgotten) :], *steps), decision)


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
    return asked.rises and asked.days_off >= LOST[-1][0]


@dataclass(frozen=True, slots=True)
class _LadderEvent:
    """A session, with its place among the outcomes, or a return."""

    of: str
    day: date
    went: str
    place: int = -1
    days_off: int = 0


def _events(
    outcomes: Sequence[QualityOutcome], returns: Iterable[Condition], since: date
) -> list[_LadderEvent]:
    """All that moves the ladder, in order of days; a return before the session of its first day."""
    events = [
        _LadderEvent(asked.group, asked.first_day, f"off {asked.days_off}", days_off=asked.days_off)
        for asked in returns
        if _lowers(asked) and asked.first_day >= since
    ]
    for place, outcome in enumerate(outcomes):
        went = f"{outcome.level}: {outcome.reps_in_band}/{outcome.reps_planned} {outcome.rpe}"
        went += f" {outcome.confidence:.2f}"
        went += " excused" if outcome.excused else ""
        went += f" {outcome.reps_too_fast} too fast" if outcome.reps_too_fast else ""
        events.append(_LadderEvent(outcome.session_id, outcome.day, went, place))
    return sorted(events, key=lambda event: (event.day, event.place))


def _as_known(events: Sequence[_LadderEvent], known: Sequence[LadderStep]) -> int:
    """How many of the events, from the first on, were counted before and are the same."""
    same = 0
    for event, step in zip(events, known, strict=False):
        if (event.of, event.went) != (step.of, step.went):
            break
        same += 1
    return same


def _decided(
    family: str,
    events: Sequence[_LadderEvent],
    outcomes: Sequence[QualityOutcome],
    before: LevelDecision,
) -> LevelDecision:
    """What the last of the events makes of the level; sessions from before a return say nothing about it."""
    event = events[-1]
    if event.place < 0:
        return _lowered(before.level, event.days_off)
    if not moves_a_level(outcomes[event.place], family):
        return before
    first = next((place + 1 for place in range(len(events) - 2, -1, -1) if events[place].place < 0), 0)
    since = [outcomes[known.place] for known in events[first:]]
    return next_level(family, since, max(before.level, FLOOR))


def _lowered(level: int, days_off: int) -> LevelDecision:
    """After so many days off; nobody has to be told: the weeks of the return are planned with it."""
    lower = FLOOR
    if days_off < BEGINS_ANEW_DAYS:
        lower = max(FLOOR, level - next(levels for days, levels in LOST if days_off >= days))
    return LevelDecision(lower, "", Reason(Cause.LOWER_AFTER_TIME_OFF, {"days": days_off}), ())
