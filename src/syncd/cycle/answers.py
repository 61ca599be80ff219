"""What follows from answers: the athlete's own, and those that apply by themselves after two days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from syncd.cycle.corrections import correct
from syncd.cycle.moot_questions import drop_moot, is_moot
from syncd.cycle.removals import removed_answered
from syncd.cycle.rescoring import match as put_to_session
from syncd.cycle.run_questions import ask_about_doubtful
from syncd.cycle.world import World
from syncd.domain.activity import RUNNING
from syncd.domain.corrections import Correction, CorrectionKind
from syncd.domain.questions import DEFAULT_AFTER, Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.domain.training.reasons import Cause
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import Override, OverrideKind

Effect = Callable[[World, Question, datetime], object]  # of a question with its answer


def attend(world: World, now: datetime) -> tuple[Question, ...]:
    """The part of questions in a sync: settle what is due, then ask of what arrived. Idempotent.

    What was settled by itself now.
    """
    settled = settle_due(world, now)
    ask_about_doubtful(world, now)
    return settled


def settle_due(world: World, now: datetime) -> tuple[Question, ...]:
    """Let what nobody answered in two days be answered by itself, and drop what does not matter any more.

    Those that were answered by themselves.
    """
    drop_moot(world, now)
    return tuple(
        _settle(world, question, question.default, AnsweredBy.DEFAULT, now)
        for question in world.store.questions.open()
        if question.asked_at is not None and now - question.asked_at >= DEFAULT_AFTER
    )


def answer(world: World, question_id: int, answered: Answer, now: datetime) -> Question | None:
    """Settle an open question as the athlete says, and carry out what follows; None where it is not open.

    One that does not matter any more is settled as such. Runs that have to be assessed again wait
    for the next `assess`.
    """
    question = world.store.questions.get(question_id)
    if question is None or question.answered_at is not None:
        return None
    if is_moot(world, question):
        world.store.questions.settle(question.id, None, AnsweredBy.MOOT, now)
        return world.store.questions.get(question.id)
    return _settle(world, question, answered, AnsweredBy.ATHLETE, now)


def _settle(world: World, question: Question, answered: Answer, by: AnsweredBy, now: datetime) -> Question:
    with world.store.transaction():
        EFFECTS[question.kind, by](world, replace(question, answer=answered), now)
        world.store.questions.settle(question.id, answered, by, now)
    settled = world.store.questions.get(question.id)
    assert settled is not None  # noqa: S101 - it was settled just now
    return settled


def _take_for_session(world: World, question: Question, now: datetime) -> None:
    """Yes: the run is the session's, as `match` says it; no: kept, and the run is not put to it again."""
    if question.answer is Answer.YES and question.activity_id is not None and question.session_id is not None:
        put_to_session(world, question.activity_id, question.session_id, now)


def _take_for_race(world: World, question: Question, now: datetime) -> None:
    """Yes: results and rules treat the run as a race."""
    if question.answer is not Answer.YES or question.activity_id is None:
        return
    facts = {name: question.facts[name] for name in ("distance_m", "day")}
    evidence = {"activity": question.activity_id}
    change = Change(now, BY_ATHLETE, None, Reason(Cause.RACE_CONFIRMED, facts), evidence=evidence)
    kept = world.store.changes.keep(change)
    world.store.overrides.add(
        Override(
            OverrideKind.RACE,
            now,
            date.fromisoformat(question.facts["day"]),
            activity_id=question.activity_id,
            detail={"distance_m": question.facts["distance_m"]},
            change_id=kept.id,
        )
    )


def _take_for_run(world: World, question: Question, now: datetime) -> None:
    """Yes as `fix --kind run`, no as `ignore`."""
    if question.activity_id is None:
        return
    if question.answer is Answer.YES:
        word = Correction(question.activity_id, CorrectionKind.SPORT, now, {"sport": RUNNING})
    else:
        word = Correction(question.activity_id, CorrectionKind.IGNORE, now)
    correct(world, [word], now)


def _left_as_it_is(world: World, question: Question, now: datetime) -> None:
    """Only the answer is kept. A doubtful recording goes on counting nowhere, and a service may still
    say what it was: that nobody answered is no word of the athlete's.
    """


EFFECTS: dict[tuple[QuestionKind, AnsweredBy], Effect] = {
    (QuestionKind.SESSION, AnsweredBy.ATHLETE): _take_for_session,
    (QuestionKind.SESSION, AnsweredBy.DEFAULT): _take_for_session,
    (QuestionKind.RACE, AnsweredBy.ATHLETE): _take_for_race,
    (QuestionKind.RACE, AnsweredBy.DEFAULT): _take_for_race,
    (QuestionKind.RUN, AnsweredBy.ATHLETE): _take_for_run,
    (QuestionKind.RUN, AnsweredBy.DEFAULT): _left_as_it_is,
    (QuestionKind.PAIN, AnsweredBy.ATHLETE): _left_as_it_is,  # what follows is the athlete's entry
    (QuestionKind.PAIN, AnsweredBy.DEFAULT): _left_as_it_is,
    (QuestionKind.REMOVED, AnsweredBy.ATHLETE): removed_answered,
    (QuestionKind.REMOVED, AnsweredBy.DEFAULT): removed_answered,
}
