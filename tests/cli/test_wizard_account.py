"""`syncd init` at a terminal, with an account at Garmin Connect: its last weeks are what is proposed."""

from datetime import date, timedelta

import pytest

from syncd.config import load
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.paths import locate
from syncd.sandbox.garmin.faults import scheduled
from tests.cli.test_first_contact import BODY, NOTHING, answer
from tests.connectors.garmin.conftest import log_in
from tests.support.terminal import Terminal

LIST = "GET /activitylist-service/activities/search/activities"
LOGIN = "Log in to Garmin Connect now"
GOES_ON = "Continuing without Garmin Connect for now: "
TODAY = date(2026, 1, 5)
RUNNING = {"typeId": 1, "typeKey": "running", "parentTypeId": 17}
CYCLING = {"typeId": 2, "typeKey": "cycling", "parentTypeId": 17}

START = (
    ("Time zone", "Europe/Rome"),
    ("Units, km or mi", NOTHING),
    ("Where do your runs come from", "garmin"),
    ("Where should workouts go", NOTHING),
)
NO_FOLDER = (("Folder with earlier runs", NOTHING),)
GOAL = (("Your goal", "10k"), ("Date of a race", NOTHING))
ENTER = (
    ("Runs per week, 2 to 7 [3]", NOTHING),
    ("Kilometres you run per week now [26]", NOTHING),
    ("Longest run of the last month, km [12]", NOTHING),
)
TYPED = (("Runs per week", "3"), ("Kilometres you run per week now", "20"), ("Longest run", "8"))
REST = (("Day of the long run", NOTHING), ("Your time for a recent all-out 5 km", NOTHING), *BODY)


@pytest.fixture
def account(garmin, monkeypatch):
    """Three runs a week for seven weeks, and rides that nobody counts; nobody is logged in."""
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    for week in range(7):
        for number, metres in enumerate((6000.0, 8000.0, 12000.0)):
            add(garmin, 10 * week + number, 7 * week + 2 * number + 1, metres)
        add(garmin, 10 * week + 9, 7 * week + 2, 90_000.0, CYCLING)
    return garmin


def add(service, number, days_ago, metres, kind=RUNNING):
    day = TODAY - timedelta(days=days_ago)
    row = {
        "activityId": 500 + number,
        "activityName": "run",
        "startTimeLocal": f"{day} 07:00:00",
        "startTimeGMT": f"{day} 06:00:00",
        "activityType": kind,
        "distance": metres,
        "duration": metres / 3,
        **({"fastestSplit_5000": 1520.5} if metres == 8000.0 else {}),
    }
    service.account.add_activity(row, {}, None)


def tokens():
    return GarminTokenFile(locate().logins / "garmin.json")


def login(service, password=None):
    return (
        (LOGIN, "yes"),
        ("E-mail", service.account.email),
        ("Password", password or service.account.password),
    )


def finish(terminal):
    terminal.until("Save this?").type("yes")
    assert terminal.code() == 0, terminal.shown
    return load(locate().config).plan


def test_logged_in_early_enter_takes_what_the_last_weeks_say(account):
    terminal = Terminal("init")
    answer(terminal, *START, *login(account))
    terminal.until("Logged in to Garmin Connect as Sandbox Runner.")
    terminal.until("From 18 runs in the six weeks up to 2026-01-04: 3 a week, 26 km, longest 12 km.")
    terminal.until("Fastest 5 km within a run: 25:20 on 2026-01-02. This is an estimate")
    answer(terminal, *GOAL, *ENTER, *REST)
    plan = finish(terminal)
    assert (plan.days, plan.weekly_km, plan.longest_km) == (3, 26, 12)
    assert LOGIN not in terminal.shown
    assert terminal.shown.endswith("Next: syncd sync\n")
    assert [each for each in account.requests if "activit" in each] == [LIST]


def test_who_is_logged_in_is_not_asked_to_be(account):
    log_in(account, tokens())
    terminal = Terminal("init")
    answer(terminal, *START)
    terminal.until("Reading your last weeks from Garmin Connect ...").until("From 18 runs")
    assert LOGIN not in terminal.shown
    answer(terminal, *GOAL, *ENTER, *REST)
    assert finish(terminal).longest_km == 12
    assert LOGIN not in terminal.shown
    assert account.requests == [LIST]


def test_without_a_login_nobody_is_asked_and_a_folder_may_tell(account):
    terminal = Terminal("init")
    answer(terminal, *START, (LOGIN, "no"), *NO_FOLDER, *GOAL, *TYPED, *REST)
    assert finish(terminal).weekly_km == 20
    assert LOGIN not in terminal.shown
    assert "Next: syncd auth garmin" in terminal.shown
    assert account.requests == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429", "Garmin Connect wants to be left alone until"),
        ("403", "Garmin Connect wants to be left alone until"),
        ("500", "Garmin Connect"),
        ("timeout", "Garmin Connect"),
        ("html", "Garmin Connect"),
    ],
)
def test_a_list_that_does_not_come_is_one_line_and_the_wizard_goes_on(account, fault, words):
    log_in(account, tokens())
    account.faults = scheduled(f"{fault}@{LIST}")
    terminal = Terminal("init")
    answer(terminal, *START)
    terminal.until(GOES_ON).until("Folder with earlier runs")
    assert terminal.shown.count(GOES_ON) == 1
    assert words in " ".join(terminal.shown.split())
    assert "Traceback" not in terminal.shown
    answer(terminal, *NO_FOLDER, *GOAL, *TYPED, *REST)
    assert finish(terminal).weekly_km == 20


@pytest.mark.parametrize(
    "trouble", [{"password": "another"}, {"login_blocked": "429"}, {"login_blocked": "page"}]
)
def test_a_login_that_is_refused_is_one_line_and_the_wizard_goes_on(account, trouble):
    typed = login(account, "wrong")
    for name, value in trouble.items():
        setattr(account.account, name, value)
    terminal = Terminal("init")
    answer(terminal, *START, *typed)
    terminal.until(GOES_ON).until("Folder with earlier runs")
    assert terminal.shown.count(GOES_ON) == 1
    answer(terminal, *NO_FOLDER, *GOAL, *TYPED, *REST)
    assert finish(terminal).weekly_km == 20
    assert LOGIN not in terminal.shown
    assert not tokens().path.exists()
    assert LIST not in account.requests


def test_left_after_the_login_it_goes_on_with_the_proposals_and_asks_for_no_password_again(account):
    terminal = Terminal("init")
    answer(terminal, *START, *login(account), *GOAL, *ENTER[:1])
    terminal.until("Kilometres you run per week now [26]")
    assert terminal.interrupted() == 130
    again = Terminal("init")
    again.until("Continuing where you stopped").until("From 18 runs")
    answer(again, *ENTER[1:], *REST)
    assert finish(again).weekly_km == 26
    assert LOGIN not in again.shown


def test_left_at_the_password_the_login_is_offered_again(account):
    terminal = Terminal("init")
    answer(terminal, *START, *login(account)[:2])
    terminal.until("Password")
    assert terminal.interrupted() == 130
    again = Terminal("init")
    answer(again, *login(account))
    again.until("From 18 runs")
    assert again.interrupted() == 130


def test_a_no_is_remembered_when_it_goes_on(account):
    terminal = Terminal("init")
    answer(terminal, *START, (LOGIN, "no"))
    terminal.until("Folder with earlier runs")
    assert terminal.interrupted() == 130
    again = Terminal("init")
    answer(again, *NO_FOLDER, *GOAL, *TYPED, *REST)
    finish(again)
    assert LOGIN not in again.shown
    assert account.requests == []


def test_an_account_without_runs_proposes_nothing_and_a_folder_may_tell(account):
    account.account.activities.clear()
    log_in(account, tokens())
    terminal = Terminal("init")
    answer(terminal, *START)
    terminal.until("No runs found there.")
    answer(terminal, *NO_FOLDER, *GOAL, *TYPED, *REST)
    assert finish(terminal).weekly_km == 20


def test_what_flags_say_needs_no_look_at_the_account(account):
    log_in(account, tokens())
    flags = ("--days", "3", "--weekly-km", "20", "--longest-km", "8", "--five-k", "25:00")
    terminal = Terminal("init", *flags)
    answer(terminal, *START, *NO_FOLDER, *GOAL, REST[0], ("Date of that 5 km", NOTHING), *BODY)
    assert finish(terminal).weekly_km == 20
    assert account.requests == []


def test_with_yes_the_account_is_never_asked(syncd, account):
    log_in(account, tokens())
    said = syncd("init", "--yes", "--source", "garmin", "--sink", "garmin", "--timezone", "Europe/Rome")
    assert said.code == 0, said.err
    assert load(locate().config).plan.weekly_km == 0
    assert account.requests == []
