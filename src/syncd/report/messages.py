"""Which messages are due after a sync, and remembering that they went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.cycle.world import HORIZON_DAYS
from syncd.domain.messages import SentMessage, Topic, may_send
from syncd.domain.units import Units
from syncd.report.message_texts import changes_text, human_text, question_message, week_text
from syncd.store import Store
from syncd.store.changes import BY_ATHLETE, Change

_SUNDAY, _EVENING_HOUR = 6, 18  # our default: the week is over when Sunday's run usually is
_NO_NEWS = frozenset({BY_ATHLETE})  # athletes know what they changed themselves
_MOST_READ = 50


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that may go out now. `last_change`: the newest change in it."""

    topic: Topic
    about: str
    title: str
    text: str
    last_change: int | None = None


def due_messages(
    store: Store, local_now: datetime, trouble: str, units: Units, *, changes: bool, weekly: bool
) -> tuple[DueMessage, ...]:
    """The messages for now. `trouble`: what only the athlete can mend, "" where there is nothing.

    `local_now` is aware, in the athlete's zone.
    """
    sent = store.sent_messages.sent()
    due = []
    if trouble and may_send(Topic.HUMAN, trouble, sent, local_now):
        due.append(DueMessage(Topic.HUMAN, trouble, "syncd needs you", human_text(trouble)))
    due += _questions(store, local_now, units, sent) if changes else []
    news = _news(store, local_now)
    if changes and news and may_send(Topic.CHANGES, "", sent, local_now):
        text, newest = changes_text(news, units), max(change.id for change in news)
        due.append(DueMessage(Topic.CHANGES, "", "Your plan changed", text, newest))
    monday = (local_now - timedelta(days=local_now.weekday())).date()
    over = local_now.weekday() == _SUNDAY and local_now.hour >= _EVENING_HOUR
    if weekly and over and may_send(Topic.WEEK, monday.isoformat(), sent, local_now):
        text = week_text(store, monday, units)
        due.append(DueMessage(Topic.WEEK, monday.isoformat(), "Your week", text))
    return tuple(due)


def _questions(
    store: Store, local_now: datetime, units: Units, sent: tuple[SentMessage, ...]
) -> list[DueMessage]:
    """Each open question that was in no message yet."""
    due = []
    for question in store.questions.open():
        about = f"question {question.id}"
        if may_send(Topic.QUESTION, about, sent, local_now):
            text = question_message(question, store, units, local_now)
            due.append(DueMessage(Topic.QUESTION, about, "A question from syncd", text))
            sent = (*sent, SentMessage(Topic.QUESTION, local_now, about))
    return due


def note_sent(store: Store, message: DueMessage, now: datetime) -> None:
    """Remember that it went out."""
    with store.transaction():
        store.sent_messages.note(SentMessage(message.topic, now, message.about))
        if message.last_change is not None:
            store.sent_messages.note_change(message.last_change)


def _news(store: Store, local_now: datetime) -> tuple[Change, ...]:
    """Changes of the days ahead that were in no message yet; none from before the first sync."""
    newest = store.changes.newest(_MOST_READ)
    last_sent = store.sent_messages.last_change()
    if last_sent is None:
        store.sent_messages.note_change(max((change.id for change in newest), default=0))
        return ()
    today = local_now.date()
    return tuple(
        change
        for change in reversed(newest)
        if change.id > last_sent
        and change.holds
        and change.rule not in _NO_NEWS
        and (about := change.after or change.before) is not None
        and today <= about.day < today + timedelta(days=HORIZON_DAYS)
    )
