"""`init` and `plan` for somebody who runs miles: every question, proposal, error and table is in miles."""

import re
from pathlib import Path

import pytest

from syncd.config import load
from syncd.paths import locate
from tests.cli.conftest import Said
from tests.cli.test_setup import BODY, write_run
from tests.cli.test_wizard_account import account, tokens  # noqa: F401 - a fixture
from tests.connectors.garmin.conftest import log_in

UNITS_QUESTION = re.compile(r"Units, km or mi( \[\w+\])?: ")
KILOMETRES = re.compile(r"(?i)(?<!_)\bkm\b|kilomet|\dkm\b")


@pytest.fixture(autouse=True)
def january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")


def in_kilometres(said: Said) -> list[str]:
    """The lines that speak of kilometres, but for the question that offers them."""
    words = UNITS_QUESTION.sub("", f"{said.err}\n{said.out}")
    return [line for line in words.splitlines() if KILOMETRES.search(line)]


def start(folders: tuple[Path, Path]) -> tuple[str, ...]:
    return ("Europe/Rome", "mi", "folder", "", str(folders[0]), str(folders[1]))


def wizard(syncd, typed, *lines: object) -> Said:
    typed(*lines)
    said = syncd("init", "--force")
    assert said.code == 0, said.err
    return said


def distances() -> tuple[float, float]:
    plan = load(locate().config).plan
    return plan.weekly_km, plan.longest_km


def test_a_runner_of_miles_reads_no_kilometres_from_the_first_question_to_the_last(
    syncd, folders, typed
) -> None:
    said = wizard(syncd, typed, *start(folders), "10k", "", "4", "15", "6", "", "25:00", "", *BODY, "yes")
    assert in_kilometres(said) == []
    assert "Miles you run per week now [0]: " in said.err
    assert "Longest run of the last month, mi [0]: " in said.err
    assert "Your time for a recent all-out 5K" in said.err
    assert re.search(r"(?m)^wk 02 .* 1\d mi ", said.err)
    assert distances() == (24.14, 9.66)


@pytest.mark.parametrize(
    ("units", "answer", "weekly_km"),
    [
        ("mi", "15", 24.14),
        ("mi", "15 mi", 24.14),
        ("mi", "12.5 Miles", 20.12),
        ("mi", "20 km", 20),
        ("mi", "20km", 20),
        ("km", "20", 20),
        ("km", "20,5 km", 20.5),
        ("km", "15 mi", 24.14),
        ("km", "15mi", 24.14),
    ],
)
def test_a_bare_number_is_in_the_athletes_unit_and_a_named_unit_is_understood(
    syncd, folders, typed, units: str, answer: str, weekly_km: float
) -> None:
    first = ("Europe/Rome", units, "folder", "", *map(str, folders))
    wizard(syncd, typed, *first, "10k", "", "4", answer, "5 km", "", "25:00", "", *BODY, "yes")
    assert distances() == (weekly_km, 5)


def test_what_cannot_be_and_what_does_not_fit_is_said_in_miles(syncd, folders, typed) -> None:
    wrong = ("marathon", "2026-02-15", "4", "187", "ten", "15", "63", "6", "", "", *BODY)
    contradiction = ("", "4", "5", "25")
    said = wizard(syncd, typed, *start(folders), *wrong, *contradiction, "", "4", "15", "6", "yes")
    assert in_kilometres(said) == []
    assert said.err.count("Please enter a number from 0 to 186") == 2
    assert said.err.count("Please enter a number from 0 to 62") == 1
    assert "a marathon needs a week of 28 mi and a long run of 16 mi or 165 min" in said.err
    assert "your longest run (25 mi) is more than your weekly distance (5 mi)" in said.err


def test_proposals_of_earlier_runs_are_in_miles_and_enter_takes_them(syncd, folders, typed) -> None:
    for day, notation in (
        (1, "8km E"),
        (3, "2km E + 5km @4:50-5:00/km + 1km E"),
        (6, "12km E"),
        (8, "8km E"),
    ):
        write_run(folders[0], day, notation)
    said = wizard(syncd, typed, *start(folders), "10k", "", "", "", "", "", "", *BODY, "yes")
    assert in_kilometres(said) == []
    assert "From 4 runs in the six weeks up to 2026-01-08: 2 a week, 11.2 mi, longest 7.5 mi." in said.err
    assert "Fastest 5K within a run: 24:" in said.err
    assert "Miles you run per week now [11.2]: " in said.err
    assert "Longest run of the last month, mi [7.5]: " in said.err
    assert distances() == (18.02, 12.07)


def test_proposals_of_the_account_are_in_miles(syncd, account, typed) -> None:  # noqa: F811
    log_in(account, tokens())
    said = wizard(
        syncd, typed, "Europe/Rome", "mi", "garmin", "", "10k", "", "", "", "", "", "", *BODY, "yes"
    )
    assert in_kilometres(said) == []
    assert "3 a week, 16.2 mi, longest 7.5 mi." in said.err
    assert "Fastest 5K within a run: 25:20 on 2026-01-02." in said.err


def test_other_units_at_the_end_change_the_words_and_not_the_distances(syncd, folders, typed) -> None:
    plan = ("10k", "", "4", "15", "6", "", "25:00", "", *BODY)
    said = wizard(syncd, typed, *start(folders), *plan, "units", "km", "weekly_km", "30", "yes")
    assert "Kilometres you run per week now" in said.err
    assert distances() == (30, 9.66)


def test_units_given_as_an_option_hold_for_every_question(syncd, folders, typed) -> None:
    first = ("Europe/Rome", "folder", "", *map(str, folders))
    typed(*first, "10k", "", "4", "15", "6", "", "25:00", "", *BODY, "yes")
    said = syncd("init", "--units", "mi")
    assert (said.code, in_kilometres(said)) == (0, [])
    assert distances() == (24.14, 9.66)


def test_without_questions_an_error_of_init_is_in_the_units_that_the_option_names(syncd, folders) -> None:
    ends = ("--inbox", folders[0], "--outbox", folders[1])
    said = syncd("init", "--yes", *ends, "--units", "mi", "--weekly-km", 20, "--longest-km", 40)
    assert (said.code, in_kilometres(said)) == (2, [])
    assert "your longest run (24.9 mi) is more than your weekly distance (12.4 mi)" in said.err


ANYBODY = ("plan", "--five-k", "25:00", "--weekly-km", 20, "--longest-km", 8, "--start", "2026-01-05")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--longest-km", 40), "your longest run (24.9 mi) is more than your weekly distance (12.4 mi)"),
        (("--longest-km", 0.5), "12.4 mi a week needs a longest run of more than 0.3 mi"),
        (("--goal", "marathon", "--race", "2026-02-15"), "a marathon needs a week of 28 mi"),
    ],
)
def test_an_error_of_plan_is_in_the_units_that_the_option_names(syncd, options, line: str) -> None:
    said = syncd(*ANYBODY, *options, "--units", "mi")
    assert (said.code, in_kilometres(said)) == (2, [])
    assert line in said.err
    assert in_kilometres(syncd(*ANYBODY, *options)) != []


def test_what_the_own_plan_cannot_do_is_said_in_the_units_of_the_configuration(syncd, folders) -> None:
    ends = ("--inbox", folders[0], "--outbox", folders[1])
    aim = ("--goal", "marathon", "--race", "2026-02-15", "--weekly-km", 20, "--longest-km", 8)
    assert syncd("init", "--yes", *ends, "--five-k", "25:00", "--units", "mi", *aim).code == 0
    said = syncd("plan")
    assert (said.code, in_kilometres(said)) == (2, [])
    assert "a marathon needs a week of 28 mi" in said.err
    exported = syncd("plan", "export")
    assert (exported.code, in_kilometres(exported)) == (2, [])
