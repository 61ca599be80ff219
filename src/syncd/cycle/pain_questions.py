"""Whether a run hurt: asked after the runs of a return from an injury, a stop or a birth, once a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from syncd.cycle.planning import recent_conditions
from syncd.cycle.questions import ask
from syncd.cycle.situation import spells_of
from syncd.cycle.world import World
from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.training.conditions import newest
from syncd.domain.training.rules.health_spells import health_spells
from syncd.domain.training.rules.situation import Trouble

ASKED_AFTER = frozenset({Trouble.HURT, Trouble.STOP, Trouble.BIRTH})
ASKED_FOR = timedelta(days=1)  # our default: how a run felt before yesterday is forgotten


def ask_about_pain(world: World, now: datetime) -> None:
    """Ask of the last run of a return, of today or yesterday; an older question gives way to it."""
    today = world.today(now)
    runs = [run for run in world.store.activities.summaries(today - ASKED_FOR, today) if run.is_run]
    last = runs[-1] if runs else None
    if last is None or not in_asked_return(world, last.day, today) or _is_known(world, last.id, last.day):
        return
    for older in _open(world):
        world.store.questions.settle(older.id, None, AnsweredBy.MOOT, now)
    facts = {"day": last.day.isoformat()}
    question = Question(QuestionKind.PAIN, f"pain:{last.id}", Answer.UNKNOWN, facts, activity_id=last.id)
    ask(world, question, now)


def in_asked_return(world: World, day: date, today: date) -> bool:
    """Whether the day is in a return after which runs are asked for pain."""
    spells = (*spells_of(world.store), *health_spells(world.health))
    groups = {f"A3:{spell.id}" for spell in spells if spell.trouble in ASKED_AFTER}
    return any(
        condition.is_return and condition.group in groups and condition.covers(day)
        for condition in newest(recent_conditions(world, today))
    )


def _is_known(world: World, activity_id: int, day: date) -> bool:
    """Whether it was entered, or asked of a run of the same day and not settled as moot."""
    if world.store.pains.of_run(activity_id) is not None:
        return True
    asked = (*world.store.questions.open(), *world.store.questions.settled())
    return any(
        question.kind is QuestionKind.PAIN
        and question.facts.get("day") == day.isoformat()
        and question.answered_by is not AnsweredBy.MOOT
        for question in asked
    )


def _open(world: World) -> tuple[Question, ...]:
    return tuple(question for question in world.store.questions.open() if question.kind is QuestionKind.PAIN)
