"""Questions to the athlete: what only they can know, each with an answer that applies by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

DEFAULT_AFTER = timedelta(days=2)
MOST_OPEN = 2  # more would not be read


class QuestionKind(StrEnum):
    """What is asked; each is followed by its facts."""

    SESSION = "session"  # was the run `activity_id` the session `session_id`? title, length_m, day
    RACE = "race"  # was the run a race or an all-out effort? distance_m, time_s, day
    RUN = "run"  # was the doubtful recording `activity_id` a run? doubt, file
    PAIN = "pain"  # did the run `activity_id`, in a return after an injury, hurt?
    REMOVED = "removed"  # did the athlete take these off the calendar? sink, sessions, days


SAFETY = frozenset({QuestionKind.REMOVED, QuestionKind.PAIN})  # asked at any time, beside the others


class Answer(StrEnum):
    """What can be answered. `UNKNOWN` is a default only: nothing is done on it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class AnsweredBy(StrEnum):
    """Who settled a question."""

    ATHLETE = "athlete"
    DEFAULT = "default"  # nobody answered in time
    MOOT = "moot"  # it does not matter any more


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` names it with its subject: the same is never asked twice. `id` is 0 until it
    is kept; `answer` None while it is open. `facts` are JSON-able.
    """

    kind: QuestionKind
    key: str
    default: Answer
    facts: Mapping[str, Any] = field(default_factory=dict)
    activity_id: int | None = None
    session_id: str | None = None
    asked_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    answered_by: AnsweredBy | None = None
    id: int = 0
