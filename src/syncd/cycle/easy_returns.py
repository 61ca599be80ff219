"""The first half of a return stays easy, whoever wants it otherwise.

Source: the training model, 9.3. What the planner makes is easy there by itself; this is for what came there
by a word, an undo, the watch's calendar or the athlete's own plan file. Races stay: whether to start is
theirs to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from syncd.cycle.adapting import carry_out
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.conditions import Condition, Demanded, from_json, newest
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import Decision
from syncd.domain.training.rules.edits import as_easy
from syncd.domain.training.rules.situation import RuleProposal
from syncd.store.changes import Change

UNDONE = "A3:undone:"  # the group of what stays easy after an undoing begins so


def keep_returns_easy(
    world: World, now: datetime, *, evidence: Mapping[str, Any] | None = None
) -> tuple[Change, ...]:
    """Make the hard sessions due before the end of a return's first half easy ones. Idempotent."""
    today = world.today(now)
    asked = _asking(world, today)
    if asked is None:
        return ()
    head, hard_from = asked
    sessions = [
        known.session
        for known in world.store.plan.between(today, hard_from - timedelta(days=1))
        if known.state is SessionState.DUE
        and known.session.hard
        and known.session.kind is not SessionKind.RACE
    ]
    if not sessions:
        return ()
    situation = situation_of(world, now, covered=False)
    proposal = RuleProposal(
        head.rule,
        f"{head.rule}:easy:{now.isoformat()}:{sessions[0].id}",
        Reason(Cause.EASY_IN_RETURN, {"hard_from": hard_from.isoformat()}),
        dict(evidence or {}),
        rests_on=head.rests_on or (),
    )
    edits = tuple(as_easy(session, situation, head.rule) for session in sessions)
    return carry_out(world, Decision(proposal, edits), now)


def _asking(world: World, today: date) -> tuple[Change, date] | None:
    """The return that keeps it easy the longest, and until when."""
    asked = {from_json(change.condition or {}): change for change in world.store.changes.conditions()}
    waiting = [
        (asked[condition], condition.hard_from)
        for condition in newest(asked)
        if (condition.is_return or _is_after_undoing(condition))
        and condition.hard_from is not None
        and condition.hard_from > today
    ]
    return max(waiting, key=lambda found: found[1], default=None)


def _is_after_undoing(condition: Condition) -> bool:
    return condition.asked is Demanded.CALM and condition.group.startswith(UNDONE)
