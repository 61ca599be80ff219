"""Runs as good as a race that nobody called so: the athlete is asked once, about the last days only."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.cycle.done_runs import done_runs
from syncd.cycle.questions import ask
from syncd.cycle.world import World
from syncd.domain.questions import Answer, Question, QuestionKind
from syncd.domain.scoring.attribution import Method
from syncd.domain.training.rules.situation import DoneRun

ASKED_FOR = timedelta(days=3)  # our default: an import of years raises no question


def ask_about_races(world: World, now: datetime) -> tuple[Question, ...]:
    """Ask about each run of the last days that was all-out and unannounced; the questions that are open."""
    today = world.today(now)
    first = today - ASKED_FOR
    sessions = world.store.plan.between(first - ASKED_FOR, today + ASKED_FOR)
    asked = (
        ask(world, _question(world, run), now)
        for run in done_runs(world, first, today, sessions)
        if _is_unannounced(world, run)
    )
    return tuple(question for question in asked if question is not None and question.answered_at is None)


def _is_unannounced(world: World, run: DoneRun) -> bool:
    """As good as a race, and neither called one nor planned as hard, nor in the place of a hard session."""
    if not run.all_out or run.raced or not run.is_extra_hard:
        return False
    stored = world.store.scores.newest_of(int(run.id))
    return stored is not None and stored.method is not Method.REPLACED


def _question(world: World, run: DoneRun) -> Question:
    stored = world.store.scores.newest_of(int(run.id))
    race = stored.strain.race if stored is not None and stored.strain is not None else None
    facts = {
        "distance_m": race.distance_m if race is not None else run.distance_m,
        "time_s": race.time_s if race is not None else run.duration_s,
        "day": run.day.isoformat(),
    }
    return Question(QuestionKind.RACE, f"race:{run.id}", Answer.NO, facts, activity_id=int(run.id))
