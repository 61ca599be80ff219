"""Which messages went out, so that each goes out once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from syncd.domain.messages import SentMessage, Topic
from syncd.store.meta import Meta
from syncd.store.times import from_text, to_text

_SENT, _CHANGE = "notices.sent", "notices.change"
_KEPT = timedelta(days=30)


class SentMessages:
    """The log of messages, and the last change of the plan that was told."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def sent(self) -> tuple[SentMessage, ...]:
        """Those of the last weeks."""
        rows = json.loads(self._meta.get(_SENT) or "[]")
        return tuple(SentMessage(Topic(topic), from_text(at), about) for topic, at, about in rows)

    def note(self, message: SentMessage) -> None:
        """It went out."""
        kept = [each for each in (*self.sent(), message) if message.at - each.at < _KEPT]
        self._meta.set(_SENT, json.dumps([[each.topic.value, to_text(each.at), each.about] for each in kept]))

    def last_change(self) -> int | None:
        """The newest change that was told, or was there before anybody wanted to be told."""
        kept = self._meta.get(_CHANGE)
        return None if kept is None else int(kept)

    def note_change(self, change_id: int) -> None:
        """Changes up to this one are told."""
        self._meta.set(_CHANGE, str(change_id))

    def newest_at(self) -> datetime | None:
        """When the last message went out."""
        return max((each.at for each in self.sent()), default=None)
