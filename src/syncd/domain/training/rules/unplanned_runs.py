"""Runs that were hard though the plan did not mean them to be, and races: what gives way to them (A18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import MEASURED_KINDS, SessionKind
from syncd.domain.training.evidence import run_fact
from syncd.domain.training.hardness import Sign
from syncd.domain.training.health import Limits
from syncd.domain.training.races import EASY_DAYS_AFTER
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, moved, room_for
from syncd.domain.training.rules.situation import DoneRun, Edit, RuleProposal, SessionRecord, Situation
from syncd.domain.training.special_sessions import RACE_M
from syncd.domain.training.zone_history import SHORTEST_RESULT_M
from syncd.domain.workout import PaceZone

_RECENT_DAYS, _MOVES_DAYS = 2, 3
_WORK = {
    Sign.FIVE_K: PaceZone.FIVE_K,
    Sign.THRESHOLD: PaceZone.THRESHOLD,
    Sign.HALF: PaceZone.HALF_MARATHON,
    Sign.MARATHON: PaceZone.MARATHON,
}
_MEASURED_LONG = 1.02  # a recording of a race is rarely shorter than the race


def unplanned_hard(situation: Situation) -> Iterator[RuleProposal]:
    """A18: a run that was hard is a hard day, whoever planned it; the hard session after it gives way.

    It moves, or is run easy. The session that was meant to be hard is no such run.
    """
    for run in situation.runs:
        age = (situation.today - run.day).days
        if 0 <= age <= max(_RECENT_DAYS, _easy_days(run)) and run.is_extra_hard:
            proposal = _given_way(situation, run)
            if proposal is not None:
                yield proposal


def hard_again_from(run: DoneRun, limits: Limits) -> date:
    """The first day for something hard after it."""
    return run.day + timedelta(days=max(limits.gap_days, _easy_days(run) + 1))


def hard_again_after(runs: Iterable[DoneRun], limits: Limits) -> date | None:
    """The first day for something hard after those of the runs that the plan did not mean to be hard."""
    return max((hard_again_from(run, limits) for run in runs if run.is_extra_hard), default=None)


def _given_way(situation: Situation, run: DoneRun) -> RuleProposal | None:
    free_from = hard_again_from(run, situation.limits)
    edits: list[Edit] = []
    for entry in situation.due:
        session = entry.session
        if session.hard and session.kind is not SessionKind.RACE and session.day < free_from:
            edits += _moved_or_easy(situation, entry, free_from, edits)
    if not edits:
        return None
    rests_on = (run_fact(run, "is_extra_hard", "raced"),)
    key = f"A18:{run.id}"
    return RuleProposal("A18", key, _seen(run), {"run": run.id}, tuple(edits), rests_on=rests_on)


def _seen(run: DoneRun) -> Reason:
    """What makes a hard day of it."""
    day, hardness = run.day.isoformat(), run.hardness
    if hardness.sign is Sign.RACE:
        return Reason(Cause.RACED_UNPLANNED, {"day": day})
    if hardness.sign is Sign.ALL_OUT:
        return Reason(Cause.ALL_OUT_UNPLANNED, {"day": day})
    if hardness.sign is Sign.EFFORT:
        return Reason(Cause.FELT_HARD_UNPLANNED, {"day": day, "rpe": run.rpe})
    work = {"work_s": hardness.seconds, "zone": _WORK[hardness.sign].value}
    return Reason(Cause.WORKED_HARD_UNPLANNED, {"day": day} | work)


def _moved_or_easy(situation: Situation, entry: SessionRecord, first: date, so_far: list[Edit]) -> list[Edit]:
    session = entry.session
    moves = session.kind not in MEASURED_KINDS and session.kind is not SessionKind.LONG and not so_far
    room = room_for(session, situation, first, first + timedelta(days=_MOVES_DAYS)) if moves else None
    if room is None:
        return [as_easy(session, situation, "A18")]
    day, gives_way = room
    return [moved(session, day, "A18"), *([Edit(gives_way.session, None)] if gives_way else [])]


def _easy_days(run: DoneRun) -> int:
    """After a race, by its distance; none for a hard run that was no race."""
    if not run.raced or run.distance_m < SHORTEST_RESULT_M:
        return 0
    metres = run.distance_m * _MEASURED_LONG
    return max((days for goal, days in EASY_DAYS_AFTER.items() if RACE_M[goal] <= metres), default=1)
