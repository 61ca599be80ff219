import io
import json
import os
from datetime import UTC, datetime

from syncd.daemon.journal import CYCLE_DONE, Journal, LogPriority

NOW = datetime(2026, 1, 6, 8, tzinfo=UTC)


def test_elsewhere_than_in_the_journal_a_line_is_time_cycle_and_words(monkeypatch):
    out = io.StringIO()
    journal = Journal(lambda: NOW, out)
    journal.say("sync: nothing new", cycle="ab12")
    journal.say("Garmin wants you to log in", LogPriority.ERROR)
    first, second = out.getvalue().splitlines()
    assert first.endswith("[ab12] sync: nothing new")
    assert second.endswith("error: Garmin wants you to log in")
    assert datetime.fromisoformat(first[:25]) == NOW


def test_the_journal_gets_fields_beside_the_message(mailbox):
    path, received = mailbox
    journal = Journal(lambda: NOW, native=path, profile="anna")
    journal.say("sync: 1 run", message_id=CYCLE_DONE, cycle="ab12", fields={"exit": 0, "sources": "garmin"})
    fields = dict(line.split("=", 1) for line in received().splitlines())
    assert fields == {
        "MESSAGE": "sync: 1 run",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "syncd",
        "MESSAGE_ID": CYCLE_DONE,
        "SYNCD_CYCLE": "ab12",
        "SYNCD_PROFILE": "anna",
        "SYNCD_EXIT": "0",
        "SYNCD_SOURCES": "garmin",
    }


def test_for_collectors_of_logs_each_event_is_a_json_object():
    out = io.StringIO()
    journal = Journal(lambda: NOW, out, as_json=True)
    journal.say("sync: 1 run", message_id=CYCLE_DONE, cycle="ab12", fields={"exit": 0})
    assert json.loads(out.getvalue()) == {
        "at": "2026-01-06T08:00:00.000+00:00",
        "priority": "info",
        "message": "sync: 1 run",
        "message_id": CYCLE_DONE,
        "cycle": "ab12",
        "exit": "0",
    }


def test_a_name_with_line_ends_or_escapes_cannot_forge_a_line(mailbox):
    path, received = mailbox
    Journal(lambda: NOW, native=path).say("run \x1b[31m\nPRIORITY=0")
    assert received().splitlines()[0] == "MESSAGE=run [31m PRIORITY=0"


def test_where_the_journal_cannot_be_reached_the_line_says_its_priority(tmp_path):
    out = io.StringIO()
    Journal(lambda: NOW, out, native=str(tmp_path / "nobody")).say("stopped", LogPriority.WARNING)
    assert out.getvalue() == "<4>stopped\n"


def test_a_stream_that_was_redirected_is_not_taken_for_the_journal(monkeypatch, tmp_path):
    monkeypatch.setenv("JOURNAL_STREAM", "1:2")
    journal = Journal.of_process(lambda: NOW)
    assert journal._native == ""


def test_a_full_disk_does_not_end_the_service():
    tried = []

    class Full(io.StringIO):
        def write(self, text):
            tried.append(text)
            raise OSError(28, os.strerror(28))

    Journal(lambda: NOW, Full()).say("sync: nothing new")
    assert "sync: nothing new" in "".join(tried)
