"""`syncd health`, and what every screen says of it."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import icalendar
import pytest

from syncd.config import load
from syncd.paths import locate
from tests.cli.conftest import Typed

SCREENS = ("status", "next", "plan", "watch", "why", "sync")


def one_line(said) -> str:
    return " ".join(f"{said.out} {said.err}".split())


def write(text: str) -> None:
    """More for the section about health in the configuration."""
    config = locate().config
    config.write_text(config.read_text().replace("[health]\n", f"[health]\n{text}\n"))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("--new chest_pain", "o running (chest pain since Mon 5 Jan): see a doctor first."),
        (
            "--new stress_fracture",
            "asy running only, no test and no race (a second stress fracture since Mon 5",
        ),
        ("--new pregnancy", "regnant: run so that you can talk in sentences, by effort and not by pace"),
        ("--birth 2026-01-01", "alks only until twelve weeks after the birth (Thu 26 Mar) and a doctor has"),
        ("--new injury", "o running (a current injury since Mon 5 Jan): walk if you like"),
    ],
)
def test_the_line_about_a_doctor_stands_on_every_screen_until_it_is_cleared(
    syncd, planned, words: str, line: str
) -> None:
    assert syncd("health", *words.split()).code == 0
    for screen in SCREENS if "chest_pain" in words or "pregnancy" in words else ("status",):
        said = one_line(syncd(screen))
        assert line in said, screen
        assert "run syncd sync" not in said, screen
    name = "birth" if "birth" in words else words.split()[1]
    assert syncd("health", "--clear", name).code == 0
    left = line in one_line(syncd("status"))
    assert left is (name == "pregnancy")  # cleared or not, it is the same running


def test_health_shows_answers_with_their_days_and_what_follows(syncd, planned) -> None:
    assert "No answer about health holds anything back." in syncd("health").out
    syncd("health", "--new", "surgery")
    payload = syncd("health", "--json").json
    assert payload["answers"] == [
        {
            "concern": "surgery",
            "grade": "stop",
            "since": "2026-01-05",
            "easy_from": None,
            "free_from": None,
            "over_on": None,
            "running": False,
        }
    ]
    syncd("health", "--clear", "surgery", "--for", "easy")
    assert syncd("health", "--json").json["answers"][0]["running"] is True
    syncd("health", "--clear", "surgery")
    assert "surgery since Mon 5 Jan: cleared Mon 5 Jan" in syncd("health").out


def test_a_pregnancy_shows_the_stop_signs_once_and_in_health(syncd, planned) -> None:
    said = syncd("health", "--new", "pregnancy")
    assert said.out.count("Stop and call your doctor or midwife") == 1
    assert "Stop and call" not in one_line(syncd("status"))
    assert "Stop and call" in syncd("health").out


def test_a_pregnancy_that_is_written_in_the_file_shows_them_with_the_sync_that_reads_it(
    syncd, planned
) -> None:
    write('concerns = ["pregnancy"]')
    assert "Stop and call" in one_line(syncd("sync"))
    assert "Stop and call" not in one_line(syncd("sync"))


def test_a_race_stays_and_is_told_as_not_planned_for(syncd, planned, tmp_path: Path) -> None:
    assert syncd("goal", "10k", "--race", "2026-06-14").code == 0
    assert "in 22 weeks" in one_line(syncd("status"))
    assert syncd("goal", "--json").json["planned_for"] is True
    said = syncd("health", "--new", "fainting")
    assert "Your 10K on Sun 14 Jun stays in the calendar; it is not planned for" in one_line(said)
    for screen in ("status", "next", "plan", "goal", "health"):
        assert "not planned for" in one_line(syncd(screen)), screen
    assert "in 22 weeks" not in one_line(syncd("status"))
    assert syncd("goal", "--json").json["planned_for"] is False
    assert syncd("report", "--out", tmp_path / "report.html").code == 0
    page = (tmp_path / "report.html").read_text()
    assert "not planned for" in page
    assert "No running (fainting since Mon 5 Jan): see a doctor first." in page
    assert syncd("undo").code == 0
    assert "in 22 weeks" in one_line(syncd("status"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--new flu", "--new flu: choose "),
        ("--new birth", "a birth needs its date: syncd health --birth DATE"),
        ("--birth 2026-01-06", "a birth on Tue 6 Jan is still to come"),
        ("--clear chest_pain", "nothing is entered that could be cleared (no answer is open)"),
        ("--take-back injury", "nothing is entered"),
        ("--over", "nothing is entered"),
        ("--for easy", "--for belongs to --clear"),
        ("--on 2026-01-02", "--on is the day of --new, --clear or --over"),
        ("--new injury --clear injury", "one thing at a time"),
        ("--new injury --on 2026-02-30", "--on"),
    ],
)
def test_what_cannot_be_is_one_line(syncd, planned, words: str, message: str) -> None:
    said = syncd("health", *words.split())
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("birth_year = 2025", "birth year 2025"),
        ("birth_year = 2031", "birth year 2031"),
        ('concerns = ["birth"]\ngave_birth = 2026-02-01', "still to come"),
    ],
)
def test_a_date_that_cannot_be_stops_a_sync_and_only_doctor_says_which(
    syncd, planned, text: str, found: str
) -> None:
    write(text)
    said = syncd("sync")
    assert said.code == 2
    assert "syncd doctor says which" in said.err
    assert found not in said.err
    assert found in one_line(syncd("doctor", "--offline"))


def test_doctor_misses_the_date_of_a_birth(syncd, planned) -> None:
    write('concerns = ["birth"]')
    assert "a birth without its date" in one_line(syncd("doctor", "--offline"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--birth-year", "2025"), "birth year 2025"),
        (("--concern", "birth", "--gave-birth", "2026-02-01"), "still to come"),
        (("--gave-birth", "2025-12-01"), ""),
        (("--goal", "marathon", "--birth-year", "2009"), "no marathon before age 18"),
    ],
)
def test_init_refuses_what_cannot_be(syncd, planned, tmp_path: Path, options, message: str) -> None:
    said = syncd("init", "--yes", "--force", "--inbox", tmp_path, "--outbox", tmp_path, *options)
    assert said.code == (2 if message else 0)
    assert message in said.err


def test_init_says_what_follows_from_a_yes(syncd, planned, tmp_path: Path) -> None:
    words = ("init", "--yes", "--force", "--inbox", tmp_path, "--outbox", tmp_path)
    said = syncd(*words, "--concern", "heart_disease", "--goal", "10k", "--race", "2026-06-14")
    assert "No running (diagnosed heart disease since Mon 5 Jan): see a doctor first." in one_line(said)
    assert "it is not planned for" in one_line(said)
    assert load(locate().config).health.concerns == ("heart_disease",)


def test_goal_refuses_a_marathon_before_18(syncd, planned) -> None:
    write("birth_year = 2009")
    said = syncd("goal", "marathon")
    assert (said.code, "no marathon before age 18" in said.err) == (2, True)
    assert syncd("goal", "half").code == 0


def test_a_calendar_that_others_may_see_does_not_say_why(syncd, planned) -> None:
    syncd("health", "--new", "chest_pain")
    syncd("sync")
    (file,) = (path for path in Path(locate().state).rglob("*.ics"))
    titles = [
        str(event["summary"]) for event in icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    ]
    assert "No runs planned" in titles
    assert b"chest" not in file.read_bytes()


def test_what_it_is_about_is_in_no_log_and_no_change(syncd, planned, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    syncd("health", "--new", "missed_periods")
    said = syncd("sync", "--json")
    assert "period" not in caplog.text
    assert "period" not in said.out


def test_resume_says_that_it_is_health_that_holds_the_plan(syncd, planned) -> None:
    assert "the plan goes on as it is" in syncd("resume").err
    syncd("health", "--new", "chest_pain")
    assert "your health that holds the plan (syncd health)" in syncd("resume").err


def test_answers_are_exported_and_no_source_takes_them_along(syncd, planned, tmp_path: Path) -> None:
    syncd("health", "--new", "missed_periods")
    assert syncd("forget", "folder", "--yes").code == 0
    assert syncd("health", "--json").json["answers"]
    assert syncd("export", tmp_path / "copy").code == 0
    (row,) = (tmp_path / "copy" / "tables" / "health_answers.jsonl").read_text().splitlines()
    assert json.loads(row)["concern"] == "missed_periods"


class Terminal(Typed):
    """A keyboard that a person sits at."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_asks_what_is_new_and_then_what_was_cleared(syncd, planned, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(("2", "")))
    assert syncd("health").code == 0
    assert [each["concern"] for each in syncd_json(syncd)] == ["fainting"]
    monkeypatch.setattr("sys.stdin", Terminal(("", "2026-01-05", "easy")))
    assert syncd("health").code == 0
    assert [each["easy_from"] for each in syncd_json(syncd)] == ["2026-01-05"]
    monkeypatch.setattr("sys.stdin", Terminal(("", "")))
    assert syncd("health").code == 0
    assert [each["free_from"] for each in syncd_json(syncd)] == [None]
    monkeypatch.setattr("sys.stdin", Terminal(("40",)))
    said = syncd("health")
    assert (said.code, "a number from 1 to 15" in said.err) == (2, True)


def syncd_json(syncd) -> list[dict]:
    return syncd("health", "--json").json["answers"]
