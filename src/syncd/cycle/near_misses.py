"""Runs that nearly were a session: the athlete is asked, and what was refused is no pair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from syncd.cycle.questions import ask
from syncd.cycle.world import World
from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.scoring.constants import SHAPE_FLOOR
from syncd.domain.scoring.run_assignment import AssignedRow
from syncd.domain.session import MEASURED_KINDS, Session, SessionKind
from syncd.domain.training.reasons import session_fact

NEARLY = 0.15  # our default: so much less than the floor of likeness is asked about
ASKED_FOR = timedelta(days=2)  # our default: later it matters to no rule


def question_key(activity_id: int, session_id: str) -> str:
    """The name of the question whether a run was a session."""
    return f"session:{activity_id}:{session_id}"


def refused(world: World) -> frozenset[tuple[int | None, str | None]]:
    """Runs and sessions that are no pair: the athlete said so."""
    return frozenset(
        (question.activity_id, question.session_id)
        for question in world.store.questions.settled()
        if question.kind is QuestionKind.SESSION
        and question.answer is Answer.NO
        and question.answered_by is AnsweredBy.ATHLETE
    )


def ask_about(world: World, assigned: Iterable[AssignedRow], now: datetime) -> None:
    """Ask about runs of the last days that nearly were a session that matters; settle what is clear now."""
    open_now = {question.key for question in world.store.questions.open()}
    wanted = {key for row in assigned if (key := _ask(world, row, now)) is not None}
    for question in world.store.questions.open():
        if question.kind is QuestionKind.SESSION and question.key in open_now - wanted:
            world.store.questions.settle(question.id, None, AnsweredBy.MOOT, now)


def _ask(world: World, assigned: AssignedRow, now: datetime) -> str | None:
    """The key of the question about this run, where there is one."""
    row = assigned.row
    if row.is_joined or assigned.attribution.session_id is not None:
        return None
    for likeness, identity in assigned.misses:
        known = world.store.plan.get(identity)
        if known is None or likeness < SHAPE_FLOOR - NEARLY or not _matters(known.session):
            continue
        key = question_key(row.runs[0], identity)
        if world.store.questions.with_key(key) is None and world.today(now) - row.day > ASKED_FOR:
            return None
        facts = session_fact(known.session)
        ask(
            world,
            Question(QuestionKind.SESSION, key, Answer.NO, facts, row.runs[0], identity),
            now,
        )
        return key
    return None


def _matters(session: Session) -> bool:
    return session.hard or session.kind is SessionKind.LONG or session.kind in MEASURED_KINDS
