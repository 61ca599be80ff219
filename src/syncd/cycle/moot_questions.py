"""Questions that do not matter any more: their run or session is gone, or was settled otherwise."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.done_runs import races_between
from syncd.cycle.world import World
from syncd.domain.merging.withdrawal import doubt_in
from syncd.domain.questions import AnsweredBy, Question, QuestionKind
from syncd.domain.session import SessionState


def drop_moot(world: World, now: datetime) -> None:
    """Settle what does not matter any more."""
    for question in world.store.questions.open():
        if is_moot(world, question):
            world.store.questions.settle(question.id, None, AnsweredBy.MOOT, now)


def is_moot(world: World, question: Question) -> bool:
    """Whether nothing would follow from any answer: its run or session is gone, or settled otherwise."""
    run = None if question.activity_id is None else world.store.activities.get(question.activity_id)
    match question.kind:
        case QuestionKind.RUN:
            return run is None or doubt_in(run.withdrawn) is None
        case QuestionKind.RACE:
            return run is None or not run.is_run or run.id in races_between(world, run.day, run.day)
        case QuestionKind.SESSION:
            session = world.store.plan.get(question.session_id or "")
            return (
                run is None
                or not run.is_run
                or session is None
                or session.state in (SessionState.DONE, SessionState.DROPPED)
                or world.store.plan.done_with(run.id) is not None
            )
        case QuestionKind.PAIN:
            return run is None or not run.is_run or world.store.pains.of_run(run.id) is not None
        case QuestionKind.REMOVED:
            return False
