"""Which messages went out, so that each goes out once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.domain.messages import SentMessage, Topic
from syncd.store.meta import Meta
from syncd.store.times import from_text, to_text

_SENT, _CHANGE = "notices.sent", "notices.change"
_PROBLEM = "notices.problem"
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class MessageProblem:
    """Why the last messages did not go out, and when that was; no address is in it."""

    at: datetime
    text: str


class SentMessages:
    """The log of messages, and the last change of the plan that was reported."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def sent(self) -> tuple[SentMessage, ...]:
        """Those of the last weeks."""
        rows = json.loads(self._meta.get(_SENT) or "[]")
        return tuple(SentMessage(Topic(topic), from_text(at), about) for topic, at, about in rows)

    def note(self, message: SentMessage) -> None:
        """It went out."""
        recent = [sent for sent in (*self.sent(), message) if message.at - sent.at < _KEPT]
        self._meta.set(
            _SENT, json.dumps([[sent.topic.value, to_text(sent.at), sent.about] for sent in recent])
        )

    def last_change(self) -> int | None:
        """The newest change that was reported, or was there before messages were wanted."""
        kept = self._meta.get(_CHANGE)
        return None if kept is None else int(kept)

    def note_change(self, change_id: int) -> None:
        """Changes up to this one have been reported."""
        self._meta.set(_CHANGE, str(change_id))

    def newest_at(self) -> datetime | None:
        """When the last message went out."""
        return max((sent.at for sent in self.sent()), default=None)

    def problem(self) -> MessageProblem | None:
        """None where the last messages went out."""
        kept = self._meta.get(_PROBLEM)
        if not kept:
            return None
        at, text = json.loads(kept)
        return MessageProblem(from_text(at), text)

    def note_problem(self, text: str, at: datetime) -> None:
        """How the last messages went, "" where they went out; the first of equal problems stays."""
        known = self.problem()
        if text:
            first = known.at if known is not None and known.text == text else at
            self._meta.set(_PROBLEM, json.dumps([to_text(first), text]))
        elif known is not None:
            self._meta.forget(_PROBLEM)
