"""Messages for a phone: short, plain, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from syncd.domain.delivery import labels
from syncd.domain.grammar import counted
from syncd.domain.questions import Question
from syncd.domain.session import SessionState
from syncd.domain.units import Units, day_name
from syncd.report.questions import default_text, question_text
from syncd.report.sync_views import change_text
from syncd.store import Store
from syncd.store.changes import Change

_MOST_CHANGES = 5
_WEEK = timedelta(days=7)


def human_text(trouble: str) -> str:
    """What the athlete has to do."""
    return f"{trouble}\nWorkouts that are on the watch stay there."


def question_message(question: Question, store: Store, units: Units, local_now: datetime) -> str:
    """What is asked, the commands that answer it, and what happens without an answer."""
    asked = question_text(question, store, units, local_now.date())
    default = default_text(question, local_now)
    yes, no = (f"syncd answer {question.id} {answer}" for answer in ("yes", "no"))
    return f"{asked}\n{yes}\n{no}\n{default[:1].upper()}{default[1:]}."


def changes_text(changes: Sequence[Change], units: Units) -> str:
    """What changed, and why."""
    lines = [change_text(change, units) for change in changes[:_MOST_CHANGES]]
    more = len(changes) - len(lines)
    return "\n".join([*lines, *([f"and {more} more: syncd why"] if more else [])])


def week_text(store: Store, monday: date, units: Units) -> str:
    """The week that ends, and the one that follows."""
    committed = store.plan.between(monday, monday + _WEEK - timedelta(days=1))
    planned = [session for session in committed if session.state is not SessionState.DROPPED]
    done = [session for session in planned if session.state is SessionState.DONE]
    runs = store.activities.runs_between(monday, monday + _WEEK - timedelta(days=1))
    scores = [
        score.score
        for score in store.scores.between(monday, monday + _WEEK - timedelta(days=1))
        if score.score is not None
    ]
    metres = sum(run.distance_m for run in runs)
    sessions, distance = counted(len(planned), "session"), units.distance(metres)
    lines = [f"{len(done)} of {sessions}, {distance} in {counted(len(runs), 'run')}"]
    if scores:
        lines.append(f"Scores: {', '.join(map(str, scores))}")
    ahead = store.plan.between(monday + _WEEK, monday + 2 * _WEEK - timedelta(days=1))
    due = [session for session in ahead if session.state is SessionState.DUE]
    if due:
        lines.append("Next week:")
        lines += [f"{day_name(s.session.day)}  {labels.title(s.session, units)}" for s in due]
    return "\n".join(lines)
