"""Configuration: the example loads, the environment wins, and every fault is one clear line."""

import re
from datetime import date
from pathlib import Path

import pytest

from syncd.config import ConfigError, load
from syncd.domain.athlete import Concern, Goal, Health, HealthAnswer, Race, RacePriority
from syncd.domain.training.hr_zones import HeartMeasurements, Sex

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"


@pytest.fixture
def broken(tmp_path: Path):
    """The example with one text replaced, as a file; loading it gives the error's message."""

    def message(old: str, new: str) -> str:
        text = EXAMPLE.read_text()
        assert old in text
        path = tmp_path / "config.toml"
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(ConfigError) as error:
            load(path)
        return str(error.value)

    return message


def test_the_example_is_a_valid_configuration(home: Path) -> None:
    settings = load(EXAMPLE)
    assert (settings.plan.goal, settings.plan.days, settings.plan.weekly_km) == (Goal.FIVE_K, 4, 20)
    assert settings.fitness.five_k_date == date(2026, 3, 1)
    assert settings.folder.inbox == home / "runs"


def test_heart_rates_are_settings_and_none_is_made_up(tmp_path: Path) -> None:
    assert load(EXAMPLE).athlete.heart() == HeartMeasurements()
    path = tmp_path / "config.toml"
    text = EXAMPLE.read_text()
    for key in ("hr_max", "hr_rest", "lthr", "sex"):
        text = text.replace(f"# {key} =", f"{key} =")
    path.write_text(text)
    assert load(path).athlete.heart() == HeartMeasurements(188, 52, 172, Sex.FEMALE)


def test_a_folder_is_meant_from_the_file_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[fitness]\nfive_k = "25:00"\n[folder]\ninbox = "in"\n')
    assert load(path).folder.inbox == tmp_path / "in"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_PLAN__DAYS", "5")
    assert load(EXAMPLE).plan.days == 5


def test_a_systemd_credential_wins_over_the_environment(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "syncd_fitness").write_text('{"five_k": "21:00"}')
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("SYNCD_FITNESS__FIVE_K", "22:00")
    assert load(EXAMPLE).fitness.five_k == "21:00"


def test_one_setting_can_be_a_systemd_credential_of_its_own(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "SYNCD_STRAVA__CLIENT_SECRET").write_text("from systemd\n")
    (tmp_path / "another-service").write_bytes(b"\xff\x00")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("SYNCD_STRAVA__CLIENT_SECRET", "from the environment")
    settings = load(EXAMPLE)
    assert settings.strava.client_secret.get_secret_value() == "from systemd"
    assert "from systemd" not in f"{settings!r} {settings.section_of('strava')}"


def test_strava_s_client_id_may_be_written_as_a_number(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[strava]\nclient_id = 12345\n")
    assert load(path).strava.client_id == "12345"


def test_a_client_secret_in_the_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[strava]\nclient_secret = "hunter2"\n')
    with pytest.raises(ConfigError, match="does not belong in a file") as caught:
        load(path)
    assert "hunter2" not in str(caught.value)


def test_a_client_secret_that_is_no_text_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_STRAVA", '{"client_secret": 4711}')
    with pytest.raises(ConfigError, match="client_secret must be text") as caught:
        load(EXAMPLE)
    assert "4711" not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("port = 70000", "config.toml line 2: [strava.webhook] port = 70000, must be 1 to 65535"),
        ('public_url = "http://example.org"', "[strava.webhook] public_url: must be an https:// address"),
        ("ports = 1", "[strava.webhook] ports is not a setting; did you mean port?"),
    ],
)
def test_a_fault_in_a_section_inside_another_is_told_with_its_place(tmp_path, more, message) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[strava.webhook]\n{more}\n")
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("days = 4", "days = 9", "config.toml line 22: [plan] days = 9, must be 2 to 7"),
        ("days = 4", "dayz = 4", "config.toml line 22: [plan] dayz is not a setting; did you mean days?"),
        ("days = 4", 'days = "four"', "config.toml line 22: [plan] days = 'four', must be a whole number"),
        ("\n[plan]", "\n[plann]", "config.toml line 20: [plann] is not a setting; did you mean plan?"),
        ('"25:00"', '"2500"', "line 16: [fitness] five_k: '2500' is not a time: write mm:ss"),
        ('goal = "5k"', 'goal = "50k"', "[plan] goal = '50k', must be '5k', '10k', 'half', 'marathon' or"),
        ("Europe/Rome", "Europe/Rom", "[athlete] timezone: must be a time zone such as Europe/Rome"),
        ('source = "garmin"', 'source = "intervals"', "[sync] source: there is no 'intervals'; allowed are"),
        ('source = "garmin"', 'source = ["garmin", "garmin"]', "[sync] source: names a source twice"),
        (
            'source = "garmin"',
            "source = []",
            "[sync] source: must be one or several of folder, garmin, strava",
        ),
        ('sink = "garmin"', 'sink = "strava"', "[sync] sink = 'strava', must be 'folder' or 'garmin'"),
        ("spacing_s = 1.0", "spacing_s = 0", "[garmin]: spacing_s below 1 is for a service on this machine"),
        (
            '# api_url = "http://127.0.0.1:8765"',
            'api_url = "http://example.org"',
            "must be an https:// address",
        ),
        (
            '# api_url = "http://127.0.0.1:8765"',
            'api_url = "https://runner:canary@connectapi.garmin.com"',
            "must not hold a name or password before the host",
        ),
        (
            '# api_url = "http://127.0.0.1:8765"',
            'sso_url = "https://sso.garmin.com/?next=1"',
            "must end with the host or a path",
        ),
        (
            '# api_url = "http://127.0.0.1:8765"',
            'token_url = "http://127.0.0.1.example.org/"',
            "must be an https:// address",
        ),
        ('"international"', '"moon"', "[garmin] region = 'moon', must be 'international' or 'china'"),
        ('long_run_day = "sunday"', 'weekdays = ["monday"]', "4 runs a week need 4 weekdays, not 1"),
        ("\n[plan]", "\n[plan", "config.toml: not valid TOML:"),
        ('five_k = "25:00"', "five_k = 25", "[fitness] five_k = 25, must be text in quotes, such as"),
        ("2026-03-01", '"in March"', "[fitness] five_k_date = 'in March', must be a day such as 2026-03-12"),
        ("days = 4", "weekdays = 3", "[plan] weekdays = 3, must be a list such as"),
        ("[athlete]", "days = 4\n[athlete]", "line 4: [days] is not a setting; it belongs below [plan]"),
        ('goal = "5k"', 'goal = "hlf"', "or 'none'; did you mean half?"),
        ("Europe/Rome", "Rome", "a time zone such as Europe/Rome; did you mean Europe/Rome?"),
        ('source = "garmin"', 'source = "gramin"', "strava; did you mean garmin?"),
        ("# hr_max = 188", "hr_max = 500", "line 10: [athlete] hr_max = 500, must be 120 to 230"),
        ("# hr_rest = 52", "hr_rest = 0", "[athlete] hr_rest = 0, must be 25 to 110"),
        ('# sex = "female"', 'sex = "f"', "[athlete] sex = 'f', must be 'female' or 'male'"),
        ("# lthr = 172", "hr_max = 170\nlthr = 172", "[athlete]: a threshold of 172 bpm is not below"),
    ],
)
def test_a_fault_names_file_line_key_and_what_is_allowed(broken, old, new, message) -> None:
    said = broken(old, new)
    assert message in said
    assert "\n" not in said


def test_without_a_5_km_there_are_no_paces_and_that_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[plan]\ndays = 3\n")
    assert load(path).zone_set() is None


def test_race_phase_blocked_days_and_health_reach_the_planner(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[plan]\ngoal = "half"\nrace = 2026-10-04\nrace_priority = "B"\nphase = "speed"\n'
        'blocked = [2026-05-01]\n[health]\nconcerns = ["stress_fracture"]\nbirth_year = 1970\n'
    )
    settings = load(path)
    assert settings.goal_race() == Race(date(2026, 10, 4), Goal.HALF, RacePriority.B)
    assert settings.plan.blocked == (date(2026, 5, 1),)
    today = date(2026, 3, 12)
    answer = HealthAnswer(Concern.STRESS_FRACTURE, today, in_file=True)
    assert settings.health_answers(today) == Health((answer,), birth_year=1970)


def test_a_race_needs_a_distance(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[plan]\ngoal = "none"\nrace = 2026-10-04\n')
    with pytest.raises(ConfigError, match="a race needs a goal"):
        load(path)


def test_a_fault_in_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_PLAN__DAYS", "12")
    with pytest.raises(ConfigError, match=r"^SYNCD_PLAN__DAYS: \[plan\] days = 12, must be 2 to 7$"):
        load(EXAMPLE)


def test_no_configuration_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run syncd init"):
        load(tmp_path / "config.toml")
