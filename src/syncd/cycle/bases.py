"""Committed weeks are planned again when what they were planned from turns out to have been otherwise.

A week is planned as of a day, from what was run before it. Runs that come in late, go, or are put right
change that: then the week becomes what it would have been. What a rule, or the athlete, changed in it stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.cycle.adapting import carry_out
from syncd.cycle.planning import level_decisions, plan_inputs, seen_until
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState, Week, monday_of, week_of
from syncd.domain.training.conditions import from_json
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import REPLANS, Decision, differences
from syncd.domain.training.rules.situation import RuleProposal
from syncd.domain.training.rules.taking_back import why_not
from syncd.domain.training.weeks import plan_weeks
from syncd.store.changes import BY_ATHLETE, BY_FACTS, REZONED, Change
from syncd.store.plan import CommittedSession, WeekBasis

_LOOKED_BACK = timedelta(days=60)  # as far as the planner does
_LENGTH = 12


def plan_late_facts(world: World, now: datetime) -> tuple[Change, ...]:
    """Plan again what was planned without runs that are known now, or with runs that are not. Idempotent."""
    today = world.today(now)
    ahead = world.store.plan.bases(monday_of(today))
    stale = [week for week in ahead if week.basis not in (None, _basis(world, week))]
    if not stale:
        return ()
    situation = situation_of(world, now, covered=False)
    weeks = tuple(_planned(world, week) for week in stale)
    starts = {week.start for week in stale}
    entries = tuple(entry for entry in situation.entries if week_of(entry.session.id) in starts)
    shown = replace(situation, entries=entries)
    kept = frozenset(_kept_by_rules(world, today, starts))
    edits = tuple(
        edit
        for edit in differences(shown, weeks, since=today, but_for=kept)
        if edit.after is None or why_not(situation, edit.after, edit.before) is None
    )
    if not edits:
        return ()
    reason = Reason(Cause.PLANNED_WITHOUT_RUNS, {"as_of": min(week.as_of for week in stale).isoformat()})
    return carry_out(world, Decision(RuleProposal(BY_FACTS, "", reason, {}), edits, weeks), now)


def note_bases(world: World, now: datetime) -> None:
    """Remember what the weeks ahead are planned from now."""
    for week in world.store.plan.bases(monday_of(world.today(now))):
        basis = _basis(world, week)
        if basis != week.basis:
            world.store.plan.note_basis(week.start, basis)


def _last_planned_anew(world: World) -> date | None:
    """When a rule in force last had all weeks ahead planned anew."""
    days = [
        world.today(change.at)
        for change in world.store.changes.conditions()
        if change.condition is not None and from_json(change.condition).asked in REPLANS
    ]
    return max(days, default=None)


def _planned(world: World, week: WeekBasis) -> Week:
    """The week as it would be planned on its day, with what is known now of the days before.

    Where a rule had all weeks planned anew since, that day counts.
    """
    week = replace(week, as_of=max(week.as_of, _last_planned_anew(world) or week.as_of))
    count = max((week.start - monday_of(week.as_of)).days // 7, 0) + 1
    inputs = plan_inputs(world, week.as_of, weeks=count, seen_until=seen_until(week.as_of, week.start))
    before = tuple(kept for kept in inputs.kept if kept.start < week.start)
    planned = plan_weeks(replace(inputs, kept=before))
    return next(found for found in planned if found.start == week.start)


def _basis(world: World, week: WeekBasis) -> str:
    """A hash of what is known of the days before: runs and levels."""
    last = week.as_of - timedelta(days=1)
    runs = world.store.activities.runs_between(week.as_of - _LOOKED_BACK, last)
    known = (
        sorted((run.day.isoformat(), round(run.distance_m, -2), round(run.duration_s, -1)) for run in runs),
        sorted((family, decision.level) for family, decision in level_decisions(world, last).items()),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()[:_LENGTH]


def _kept_by_rules(world: World, today: date, weeks: set[date]) -> Iterator[str]:
    """Sessions that are as a rule in force made them."""
    last = max(weeks) + timedelta(weeks=2)
    for committed in world.store.plan.between(today, last):
        if week_of(committed.session.id) in weeks and _is_by_rule(world, committed):
            yield committed.session.id


def _is_by_rule(world: World, committed: CommittedSession) -> bool:
    changes = [
        change
        for change in world.store.changes.of_session(committed.session.id)
        if change.holds and change.before != change.after and change.rule not in {REZONED, BY_FACTS}
    ]
    if not changes or changes[-1].rule == BY_ATHLETE:
        return False
    after = changes[-1].after
    if after is None or committed.state is SessionState.DROPPED:
        return after is None and committed.state is SessionState.DROPPED
    return (after.day, after.workout) == (committed.session.day, committed.session.workout)
