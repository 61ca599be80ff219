"""What a sync printed, as lines of the log."""

from __future__ import annotations

import json

from syncd.daemon.child import Ended
from syncd.daemon.journal import QUESTION_ASKED, QUESTION_SETTLED, RUN_DOUBTFUL, LogPriority
from syncd.daemon.sync_outcome import read_sync_outcome


def test_a_recording_that_waits_for_the_athletes_word_is_an_event_of_its_own() -> None:
    arrived = {"name": "ride.gpx", "outcome": "doubtful", "reason": "", "activity": 7, "doubt": None}
    report = json.dumps({"schema": "syncd.sync/1", "arrived": [arrived]})
    outcome = read_sync_outcome(Ended(0, report, ""))
    (line,) = outcome.events
    assert (line.priority, line.message_id) == (LogPriority.WARNING, RUN_DOUBTFUL)
    assert line.message == "ride.gpx: doubtful, counts nowhere until you say what it was: syncd score 7"
    assert (outcome.code, outcome.problems) == (0, ())


QUESTION = {"id": 2, "text": "Was the 8.1 km on Tuesday your 3 x 5 min?", "answer": None}


def test_a_new_question_is_an_event_and_news() -> None:
    outcome = read_sync_outcome(Ended(0, json.dumps({"schema": "syncd.sync/1", "asked": [QUESTION]}), ""))
    (line,) = outcome.events
    assert (line.priority, line.message_id) == (LogPriority.WARNING, QUESTION_ASKED)
    assert line.message == ("question 2: Was the 8.1 km on Tuesday your 3 x 5 min? syncd answer 2 yes | no")
    assert outcome.news


def test_a_default_that_was_applied_is_an_event() -> None:
    settled = QUESTION | {"answer": "no"}
    outcome = read_sync_outcome(Ended(0, json.dumps({"schema": "syncd.sync/1", "settled": [settled]}), ""))
    (line,) = outcome.events
    assert (line.priority, line.message_id) == (LogPriority.NOTICE, QUESTION_SETTLED)
    assert line.message == (
        "question 2 was not answered, settled as no: Was the 8.1 km on Tuesday your 3 x 5 min?"
    )
