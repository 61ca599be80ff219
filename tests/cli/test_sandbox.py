"""`syncd sandbox`: a stand-in that people can run, and runs for tests."""

import json
import os
import signal
import subprocess
import sys

import pytest
import requests

from syncd.formats.recording import read_recording


@pytest.fixture
def served(tmp_path, home):
    """The stand-in as a process of its own, and what it printed."""

    def start(*more):
        command = [sys.executable, "-m", "syncd", "sandbox", "serve", "--port", "0", "--json"]
        command += ["--state", str(tmp_path / "state"), *more]
        environment = {**os.environ, "HOME": str(home)}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        told = ""
        while not told.endswith("\n}\n"):
            told += process.stdout.readline()
        return process, json.loads(told)

    started = []
    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def lived(url, day):
    return requests.post(f"{url}/sandbox/day", json={"date": day}, timeout=20).json()


def test_a_runner_lives_a_day_on_it_and_a_restart_goes_on(syncd, served, monkeypatch):
    process, told = served()
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", told["url"])
    monkeypatch.setenv("SYNCD_GARMIN__SPACING_S", "0")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    flags = ("--source", "garmin", "--sink", "garmin", "--timezone", "Europe/Rome", "--longest-km", 8)
    assert syncd("init", "--yes", "--five-k", "25:00", "--weekly-km", 20, *flags).code == 0
    assert syncd("auth", "garmin", "--tokens", told["tokens"]).code == 0
    assert syncd("sync").code == 0
    assert lived(told["url"], "2026-01-06")["run"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    _, told = served()
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", told["url"])
    assert syncd("auth", "garmin", "--tokens", told["tokens"]).code == 0
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:30:00+01:00")
    said = syncd("sync", "--json")
    assert (said.code, [each["outcome"] for each in said.json["arrived"]]) == (0, ["run"])
    assert {each["state"] for each in syncd("watch", "--json").json["sessions"]} == {"on_watch", "scheduled"}


def logged_in_to_strava(home):
    """As the printed lines say: open the page, press the button, paste where it ends."""
    command = [
        sys.executable,
        "-m",
        "syncd",
        "auth",
        "strava",
        "--client-id",
        "12345",
        "--i-agree",
        "--paste",
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, env={**os.environ, "HOME": str(home)}, **pipes)
    page = next(line.strip() for line in process.stderr if line.startswith("http://127.0.0.1"))
    pasted = requests.get(page, allow_redirects=False, timeout=20).headers["Location"]
    process.communicate(f"{pasted}\n", timeout=60)
    return process.returncode


def test_strava_shows_the_same_runs_and_each_counts_once_also_after_a_restart(
    syncd, served, monkeypatch, home
):
    process, told = served("--strava", "--strava-port", "0")
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", told["url"])
    monkeypatch.setenv("SYNCD_GARMIN__SPACING_S", "0")
    monkeypatch.setenv("SYNCD_STRAVA__API_URL", f"{told['strava']['url']}/api/v3")
    monkeypatch.setenv("SYNCD_STRAVA__CLIENT_SECRET", "sandbox-client-secret")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    flags = ("--source", "garmin", "--source", "strava", "--sink", "garmin", "--timezone", "Europe/Rome")
    assert syncd("init", "--yes", "--five-k", "25:00", "--weekly-km", 20, "--longest-km", 8, *flags).code == 0
    assert syncd("auth", "garmin", "--tokens", told["tokens"]).code == 0
    assert logged_in_to_strava(home) == 0
    assert syncd("sync").code == 0
    assert lived(told["url"], "2026-01-06")["run"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    _, told = served("--strava", "--strava-port", "0")
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", told["url"])
    monkeypatch.setenv("SYNCD_STRAVA__API_URL", f"{told['strava']['url']}/api/v3")
    assert syncd("auth", "garmin", "--tokens", told["tokens"]).code == 0
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:30:00+01:00")
    said = syncd("sync", "--json")
    assert said.code == 0, said.err
    assert [each["outcome"] for each in said.json["arrived"]] == ["run", "duplicate"]
    recordings = syncd("score", "--json").json["recordings"]
    assert [each["source"] for each in recordings] == ["garmin", "strava"]
    assert syncd("sync", "--json").json["arrived"] == []


def test_faults_fall_as_they_are_scheduled(syncd, served, monkeypatch):
    _, told = served("--faults", "500@GET /calendar-service/*")
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", told["url"])
    monkeypatch.setenv("SYNCD_GARMIN__SPACING_S", "0")
    flags = ("--source", "garmin", "--sink", "garmin", "--longest-km", 8, "--weekly-km", 20)
    syncd("init", "--yes", "--five-k", "25:00", *flags)
    syncd("auth", "garmin", "--tokens", told["tokens"])
    assert syncd("sync").code == 1
    assert syncd("sync").code == 0


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        (("--faults", "boom@1"), 2, "is not a kind of fault; choose from: 403"),
        (("--timezone", "Rome"), 2, "--timezone Rome: write a name such as Europe/Rome"),
        (("--port", "99999"), 1, "port 99999 is not available"),
    ],
)
def test_wrong_flags_are_one_line(syncd, tmp_path, flags, code, message):
    said = syncd("sandbox", "serve", "--state", tmp_path / "s", *flags)
    assert (said.code, said.err.count("\n")) == (code, 1)
    assert message in said.err


def test_an_account_that_is_none_is_left_alone(syncd, tmp_path):
    (tmp_path / "garmin.json").write_text("[]")
    said = syncd("sandbox", "serve", "--state", tmp_path)
    assert (said.code, "is not an account of this stand-in" in said.err) == (1, True)
    assert (tmp_path / "garmin.json").read_text() == "[]"


def test_a_run_of_a_workout_is_a_file_that_scores(syncd, tmp_path):
    out = tmp_path / "run.fit"
    workout = "10min E + 3x(3min I + 2min jog) + 5min E"
    said = syncd("sandbox", "fit", "--workout", workout, "--out", out, "--scenario", "fading", "--json")
    assert said.json["distance_m"] > 4000
    assert read_recording(out.read_bytes()).sport == "running"
    assert syncd("score", out, "--five-k", "25:00", "--json").json["score"] < 95


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--workout", "10 parsecs", "--workout, at character 1"),
        ("--scenario", "flying", "--scenario flying: choose perfect, auto_lap"),
        ("--start", "soon", "--start soon: write"),
        ("--start", "2026-01-06T18:00:00", "has no offset"),
    ],
)
def test_a_run_that_cannot_be_made_says_why(syncd, tmp_path, flag, value, message):
    flags = {"--workout": "20min E", "--out": tmp_path / "x.fit"} | {flag: value}
    said = syncd("sandbox", "fit", *(word for pair in flags.items() for word in pair))
    assert (said.code, message in said.err) == (2, True)


def test_simulate_tells_the_same_table_every_time(syncd) -> None:
    said = syncd("sandbox", "simulate", "--seasons", 1, "--seed", 3, "--weeks", 8, "--json")
    assert said.code == 0
    assert said.json["schema"] == "syncd.seasons/1"
    assert syncd("sandbox", "simulate", "--seasons", 1, "--seed", 3, "--weeks", 8, "--json").json == said.json


def test_simulate_refuses_what_is_no_season(syncd) -> None:
    for wrong in (("--seasons", 0), ("--weeks", 3), ("--weeks", 500)):
        said = syncd("sandbox", "simulate", *wrong)
        assert (said.code, said.out) == (2, "")
        assert "give --seasons 1 to" in said.err
