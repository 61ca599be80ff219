"""Which messages are due after a look, and remembering that they went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.cycle.world import HORIZON_DAYS
from syncd.domain.messages import SentMessage, Topic, may_send
from syncd.domain.units import Units
from syncd.report.message_texts import changes_text, human_text, week_text
from syncd.store import Store
from syncd.store.changes import BY_ATHLETE, Change

_SUNDAY, _EVENING_HOUR = 6, 18  # our default: the week is over when Sunday's run usually is
_OWN_WORD = frozenset({BY_ATHLETE})  # what somebody just said need not be told
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that may go out now. `last_change`: the newest change that it tells."""

    topic: Topic
    about: str
    title: str
    text: str
    last_change: int | None = None


def due_messages(
    store: Store, local_now: datetime, trouble: str, units: Units, *, changes: bool, weekly: bool
) -> tuple[DueMessage, ...]:
    """The messages for now. `trouble`: what only a person can help, "" where nothing is.

    `local_now` is aware, in the athlete's zone.
    """
    sent = store.sent_messages.sent()
    found = []
    if trouble and may_send(Topic.HUMAN, trouble, sent, local_now):
        found.append(DueMessage(Topic.HUMAN, trouble, "syncd needs you", human_text(trouble)))
    news = _news(store, local_now)
    if changes and news and may_send(Topic.CHANGES, "", sent, local_now):
        text = changes_text(news, units)
        found.append(DueMessage(Topic.CHANGES, "", "Your plan changed", text, max(each.id for each in news)))
    monday = (local_now - timedelta(days=local_now.weekday())).date()
    over = local_now.weekday() == _SUNDAY and local_now.hour >= _EVENING_HOUR
    if weekly and over and may_send(Topic.WEEK, monday.isoformat(), sent, local_now):
        text = week_text(store, monday, units)
        found.append(DueMessage(Topic.WEEK, monday.isoformat(), "Your week", text))
    return tuple(found)


def note_sent(store: Store, notice: DueMessage, now: datetime) -> None:
    """It went out."""
    with store.transaction():
        store.sent_messages.note(SentMessage(notice.topic, now, notice.about))
        if notice.last_change is not None:
            store.sent_messages.note_change(notice.last_change)


def _news(store: Store, local_now: datetime) -> tuple[Change, ...]:
    """Changes of the days ahead that were not told; those from before the first look are none."""
    newest = store.changes.newest(_LOOKED_AT)
    told = store.sent_messages.last_change()
    if told is None:
        store.sent_messages.note_change(max((each.id for each in newest), default=0))
        return ()
    today = local_now.date()
    return tuple(
        each
        for each in reversed(newest)
        if each.id > told
        and each.undone_at is None
        and each.rule not in _OWN_WORD
        and (about := each.after or each.before) is not None
        and today <= about.day < today + timedelta(days=HORIZON_DAYS)
    )
