"""Hard runs that nobody planned, and races: what gives way to them (A18)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import MEASURED_KINDS, SessionKind
from syncd.domain.training.evidence import run_fact
from syncd.domain.training.races import EASY_DAYS_AFTER
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, moved, room_for
from syncd.domain.training.rules.situation import DoneRun, Edit, RuleProposal, SessionRecord, Situation
from syncd.domain.training.special_sessions import RACE_M
from syncd.domain.training.zone_history import SHORTEST_RESULT_M

HELD_S = 1200.0  # 20 min at threshold or faster
_RECENT_DAYS, _MOVES_DAYS = 2, 3
_MEASURED_LONG = 1.02  # a recording of a race is rarely shorter than the race


def unplanned_hard(situation: Situation) -> Iterator[RuleProposal]:
    """A18: such a run was this week's hard day; the planned hard session moves, or is run easy."""
    for run in situation.runs:
        age = (situation.today - run.day).days
        if not 0 <= age <= _RECENT_DAYS or run.session_id is not None:
            continue
        if run.raced or run.held_s >= HELD_S:
            proposal = _given_way(situation, run)
            if proposal is not None:
                yield proposal


def _given_way(situation: Situation, run: DoneRun) -> RuleProposal | None:
    free_from = run.day + timedelta(days=max(situation.limits.gap_days, _easy_days(run) + 1))
    edits: list[Edit] = []
    for entry in situation.due:
        session = entry.session
        if session.hard and session.kind is not SessionKind.RACE and session.day < free_from:
            edits += _moved_or_easy(situation, entry, free_from, edits)
    if not edits:
        return None
    cause = Cause.RACED_UNPLANNED if run.raced else Cause.HARD_UNPLANNED
    reason = Reason(cause, {"day": run.day.isoformat()})
    rests_on = (run_fact(run, "session_id", "raced", "held_s"),)
    key = f"A18:{run.id}"
    return RuleProposal("A18", key, reason, {"run": run.id}, tuple(edits), rests_on=rests_on)


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
