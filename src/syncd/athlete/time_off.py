"""Days without running, as the athlete enters them: pause, ill, hurt, and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.athlete.rebuilding import come_back, rebuild_ahead
from syncd.athlete.sessions import EditOutcome, OverrideError, dropped
from syncd.athlete.undone_time_off import RESUME, ended_by
from syncd.cycle.world import AHEAD, World
from syncd.domain.day_text import dated_text, day_text
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.domain.training.health_answers import may_run
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.time_off import AFTER_FEVER_DAYS, SYMPTOM_FREE_DAYS
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import Override, OverrideKind, needs_doctor

LONGEST_PAST = timedelta(days=60)  # our default: what is longer ago shows in the runs since
_WAITS = {
    True: Cause.WAIT_WITHOUT_FEVER,
    False: Cause.WAIT_WITHOUT_SYMPTOMS,
    None: Cause.WAIT_FEVER_ASSUMED,
}
_SEE_DOCTOR = (
    "see a doctor first: pain on one bony spot, or at night, can be a stress fracture; "
    "once you are cleared: syncd resume --cleared"
)
_TEXTS = {OverrideKind.PAUSE: "a pause", OverrideKind.ILL: "an illness", OverrideKind.HURT: "an injury"}


def pause(world: World, first: date, last: date | None, now: datetime) -> EditOutcome:
    """No sessions on these days; without a last one until `resume`. Raises OverrideError."""
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
    outcome = _stop(world, Override(OverrideKind.PAUSE, now, first, last), reason, now)
    return replace(outcome, warnings=_race_in(world, first, last))


def _race_in(world: World, first: date, last: date | None) -> tuple[Reason, ...]:
    """That the race lies in a pause: it stays in the calendar."""
    race = world.race
    if race is None or race.day < first or (last is not None and race.day > last):
        return ()
    return (Reason(Cause.RACE_IN_PAUSE, {"day": race.day.isoformat()}),)


def sick(
    world: World, first: date, now: datetime, *, hurt: bool = False, fever: bool | None = None
) -> EditOutcome:
    """No sessions until `resume`; workouts leave the watch (A3). Raises OverrideError.

    `fever` None: not said, and taken for granted with an illness. Said later, it is put right.
    """
    today = world.today(now)
    if hurt and fever:
        raise OverrideError("an injury has no fever: enter an illness by itself, with syncd sick --fever")
    if not hurt and fever is not None and (ill := _ill_without(world, today, fever)) is not None:
        return _fever_said(world, ill, fever, now)
    if first > today:
        raise OverrideError(
            f"{dated_text(first, today)} is still to come: for days ahead use syncd pause --from DATE"
        )
    if first < today - LONGEST_PAST:
        raise OverrideError(
            f"{dated_text(first, today)} is too long ago to enter: the plan follows from your runs since then"
        )
    kind = OverrideKind.HURT if hurt else OverrideKind.ILL
    detail = {} if hurt else {"fever": fever is not False, "assumed": fever is None}
    override = Override(kind, now, first, detail=detail)
    reason = Reason(Cause.TROUBLE_SINCE, {"trouble": kind.value, "day": first.isoformat()})
    outcome = _stop(world, override, reason, now)
    wait = Cause.WAIT_WITHOUT_PAIN if hurt else _WAITS[fever]
    return EditOutcome(outcome.changes, outcome.warnings, Reason(wait))


def _ill_without(world: World, today: date, fever: bool) -> Override | None:
    """The illness in force, of which something else is known about fever."""
    ill = open_time_off(world, today)
    if ill is None or ill.kind is not OverrideKind.ILL:
        return None
    return None if ill.detail.get("fever") == fever and not ill.detail.get("assumed") else ill


def _fever_said(world: World, ill: Override, fever: bool, now: datetime) -> EditOutcome:
    said = Change(now, BY_ATHLETE, None, Reason(Cause.FEVER_SAID, {"fever": fever}))
    with world.store.transaction():
        world.store.overrides.describe(ill.id, {**ill.detail, "fever": fever, "assumed": False})
        said = world.store.changes.keep(said)
    return EditOutcome((said,), text=Reason(_WAITS[fever]))


def resume(
    world: World, now: datetime, *, well_since: date | None = None, cleared: bool = False
) -> EditOutcome:
    """End the pause or illness. Raises OverrideError where there is none, or for an impossible day.

    `cleared`: a doctor has looked at it, where that is asked for.
    """
    today = world.today(now)
    spell = open_time_off(world, today)
    if spell is None:
        goes_on = "the plan goes on as it is"
        if not may_run(world.health, today):
            goes_on = "it is your health that holds the plan (syncd health)"
        raise OverrideError(f"there is no pause and no illness to end: {goes_on}")
    if spell.kind is OverrideKind.PAUSE:
        return _ended(world, spell, today - timedelta(days=1), Reason(Cause.PAUSE_OVER), now)
    since = well_since or today
    if not spell.first_day <= since <= today:
        raise OverrideError(
            f"well since {day_text(since)}: give a day from {day_text(spell.first_day)} to today"
        )
    if needs_doctor(spell) and not cleared:
        raise OverrideError(_SEE_DOCTOR)
    wait = timedelta(days=AFTER_FEVER_DAYS if spell.detail.get("fever") else SYMPTOM_FREE_DAYS)
    if spell.kind is OverrideKind.HURT:
        wait = timedelta()
    back_on = max(since + wait, spell.first_day + timedelta(days=1))  # entered by mistake, it is undone
    reason = Reason(Cause.CLEARED if needs_doctor(spell) else Cause.WELL_SINCE, {"day": since.isoformat()})
    outcome = _ended(world, spell, back_on - timedelta(days=1), reason, now)
    text = None if back_on <= today else Reason(Cause.FIRST_RUN_AFTER, {"day": back_on.isoformat()})
    return EditOutcome(outcome.changes, outcome.warnings, text)


def open_time_off(world: World, today: date) -> Override | None:
    """The pause or illness in force today or later; illness comes first."""
    in_force = [
        override
        for override in world.store.overrides.time_off()
        if override.last_day is None or override.last_day >= today
    ]
    return max(
        in_force, key=lambda override: (override.kind is not OverrideKind.PAUSE, override.id), default=None
    )


def _stop(world: World, override: Override, reason: Reason, now: datetime) -> EditOutcome:
    today = world.today(now)
    existing = open_time_off(world, today)
    if existing is not None and (
        existing.kind is not OverrideKind.PAUSE or override.kind is OverrideKind.PAUSE
    ):
        since = f"{_TEXTS[existing.kind]} since {day_text(existing.first_day)}"
        raise OverrideError(f"{since} is in force already: syncd resume ends it, syncd undo takes it back")
    return begin_time_off(world, override, reason, now)


def begin_time_off(world: World, override: Override, reason: Reason, now: datetime) -> EditOutcome:
    """Keep it, and take the sessions off its days, from today on: what had to be checked is."""
    today = world.today(now)
    first = max(override.first_day, today)
    sessions = [
        session
        for session in world.store.plan.between(first, min(override.last_day or date.max, today + AHEAD))
        if session.state is SessionState.DUE
    ]
    with world.store.transaction():
        changes = dropped(world, sessions, reason, now)
        if not changes:  # it can be undone all the same
            changes = [world.store.changes.keep(Change(now, BY_ATHLETE, None, reason))]
        world.store.overrides.add(replace(override, change_id=changes[0].id))
    return EditOutcome(tuple(changes))


def _ended(world: World, spell: Override, last_day: date, reason: Reason, now: datetime) -> EditOutcome:
    key, until = f"{RESUME}:{spell.id}:{last_day}", spell.last_day.isoformat() if spell.last_day else None
    if spell.kind is not OverrideKind.PAUSE and last_day >= spell.first_day:
        said = Change(now, BY_ATHLETE, None, reason, evidence={"word": key, "until": until})
        with world.store.transaction():
            world.store.overrides.end(spell.id, last_day)
            said = world.store.changes.keep(said)
        return EditOutcome((said, *come_back(world, now)))
    with world.store.transaction():
        if last_day < spell.first_day:
            world.store.overrides.revoke(spell.id, now)
        else:
            world.store.overrides.end(spell.id, last_day)
    return EditOutcome(rebuild_ahead(world, now, reason, key=key, restoring=True, evidence={"until": until}))


def pause_again(world: World, change: Change) -> None:
    """When `resume` is undone, what it ended is in force as before. In a transaction."""
    override_id = ended_by(change)
    if override_id is not None:
        until = change.evidence["until"]
        world.store.overrides.reinstate(override_id, date.fromisoformat(until) if until else None)
