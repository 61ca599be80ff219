"""However slowly an answer comes, a request is over in time: connecting, headers and body in one limit."""

import importlib
import os
import socket
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress

import pytest
import requests
from garminconnect.client import Client as LoggingIn

from syncd.connectors.base import ConnectorError, OutcomeUnknown, Unavailable
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.client import GarminClient
from syncd.connectors.garmin.login import PasswordLogin
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.connectors.garmin.wire import library_modules
from syncd.connectors.messages import call_heartbeat, send
from syncd.connectors.strava.app_calls import ask
from syncd.connectors.strava.oauth import Places
from syncd.connectors.strava.session import StravaSession
from syncd.health.machine import network
from syncd.sandbox.garmin.account import StandInGarminAccount
from tests.support.dribbling import KINDS, dribbling
from tests.support.strava_scene import on_strava

LIMIT_S = 0.25
LATEST_S = 3.0  # the machine may be busy; without the limit none of these ends


@contextmanager
def in_time():
    began = time.monotonic()
    yield
    assert time.monotonic() - began < LATEST_S


@pytest.fixture
def tokens(tmp_path):
    file = GarminTokenFile(tmp_path / "tokens" / "garmin.json")
    file.save(StandInGarminAccount().library_tokens(time.time()))
    return file


def session_at(tokens, place, token_url=""):
    endpoints = Endpoints(f"http://{place}", token_url or f"http://{place}/token")
    return GarminSession(
        tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=LIMIT_S, renewal_timeout_s=LIMIT_S
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_to_garmin_connect_is_over_in_time(kind, tokens):
    with dribbling(kind) as place, in_time(), pytest.raises(Unavailable):
        session_at(tokens, place).get("/anything")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_knows_how_a_write_ended_that_was_cut_off(kind, tokens):
    with dribbling(kind) as place, in_time(), pytest.raises(OutcomeUnknown):
        session_at(tokens, place).post("/anything", {})


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_to_strava_is_over_in_time(kind, tmp_path):
    with on_strava(tmp_path) as scene, dribbling(kind) as place:
        places, now = Places(api=f"http://{place}", oauth=f"http://{place}"), scene.now.timestamp
        session = StravaSession(scene.tokens, places=places, timeout_s=LIMIT_S, now=now, real_now=now)
        session._opened()  # loading the library takes half a second
        with in_time(), pytest.raises(ConnectorError):
            session.get("/athlete/activities")


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_about_the_app_is_over_in_time(kind):
    with dribbling(kind) as place, in_time(), pytest.raises(Unavailable):
        ask("POST", f"http://{place}/oauth/token", form={"a": "b"}, whole_s=LIMIT_S)


@pytest.mark.parametrize("kind", ["headers", "a body of a length"])
def test_a_refresh_that_dribbles_keeps_the_tokens(kind, tmp_path):
    file = GarminTokenFile(tmp_path / "tokens" / "garmin.json")
    file.save(StandInGarminAccount().library_tokens(time.time() - 200_000))
    before = file.load()
    with dribbling(kind) as place, in_time(), pytest.raises(Unavailable):
        session_at(file, place).get("/anything")
    assert file.load() == before


@pytest.mark.parametrize("kind", ["nothing", "headers", "a body of a length"])
def test_whose_tokens_these_are_is_asked_in_time(kind, tokens):
    client = GarminClient.opened(china=False)
    client.load(tokens.load())
    with dribbling(kind) as place, in_time():
        client.point_at(f"http://{place}")
        assert client.profile(LIMIT_S) is None


def login_at(place, whole_s):
    endpoints = Endpoints(f"http://{place}", f"http://{place}/token", f"http://{place}")
    return PasswordLogin(endpoints, BudgetFile(GarminBudget), time.time, sleep=None, whole_s=whole_s)


@pytest.mark.parametrize("kind", ["headers", "a body of a length"])
def test_a_login_at_garmin_is_over_in_time_and_says_that_it_cannot_be_reached(kind, monkeypatch):
    importlib.import_module(LoggingIn.login.__module__)
    without_libcurl = [module for module in library_modules() if hasattr(module, "HAS_CFFI")]
    for module in without_libcurl:  # which has a limit of its own for each transfer
        monkeypatch.setattr(module, "HAS_CFFI", False)
    assert without_libcurl
    with dribbling(kind) as place, in_time(), pytest.raises(Unavailable, match="cannot be reached"):
        login_at(place, LIMIT_S).begin("runner@example.org", "canary-pass-4711")


def test_past_its_limit_a_login_tries_no_other_way_in():
    with dribbling("nothing") as place, in_time(), pytest.raises(Unavailable, match="cannot be reached"):
        login_at(place, 0.0).begin("runner@example.org", "canary-pass-4711")


@pytest.mark.parametrize("kind", ["nothing", "a status line", "headers", "a header without an end"])
def test_the_monitor_and_the_messages_and_doctor_are_over_in_time(kind):
    with dribbling(kind) as place:
        with in_time(), pytest.raises(Unavailable, match="cannot be reached"):
            call_heartbeat(f"http://{place}/canary", "", whole_s=LIMIT_S)
        with in_time():
            assert network([f"http://{place}"], LIMIT_S)[0].state.value == "fail"
    pytest.importorskip("apprise").Apprise().add("json://localhost")  # loading it takes a second
    with dribbling(kind) as place, in_time(), pytest.raises(Unavailable, match="did not take the message"):
        send([f"json://{place}/canary"], "title", "text", whole_s=LIMIT_S)


def test_a_handshake_that_dribbles_is_over_in_time():
    with dribbling("nothing") as place, in_time(), pytest.raises(DeadlinePassed), deadline(LIMIT_S):
        requests.get(f"https://{place}/", timeout=10)


# --- the limit itself


def test_a_connection_that_was_made_before_is_ended_too():
    """Sessions keep their connections for the next request."""
    with good_then_dribbling() as place, requests.Session() as session:
        with deadline(5):
            assert session.get(f"http://{place}/", timeout=5).content == b"ok"
        with in_time(), pytest.raises(DeadlinePassed), deadline(LIMIT_S):
            session.get(f"http://{place}/", timeout=5)


def test_what_another_thread_has_connected_is_left_alone():
    with good_then_dribbling() as place:
        host, _, port = place.partition(":")
        made = []

        def connect():
            made.append(socket.create_connection((host, int(port)), timeout=5))

        other = threading.Thread(target=connect)
        other.start()
        other.join()
        with deadline(0.05):
            threading.Event().wait(0.1)
        made[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert made[0].recv(8).startswith(b"HTTP")
        made[0].close()


def test_a_descriptor_that_means_something_else_by_now_is_left_alone():
    left, right = socket.socketpair()
    with good_then_dribbling() as place, left, right:
        host, _, port = place.partition(":")
        with deadline(0.1):
            number = socket.create_connection((host, int(port)), timeout=5).detach()
            os.dup2(left.fileno(), number)  # in one step, so that no other thread gets it in between
            threading.Event().wait(0.2)
        left.sendall(b"still there")
        assert right.recv(20) == b"still there"
        os.close(number)


def test_past_the_limit_nothing_more_is_connected():
    with good_then_dribbling() as place:
        host, _, port = place.partition(":")
        with pytest.raises(DeadlinePassed), deadline(0.0):
            socket.create_connection((host, int(port)), timeout=5)


def test_a_wait_on_purpose_comes_on_top():
    with good_then_dribbling() as place, deadline(0.1) as limit:
        limit.extend(5)
        threading.Event().wait(0.2)
        assert urllib.request.urlopen(f"http://{place}/", timeout=5).read() == b"ok"


def test_a_fault_of_another_kind_stays_what_it_is():
    with pytest.raises(ValueError, match="other"), deadline(5):
        raise ValueError("other")


def test_no_timer_and_no_descriptor_is_left_behind():
    before = threading.active_count()
    with good_then_dribbling() as place:
        for _ in range(5):
            with deadline(5):
                requests.get(f"http://{place}/", timeout=5)
    for _ in range(100):
        if threading.active_count() > before:
            threading.Event().wait(0.01)
    assert threading.active_count() <= before


@contextmanager
def good_then_dribbling():
    """The first answer of a connection is good, the next one never ends."""
    ended = threading.Event()

    def serve(client):
        with client, suppress(OSError):
            client.recv(1000)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            client.recv(1000)
            while not ended.wait(0.02):
                client.sendall(b"H")

    def accept(server):
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        accepting = threading.Thread(target=accept, args=(server,), daemon=True)
        accepting.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            server.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
