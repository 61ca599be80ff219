"""What the undoing of time off leads to: back to ill or hurt, and nothing hard in a return.

Source: the training model, 9.3: `sick`, `resume` and their `undo` never put a hard session into the
first half of a return.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.cycle.easy_returns import UNDONE, keep_returns_easy
from syncd.cycle.world import AHEAD, World
from syncd.domain.day_text import day_text
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.domain.training.conditions import Condition, Demanded, from_json, to_json
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.gaps import LEAST_DAYS
from syncd.domain.training.rules.time_off import return_days
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import TIME_OFF, Override, OverrideKind
from syncd.store.plan import CommittedSession

RESUME = "resume"  # in the evidence of the changes that it made
BY_UNDOING = "undoing"  # in the evidence: the number of the change whose undoing made this one
_RULE = "A3"  # of illness, injury and the way back
_LOOK_BACK = timedelta(days=60)  # our default: who did not run for longer is new to running
_WELL_AFTER_FEVER = timedelta(days=7)
_SEARCHED = 200  # changes: far more than a return makes


def ended_by(change: Change) -> int | None:
    """The override that this `resume` ended; None for any other change."""
    kind, _, rest = str(change.evidence.get("word", "")).partition(":")
    return int(rest.partition(":")[0]) if kind == RESUME and "until" in change.evidence else None


def return_of(world: World, head: Change) -> tuple[Change, ...]:
    """The return that followed from a `resume` after illness or injury, and what it changed."""
    spell = ended_by(head)
    if spell is None:
        return ()
    heads = [
        change
        for change in reversed(world.store.changes.newest(_SEARCHED))
        if change.id > head.id and _is_of(change, spell) and change.holds
    ]
    return tuple(
        change
        for first in heads
        for change in (first, *world.store.changes.because_of(first.id))
        if change.holds
    )


def resumed_by(world: World, head: Change) -> Change | None:
    """The `resume` that a return follows from: who undoes the last change means what they said."""
    if head.condition is None or "spell" not in head.evidence:
        return None
    return next(
        (
            change
            for change in world.store.changes.newest(_SEARCHED)
            if change.holds and _is_of(head, ended_by(change))
        ),
        None,
    )


def _is_of(change: Change, spell: int | None) -> bool:
    return spell is not None and change.rule == _RULE and str(change.evidence.get("spell")) == str(spell)


def leaves_with(head: Change, follower: Change) -> bool:
    """Whether a later change of a session is no obstacle: the undoing of a `resume` takes the session off."""
    return ended_by(head) is not None and follower.rule != BY_ATHLETE


def off_again(world: World, head: Change, group: Iterable[Change], now: datetime) -> Override | None:
    """After the undoing of a `resume`: ill or hurt as before, with the sessions off the plan.

    In a transaction. It gets another number: what follows from its end is decided anew when it ends again.
    None where no illness or injury had been ended.
    """
    number = ended_by(head)
    ended = next((spell for spell in world.store.overrides.time_off() if spell.id == number), None)
    if ended is None or ended.kind is OverrideKind.PAUSE:
        return None
    world.store.overrides.revoke(ended.id, now)
    spell = world.store.overrides.add(replace(ended, id=0))
    touched = {change.session_id for change in group}
    off = [
        session
        for session in world.store.plan.between(spell.first_day, world.today(now) + AHEAD)
        if session.state is SessionState.DUE
        or (session.state is SessionState.MISSED and session.session.id in touched)
    ]
    _drop_for(world, spell, off, now)
    return spell


def _drop_for(world: World, spell: Override, sessions: Iterable[CommittedSession], now: datetime) -> None:
    """Drop sessions as part of what `sick` did, so that its undoing brings them back too."""
    facts = {"trouble": spell.kind.value, "day": spell.first_day.isoformat()}
    cause = spell.change_id
    for session in sessions:
        world.store.plan.set_state(session.session.id, SessionState.DROPPED)
        evidence = {} if cause is None else {"because": cause}
        change = Change(
            now,
            BY_ATHLETE,
            session.session.id,
            Reason(Cause.TROUBLE_SINCE, facts),
            session.session,
            None,
            evidence,
        )
        kept = world.store.changes.keep(change)
        if cause is None:
            cause = kept.id
            world.store.overrides.caused(spell.id, kept.id)


def time_off_of(world: World, head: Change) -> Override | None:
    """The pause, illness or injury that a change began."""
    began = (word for word in world.store.overrides.of_change(head.id) if word.kind in TIME_OFF)
    return next(began, None)


def off_on_days_of_others(world: World, now: datetime) -> None:
    """What came back on the days of another pause, illness or injury is off again. In a transaction."""
    today = world.today(now)
    for spell in world.store.overrides.time_off_between(today, today + AHEAD):
        sessions = world.store.plan.between(max(today, spell.first_day), today + AHEAD)
        inside = [
            known for known in sessions if known.state is SessionState.DUE and spell.covers(known.session.day)
        ]
        _drop_for(world, spell, inside, now)


def eased_in_return(world: World, head: Change, spell: Override | None, now: datetime) -> tuple[Change, ...]:
    """Keep the first half of a return easy after an undoing. In a transaction.

    What came back hard comes back easy. Where days passed in the time off that was undone, `spell`, or where
    the return itself was undone, nothing hard gets there later either.
    """
    today = world.today(now)
    after = _hard_from_of(head, today) or _hard_from_after(world, spell, now)
    evidence = {BY_UNDOING: head.id}
    calm: list[Change] = []
    if after is not None:
        reason = Reason(Cause.EASY_IN_RETURN, {"hard_from": after.isoformat()})
        asked = Condition(Demanded.CALM, f"{UNDONE}{head.id}", today, after, hard_from=after)
        calm.append(
            world.store.changes.keep(
                Change(
                    now,
                    _RULE,
                    None,
                    reason,
                    evidence=evidence,
                    condition=to_json(asked),
                    rests_on=head.rests_on,
                )
            )
        )
    return (*calm, *keep_returns_easy(world, now, evidence=evidence))


def why_it_stays_easy(head: Change, today: date) -> str:
    """Why what keeps a return easy cannot be undone; empty for all else, and once its first half is over."""
    if head.reason.code != Cause.EASY_IN_RETURN:
        return ""
    hard_from = date.fromisoformat(head.reason.facts["hard_from"])
    return f"keeps a return easy: it stays until {day_text(hard_from)}" if hard_from > today else ""


def _hard_from_of(head: Change, today: date) -> date | None:
    """The first day for something hard in a return that is undone; of an open one, were it begun today."""
    asked = None if head.condition is None else from_json(head.condition)
    if asked is None or not asked.is_return or asked.hard_from is None or asked.hard_from <= today:
        return None
    if asked.is_open:
        gap = asked.days_off + max(0, (today - asked.first_day).days)
        return min(asked.hard_from, today + timedelta(days=-(-return_days(gap) // 2)))
    return asked.hard_from


def _hard_from_after(world: World, spell: Override | None, now: datetime) -> date | None:
    """The same for the return that time off would have had, had it ended today; None where it needs none."""
    today = world.today(now)
    if spell is None or world.today(spell.at) == today or spell.first_day >= today:
        return None  # nothing passed since it was said
    run_days = [run.day for run in world.store.activities.runs_between(today - _LOOK_BACK, today)]
    last = max(run_days, default=spell.first_day - timedelta(days=1))
    off = (today - last).days - 1
    gap = off + (today - max(spell.first_day, last)).days
    if spell.kind is OverrideKind.PAUSE:
        gap = off
    if off < 1 or (spell.kind is OverrideKind.PAUSE and off < LEAST_DAYS):
        return None
    half = today + timedelta(days=-(-return_days(gap) // 2))
    return max(half, today + _WELL_AFTER_FEVER) if spell.detail.get("fever") else half
