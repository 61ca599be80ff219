"""Pain in a run, as the athlete enters it: an injury begins at once, or one is taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from syncd.athlete.rebuilding import come_back
from syncd.athlete.sessions import OverrideError
from syncd.athlete.time_off import begin_time_off
from syncd.athlete.undoing import undo
from syncd.cycle.taking_back import take_back_unfounded
from syncd.cycle.world import World
from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.domain.training.pain import HURT_FROM, LEAST, MOST, Pain, PainGrade
from syncd.domain.training.reasons import Cause
from syncd.store.changes import Change
from syncd.store.overrides import Override, OverrideKind, needs_doctor

COUNTS_FOR = timedelta(
    days=14
)  # our default: what hurt in an older run is said by `sick --hurt`, if it still does


@dataclass(frozen=True, slots=True)
class PainOutcome:
    """`pain` as it is kept, and what came of it. `undone`: the changes by an injury that an earlier entry
    had begun.
    """

    pain: Pain
    changes: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()
    text: Reason | None = None


def enter_pain(world: World, said: Pain, now: datetime) -> PainOutcome:
    """Keep it in the place of an earlier entry for the run, and carry out what follows. Raises OverrideError.

    What followed from the earlier entry is taken back, unless it follows from this one too.
    """
    _require_sense(said)
    spell = _spell_of(world, world.store.pains.of_run(said.activity_id))
    with world.store.transaction():
        pain = world.store.pains.keep(said, now)
        _settle_question(world, pain, now)
        undone = _TakenBack()
        if spell is not None and pain.grade < PainGrade.HURT:
            undone = _taken_back(world, spell, now)
        taken_back = take_back_unfounded(world, now, covered=False)
        if pain.grade >= PainGrade.HURT:
            begun, text = _hurt(world, pain, spell, now)
        else:
            begun, text = come_back(world, now), None
    return PainOutcome(pain, (*undone.eased, *taken_back, *begun), undone.changes, text)


def answer_pain(world: World, question: Question, answered: Answer, now: datetime) -> PainOutcome | None:
    """A yes counts as hurt until it is said how much; None where the run is no run any more."""
    asked = None if question.activity_id is None else pain_in(world, question.activity_id)
    if asked is None:
        return None
    worst = HURT_FROM if answered is Answer.YES else LEAST
    return enter_pain(world, replace(asked, worst=worst), now)


def _require_sense(said: Pain) -> None:
    if not LEAST <= said.worst <= MOST:
        raise OverrideError(
            f"{said.worst}: pain is {LEAST} to {MOST}, {LEAST} for none, the worst of it counts"
        )
    if said.worst == LEAST and said.signs:
        signs = ", ".join(f"--{sign.value}" for sign in sorted(said.signs))
        raise OverrideError(f"{LEAST} is no pain: with {signs} give the worst of it, 1 to {MOST}")


def _spell_of(world: World, pain: Pain | None) -> Override | None:
    """The injury that an entry began, as long as it lasts."""
    if pain is None:
        return None
    return next(
        (
            spell
            for spell in world.store.overrides.time_off()
            if spell.detail.get("pain") == pain.id and spell.last_day is None
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class _TakenBack:
    """The changes that are undone, and the hard sessions that come back easy."""

    changes: tuple[Change, ...] = ()
    eased: tuple[Change, ...] = ()


def _taken_back(world: World, spell: Override, now: datetime) -> _TakenBack:
    """The injury was none; where too much has happened since, it ended yesterday, and a return follows."""
    try:
        undone = undo(world, spell.change_id, now)
    except OverrideError:
        world.store.overrides.end(spell.id, max(spell.first_day, world.today(now) - timedelta(days=1)))
        return _TakenBack()
    return _TakenBack((undone.change, *undone.together), undone.eased)


def _hurt(
    world: World, pain: Pain, spell: Override | None, now: datetime
) -> tuple[tuple[Change, ...], Reason | None]:
    """Begin an injury on the day of the run, or say of the one that lasts what is known of it now."""
    today, doctor = world.today(now), pain.grade is PainGrade.DOCTOR
    detail: dict[str, Any] = {"pain": pain.id, "doctor": doctor}
    reason = Reason(Cause.SEE_DOCTOR if doctor else Cause.HURT_IN_RUN, facts_of(pain))
    lasting = spell or _lasting_injury(world)
    if lasting is not None:
        kept_doctor = doctor or (needs_doctor(lasting) and spell is None)
        mine = {"pain": pain.id} if spell is not None else {}
        world.store.overrides.describe(lasting.id, {**lasting.detail, **mine, "doctor": kept_doctor})
        return (), reason
    if not doctor and today - pain.day > COUNTS_FOR:
        return (), Reason(Cause.PAIN_LONG_AGO, {"day": pain.day.isoformat()})
    ran_since = world.store.activities.runs_between(pain.day + timedelta(days=1), today)
    first = today if ran_since else pain.day
    override = Override(OverrideKind.HURT, now, first, detail=detail)
    outcome = begin_time_off(world, override, reason, now)
    return outcome.changes, reason


def _lasting_injury(world: World) -> Override | None:
    """An injury that is not over, whatever began it."""
    spells = world.store.overrides.of([OverrideKind.HURT])
    return next((spell for spell in reversed(spells) if spell.last_day is None), None)


def facts_of(pain: Pain) -> dict[str, Any]:
    """An entry as facts of a reason."""
    return {
        "day": pain.day.isoformat(),
        "worst": pain.worst,
        "place": pain.place,
        "signs": sorted(sign.value for sign in pain.signs),
    }


def _settle_question(world: World, pain: Pain, now: datetime) -> None:
    """Whoever enters it has answered."""
    answer = Answer.YES if pain.worst else Answer.NO
    for question in world.store.questions.open():
        if question.kind is QuestionKind.PAIN and question.activity_id == pain.activity_id:
            world.store.questions.settle(question.id, answer, AnsweredBy.ATHLETE, now)


def pain_in(world: World, activity_id: int) -> Pain | None:
    """A new entry for a run, without anything said yet; None where there is no such run."""
    run = world.store.activities.get(activity_id)
    return None if run is None or not run.is_run else Pain(run.id, run.day, LEAST)
