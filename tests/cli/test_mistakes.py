"""A mistyped line: one line back, which says what was probably meant and where help is."""

import pytest


def told(said) -> str:
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("syncd: ")
    assert said.err.count("\n") == 1
    return said.err.removeprefix("syncd: ").rstrip("\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("stauts", "there is no command stauts; did you mean status? (syncd --help)"),
        ("STATUS", "there is no command STATUS; did you mean status? (syncd --help)"),
        ("auth garmi", "there is no command garmi; did you mean garmin? (syncd auth --help)"),
        ("strava wehbook list", "there is no command wehbook; did you mean webhook? (syncd strava --help)"),
        ("garmin", "there is no command garmin; did you mean auth garmin? (syncd --help)"),
        ("install", "there is no command install; did you mean service install? (syncd --help)"),
        ("help", "there is no command help; did you mean --help? (syncd --help)"),
        ("version", "there is no command version; did you mean --version? (syncd --help)"),
        ("xyzzy", "there is no command xyzzy (syncd --help)"),
    ],
)
def test_a_mistyped_command_is_told_which_one_is_near(syncd, line, words) -> None:
    assert told(syncd(*line.split())) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("plan --weks 3", "there is no option --weks; did you mean --weeks? (syncd plan --help)"),
        ("--profil x status", "there is no option --profil; did you mean --profile? (syncd --help)"),
        (
            "auth garmin --emial a",
            "there is no option --emial; did you mean --email? (syncd auth garmin --help)",
        ),
        ("status --zzz", "there is no option --zzz (syncd status --help)"),
        ("plan -w 3", "there is no option -w: options begin with two dashes (syncd plan --help)"),
    ],
)
def test_a_mistyped_option_is_told_which_one_is_near(syncd, line, words) -> None:
    assert told(syncd(*line.split())) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("auth", "auth needs a command: garmin, status, logout or strava (syncd auth --help)"),
        (
            "strava webhook",
            "strava webhook needs a command: create, list or delete (syncd strava webhook --help)",
        ),
        ("--profile x", "give a command (syncd --help)"),
        ("move", "move needs DAY: YYYY-MM-DD, today or tomorrow (syncd move --help)"),
        ("import", "import needs PATHS: Recorded runs, folders of them"),
        (
            "plan --goal",
            "--goal needs a value: 5k, 10k, half, marathon or none (default 5k)",
        ),
        ("--config", "--config needs a value (syncd --help)"),
        ("status --config", "--config needs a value (syncd --help)"),
        ("plan --days four", "--days: 'four' is not a whole number (syncd plan --help)"),
        ("plan --weekly-km much", "--weekly-km: 'much' is not a number (syncd plan --help)"),
        ("undo last", "CHANGE: 'last' is not a whole number (syncd undo --help)"),
        ("plan --json=3", "--json takes no value (syncd plan --help)"),
        ("status foo bar", "status does not take 'foo bar' (put text with spaces in quotes)"),
        ("sandbox fit", "sandbox fit needs --workout: The workout, in one line:"),
    ],
)
def test_what_is_missing_or_odd_is_named_with_what_belongs_there(syncd, line, words) -> None:
    assert told(syncd(*line.split())).startswith(words)


ANYBODY = ("plan", "--five-k", "25:00")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ((*ANYBODY, "--goal", "marthon"), "5k, 10k, half, marathon or none; did you mean marathon?"),
        ((*ANYBODY, "--phase", "foundaton"), "speed, combine or auto; did you mean foundation?"),
        (
            (*ANYBODY, "--weekdays", "mon,wenesday"),
            "'wenesday' is not a weekday; write for example tue,thu,sat,sun;",
        ),
        ((*ANYBODY, "--weekdays", "mon,wenesday"), "did you mean wednesday?"),
        ((*ANYBODY, "--race", "2099-01-01", "--priority", "D"), "--priority D: choose A, B or C"),
        ((*ANYBODY, "--units", "mile"), "--units mile: choose km or mi; did you mean mi?"),
        (("plan", "exprot", "x.txt"), "did you mean export?"),
        (
            ("zones", "--five-k", "25:00", "--sex", "femal"),
            "--sex femal: choose female or male; did you mean female?",
        ),
        (("goal", "marthon"), "goal marthon: choose 5k, 10k, half, marathon or none; did you mean marathon?"),
        (
            ("phase", "sped"),
            "phase sped: choose foundation, distance, speed, combine or auto; did you",
        ),
        (("auth", "logout", "starva"), "auth logout starva: choose garmin or strava; did you mean strava?"),
        (("forget", "garmn"), "source garmn: choose garmin, strava or folder; did you mean garmin?"),
        (
            ("sandbox", "fit", "--workout", "30min E", "--out", "x.fit", "--scenario", "perfekt"),
            "mean perfect?",
        ),
        (("sandbox", "serve", "--timezone", "Europe/Rom"), "such as Europe/Rome; did you mean Europe/Rome?"),
        (("init", "--yes", "--inbox", "a", "--outbox", "b", "--goal", "hlf"), "did you mean half?"),
        (
            ("init", "--yes", "--inbox", "a", "--outbox", "b", "--long-run-day", "sonday"),
            "did you mean sunday?",
        ),
        (("init", "--yes", "--source", "gramin", "--sink", "garmin"), "did you mean garmin?"),
        (
            ("init", "--yes", "--inbox", "a", "--outbox", "b", "--timezone", "Rome/Europe"),
            "a time zone such as",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistyped_value_is_told_which_there_are_and_which_is_near(syncd, line, words) -> None:
    assert words in told(syncd(*line))


@pytest.mark.parametrize(
    "line", [(*ANYBODY, "--goal", "10K"), (*ANYBODY, "--phase", "SPEED"), (*ANYBODY, "--units", "KM")]
)
def test_the_case_of_a_value_does_not_matter(syncd, line) -> None:
    assert syncd(*line).code == 0


def test_a_source_that_is_not_configured_is_told_which_are(syncd, initialised) -> None:
    assert told(syncd("sync", "--source", "folders")).endswith("did you mean folder?")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("week 2026-01-05 distnce\nMon easy 30min E\n", "did you mean distance?"),
        ("week 2026-01-05\nMon esy 30min E\n", "did you mean easy?"),
        ("week 2026-01-05\nMonady easy 30min E\n", "did you mean monday?"),
    ],
)
def test_a_mistyped_word_in_a_plan_file_is_told_which_one_is_near(
    syncd, initialised, tmp_path, text, words
) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(text)
    assert words in told(syncd("plan", "import", file))


@pytest.mark.parametrize(
    ("option", "value", "meant"),
    [
        ("--source", "foldr", "folder"),
        ("--source", "gamin", "garmin"),
        ("--sink", "foldr", "folder"),
        ("--goal", "marthon", "marathon"),
        ("--long-run-day", "sonday", "sunday"),
        ("--timezone", "Europe/Roma", "Europe/Rome"),
        ("--units", "kms", "km"),
        ("--clock", "24", "24h"),
        ("--concern", "injuri", "injury"),
        ("--sex", "femal", "female"),
    ],
)
def test_a_misspelt_value_of_init_is_named_before_anything_that_is_missing(
    syncd, home, option: str, value: str, meant: str
) -> None:
    said = syncd("init", "--yes", option, value)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"syncd: init: {option}")
    assert f"did you mean {meant}?" in said.err
    assert "--outbox" not in said.err
