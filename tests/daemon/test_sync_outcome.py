"""What a sync printed, as lines of the log."""

from __future__ import annotations

import json

from syncd.daemon.child import Ended
from syncd.daemon.journal import RUN_DOUBTFUL, LogPriority
from syncd.daemon.sync_outcome import read_sync_outcome


def test_a_recording_that_waits_for_the_athletes_word_is_an_event_of_its_own() -> None:
    arrived = {"name": "ride.gpx", "outcome": "doubtful", "reason": "", "activity": 7, "doubt": None}
    report = json.dumps({"schema": "syncd.sync/1", "arrived": [arrived]})
    outcome = read_sync_outcome(Ended(0, report, ""))
    (line,) = outcome.events
    assert (line.priority, line.message_id) == (LogPriority.WARNING, RUN_DOUBTFUL)
    assert line.message == "ride.gpx: doubtful, counts nowhere until you say what it was: syncd score 7"
    assert (outcome.code, outcome.problems) == (0, ())
