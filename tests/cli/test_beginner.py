"""What a beginner gets wrong: each time one line that says what to do next, and the right exit code."""

import subprocess
import sys
import zipfile

import pytest

from syncd.paths import locate
from tests.cli.conftest import Said


def told(said: Said, code: int) -> str:
    assert said.code == code, said.err
    assert said.err.startswith("syncd: ")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err.removeprefix("syncd: ").rstrip("\n")


@pytest.fixture
def first(syncd, folders, monkeypatch):
    """`syncd init --yes` with these words more, in January 2026."""
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    inbox, outbox = folders

    def run(*words: object) -> Said:
        return syncd("init", "--yes", "--inbox", inbox, "--outbox", outbox, *words)

    return run


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--days", 9), "init: --days = 9, must be 2 to 7"),
        (("--weekly-km", -5), "init: --weekly-km = -5, must be 0 to 300"),
        (("--five-k", "25"), "init: --five-k: '25' is not a time: write mm:ss or h:mm:ss, for example 24:30"),
        (("--birth-year", "x"), "--birth-year x: write a whole number"),
        (("--hr-max", "188bpm"), "--hr-max 188bpm: write a whole number"),
        (
            ("--hr-max", 180, "--lthr", 190),
            "init: a threshold of 190 bpm is not below the highest heart rate",
        ),
        (("--concern", "injry"), "did you mean injury?"),
        (("--race", "2026-08-01", "--priority", "X"), "init: --priority = 'X', must be 'A', 'B' or 'C'"),
        (("--race", "2026-08-01", "--goal", "none"), "init: a race needs a goal: 5k, 10k, half or marathon"),
        (("--race", "tomorrow"), "--race: 'tomorrow' is not a date: write YYYY-MM-DD, for example"),
        (
            ("--race", "2020-01-01"),
            "--race 2020-01-01: that day is past; give a future date, or leave it out",
        ),
        (("--priority", "B"), "--priority needs a race: --race YYYY-MM-DD"),
        (("--timezone", "Rome"), "must be a time zone such as Europe/Rome; did you mean Europe/Rome?"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_a_first_configuration_names_the_option_that_is_wrong(first, words, line) -> None:
    assert line in told(first(*words), 2)
    assert not locate().config.exists()


def test_a_folder_that_is_not_there_yet_is_said_at_once(syncd, folders, tmp_path) -> None:
    said = syncd("init", "--yes", "--inbox", folders[0], "--outbox", tmp_path / "watch")
    assert said.code == 0
    assert (
        f"workouts go to {tmp_path}/watch (does not exist yet: create it, or connect the watch)." in said.out
    )


def test_a_folder_that_is_a_file_is_called_one(syncd, initialised) -> None:
    _, outbox = initialised
    outbox.rmdir()
    outbox.write_text("")
    assert f"{outbox} is not a folder: name one in [folder] outbox" in told(syncd("sync"), 1)


def test_a_configuration_without_its_folders_is_a_fault_of_the_configuration(syncd, tmp_path) -> None:
    (tmp_path / "config.toml").write_text("")
    line = told(syncd("--config", tmp_path / "config.toml", "plan"), 2)
    assert line == "config.toml: [folder] inbox is not set: name the folder there"


def test_a_configuration_that_cannot_be_read_says_why(syncd, tmp_path) -> None:
    assert (
        told(syncd("--config", tmp_path, "plan"), 2)
        == f"{tmp_path} is a folder: name the file config.toml in it"
    )
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    assert "is not a text file: write it in UTF-8" in told(
        syncd("--config", tmp_path / "config.toml", "plan"), 2
    )


def test_doctor_says_once_what_to_run_where_there_is_no_configuration(syncd) -> None:
    said = syncd("doctor", "--offline")
    assert said.code == 1
    assert said.out.splitlines()[0].count("syncd init") == 1


@pytest.mark.parametrize(
    ("content", "name", "code", "line"),
    [
        (b"", "empty.fit", 1, ""),
        (b"hello", "text.fit", 1, ""),
        (
            b"photo",
            "p.jpg",
            4,
            "p.jpg: syncd reads FIT, TCX and GPX files, also as .gz",
        ),
    ],
)
def test_an_import_that_read_nothing_is_no_success(
    syncd, initialised, tmp_path, content, name, code, line
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    said = syncd("import", file)
    assert said.code == code
    assert line in said.err


def test_an_archive_without_runs_says_what_is_read(syncd, initialised, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "holiday.zip", "w") as archive:
        archive.writestr("readme.txt", "hi")
    assert "holiday.zip: syncd reads FIT, TCX and GPX files" in syncd("import", tmp_path / "holiday.zip").err


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("score", "99"), 4, "there is no run '99': give its date (2026-03-12), its number, or a file"),
        (("score",), 4, "there are no runs yet: syncd sync fetches some, syncd import reads files"),
        (("score", "{folder}"), 2, "is a folder: give one of its files (syncd import reads them all)"),
        (
            ("move", "tuesday", "friday"),
            2,
            "'tuesday' is not a date: write YYYY-MM-DD, today or tomorrow, for",
        ),
        (("skip", "tomorow"), 2, "for example 2026-03-17; did you mean tomorrow?"),
        (("move", "2026-01-06", "2025-01-07"), 2, "Tue 7 Jan 2025 is past: give a day from Mon 5 Jan on"),
        (
            ("move", "2026-01-06", "2027-01-07"),
            2,
            "Thu 7 Jan 2027 is not planned in detail yet: give a day up to",
        ),
        (("pause", "--until", "2025-01-01"), 2, "a pause until Wed 1 Jan 2025 would end before Mon 5 Jan"),
        (
            ("sick", "--from", "2026-02-01"),
            2,
            "Sun 1 Feb is still to come: for days ahead use syncd pause --from DATE",
        ),
        (
            ("goal", "10k", "--race", "2020-01-01"),
            2,
            "the race on Wed 1 Jan 2020 is past: give a day in the future",
        ),
        (("result", "5k", "fast"), 2, "'fast' is not a time: write mm:ss or h:mm:ss, for example 24:30"),
        (("result", "marathn", "3:30:00"), 2, "3000m; did you mean marathon?"),
        (
            ("result", "5k", "25:00", "--date", "2027-01-01"),
            2,
            "Fri 1 Jan 2027 is still to come: give the day",
        ),
        (("rpe", "1", "7"), 4, "there is no run 1: give its date, for example 2026-03-12"),
        (("match", "1", "2026w02-1"), 4, "there is no run 1: give its date, for example 2026-03-12"),
        (("plan", "--goal", "10k"), 2, "give --five-k or --weekly-km too (your own goal: syncd goal)"),
        (("report", "--out", "{folder}"), 1, "{folder}: this is a folder: give a file"),
        (("report", "--out", "/proc/none/x.html"), 1, "/proc/none/x.html: there is no such file or folder"),
        (
            ("sandbox", "fit", "--workout", "fast", "--out", "x"),
            2,
            "--workout, at character 1, 'fast': expected",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_line_that_cannot_be_done_says_what_can(syncd, initialised, tmp_path, words, code, line) -> None:
    assert syncd("sync").code == 0
    typed = [each.format(folder=tmp_path) for each in words]
    assert line.format(folder=tmp_path) in told(syncd(*typed), code)


def test_a_workout_with_an_unknown_target_is_told_which_there_are(syncd, tmp_path) -> None:
    run = tmp_path / "run.fit"
    run.write_bytes(b"")
    line = told(syncd("score", run, "--workout", "5km X"), 2)
    assert line.startswith(
        "--workout, at character 5, 'X': expected a target (E, M, HM, T, 10K, 5K, I, R, @4:15"
    )


def test_a_question_that_is_left_does_not_share_its_line(syncd, initialised, typed) -> None:
    typed()
    said = syncd("forget")
    assert said.code == 130
    assert said.err.endswith("\nsyncd: interrupted; everything done so far is kept\n")


CLOSED = """
import os, sys
from syncd.cli.main import main
if os.geteuid() == 0:  # root may look anywhere
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capset(header, data) == 0  # root without its powers
sys.exit(main(sys.argv[1:]))
"""


def test_doctor_says_that_the_state_is_closed_and_goes_on(syncd, initialised) -> None:
    assert syncd("sync").code == 0
    state = locate().state
    state.chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, "doctor", "--offline"], capture_output=True, text=True
    )
    state.chmod(0o700)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"FAIL  permissions    {state} cannot be written" in done.stdout
    assert "libraries" in done.stdout
