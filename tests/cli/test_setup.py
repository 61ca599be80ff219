"""`init` writes a configuration that is valid, or nothing."""

from pathlib import Path

import pytest

from syncd.config import load


def config(home: Path) -> Path:
    return home / ".config/syncd/config.toml"


def test_init_with_flags_asks_nothing_and_writes_a_valid_private_file(initialised, home: Path) -> None:
    settings = load(config(home))
    assert (settings.fitness.five_k, settings.plan.days, settings.plan.weekly_km) == ("25:00", 4, 20)
    assert settings.folder.inbox == initialised[0]
    assert config(home).stat().st_mode & 0o777 == 0o600


def test_init_says_what_is_missing(syncd, home: Path) -> None:
    said = syncd("init", "--yes", "--five-k", "25:00")
    assert (said.code, said.err) == (
        2,
        "syncd: init needs --inbox, --outbox (or leave out --yes to be asked)\n",
    )
    assert not config(home).exists()


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--five-k", "9:00", "--five-k 9:00: a 5K in 9:00 is faster than the 5K world record (12:35)"),
        ("--five-k", "25.00", "'25.00' is not a time: write mm:ss"),
        ("--days", "9", "[plan] days = 9, must be 2 to 7"),
        ("--goal", "50k", "[plan] goal = '50k', must be '5k', '10k'"),
        (
            "--source",
            "intervals",
            "[sync] source: there is no 'intervals'; allowed are folder, garmin, strava",
        ),
        ("--timezone", "Rome", "must be a time zone such as Europe/Rome"),
        ("--weekly-km", "-3", "[plan] weekly_km = -3, must be 0 to 300"),
        ("--longest-km", "40", "the longest run (40 km) is more than a week (0 km)"),
        ("--five-k-date", "yesterday", "--five-k-date yesterday: write YYYY-MM-DD"),
    ],
)
def test_a_wrong_answer_is_one_line_and_writes_nothing(
    syncd, folders, home: Path, flag: str, value: str, message: str
) -> None:
    inbox, outbox = folders
    flags = {"--five-k": "25:00", "--inbox": inbox, "--outbox": outbox} | {flag: value}
    said = syncd("init", "--yes", *(word for pair in flags.items() for word in pair))
    assert said.code == 2
    assert message in said.err
    assert said.err.count("\n") == 1
    assert not list(home.rglob("*.toml*"))


def test_init_never_replaces_a_configuration_unless_told_to_and_keeps_a_copy(
    syncd, initialised, home: Path
) -> None:
    before = config(home).read_text()
    again = ("init", "--yes", "--five-k", "24:00", "--inbox", initialised[0], "--outbox", initialised[1])
    refused = syncd(*again)
    assert (refused.code, "exists already" in refused.err) == (2, True)
    assert config(home).read_text() == before
    assert syncd(*again, "--force").code == 0
    assert load(config(home)).fitness.five_k == "24:00"
    assert config(home).with_name("config.toml.bak").read_text() == before


def test_init_asks_for_what_was_not_given(syncd, folders, home: Path, typed) -> None:
    answers = iter(
        ["24:30", "folder", "10k", "3", "25", "9", str(folders[0]), str(folders[1]), "Europe/Rome"]
    )
    typed(*answers)
    said = syncd("init")
    assert said.code == 0, said.err
    settings = load(config(home))
    assert (settings.fitness.five_k, settings.plan.days, settings.plan.longest_km) == ("24:30", 3, 9)


def test_init_with_garmin_connect_asks_for_no_folder(syncd, home: Path, typed) -> None:
    typed("24:30", "garmin", "10k", "3", "25", "9", "Europe/Rome")
    said = syncd("init")
    assert (said.code, "Next: syncd auth garmin" in said.out) == (0, True)
    settings = load(config(home))
    assert (settings.sync.sources, settings.sync.sink, settings.folder.inbox) == (("garmin",), "garmin", None)


def test_init_without_a_5_km_plans_by_effort_until_a_test_is_safe(syncd, folders, home: Path) -> None:
    inbox, outbox = folders
    assert syncd("init", "--yes", "--inbox", inbox, "--outbox", outbox).code == 0
    assert load(config(home)).zone_set() is None
    assert syncd("sync").code == 0
    assert "@RPE" in syncd("next", "--json").json["on_watch"]
    assert (syncd("zones").code, "by effort" in syncd("zones").err) == (4, True)


def test_init_takes_a_race(syncd, folders, home: Path) -> None:
    inbox, outbox = folders
    words = ("init", "--yes", "--five-k", "25:00", "--inbox", inbox, "--outbox", outbox, "--goal", "half")
    assert syncd(*words, "--race", "soon").code == 2
    assert syncd(*words, "--race", "2027-05-02", "--priority", "b").code == 0
    race = load(config(home)).goal_race()
    assert race is not None
    assert (race.day.isoformat(), race.goal.value, race.priority.value) == ("2027-05-02", "half", "B")
