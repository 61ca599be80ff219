from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.messages import MOST_A_WEEK, SentMessage, Topic, may_send

NOW = datetime(2026, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def test_what_needs_a_person_is_told_at_once_and_reminded_after_three_days():
    assert may_send(Topic.HUMAN, "log in", (), NOW)
    sent = SentMessage(Topic.HUMAN, NOW, "log in")
    assert not may_send(Topic.HUMAN, "log in", (sent,), NOW + DAY)
    assert may_send(Topic.HUMAN, "something else", (sent,), NOW + DAY)
    assert may_send(Topic.HUMAN, "log in", (sent,), NOW + 3 * DAY)


def test_changes_of_a_day_come_together():
    sent = SentMessage(Topic.CHANGES, NOW)
    assert not may_send(Topic.CHANGES, "", (sent,), NOW + DAY / 2)
    assert may_send(Topic.CHANGES, "", (sent,), NOW + DAY)


def test_a_week_is_told_once():
    sent = SentMessage(Topic.WEEK, NOW, "2026-01-05")
    assert not may_send(Topic.WEEK, "2026-01-05", (sent,), NOW + DAY / 24)
    assert may_send(Topic.WEEK, "2026-01-12", (sent,), NOW + 7 * DAY)


def test_a_question_is_told_once():
    sent = SentMessage(Topic.QUESTION, NOW, "question 1")
    assert not may_send(Topic.QUESTION, "question 1", (sent,), NOW + 6 * DAY)
    assert may_send(Topic.QUESTION, "question 2", (sent,), NOW)


@given(st.lists(st.tuples(st.sampled_from(Topic), st.text(max_size=2), st.integers(0, 60)), max_size=200))
def test_whatever_happens_there_are_never_more_than_seven_in_any_seven_days(asked):
    sent, at = [], NOW
    for topic, about, hours in asked:
        at += timedelta(hours=hours)
        if may_send(topic, about, sent, at):
            sent.append(SentMessage(topic, at, about))
    for first in sent:
        week = [each for each in sent if timedelta(0) <= each.at - first.at < timedelta(days=7)]
        assert len(week) <= sum(MOST_A_WEEK.values())


@given(st.integers(1, 400))
def test_a_clock_that_went_back_does_not_open_the_gates(days):
    ahead = [SentMessage(Topic.HUMAN, NOW + timedelta(days=days), str(number)) for number in range(2)]
    assert not may_send(Topic.HUMAN, "new", ahead, NOW)
