"""What is worth a message, and how often: never more than a few a week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Topic(StrEnum):
    """What a message is about."""

    HUMAN = "human"  # something that only a person can do
    QUESTION = "question"  # what only the athlete can know
    CHANGES = "changes"  # sessions of the days ahead are others than before
    WEEK = "week"  # how the week went


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that went out; `about` names the occasion."""

    topic: Topic
    at: datetime
    about: str = ""


A_WEEK = timedelta(days=7)
MOST_A_WEEK = {  # our default: seven in all
    Topic.HUMAN: 2,
    Topic.QUESTION: 2,
    Topic.CHANGES: 2,
    Topic.WEEK: 1,
}
SAME_AGAIN = timedelta(days=3)  # our default: a reminder of what still needs a person
APART = timedelta(days=1)  # our default: changes of a day come together


def may_send(topic: Topic, about: str, sent: Iterable[SentMessage], now: datetime) -> bool:
    """Whether a message may go out now. The same occasion comes again only as a reminder.

    Messages dated ahead of `now` count as fresh: a clock that was wrong must not open the gates.
    """
    before = [message for message in sent if message.topic is topic and now - message.at < A_WEEK]
    if len(before) >= MOST_A_WEEK[topic]:
        return False
    if topic is Topic.CHANGES:
        return all(now - message.at >= APART for message in before)
    same = [message for message in before if message.about == about]
    if topic in (Topic.WEEK, Topic.QUESTION):
        return not same
    return all(now - message.at >= SAME_AGAIN for message in same)
