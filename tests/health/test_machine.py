"""Network, clock, time zone, libraries and connectors: how they are found, and what is to be done."""

import email.utils
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from syncd.health.check import Check, State
from syncd.health.machine import connectors, libraries, network, time_zone

# --- network and clock


@contextmanager
def answering(date: str | None) -> Iterator[str]:
    """A service whose clock says `date`, or nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response_only(404)  # the door is open, whatever is behind it
            if date is not None:
                self.send_header("Date", date)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def behind(seconds: float) -> Iterator[str]:
    """A service by whose clock it is earlier than by ours."""
    with answering(email.utils.formatdate(time.time() - seconds, usegmt=True)) as url:
        yield url


def test_a_service_that_answers_is_reached_whatever_it_answers():
    with behind(0) as url:
        assert network([url]) == [
            Check("network 127.0.0.1", State.OK, "reached"),
            Check("clock", State.OK, "agrees with the services"),
        ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(600, "10 min ahead"), (-600, "10 min behind"), (3 * 3600, "3 h ahead"), (-3 * 3600, "3 h behind")],
)
def test_a_clock_that_is_off_is_to_be_set_because_tokens_are_refused(seconds, words):
    with behind(seconds) as url:
        _, clock = network([url])
    assert (clock.state, clock.text) == (State.FAIL, f"{words}: logins are refused")
    assert clock.remedy == "timedatectl set-ntp true"


def test_one_service_that_agrees_with_our_clock_is_enough():
    with behind(3 * 3600) as wrong, behind(0) as right:
        assert network([wrong, right])[-1].state is State.OK


@pytest.mark.parametrize("date", [None, "the fifth of January"])
def test_a_service_that_does_not_tell_the_time_says_nothing_of_the_clock(date):
    with answering(date) as url:
        reached, clock = network([url])
    assert reached.state is State.OK
    assert clock == Check("clock", State.UNKNOWN, "no service reported the time")


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_closed_door_is_said_with_its_reason():
    found, clock = network([f"http://127.0.0.1:{closed_port()}"])
    assert (found.state, found.remedy) == (State.FAIL, "check the network, or wait")
    assert found.text == "cannot be reached: [Errno 111] Connection refused"
    assert clock.state is State.UNKNOWN


def test_a_service_that_does_not_speak_https_is_not_reached_over_it():
    with behind(0) as url:
        found, _ = network([url.replace("http:", "https:")])
    assert (found.name, found.state) == ("network 127.0.0.1", State.FAIL)
    assert found.text.startswith("cannot be reached: ")


def test_a_name_that_nobody_knows_is_a_matter_of_the_network(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found, _ = network(["https://connectapi.garmin.com"])
    assert found == Check(
        "network connectapi.garmin.com",
        State.FAIL,
        "its name cannot be resolved",
        "check the network and its DNS",
    )


@pytest.mark.parametrize(
    ("configuration", "hosts"),
    [
        ('[sync]\nsource = "garmin"\n', ["connectapi.garmin.com"]),
        ('[sync]\nsource = "garmin"\n[garmin]\nregion = "china"\n', ["connectapi.garmin.cn"]),
        ('[sync]\nsource = "strava"\n', ["www.strava.com"]),
        (
            '[sync]\nsource = ["strava", "folder"]\nsink = "garmin"\n',
            ["connectapi.garmin.com", "www.strava.com"],
        ),
        ('[sync]\nsource = "folder"\n', []),
    ],
)
def test_one_address_of_each_service_that_is_used_is_asked(patient, monkeypatch, configuration, hosts):
    asked = []

    def noted(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    patient.configured(configuration)
    found = patient.examined(online=True)
    assert asked == hosts
    assert [name.removeprefix("network ") for name in found if name.startswith("network")] == hosts


# --- time zone


def test_days_that_begin_where_the_machine_is_are_well(monkeypatch):
    monkeypatch.setenv("TZ", ":Europe/Rome")
    assert time_zone("Europe/Rome") == Check("time zone", State.OK, "Europe/Rome")


def test_days_elsewhere_than_the_machine_are_well_when_they_were_chosen(monkeypatch):
    monkeypatch.setenv("TZ", "Etc/UTC")
    assert time_zone("Europe/Rome") == Check("time zone", State.OK, "Europe/Rome (this machine: Etc/UTC)")


def test_days_that_were_never_chosen_are_to_be(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Rome")
    assert time_zone("UTC") == Check(
        "time zone",
        State.WARN,
        "your days begin and end in UTC, but this machine is in Europe/Rome",
        'set [athlete] timezone = "Europe/Rome" in config.toml',
    )


def test_a_machine_that_does_not_tell_its_zone_is_no_reason_to_worry(monkeypatch):
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(os.path, "realpath", str)  # /etc/localtime is a plain file
    assert time_zone("UTC") == Check("time zone", State.OK, "UTC")


# --- libraries


def test_libraries_are_named_with_their_versions(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    found = libraries()
    assert found.state is State.OK
    assert "Python 3.12.1, garminconnect " in found.text


def test_a_python_that_only_has_an_old_library_is_told_of(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))
    found = libraries()
    assert (found.state, "Python 3.11.9" in found.text) == (State.WARN, True)
    assert "Python 3.12 or newer" in found.remedy


def test_libraries_that_are_missing_are_named(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    found = libraries()
    assert (found.state, found.remedy) == (State.FAIL, "reinstall syncd")
    assert found.text.startswith("garminconnect, stravalib, ")


# --- connectors


def installed(folder: Path, name: str, target: str) -> None:
    """A package that declares a connector."""
    package = folder / f"{name}-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[syncd.connectors]\n{name} = {target}\n")


def test_every_connector_is_named_with_what_it_can_do():
    words = "folder (runs and workouts), garmin (runs and workouts), strava (runs)"
    assert connectors() == Check("connectors", State.OK, words)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nowhere:COROS", "the connector 'coros' cannot be loaded: No module named 'nowhere'"),
        ("json:dumps", "json:dumps is not a connector"),
    ],
)
def test_a_package_whose_connector_cannot_be_used_is_to_be_updated(tmp_path, monkeypatch, target, words):
    installed(tmp_path, "coros", target)
    monkeypatch.syspath_prepend(tmp_path)
    assert connectors() == Check("connectors", State.FAIL, words, "update or remove that package")


@contextmanager
def a_proxy() -> Iterator[tuple[int, list[str]]]:
    """Its port, and what it was asked for; it opens nothing."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self):
            asked.append(f"{self.path} {self.headers['Proxy-Authorization']}")
            self.send_error(502)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("bypass", "asks_proxy"), [("", True), ("nowhere.invalid", False)])
def test_the_network_is_tried_through_the_proxy_that_requests_go_through(monkeypatch, bypass, asks_proxy):
    for name in ("HTTPS_PROXY", "all_proxy", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with a_proxy() as (port, asked):
        monkeypatch.setenv("https_proxy", f"http://runner:a%40b@127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", bypass)
        assert network(["https://nowhere.invalid"])[0].state is State.FAIL
    assert asked == (["nowhere.invalid:443 Basic cnVubmVyOmFAYg=="] if asks_proxy else [])
