"""Days without running, as the athlete tells of them: pause, ill, hurt, and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.athlete.rebuilding import come_back, rebuild_ahead
from syncd.athlete.sessions import EditOutcome, OverrideError, dropped
from syncd.cycle.world import AHEAD, World
from syncd.domain.day_text import dated_text, day_text
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import Cause
from syncd.store.changes import Change
from syncd.store.overrides import Override, OverrideKind

LONGEST_PAST = timedelta(days=60)  # our default: earlier than that it is history, and the runs tell
WELL_FOR, WELL_FOR_AFTER_FEVER = timedelta(days=1), timedelta(days=2)
RESUME = "resume"  # in the evidence of the changes that it made
_TEXTS = {OverrideKind.PAUSE: "a pause", OverrideKind.ILL: "an illness", OverrideKind.HURT: "an injury"}


def pause(world: World, first: date, last: date | None, now: datetime) -> EditOutcome:
    """No sessions on these days; open until `resume` without a last one. Raises WordError."""
    today = world.today(now)
    if first < today:
        raise OverrideError(f"{dated_text(first, today)} is past: a pause begins today or later")
    if last is not None and last < first:
        begins = dated_text(first, today)
        raise OverrideError(
            f"a pause until {dated_text(last, today)} would end before {begins}, when it begins"
        )
    reason = Reason(Cause.PAUSED, {"first_day": first.isoformat()})
    if last is not None:
        reason = Reason(Cause.PAUSED_UNTIL, {"first_day": first.isoformat(), "last_day": last.isoformat()})
    return _stop(world, Override(OverrideKind.PAUSE, now, first, last), reason, now)


def sick(world: World, first: date, now: datetime, *, hurt: bool = False, fever: bool = False) -> EditOutcome:
    """Nothing until `resume`; workouts leave the watch (A3). Raises WordError."""
    today = world.today(now)
    if first > today:
        raise OverrideError(f"{dated_text(first, today)} is still to come: there is syncd pause --from DATE")
    if first < today - LONGEST_PAST:
        raise OverrideError(
            f"{dated_text(first, today)} is long ago: leave it out, the runs since then tell the plan"
        )
    kind = OverrideKind.HURT if hurt else OverrideKind.ILL
    word = Override(kind, now, first, detail={"fever": fever})
    reason = Reason(Cause.TROUBLE_SINCE, {"trouble": kind.value, "day": first.isoformat()})
    said = _stop(world, word, reason, now)
    wait = Cause.WAIT_WITHOUT_FEVER if fever else Cause.WAIT_WITHOUT_SYMPTOMS
    return EditOutcome(said.changes, said.warnings, Reason(Cause.WAIT_WITHOUT_PAIN if hurt else wait))


def resume(world: World, now: datetime, *, well_since: date | None = None) -> EditOutcome:
    """The pause or illness is over. Raises WordError where there is none, or too early."""
    today = world.today(now)
    word = open_time_off(world, today)
    if word is None:
        raise OverrideError("there is no pause and no illness to end: the plan goes on as it is")
    if word.kind is OverrideKind.PAUSE:
        return _ended(world, word, today - timedelta(days=1), Reason(Cause.PAUSE_OVER), now)
    since = well_since or today
    if not word.first_day <= since <= today:
        raise OverrideError(
            f"well since {day_text(since)}: give a day from {day_text(word.first_day)} to today"
        )
    wait = WELL_FOR_AFTER_FEVER if word.detail.get("fever") else WELL_FOR
    if word.kind is OverrideKind.HURT:
        wait = timedelta()
    back_on = since + wait
    reason = Reason(Cause.WELL_SINCE, {"day": since.isoformat()})
    said = _ended(world, word, back_on - timedelta(days=1), reason, now)
    text = None if back_on <= today else Reason(Cause.FIRST_RUN_AFTER, {"day": back_on.isoformat()})
    return EditOutcome(said.changes, said.warnings, text)


def open_time_off(world: World, today: date) -> Override | None:
    """The pause or illness that holds today or later; illness comes first."""
    holding = [
        word for word in world.store.overrides.time_off() if word.last_day is None or word.last_day >= today
    ]
    return max(holding, key=lambda word: (word.kind is not OverrideKind.PAUSE, word.id), default=None)


def _stop(world: World, word: Override, reason: Reason, now: datetime) -> EditOutcome:
    today = world.today(now)
    known = open_time_off(world, today)
    if known is not None and (known.kind is not OverrideKind.PAUSE or word.kind is OverrideKind.PAUSE):
        since = f"{_TEXTS[known.kind]} since {day_text(known.first_day)}"
        raise OverrideError(f"there is {since} already: syncd resume ends it, syncd undo takes it back")
    first = max(word.first_day, today)
    sessions = [
        each
        for each in world.store.plan.between(first, min(word.last_day or date.max, today + AHEAD))
        if each.state is SessionState.DUE
    ]
    with world.store.transaction():
        changes = dropped(world, sessions, reason, now)
        head = changes[0].id if changes else None
        world.store.overrides.add(replace(word, change_id=head))
    return EditOutcome(tuple(changes), text=None if changes else reason)


def _ended(world: World, word: Override, last_day: date, reason: Reason, now: datetime) -> EditOutcome:
    with world.store.transaction():
        if last_day < word.first_day:
            world.store.overrides.revoke(word.id, now)
        else:
            world.store.overrides.end(word.id, last_day)
    if word.kind is not OverrideKind.PAUSE and last_day >= word.first_day:
        return EditOutcome(come_back(world, now))
    until = word.last_day.isoformat() if word.last_day else None
    changes = rebuild_ahead(
        world,
        now,
        reason,
        key=f"{RESUME}:{word.id}:{last_day}",
        restoring=True,
        evidence={"until": until},
    )
    return EditOutcome(changes)


def pause_again(world: World, change: Change) -> None:
    """What `resume` ended holds as before, when that is taken back; in a transaction."""
    kind, _, rest = str(change.evidence.get("word", "")).partition(":")
    if kind == RESUME and "until" in change.evidence:
        until = change.evidence["until"]
        word_id = int(rest.partition(":")[0])
        world.store.overrides.reinstate(word_id, date.fromisoformat(until) if until else None)
