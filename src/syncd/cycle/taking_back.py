"""Decisions whose ground is gone are withdrawn, and what they changed comes back where that is safe.

Every sync reads again what the decisions of the last weeks rest on. Withdrawn is not undone: on other
facts the same may be decided again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.cycle.adapting import carry_out, unchanged, weeks_again
from syncd.cycle.planning import resolved_workout
from syncd.cycle.rescoring import rescore_run
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState, state_when_not_run
from syncd.domain.training.conditions import from_json
from syncd.domain.training.evidence import broken
from syncd.domain.training.facts import Fact, FactKind
from syncd.domain.training.reasons import Cause, session_fact
from syncd.domain.training.rules.decisions import Decision
from syncd.domain.training.rules.situation import Edit, RuleProposal, Situation
from syncd.domain.training.rules.taking_back import taken_back
from syncd.store.changes import BY_FACTS, Change

LOOKED_AT = timedelta(days=60)  # our default: what was decided before no longer shapes the weeks ahead


def take_back_unfounded(world: World, now: datetime, *, covered: bool) -> tuple[Change, ...]:
    """Withdraw each decision that no longer has a ground, the newest first. Idempotent.

    The changes that say what came back, or why it did not.
    """
    heads = world.store.changes.founded(now - LOOKED_AT)
    if not heads:
        return ()
    situation = situation_of(world, now, covered=covered)
    changes: list[Change] = []
    for head in reversed(heads):
        gone = broken(head.rests_on or (), situation)
        if gone is not None:
            with world.store.transaction():
                changes += _withdraw(world, head, gone, situation, now)
            situation = situation_of(world, now, covered=covered)
    return tuple(changes)


def _withdraw(
    world: World, head: Change, gone: Fact, situation: Situation, now: datetime
) -> Iterable[Change]:
    why = why_gone(gone, situation)
    group = (head, *(change for change in world.store.changes.because_of(head.id) if change.holds))
    for change in group:
        world.store.changes.withdraw(change.id, why, now)
    weeks_again(world, head)
    edits = [
        Edit(change.before, change.after)
        for change in group
        if change.session_id is not None and change.before != change.after
    ]
    found = taken_back(_without(situation, head), edits)
    past = [edit for edit in found.restored if _is_past(edit, situation.today)]
    for edit in past:
        _show_as_it_was(world, edit, now)
    ahead = tuple(edit for edit in found.restored if edit not in past)
    reason = Reason(Cause.TAKEN_BACK, {"fact": why.to_json()})
    evidence = {"withdrawn": head.id}
    changes: list[Change] = []
    if ahead or head.condition is not None:
        proposal = RuleProposal(BY_FACTS, "", reason, evidence)
        changes += carry_out(world, Decision(proposal, ahead), now)
    for session, stays in found.kept:
        facts = {"fact": why.to_json(), "session": session_fact(session), "why": stays.value}
        kept = Change(now, BY_FACTS, session.id, Reason(Cause.STAYS_EASIER, facts), evidence=evidence)
        changes.append(world.store.changes.keep(unchanged(world, kept)))
    return changes


def _without(situation: Situation, head: Change) -> Situation:
    """The situation without what the decision asks of the weeks ahead."""
    if head.condition is None:
        return situation
    asked = from_json(head.condition)
    return replace(situation, conditions=tuple(held for held in situation.conditions if held != asked))


def _is_past(edit: Edit, today: date) -> bool:
    """Whether it restores a session of a day that is over."""
    return edit.after is not None and edit.after.day < today


def _show_as_it_was(world: World, edit: Edit, now: datetime) -> None:
    """A session of a day that is over: it is shown, and its run compared, as it had been planned."""
    after = edit.after
    known = world.store.plan.get(edit.session_id)
    if after is None or known is None:
        return
    world.store.plan.replace(after, resolved_workout(world, after), known.zone_set_id)
    if known.state is SessionState.DONE and known.activity_id is not None:
        rescore_run(world, known.activity_id, now)
    elif known.state is SessionState.DROPPED:
        world.store.plan.set_state(after.id, state_when_not_run(after.day, world.today(now)))


def why_gone(fact: Fact, situation: Situation) -> Reason:
    """What happened to a fact, for the runner."""
    match fact.kind:
        case FactKind.RUN:
            known = any(run.id == fact.id for run in situation.runs)
            cause = Cause.RUN_IS_OTHERWISE if known else Cause.RUN_COUNTS_NO_MORE
            return Reason(cause, {"day": fact.version["day"]})
        case FactKind.RAN:
            return Reason(Cause.RUN_COUNTS_NO_MORE, {"day": fact.id})
        case FactKind.NO_RUN | FactKind.DISTANCE:
            late = fact.kind is FactKind.NO_RUN
            first_day, last_day = fact.id.split("..")
            cause = Cause.RUNS_CAME_LATE if late else Cause.DISTANCE_IS_OTHERWISE
            return Reason(cause, {"first_day": first_day, "last_day": last_day})
        case FactKind.LONGEST:
            return Reason(Cause.LONGEST_IS_OTHERWISE, {"day": fact.id})
        case FactKind.NOT_RUN:
            return Reason(Cause.RUN_AFTER_ALL, {"day": fact.version["day"]})
        case FactKind.OUTCOME:
            return Reason(Cause.OUTCOME_IS_OTHERWISE, {"day": fact.version["day"]})
        case FactKind.READING:
            return Reason(Cause.SHOWN_AGAIN)
        case FactKind.PAIN:
            return Reason(Cause.PAIN_IS_OTHERWISE, {"day": fact.version["day"]})
        case FactKind.HEAT:
            return Reason(Cause.HEAT_IS_OTHERWISE, {"day": fact.id})
        case FactKind.SPELL:
            return Reason(Cause.TIME_OFF_IS_OTHERWISE)
