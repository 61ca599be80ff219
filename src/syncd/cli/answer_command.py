"""`answer`: the open questions, and the athlete's answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.exits import UsageFault
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, paths_of, show
from syncd.daemon.state_file import wake

if TYPE_CHECKING:
    from datetime import datetime

    from syncd.cycle.world import World
    from syncd.domain.questions import Answer, Question

_ANSWERS = ("yes", "no")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(answer)


def answer(
    context: typer.Context,
    number: Annotated[str, argument("The number of the question (default: list all).", metavar="[N]")] = "",
    answered: Annotated[
        str, argument("yes or no (default: show the question).", choices=_ANSWERS, metavar="[yes|no]")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Answer a question that syncd has about your runs; without arguments, list the open ones."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.report.questions import open_sheet, question_payload, question_sheet, questions_payload
    from syncd.report.sheet import sheet_of

    now, paths = clock.now(), paths_of(context)
    wanted = _answer(number, answered)
    with opened_world(paths, now, writing=bool(wanted)) as (world, reader):
        store, units, local_now = world.store, reader.units, now.astimezone(world.zone)
        if not number:
            questions = store.questions.open()
            payload = questions_payload(questions, store, units, local_now)
            sheet = open_sheet(questions, store, units, local_now)
        else:
            question = _open_question(world, _number(number), local_now)
            follows = ""
            if wanted:
                question, follows = _settled(world, question, wanted, local_now)
            payload = [question_payload(question, store, units, local_now)]
            sheet = sheet_of(follows) if follows else question_sheet(question, store, units, local_now)
    if wanted:
        wake(paths.state)
    show({"schema": "syncd.answer/1", "questions": payload}, sheet, as_json)


def _settled(world: World, question: Question, wanted: Answer, local_now: datetime) -> tuple[Question, str]:
    """The question as it is answered now, and what comes of that."""
    from syncd.athlete.pain import answer_pain
    from syncd.cycle.answers import answer as settle
    from syncd.cycle.assessment import assess
    from syncd.domain.questions import AnsweredBy, QuestionKind
    from syncd.report.questions import follows_text, settled_text

    if question.kind is QuestionKind.PAIN:
        answer_pain(world, question, wanted, local_now)
        settled = world.store.questions.get(question.id)
    else:
        settled = settle(world, question.id, wanted, local_now)
    assert settled is not None  # noqa: S101 - it is open, and nobody else writes
    if settled.answered_by is AnsweredBy.MOOT:
        raise UsageFault(settled_text(settled, world.store, local_now))
    assess(world, local_now)
    return settled, follows_text(settled, world.store)


def _open_question(world: World, number: int, local_now: datetime) -> Question:
    from syncd.report.questions import settled_text

    question = world.store.questions.get(number)
    if question is None:
        raise UsageFault(f"there is no question {number}: syncd answer lists the open ones")
    if question.answered_at is not None:
        raise UsageFault(settled_text(question, world.store, local_now))
    return question


def _number(text: str) -> int:
    if text.lower() in _ANSWERS:
        raise UsageFault(f"give the number of the question too: syncd answer N {text.lower()}")
    if not (text.isdecimal() and text.isascii()) or len(text) > _MOST_DIGITS:
        raise UsageFault(f"{text} is not the number of a question: syncd answer lists the open ones")
    return int(text)


_MOST_DIGITS = 9


def _answer(number: str, text: str) -> Answer | None:
    from syncd.domain.questions import Answer

    if not text:
        return None
    if text.lower() not in _ANSWERS:
        raise UsageFault(f"{text} is no answer: syncd answer {number} yes, or syncd answer {number} no")
    return Answer(text.lower())
