"""What the athlete says about their health: a new answer, what a doctor has cleared, and what was not so.

Every answer is a change of the plan with its reason, and an undo. A stop ends in a return (9.3), also where
it is taken back after days without running.
"""

from __future__ import annotations

from datetime import date, datetime

from syncd.athlete.rebuilding import come_back
from syncd.athlete.sessions import EditOutcome, OverrideError
from syncd.cycle.health_answers import (
    WORD,
    cleared,
    keep,
    newest_of,
    obey,
    said,
    take_up,
    with_answers,
    with_usual,
)
from syncd.cycle.planning import history
from syncd.cycle.world import World
from syncd.domain.athlete import Concern, Health, HealthAnswer, HealthGrade
from syncd.domain.day_text import dated_text
from syncd.domain.health_dates import LONG_AGO, LONGEST_PREGNANCY, HealthDateError, require_past_birth
from syncd.domain.reason import Reason
from syncd.domain.training.health_answers import days_without, may_run, open_answers, pregnancy_on
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.health_spells import spell_id
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.health_answers import Clearance, ClearedFor
from syncd.store.overrides import OverrideKind


def answer(world: World, concern: Concern, since: date, now: datetime) -> EditOutcome:
    """A new yes, from a day on, or another day for one that is open. Raises OverrideError.

    For a birth the day is its date.
    """
    world, changes = take_up(world, now)
    today = world.today(now)
    _require_possible(world, concern, since, today)
    known = newest_of(open_answers(world.health, today), concern)
    if known is not None and known.since == since:
        raise OverrideError(
            f"{concern.value} since {dated_text(since, today)} is entered already: syncd health shows it"
        )
    new = with_usual(world.store, HealthAnswer(concern, since), history(world, today))
    with world.store.transaction():
        if known is not None and known.in_file:
            raise OverrideError(
                f"{concern.value} is written in config.toml: change it there, or clear it (syncd health)"
            )
        said_on = now  # a corrected day is still the answer of before: what it cost ends in a return
        if known is not None:
            said_on = world.store.health.said_on(known.id)
            world.store.health.take_back(known.id, now)
        kept = keep(world.store, new, None, said_on)
        changes += _obeyed(world, said(kept), now, f"{WORD}:said:{kept.id}", answer_id=kept.id)
    return EditOutcome((*changes, *come_back(with_answers(world), now)))


def clear(world: World, concern: Concern, cleared_for: ClearedFor, day: date, now: datetime) -> EditOutcome:
    """What is cleared from a day on; `OVER`: a pregnancy that ended. Raises OverrideError."""
    world, changes = take_up(world, now)
    today = world.today(now)
    known = _known(world, concern, today)
    _require_clearable(known, cleared_for, day, today)
    reason = cleared(known, day, cleared_for)
    if cleared_for is ClearedFor.OVER:
        reason = Reason(Cause.HEALTH_OVER, {"day": day.isoformat()})
    rested = not may_run(Health((known,)), today)
    with world.store.transaction():
        clearance_id = world.store.health.clear(known.id, Clearance(day, cleared_for), now)
        word = f"{WORD}:cleared:{clearance_id}"
        if rested:
            change = Change(now, BY_ATHLETE, None, reason, evidence={"word": word})
            kept = world.store.changes.keep(change)
            world.store.health.caused(kept.id, clearance_id=clearance_id)
            changes += (kept,)
        else:
            changes += _obeyed(world, reason, now, word, clearance_id=clearance_id)
    world = with_answers(world)
    back = come_back(world, now)
    if rested and not any(change.evidence.get("spell") == spell_id(known) for change in back):
        # it was cleared so long ago that its return is over
        back += obey(world, reason, now, key=f"{word}:back", restoring=True)
    return EditOutcome((*changes, *back))


def take_back(world: World, concern: Concern, now: datetime) -> EditOutcome:
    """The answer was not so. Raises OverrideError where days without running followed from it."""
    world, changes = take_up(world, now)
    today = world.today(now)
    known = _known(world, concern, today)
    refusal = why_it_stays(world, known, today)
    if refusal:
        raise OverrideError(refusal)
    with world.store.transaction():
        world.store.health.take_back(known.id, now)
        key = f"{WORD}:not_so:{known.id}"
        changes += _obeyed(world, Reason(Cause.HEALTH_NOT_SO), now, key)
    return EditOutcome((*changes, *come_back(with_answers(world), now)))


def why_it_stays(world: World, known: HealthAnswer, today: date) -> str:
    """Why an answer cannot be taken back: it is in the file, or its days off need their return."""
    if known.in_file:
        return f"{known.concern.value} is written in config.toml: remove it there, or clear it (syncd health)"
    said_on = world.today(world.store.health.said_on(known.id))
    if days_without(Health((known,))) and said_on < today:
        return (
            f"{known.concern.value} has kept you from running since {dated_text(known.since, today)}: "
            f"syncd health --clear {known.concern.name.lower()} ends it, and you come back in steps"
        )
    return ""


def _obeyed(
    world: World, reason: Reason, now: datetime, key: str, *, answer_id: str = "", clearance_id: int = 0
) -> tuple[Change, ...]:
    """The plan obeys the answers as they are kept now; the first change is theirs."""
    changes = obey(with_answers(world), reason, now, key=key, restoring=bool(clearance_id or not answer_id))
    if changes and (answer_id or clearance_id):
        world.store.health.caused(changes[0].id, answer_id=answer_id, clearance_id=clearance_id)
    return changes


def _known(world: World, concern: Concern, today: date) -> HealthAnswer:
    known = newest_of(open_answers(world.health, today), concern)
    if known is None:
        open_ones = sorted(answer.concern.name.lower() for answer in open_answers(world.health, today))
        entered = f"open are {', '.join(open_ones)}" if open_ones else "no answer is open"
        raise OverrideError(f"{concern.value}: nothing is entered that could be cleared ({entered})")
    return known


def _require_possible(world: World, concern: Concern, since: date, today: date) -> None:
    """Raises OverrideError for a day or an answer that cannot be."""
    if concern is Concern.BIRTH:
        try:
            require_past_birth(since, today)
        except HealthDateError as error:
            raise OverrideError(str(error)) from None
    if since > today:
        raise OverrideError(f"{dated_text(since, today)} is still to come: give today or a day before")
    if today - since > LONG_AGO:
        raise OverrideError(
            f"{dated_text(since, today)} is more than two years ago: enter what holds now, since when it does"
        )
    if concern is Concern.PREGNANCY and today - since > LONGEST_PREGNANCY:
        raise OverrideError(
            f"a pregnancy since {dated_text(since, today)} would be over: syncd health --birth DATE"
        )
    if concern is Concern.INJURY:
        hurt = next(
            (
                spell
                for spell in world.store.overrides.time_off()
                if spell.kind is OverrideKind.HURT and (spell.last_day is None or spell.last_day >= today)
            ),
            None,
        )
        if hurt is not None:
            since_text = dated_text(hurt.first_day, today)
            raise OverrideError(f"an injury since {since_text} is entered already: syncd resume ends it")
    pregnancy = pregnancy_on(world.health, today)
    if concern is Concern.BIRTH and pregnancy is not None and since < pregnancy.since < today:
        raise OverrideError(
            f"a birth on {dated_text(since, today)} is before the pregnancy that you entered "
            f"({dated_text(pregnancy.since, today)}): syncd health --take-back pregnancy"
        )


def _require_clearable(known: HealthAnswer, cleared_for: ClearedFor, day: date, today: date) -> None:
    """Raises OverrideError for a day that cannot be, and for what is cleared already."""
    name, since = known.concern.value, dated_text(known.since, today)
    if day > today:
        raise OverrideError(
            f"{dated_text(day, today)} is still to come: enter what is cleared when a doctor has cleared it"
        )
    if day < known.since:
        raise OverrideError(
            f"{dated_text(day, today)} is before {since}, when it began ({name}): give a day from then on"
        )
    if cleared_for is ClearedFor.OVER and known.grade is not HealthGrade.PREGNANCY:
        raise OverrideError(f"{name}: only a pregnancy is over; everything else is cleared (--clear)")
    already = {
        ClearedFor.EASY: known.easy_from,
        ClearedFor.EVERYTHING: known.free_from,
        ClearedFor.OVER: known.over_on,
    }[cleared_for]
    if already is not None and not (known.over_on and known.free_from and known.free_from < known.over_on):
        raise OverrideError(f"{name} is cleared for that since {dated_text(already, today)} already")
