"""`init` writes a configuration that is valid, or nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.cli.first_config import complete, next_step
from syncd.cli.first_settings import INIT_OPTIONS, QUESTIONS, SETTINGS
from syncd.cli.wizard.detect import library_tokens, local_clock, local_units, mounted_watch
from syncd.config import Settings, load
from syncd.domain.notation import parse_workout
from syncd.domain.units import KILOMETRES
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.service.installing import system_instance


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
        "syncd: init needs --inbox and --outbox (or leave out --yes to be asked)\n",
    )
    assert not config(home).exists()


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--five-k", "9:00", "--five-k 9:00: a 5K in 9:00 is faster than the 5K world record (12:35)"),
        ("--five-k", "25.00", "'25.00' is not a time: write mm:ss"),
        ("--days", "9", "--days = 9, must be 2 to 7"),
        ("--goal", "50k", "--goal = '50k', must be '5k', '10k'"),
        (
            "--source",
            "intervals",
            "--source: there is no 'intervals'; allowed are folder, garmin, strava",
        ),
        ("--timezone", "Rome", "must be a time zone such as Europe/Rome"),
        ("--weekly-km", "-3", "--weekly-km = -3, must be 0 to 300"),
        ("--longest-km", "40", "your longest run (40 km) is more than your weekly distance (0 km)"),
        ("--five-k-date", "yesterday", "--five-k-date: 'yesterday' is not a date: write YYYY-MM-DD"),
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
    assert (refused.code, "already exists" in refused.err) == (2, True)
    assert config(home).read_text() == before
    assert syncd(*again, "--force").code == 0
    assert load(config(home)).fitness.five_k == "24:00"
    assert config(home).with_name("config.toml.bak").read_text() == before


PLAN = ("10k", "", "3", "25", "9", "sun", "24:30", "")  # goal, race, days, volume, longest, day, 5 km, when
BODY = ("", "", "", "", "", "")  # health, birth, sex, highest, resting, threshold


def test_init_asks_for_what_was_not_given(syncd, folders, home: Path, typed) -> None:
    typed("Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1]), *PLAN, *BODY, "yes")
    said = syncd("init")
    assert said.code == 0, said.err
    settings = load(config(home))
    assert (settings.fitness.five_k, settings.plan.days, settings.plan.longest_km) == ("24:30", 3, 9)
    assert (settings.athlete.timezone, settings.sync.sink) == ("Europe/Rome", "folder")
    assert "Preview of your first two weeks" in said.err
    assert "long run" in said.err


def test_init_with_garmin_connect_asks_for_no_folder_and_offers_the_login(syncd, home: Path, typed) -> None:
    typed("Europe/Rome", "km", "garmin", "garmin", "no", "", *PLAN, *BODY, "yes")
    said = syncd("init")
    assert (said.code, "Next: syncd auth garmin" in said.out) == (0, True)
    settings = load(config(home))
    assert (settings.sync.sources, settings.sync.sink, settings.folder.inbox) == (("garmin",), "garmin", None)
    assert said.err.count("Log in to Garmin Connect now") == 1


def test_init_logs_in_at_once_where_one_wants(syncd, garmin, home: Path, typed) -> None:
    account = garmin.account
    typed(
        *("Europe/Rome", "km", "garmin", "garmin", "yes", account.email, account.password),
        *("", *PLAN, *BODY, "yes"),
    )
    said = syncd("init")
    assert said.code == 0, said.err
    assert "Logged in to Garmin Connect" in said.err
    assert said.out.endswith("Next: syncd sync\n")
    assert syncd("sync").code == 0


def test_a_login_that_fails_does_not_undo_the_set_up(syncd, garmin, home: Path, typed) -> None:
    typed("Europe/Rome", "km", "garmin", "garmin", "yes", "a@b.c", "wrong", "", *PLAN, *BODY, "yes")
    said = syncd("init")
    assert said.code == 0
    assert "Continuing without Garmin Connect for now: Garmin does not know this e-mail" in said.err
    assert "Next: syncd auth garmin" in said.out
    assert load(config(home)).plan.days == 3


FLAGS = ("--days", 3, "--weekly-km", 25, "--longest-km", 9, "--five-k", "24:30")


def test_where_nothing_is_left_to_propose_the_login_comes_last(syncd, garmin, home: Path, typed) -> None:
    typed("Europe/Rome", "km", "garmin", "garmin", "", "10k", "", "sun", "", *BODY, "yes", "no")
    said = syncd("init", *FLAGS)
    assert said.code == 0, said.err
    assert said.err.index("Save this?") < said.err.index("Log in to Garmin Connect now")
    assert garmin.requests == []


def test_a_login_that_fails_at_the_end_does_not_undo_the_set_up(syncd, garmin, home: Path, typed) -> None:
    typed(
        *("Europe/Rome", "km", "garmin", "garmin", "", "10k", "", "sun", "", *BODY, "yes", "yes"),
        *("a@b.c", "wrong"),
    )
    said = syncd("init", *FLAGS)
    assert said.code == 0
    assert "You can log in later: syncd auth garmin" in said.err
    assert load(config(home)).plan.days == 3


def test_hours_are_proposed_by_where_one_lives_and_can_be_changed(syncd, folders, home: Path, typed) -> None:
    start = ("America/New_York", "km", "folder", "", str(folders[0]), str(folders[1]), *PLAN, *BODY)
    typed(*start, "yes")
    said = syncd("init")
    assert said.code == 0, said.err
    assert "Times appear as 6:40 pm." in said.err
    assert "Clock, 24h or 12h" not in said.err
    assert load(config(home)).athlete.clock == "12h"
    typed(*start, "clock", "24h", "yes")
    said = syncd("init", "--force")
    assert said.code == 0, said.err
    assert load(config(home)).athlete.clock == "24h"
    typed(*start, "yes")
    assert syncd("init", "--force", "--clock", "24h").code == 0
    assert load(config(home)).athlete.clock == "24h"


def test_without_questions_hours_are_as_the_flag_says(syncd, folders, home: Path) -> None:
    flags = ("init", "--yes", "--force", "--inbox", folders[0], "--outbox", folders[1])
    assert syncd(*flags, "--timezone", "America/New_York").code == 0
    assert load(config(home)).athlete.clock == "24h"
    assert syncd(*flags, "--clock", "12h").code == 0
    assert load(config(home)).athlete.clock == "12h"
    assert syncd(*flags, "--clock", "am").code == 2


def test_interrupted_it_goes_on_where_it_was_left(syncd, folders, home: Path, typed) -> None:
    first = ("Europe/Rome", "km", "folder", "", str(folders[0]))
    typed(*first)
    left = syncd("init")
    assert left.code == 130
    assert not config(home).exists()
    draft = config(home).with_name(".config.toml.draft")
    assert draft.stat().st_mode & 0o777 == 0o600
    typed(str(folders[1]), *PLAN, *BODY, "yes")
    said = syncd("init")
    assert said.code == 0, said.err
    assert "Continuing where you stopped" in said.err
    assert "Time zone" not in said.err
    assert load(config(home)).athlete.timezone == "Europe/Rome"
    assert not draft.exists()


def test_fresh_asks_everything_anew(syncd, folders, typed) -> None:
    typed("Europe/Rome")
    syncd("init")
    typed()
    assert "Time zone" in syncd("init", "--fresh").err


def test_an_answer_that_cannot_be_one_is_asked_again_with_what_is_allowed(
    syncd, folders, home: Path, typed
) -> None:
    typed(
        *("Rome", "Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1])),
        *(
            "10k",
            "tomorrow",
            "",
            "9",
            "3",
            "25",
            "9",
            "sun",
            "9:00",
            "24:30",
            "",
            "16",
            "",
            "",
            "",
            "",
            "",
            "",
        ),
        "yes",
    )
    said = syncd("init")
    assert said.code == 0, said.err
    for words in (
        "Please enter a time zone such as Europe/Rome",
        "Please enter a date as YYYY-MM-DD",
        "Please enter a whole number from 2 to 7",
        "faster than the 5K world record",
        "Please enter numbers from 1 to 15",
    ):
        assert words in said.err


def test_answers_that_do_not_fit_together_are_asked_again(syncd, folders, home: Path, typed) -> None:
    wrong = ("10k", "", "3", "5", "40", "sun", "24:30", "")
    typed(
        *("Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1]), *wrong, *BODY),
        *("", "3", "25", "9", "yes"),
    )
    said = syncd("init")
    assert said.code == 0, said.err
    assert "These answers do not fit together" in said.err
    assert load(config(home)).plan.longest_km == 9


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--days", 9), "init: --days = 9, must be 2 to 7"),
        (("--five-k", "25"), "init: --five-k: '25' is not a time: write mm:ss or h:mm:ss, for example 24:30"),
        (("--units", "yards"), "init: --units = 'yards', must be 'km' or 'mi'"),
        (("--birth-year", "x"), "--birth-year x: write a whole number"),
        (("--race", "2099-01-01", "--goal", "none"), "init: a race needs a goal: 5k, 10k, half or marathon"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_a_flag_cannot_say_is_told_before_anything_is_asked(
    syncd, home: Path, typed, flags, message: str
) -> None:
    typed()
    said = syncd("init", *flags)
    assert (said.code, said.err) == (2, f"syncd: {message}\n")
    assert not config(home).exists()


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("SYNCD_GARMIN__HISTORY_DAYS", "3", "init: --history-days = 3, must be 14 to 3650"),
        ("SYNCD_FITNESS__FIVE_K", "9:00", "a 5K in 9:00 is faster than the 5K world record (12:35)"),
    ],
)
@pytest.mark.parametrize("how", [(), ("--yes",)], ids=["asked", "by flags"])
def test_what_a_variable_of_the_environment_says_wrong_is_one_line(
    syncd, folders, monkeypatch, typed, variable: str, value: str, line: str, how
) -> None:
    monkeypatch.setenv(variable, value)
    typed()
    said = syncd("init", *how, "--inbox", folders[0], "--outbox", folders[1])
    assert (said.code, said.err.count("\n"), line in said.err) == (2, 1, True), said.err


def test_flags_that_do_not_fit_together_are_not_asked_about_for_ever(syncd, folders, typed) -> None:
    typed("Europe/Rome", "km", "folder", "", *map(str, folders), "10k", "sun", "24:30", "", *BODY)
    said = syncd("init", "--days", 3, "--weekly-km", 5, "--longest-km", 40, "--race", "2099-08-01")
    assert said.code == 2
    assert said.err.endswith(
        "syncd: your longest run (40 km) is more than your weekly distance (5 km): "
        "give the average of your last four weeks\n"
    )


def test_an_answer_can_be_changed_before_it_is_written(syncd, folders, home: Path, typed) -> None:
    start = ("Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1]), *PLAN, *BODY)
    typed(*start, "days", "5", "nonsense", "yes")
    said = syncd("init")
    assert said.code == 0, said.err
    assert load(config(home)).plan.days == 5
    assert said.err.count("Preview of your first two weeks") == 3


def test_no_writes_nothing(syncd, folders, home: Path, typed) -> None:
    typed("Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1]), *PLAN, *BODY, "no")
    said = syncd("init")
    assert (said.code, "Not saved. To continue with these answers" in said.err) == (130, True)
    assert not config(home).exists()


def test_health_heart_rates_and_birth_are_asked_and_kept(syncd, folders, home: Path, typed) -> None:
    body = ("1 12", "no", "1970", "female", "188", "52", "172")
    typed("Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1]), *PLAN, *body, "yes")
    said = syncd("init")
    assert said.code == 0, said.err
    settings = load(config(home))
    assert settings.health.concerns == ("chest_pain", "injury")
    assert (settings.health.cleared, settings.health.birth_year) == (False, 1970)
    athlete = settings.athlete
    assert (athlete.sex, athlete.hr_max, athlete.hr_rest, athlete.lthr) == ("female", 188, 52, 172)
    assert "chest pain" in said.err.partition("Preview of your first two weeks")[2]


def test_flags_are_not_asked_and_scripts_can_say_everything(syncd, folders, home: Path, typed) -> None:
    inbox, outbox = folders
    flags = ("--timezone", "Europe/Rome", "--units", "km", "--source", "folder", "--sink", "folder")
    typed(*PLAN, *BODY[:1], *BODY[2:], "yes")
    said = syncd("init", *flags, "--inbox", inbox, "--outbox", outbox, "--birth-year", "1980")
    assert said.code == 0, said.err
    assert load(config(home)).health.birth_year == 1980
    more = ("--concern", "injury", "--sex", "male", "--hr-max", "190", "--long-run-day", "saturday")
    assert syncd("init", "--yes", "--force", *flags, "--inbox", inbox, "--outbox", outbox, *more).code == 0
    settings = load(config(home))
    assert (settings.health.concerns, settings.plan.long_run_day) == (("injury",), "saturday")


def test_from_earlier_runs_days_volume_and_a_5_km_are_proposed(syncd, folders, home: Path, typed) -> None:
    inbox, outbox = folders
    for day, notation in (
        (1, "8km E"),
        (3, "2km E + 5km @4:50-5:00/km + 1km E"),
        (6, "12km E"),
        (8, "8km E"),
    ):
        write_run(inbox, day, notation)
    typed(
        "Europe/Rome",
        "km",
        "folder",
        "",
        str(inbox),
        str(outbox),
        "10k",
        "",
        "",
        "",
        "",
        "sun",
        "",
        *BODY,
        "yes",
    )
    said = syncd("init")
    assert said.code == 0, said.err
    assert "From 4 runs in the six weeks up to 2026-01-08: 2 a week, 18 km, longest 12 km." in said.err
    assert "Fastest 5 km within a run: 24:" in said.err
    assert "This is an estimate" in said.err
    settings = load(config(home))
    assert (settings.plan.days, settings.plan.weekly_km, settings.fitness.five_k) == (2, 18, None)


def write_run(inbox: Path, day: int, notation: str) -> None:
    recording = simulate(parse_workout(notation), Runner(vdot=38.3), Scenario.PERFECT, seed=day)
    start = datetime(2026, 1, day, 18, tzinfo=UTC)
    (inbox / f"{day}.fit").write_bytes(write_activity(recording, start=start, utc_offset=timedelta(0)))


def test_a_mounted_watch_proposes_its_folders(tmp_path: Path) -> None:
    (tmp_path / "me/FR/GARMIN/Activity").mkdir(parents=True)
    (tmp_path / "me/FR/GARMIN/NEWFILES").mkdir()
    found = mounted_watch([f"{tmp_path}/*/*"])
    assert found is not None
    assert (found.runs.name, found.workouts.name) == ("Activity", "NEWFILES")
    assert mounted_watch([f"{tmp_path}/nothing/*"]) is None


def test_tokens_of_a_library_are_found(home: Path) -> None:
    assert library_tokens(home) is None
    (home / ".garminconnect").mkdir()
    (home / ".garminconnect/garmin_tokens.json").write_text("{}")
    assert library_tokens(home) == home / ".garminconnect"


@pytest.mark.parametrize(("language", "units"), [("en_US.UTF-8", "mi"), ("it_IT.UTF-8", "km"), ("", "km")])
def test_units_follow_the_language(language: str, units: str) -> None:
    assert local_units({"LANG": language}) == units


@pytest.mark.parametrize(
    ("zone", "environ", "clock"),
    [
        ("Europe/Rome", {}, "24h"),
        ("America/Toronto", {}, "12h"),
        ("US/Eastern", {}, "12h"),
        ("Asia/Kolkata", {}, "12h"),
        ("Asia/Manila", {}, "12h"),
        ("Europe/Berlin", {"LANG": "en_US.UTF-8"}, "24h"),
        ("America/New_York", {"LC_TIME": "de_DE.UTF-8"}, "24h"),
        ("Europe/Berlin", {"LC_ALL": "en_AU.UTF-8"}, "12h"),
        ("UTC", {"LANG": "en_US.UTF-8"}, "12h"),
        ("UTC", {"LANG": "C.UTF-8"}, "24h"),
    ],
)
def test_hours_follow_the_locale_of_times_then_the_time_zone(zone: str, environ, clock: str) -> None:
    assert local_clock(zone, environ) == clock


def test_init_without_a_5_km_plans_by_effort_until_a_test_is_safe(syncd, folders, home: Path) -> None:
    inbox, outbox = folders
    assert syncd("init", "--yes", "--inbox", inbox, "--outbox", outbox).code == 0
    assert load(config(home)).zone_set() is None
    assert syncd("sync").code == 0
    assert "@RPE" in syncd("next", "--json").json["on_watch"]
    assert (syncd("zones").code, "syncd result 5k TIME" in syncd("zones").err) == (4, True)


def test_init_takes_a_race(syncd, folders, home: Path, monkeypatch) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-12-01T09:00:00+01:00")
    inbox, outbox = folders
    words = ("init", "--yes", "--five-k", "25:00", "--inbox", inbox, "--outbox", outbox, "--goal", "half")
    assert syncd(*words, "--race", "soon").code == 2
    assert syncd(*words, "--race", "2027-05-02", "--priority", "b").code == 0
    race = load(config(home)).goal_race()
    assert race is not None
    assert (race.day.isoformat(), race.goal.value, race.priority.value) == ("2027-05-02", "half", "B")


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        (
            "/etc/syncd/config.toml",
            "sudo syncd service install --system, then sudo syncd auth garmin --service",
        ),
        (
            "/etc/syncd/anna/config.toml",
            "sudo syncd --profile anna service install --system, then sudo syncd auth garmin --service anna",
        ),
        ("/home/anna/.config/syncd/config.toml", "syncd auth garmin"),
    ],
)
def test_a_configuration_of_the_systems_service_is_gone_on_with_there(path: str, steps: str) -> None:
    answers = complete({"source": "garmin", "sink": "garmin", "timezone": "Europe/Rome"})
    assert next_step(answers, instance=system_instance(Path(path))).splitlines()[-1] == f"Next: {steps}"


def test_with_an_empty_inbox_earlier_runs_are_imported_before_the_first_sync(folders, home: Path) -> None:
    """A plan that begins without them is one for somebody who never ran."""
    inbox, outbox = map(str, folders)
    answers = complete({"source": "folder", "sink": "folder", "inbox": inbox, "outbox": outbox})
    advice = "If you have earlier runs, import them first: syncd import FOLDER"
    assert next_step(answers).splitlines()[-2:] == [advice, "Next: syncd sync"]
    write_run(folders[0], 6, "8km E")
    assert advice not in next_step(answers)
    garmin = complete({"source": "garmin", "sink": "garmin"})
    assert advice not in next_step(garmin, logged_in=["garmin"])


def test_a_setting_that_has_an_option_is_in_the_help_and_one_that_has_a_question_is_asked() -> None:
    assert set(INIT_OPTIONS) == {name for name, setting in SETTINGS.items() if setting.option}
    assert set(QUESTIONS) == {name for name, setting in SETTINGS.items() if setting.question}


def test_a_setting_becomes_a_key_of_the_configuration() -> None:
    sections = Settings.model_fields
    for name, setting in SETTINGS.items():
        if setting.line is not None:
            keys = sections[setting.line.section].annotation.model_fields
            assert setting.line.key in keys, name


@pytest.mark.parametrize("name", ["days", "weekly_km", "longest_km", "hr_max", "hr_rest", "lthr"])
def test_a_question_takes_the_numbers_that_the_configuration_takes(name: str) -> None:
    line, check = SETTINGS[name].line, QUESTIONS[name].check
    limits = Settings.model_fields[line.section].annotation.model_fields[line.key].metadata
    least = next(limit.ge for limit in limits if hasattr(limit, "ge"))
    most = next(limit.le for limit in limits if hasattr(limit, "le"))
    assert [check(f"{least:g}", KILOMETRES), check(f"{most:g}", KILOMETRES)] == [f"{least:g}", f"{most:g}"]
    for beyond in (least - 1, most + 1):
        with pytest.raises(ValueError, match=f"number from {least:g} to {most:g}"):
            check(f"{beyond:g}", KILOMETRES)
