"""Questions in a sync: who asks. What follows from an answer is in `cycle.answers`."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.cycle.world import World
from syncd.domain.merging.withdrawal import doubt_in
from syncd.domain.questions import MOST_OPEN, SAFETY, Answer, Question, QuestionKind
from syncd.store.activities import ActivitySummary

REMEMBERED_FOR = timedelta(days=14)  # our default: an older recording is not asked about, and counts nowhere


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


def ask_about_doubtful(world: World, now: datetime) -> None:
    """Ask of every doubtful recording of the last days whether it was a run, the newest first."""
    for run in world.store.activities.doubtful():
        if world.today(now) - run.day <= REMEMBERED_FOR:
            ask(world, _was_it_a_run(world, run), now)


def _was_it_a_run(world: World, run: ActivitySummary) -> Question:
    doubt = doubt_in(run.withdrawn)
    facts = {"doubt": None if doubt is None else doubt.to_json(), "file": _file_of(world, run)}
    return Question(QuestionKind.RUN, f"run:{run.id}", Answer.NO, facts, activity_id=run.id)


def _file_of(world: World, run: ActivitySummary) -> str:
    """The name of the file that holds it; empty where a service only has a number for it."""
    ids = (arrival.remote_id for arrival in world.store.arrivals.of_activity(run.id))
    return next((name.rpartition("/")[2] for name in ids if not name.isdecimal()), "")
