"""Questions on the command line: where they are shown, how they are answered, and what is refused."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syncd.domain.doubts import Doubt
from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES, MILES
from syncd.paths import locate
from syncd.report.messages import due_messages, note_sent
from syncd.report.questions import choices_text, default_text, question_text, settled_text
from syncd.store import Store
from tests.support.tracks import gpx, steady

SUNDAY = datetime(2026, 1, 4, 9, tzinfo=UTC)
NOW = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Europe/Rome"))
ASKED = "Question 1: was ride.gpx (25.2 km on Sunday) a run? syncd answer 1 yes | no"


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def with_a_ride(syncd, initialised, monkeypatch: pytest.MonkeyPatch):
    """A ride of 25 km that nobody gave a type, read by a sync on Monday morning."""
    inbox, _ = initialised
    path: Path = inbox / "ride.gpx"
    path.write_bytes(gpx(steady(3600, 7.0, hr=None), kind="", start=SUNDAY))
    os.utime(path, (1, 1))
    monkeypatch.setenv("SYNCD_NOW", NOW.isoformat())
    return syncd("sync")


# --- shown


def test_a_sync_shows_what_it_asks_once(syncd, with_a_ride) -> None:
    assert f"{ASKED} (no by itself on Wed 7 Jan)" in one_line(with_a_ride.out)
    assert "Question" not in syncd("sync").out


def test_a_dry_run_asks_nothing_yet(syncd, initialised, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, _ = initialised
    (inbox / "ride.gpx").write_bytes(gpx(steady(3600, 7.0, hr=None), kind="", start=SUNDAY))
    os.utime(inbox / "ride.gpx", (1, 1))
    monkeypatch.setenv("SYNCD_NOW", NOW.isoformat())
    said = syncd("sync", "--dry-run")
    assert "would ask: Was ride.gpx (25.2 km on Sunday) a run?" in one_line(said.out)
    assert "syncd answer" not in said.out
    assert syncd("answer").out == "No open questions.\n"


def test_what_was_settled_by_itself_is_not_told_on_and_on(
    syncd, with_a_ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-01-07T09:00:00+01:00")
    syncd("sync")
    shown = syncd("status")
    assert "Question" not in shown.out
    assert "Not counted" not in shown.out
    assert len(syncd("status", "--json").json["doubtful"]) == 1


@pytest.mark.parametrize("command", ["status", "next", "answer"])
def test_it_is_shown_until_it_is_answered(syncd, with_a_ride, command: str) -> None:
    assert f"{ASKED} (no by itself on Wed 7 Jan)" in one_line(syncd(command).out)
    assert syncd("answer", 1, "no").code == 0
    assert "Question" not in syncd(command).out


def test_the_report_shows_it(syncd, with_a_ride, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert syncd("report", "--out", file).code == 0
    assert "Was ride.gpx (25.2 km on Sunday) a run?" in file.read_text()
    assert "syncd answer 1 yes | no" in file.read_text()


def test_a_message_has_the_question_and_the_commands_once(syncd, with_a_ride) -> None:
    with Store.open(locate().state) as store:
        (message,) = due_messages(store, NOW, "", KILOMETRES, changes=True, weekly=True)
        assert message.text.splitlines() == [
            "Was ride.gpx (25.2 km on Sunday) a run?",
            "syncd answer 1 yes",
            "syncd answer 1 no",
            "No by itself on Wed 7 Jan.",
        ]
        note_sent(store, message, NOW)
        assert due_messages(store, NOW + timedelta(hours=3), "", KILOMETRES, changes=True, weekly=True) == ()


def test_one_question_is_shown_with_what_follows(syncd, with_a_ride) -> None:
    shown = one_line(syncd("answer", 1).out)
    assert "Was ride.gpx (25.2 km on Sunday) a run?" in shown
    assert "The file names no sport" in shown
    assert "syncd answer 1 yes: it counts, with load, score and plan." in shown
    assert "syncd answer 1 no: it is ignored, and counts nowhere." in shown


def test_without_questions_nothing_is_open(syncd, initialised) -> None:
    assert syncd("answer").out == "No open questions.\n"
    assert syncd("answer", "--json").json["questions"] == []


# --- answered


def test_yes_counts_it_and_says_the_way_back(syncd, with_a_ride) -> None:
    said = syncd("answer", 1, "yes")
    assert said.out == "Yes: it counts, with load, score and plan. To change it: syncd ignore 1\n"
    assert syncd("status", "--json").json["runs"] == 1


@pytest.mark.parametrize("command", [("fix", 1, "--kind", "run"), ("ignore", 1)])
def test_another_command_settles_it_at_once(syncd, with_a_ride, command) -> None:
    assert syncd(*command).code == 0
    assert "Question" not in syncd("status").out
    assert syncd("answer").out == "No open questions.\n"


def test_no_ignores_it_and_says_the_way_back(syncd, with_a_ride) -> None:
    said = syncd("answer", 1, "NO")
    assert said.out == "No: it is ignored, and counts nowhere. To change it: syncd ignore 1 --undo\n"
    assert syncd("status", "--json").json["doubtful"] == []


def test_what_nobody_answered_is_said_once(syncd, with_a_ride, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-01-07T09:00:00+01:00")
    shown = one_line(syncd("sync").out)
    assert "Question 1 was not answered: Was ride.gpx (25.2 km on Sunday) a run? Settled as no." in shown
    assert "To change it: syncd fix 1 --kind run" in shown
    assert "Question" not in syncd("sync").out


# --- refused


def test_a_question_that_is_over_says_when_it_was_settled_and_the_way_back(syncd, with_a_ride) -> None:
    syncd("answer", 1, "no")
    for arguments in ((1, "yes"), (1,)):
        said = syncd("answer", *arguments)
        assert said.code == 2
        assert said.err == (
            "syncd: question 1 was settled on Mon 5 Jan: no; to change it: syncd ignore 1 --undo\n"
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((7,), "there is no question 7: syncd answer lists the open ones"),
        ((7, "yes"), "there is no question 7: syncd answer lists the open ones"),
        (("99999999999999999999", "yes"), "is not the number of a question"),
        (("lunch",), "lunch is not the number of a question: syncd answer lists the open ones"),
        (("yes",), "give the number of the question too: syncd answer N yes"),
        ((1, "maybe"), "maybe is no answer: syncd answer 1 yes, or syncd answer 1 no"),
        (("٣", "yes"), "is not the number of a question"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_what_to_do(syncd, with_a_ride, arguments, said: str) -> None:
    answered = syncd("answer", *arguments)
    assert answered.code == 2
    assert answered.out == ""
    assert said in answered.err
    assert answered.err.count("\n") == 1
    assert syncd("status", "--json").json["questions"][0]["answer"] is None


def test_what_was_settled_elsewhere_does_not_matter_any_more(syncd, with_a_ride) -> None:
    assert syncd("fix", 1, "--kind", "run").code == 0
    said = syncd("answer", 1, "no")
    assert (said.code, said.err) == (
        2,
        "syncd: question 1 does not matter any more: nothing is open about it\n",
    )
    assert syncd("status", "--json").json["runs"] == 1


def test_a_drive_with_the_watch_running_can_be_cut_down_to_the_run(kept: Store) -> None:
    doubt = Reason(Doubt.SUPERHUMAN, {"distance_m": 5000.0, "time_s": 300.0}).to_json()
    question = Question(QuestionKind.RUN, "r", Answer.NO, {"doubt": doubt, "file": ""}, 1, id=4)
    assert question_text(question, kept, KILOMETRES, NOW.date()) == "Was the 25.2 km on Sunday a run?"
    assert choices_text(question) == "syncd answer 4 yes | no | syncd fix 1 --trim 45:00"


# --- in words


@pytest.fixture
def kept(syncd, with_a_ride):
    """The state, with a run of 25.2 km on Sunday 4 January as number 1."""
    syncd("answer", 1, "yes")
    with Store.open(locate().state) as store:
        yield store


SESSION = {"title": "3 x 5 min", "length_m": None, "day": "2026-01-04"}
RACE = {"distance_m": 5000.0, "time_s": 1100.0, "day": "2026-01-04"}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            Question(QuestionKind.SESSION, "a", Answer.NO, SESSION, 1, "2026w01-1"),
            "Was the 25.2 km on Sunday your 3 x 5 min?",
        ),
        (
            Question(QuestionKind.SESSION, "b", Answer.NO, SESSION | {"day": "2026-01-02"}, 1, "2026w01-1"),
            "Was the 25.2 km on Sunday your 3 x 5 min of Fri 2 Jan?",
        ),
        (Question(QuestionKind.RACE, "c", Answer.NO, RACE, 1), "Was the 5 km on Sunday a race?"),
        (
            Question(
                QuestionKind.REMOVED,
                "d",
                Answer.YES,
                {"sessions": ["2026w02-1", "2026w02-2"], "days": ["2026-01-06", "2026-01-08"]},
            ),
            "Did you take 2 sessions (Tue 6 Jan to Thu 8 Jan) off your calendar?",
        ),
    ],
)
def test_a_question_is_asked_in_the_words_of_a_runner(kept: Store, question: Question, text: str) -> None:
    assert question_text(question, kept, KILOMETRES, NOW.date()) == text


def test_a_question_is_asked_in_the_units_of_the_runner_and_dated_when_it_is_long_ago(kept: Store) -> None:
    question = Question(QuestionKind.RACE, "c", Answer.NO, RACE, 1)
    assert question_text(question, kept, MILES, NOW.date()) == "Was the 3.1 mi on Sunday a race?"
    later = (NOW + timedelta(days=7)).date()
    assert question_text(question, kept, KILOMETRES, later) == "Was the 5 km on Sun 4 Jan a race?"


def test_a_default_that_changes_nothing_says_so() -> None:
    question = Question(QuestionKind.REMOVED, "d", Answer.UNKNOWN, asked_at=NOW, id=4)
    assert default_text(question, NOW) == "without an answer it is left open on Wed 7 Jan"


def test_a_session_that_was_denied_can_be_matched_all_the_same(kept: Store) -> None:
    question = Question(
        *(QuestionKind.SESSION, "a", Answer.NO, SESSION, 1, "2026w01-1"),
        answer=Answer.NO,
        answered_at=NOW,
        answered_by=AnsweredBy.DEFAULT,
        id=3,
    )
    assert settled_text(question, kept, NOW) == (
        "question 3 was settled on Mon 5 Jan: no; to change it: syncd match 1 2026w01-1"
    )


def test_a_race_can_be_taken_back_and_a_denied_one_entered(kept: Store) -> None:
    denied = Question(
        *(QuestionKind.RACE, "c", Answer.NO, RACE, 1),
        answer=Answer.NO,
        answered_at=NOW,
        answered_by=AnsweredBy.ATHLETE,
        id=3,
    )
    assert settled_text(denied, kept, NOW).endswith("syncd result 5km 18:20 --date 2026-01-04")


def test_a_confirmed_race_can_be_undone(syncd, kept: Store) -> None:
    kept.questions.ask(Question(QuestionKind.RACE, "race:1", Answer.NO, RACE, 1), NOW)
    said = syncd("answer", 2, "yes")
    assert "To change it: syncd undo " in said.out
    number = said.out.split()[-1]
    assert kept.overrides.race_of(1) is not None
    undone = syncd("undo", number)
    assert (undone.code, undone.err) == (0, "")
    assert "Undone: you said that your 5.0 km on Sun 4 Jan was a race" in undone.out
    assert kept.overrides.race_of(1) is None
