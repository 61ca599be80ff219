"""Questions in a sync: who asks, and what follows from an answer."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.world import World
from syncd.domain.questions import MOST_OPEN, SAFETY, Question


def ask(world: World, question: Question, now: datetime) -> Question | None:
    """Ask the athlete, once; None while too many questions are open: it may be asked in a later sync.

    Questions of safety are asked at any time, and do not count.
    """
    known = world.store.questions.with_key(question.key)
    if known is not None:
        return known
    others = [asked for asked in world.store.questions.open() if asked.kind not in SAFETY]
    if question.kind not in SAFETY and len(others) >= MOST_OPEN:
        return None
    return world.store.questions.ask(question, now)
