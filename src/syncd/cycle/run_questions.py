"""Recordings that may be no run: the athlete is asked once, about the last days only."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.cycle.questions import ask
from syncd.cycle.world import World
from syncd.domain.merging.withdrawal import doubt_in
from syncd.domain.questions import Answer, Question, QuestionKind
from syncd.store.activities import ActivitySummary

REMEMBERED_FOR = timedelta(days=14)  # our default: an older recording is not asked about, and counts nowhere


def ask_about_doubtful(world: World, now: datetime) -> None:
    """Ask of every doubtful recording of the last days whether it was a run, the newest first."""
    for run in world.store.activities.doubtful():
        if world.today(now) - run.day <= REMEMBERED_FOR:
            ask(world, _was_it_a_run(world, run), now)


def _was_it_a_run(world: World, run: ActivitySummary) -> Question:
    """Its facts: `doubt`, a reason as JSON; `file`, the name of the file, "" where a service has it."""
    doubt = doubt_in(run.withdrawn)
    facts = {"doubt": None if doubt is None else doubt.to_json(), "file": _file_of(world, run)}
    return Question(QuestionKind.RUN, f"run:{run.id}", Answer.NO, facts, activity_id=run.id)


def _file_of(world: World, run: ActivitySummary) -> str:
    """The name of the file that holds it; empty where a service only has a number for it."""
    ids = (arrival.remote_id for arrival in world.store.arrivals.of_activity(run.id))
    return next((name.rpartition("/")[2] for name in ids if not name.isdecimal()), "")
