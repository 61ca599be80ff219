"""The coach's decisions applied to state: each is kept with its reason before it goes to the watch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from syncd.cycle.planning import plan_inputs, resolved_workout
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState, Week, WeekKind, monday_of
from syncd.domain.training.conditions import to_json
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import Decision, decide, differences
from syncd.domain.training.rules.situation import Edit, RuleProposal, Situation
from syncd.domain.training.weeks import plan_weeks
from syncd.store.changes import BY_ATHLETE, Change

WEEKS_BEFORE = "weeks_before"  # in the evidence: what the weeks were that a decision made something else of
_WEEKS_AHEAD = 3  # the horizon reaches into the second week after this one


def adapt(world: World, now: datetime, *, covered: bool) -> tuple[Change, ...]:
    """Ask the rules, and carry out what they decide: one transaction for each decision. Idempotent."""
    today = world.today(now)
    situation = situation_of(world, now, covered=covered)

    def planner(then: Situation) -> tuple[Week, ...]:
        return planned_anew(world, today, then)

    changes: list[Change] = []
    for decision in decide(situation, planner):
        changes += carry_out(world, decision, now)
    return tuple(changes)


def rebuild(
    world: World,
    now: datetime,
    reason: Reason,
    *,
    key: str,
    restoring: bool = False,
    evidence: Mapping[str, Any] | None = None,
    more: Callable[[Situation], Iterable[Edit]] = lambda _: (),
) -> tuple[Change, ...]:
    """Plan from today on anew, because of what the athlete said: only what differs changes.

    What is done, moved, pinned or skipped stays. `restoring`: what time off dropped comes back. `more`: edits
    of other sessions. The first change stands for the word itself, also where no session had to change.
    """
    today = world.today(now)
    situation = situation_of(world, now, covered=False)
    weeks = planned_anew(world, today, situation)
    edits = differences(situation, weeks, since=today, restoring=restoring)
    edited = {edit.session_id for edit in edits}
    edits += tuple(edit for edit in more(situation) if edit.session_id not in edited)
    proposal = RuleProposal(BY_ATHLETE, key, reason, {"word": key, **(evidence or {})})
    return carry_out(world, Decision(proposal, edits, weeks), now)


def planned_anew(world: World, today: date, then: Situation) -> tuple[Week, ...]:
    """This week and the next ones as they would be planned now, under the conditions of `then`."""
    inputs = plan_inputs(world, today, weeks=_WEEKS_AHEAD)
    before = tuple(week for week in inputs.kept if week.start < monday_of(today))
    return plan_weeks(replace(inputs, kept=before, conditions=then.conditions))


def carry_out(world: World, decision: Decision, now: datetime) -> tuple[Change, ...]:
    """Write sessions, weeks and the changes that explain them, all or nothing.

    The first change has the key and the condition; the others name it in their evidence.
    """
    proposal = decision.proposal
    reason = _with_warning(proposal.reason, decision.warning)
    with world.store.transaction():
        zone_set_id = world.store.zone_sets.add(world.zones, now) if world.zones else None
        head = Change(
            now,
            decision.rule,
            proposal.about,
            reason,
            evidence=proposal.evidence,
            key=proposal.key,
            rests_on=proposal.rests_on,
        )
        edits = decision.edits
        if proposal.condition is not None:
            head = replace(head, condition=to_json(proposal.condition))
        elif edits:
            head, edits = _changed(world, head, edits[0], zone_set_id, now), edits[1:]
        else:
            head = unchanged(world, head)
        more = Change(now, decision.rule, None, reason, rests_on=())  # what the first rests on
        others = [_changed(world, more, edit, zone_set_id, now) for edit in edits]
        before = weeks_as_facts(world, decision.weeks)
        if before:
            head = replace(head, evidence={**head.evidence, WEEKS_BEFORE: before})
        for week in decision.weeks:
            world.store.plan.set_week(week)
        return tuple(world.store.changes.keep_together([head, *others]))


def weeks_as_facts(world: World, weeks: Iterable[Week]) -> dict[str, Any]:
    """What committed weeks were for, of those that become something else: kind and notes by Monday."""
    becoming = {week.start: (week.kind, week.notes) for week in weeks}
    return {
        known.start.isoformat(): {
            "kind": known.kind.value,
            "notes": [note.to_json() for note in known.notes],
        }
        for known in world.store.plan.weeks(since=min(becoming, default=date.max))
        if known.start in becoming and becoming[known.start] != (known.kind, known.notes)
    }


def weeks_again(world: World, change: Change) -> None:
    """Make the weeks for what they were before the change. In a transaction."""
    before = change.evidence.get(WEEKS_BEFORE) or {}
    for known in world.store.plan.weeks(since=min(map(date.fromisoformat, before), default=date.max)):
        was = before.get(known.start.isoformat())
        if was is not None:
            notes = tuple(map(Reason.from_json, was["notes"]))
            world.store.plan.set_week(replace(known, kind=WeekKind(was["kind"]), notes=notes))


def _with_warning(found: Reason, warning: Reason | None) -> Reason:
    if warning is None:
        return found
    return Reason(Cause.WARNED, {"found": found.to_json(), "warning": warning.to_json()})


def unchanged(world: World, change: Change) -> Change:
    """A message about a session: it is the same before and after."""
    known = world.store.plan.get(change.session_id) if change.session_id else None
    return change if known is None else replace(change, before=known.session, after=known.session)


def _changed(world: World, change: Change, edit: Edit, zone_set_id: int | None, now: datetime) -> Change:
    """Put the edit into the plan."""
    plan = world.store.plan
    if edit.after is None:
        plan.set_state(edit.session_id, SessionState.DROPPED)
    elif plan.get(edit.session_id) is None:
        _add(world, edit.after, zone_set_id, now)
    else:
        plan.replace(edit.after, resolved_workout(world, edit.after), zone_set_id)
        plan.set_state(edit.session_id, SessionState.DUE)
    return replace(change, session_id=edit.session_id, before=edit.before, after=edit.after)


def _add(world: World, session: Session, zone_set_id: int | None, now: datetime) -> None:
    """One more session in a committed week."""
    monday = monday_of(session.day)
    week = next(week for week in world.store.plan.weeks(since=monday) if week.start == monday)
    resolved = {session.id: resolved_workout(world, session)}
    world.store.plan.commit_week(replace(week, sessions=(session,)), resolved, zone_set_id, now)
