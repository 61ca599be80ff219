"""What is seldom asked of a command, and what it refuses: options, odd files, faults."""

import os
import webbrowser
from pathlib import Path

import pytest

from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.paths import locate
from tests.cli.test_care import listening

# --- a fault in syncd itself


@pytest.fixture
def broken(monkeypatch):
    """Something that nobody expects goes wrong in a command."""

    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret 12345")

    monkeypatch.setattr("json.dumps", fault)


def report_named_in(line: str) -> Path:
    return Path(line.rpartition(" ")[2].strip())


def test_a_fault_is_one_line_and_its_report_lies_in_a_file(syncd, initialised, broken):
    said = syncd("doctor", "--offline", "--json")
    assert said.code == 1
    assert said.err.startswith(
        "syncd: an error in syncd itself: ZeroDivisionError. Nothing is lost; please report it with the file"
    )
    report = report_named_in(said.err)
    assert "Traceback" in report.read_text()
    report.unlink()


def test_the_fault_of_a_look_of_the_service_lies_beside_its_state(syncd, initialised, broken, monkeypatch):
    monkeypatch.setenv("SYNCD_CYCLE", "c1")
    said = syncd("doctor", "--offline", "--json")
    assert report_named_in(said.err).parent == locate().faults


def test_where_the_state_takes_no_report_it_lies_among_the_temporary_files(
    syncd, initialised, broken, monkeypatch
):
    monkeypatch.setenv("SYNCD_CYCLE", "c1")
    locate().state.parent.mkdir(parents=True, exist_ok=True)
    locate().state.write_text("a file where the folder should be")
    report = report_named_in(syncd("doctor", "--offline", "--json").err)
    assert (report.parent != locate().faults, report.exists()) == (True, True)
    report.unlink()


# --- doctor --notify, tidy


def test_only_the_addresses_that_are_set_are_tried(syncd, initialised, monkeypatch):
    with listening() as (address, got):
        with monkeypatch.context() as only_messages:
            only_messages.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/message")
            assert syncd("doctor", "--notify", "--json").json["heartbeat"] is False
        with monkeypatch.context() as only_a_heart_beat:
            only_a_heart_beat.setenv("SYNCD_DAEMON__HEARTBEAT_URL", f"http://{address}/beat")
            assert syncd("doctor", "--notify", "--json").json["messages"] == 0
    assert [path for path, _ in got] == ["/message", "/beat"]


def test_before_the_first_sync_there_is_nothing_to_tidy(syncd, initialised):
    said = syncd("tidy")
    assert (said.code, "run syncd sync first" in said.err) == (2, True)


def test_recordings_above_the_limit_go_the_oldest_first_and_scores_stay(syncd, lived, monkeypatch):
    monkeypatch.setenv("SYNCD_NOW", "2026-06-06T20:00:00+02:00")
    monkeypatch.setenv("SYNCD_DAEMON__RAW_MB", "1")
    raw = locate().state / "raw"
    (payload,) = raw.rglob("*.gz")
    with payload.open("ab") as file:
        file.truncate(2 * 1024 * 1024)
    assert "Removed 1 old recording (2 MB); scores stay." in syncd("tidy").out
    assert not list(raw.rglob("*.gz"))
    assert syncd("score", "2026-01-06").code == 0


# --- report --open


@pytest.mark.parametrize("starts", [True, False])
def test_a_report_is_opened_in_a_browser_or_says_which_file_to_open(syncd, lived, monkeypatch, starts):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or starts)
    said = syncd("report", "--open")
    assert opened == [locate().report.as_uri()]
    assert said.code == (0 if starts else 1)
    if not starts:
        assert f"open {locate().report} yourself" in said.err


# --- words for days and changes


def test_two_different_changes_are_not_taken_back_at_once(syncd, lived):
    said = syncd("undo", "1", "--change", "2")
    assert (said.code, "two different changes are given" in said.err) == (2, True)


def test_today_and_tomorrow_are_days_of_the_runner(syncd, initialised, monkeypatch):
    assert syncd("sync").code == 0
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T23:30:00+00:00")  # Tuesday has begun in Rome
    assert syncd("skip", "today").code == 0
    assert "because  you skipped it" in syncd("why", "2026-01-06").out


# --- files


def test_a_file_larger_than_any_recording_is_not_read(syncd, initialised, tmp_path):
    large = tmp_path / "film.fit"
    with large.open("wb") as file:
        os.truncate(file.fileno(), 300 * 1024 * 1024)
    said = syncd("score", large)
    assert said.code == 1
    assert "film.fit is larger than" in said.err
    assert "not a recorded run" in said.err


def test_a_file_of_another_kind_matches_nothing(syncd, initialised, folders):
    assert syncd("sync").code == 0
    workout = next(folders[1].glob("*.fit"))
    said = syncd("score", workout)
    assert (said.code, "nothing to score" in said.err) == (4, True)


def test_a_demo_of_a_folder_that_is_not_there_is_refused_before_anything_is_made(syncd, tmp_path):
    out = tmp_path / "demo"
    said = syncd("demo", tmp_path / "nowhere", "--out", out)
    assert (said.code, "is not a folder: name one with recorded runs" in said.err) == (2, True)
    assert not out.exists()


def test_after_two_dashes_nothing_is_an_option_of_the_program(syncd, initialised):
    said = syncd("move", "--", "--profile", "2026-01-07")
    assert said.code == 2
    assert "--profile" in said.err


# --- auth status


def test_the_status_of_a_login_says_until_when_garmin_is_left_alone(syncd, on_garmin, monkeypatch):
    import time

    kept = KeptLogin(locate().logins)
    kept.budget.update(lambda budget: budget.after_refusal(time.time(), 3600))
    monkeypatch.delenv("SYNCD_NOW")
    said = syncd("auth", "status")
    assert "asked syncd to wait" in said.out


def test_a_demo_of_ones_own_runs_says_which_paces_it_assumes(syncd, tmp_path):
    start = "2026-01-06T18:00:00+01:00"
    runs = tmp_path / "runs"
    runs.mkdir()
    made = ("--five-k", "25:00", "--start", start, "--out", runs / "run.fit")
    assert syncd("sandbox", "fit", "--workout", "20min E", *made).code == 0
    said = syncd("demo", runs, "--out", tmp_path / "demo")
    assert said.code == 0, said.err
    assert "No --five-k given: paces assume" in said.out
    assert said.out.endswith(f"{tmp_path / 'demo' / 'report.html'}\n")


# --- results and sources


def test_a_result_may_be_over_any_distance(syncd, initialised):
    assert syncd("sync").code == 0
    said = syncd("result", "8km", "41:00", "--date", "2026-01-04", "--json")
    assert (said.json["distance_m"], said.json["time_s"]) == (8000, 2460)


def test_without_a_configuration_the_data_are_exported_all_the_same(syncd, lived, tmp_path):
    locate().config.unlink()
    assert syncd("export", tmp_path / "export").code == 0
