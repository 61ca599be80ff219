"""Strava's webhook: only Strava gets an answer, and all that an event does is to wake the pull."""

import json
import logging
import socket
import stat
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import quote_plus, urlencode

import pytest

from syncd.connectors.base import AuthRequired, ConnectorError, Rejected, Unavailable
from syncd.connectors.strava.app_calls import App
from syncd.connectors.strava.login import log_out
from syncd.connectors.strava.oauth import Places, places_of
from syncd.connectors.strava.subscriptions import ended, listed, subscribed
from syncd.connectors.strava.tokens import Login, StravaTokenFile
from syncd.connectors.strava.webhook import Hook, HookFile, Receiver, handshake, read_event
from syncd.durable import write_whole
from syncd.sandbox.garmin.answers import StandInReply
from syncd.sandbox.strava.oauth import refused
from syncd.sandbox.strava.webhooks import (
    Subscriptions,
    activity_event,
    answer_subscriptions,
    deauthorized_event,
    deliver,
    post_by_http,
    reach_by_http,
)
from tests.support.strava_service import strava_running

SECRET = "sandbox-client-secret"
APP = App("12345", SECRET)
OURS = {"subscription_id": 120_001, "owner_id": 77}


class Bell:
    """Counts how often it was rung."""

    def __init__(self):
        self.rung = 0
        self._more = threading.Condition()

    def ring(self):
        with self._more:
            self.rung += 1
            self._more.notify_all()

    def reaches(self, times):
        with self._more:
            return self._more.wait_for(lambda: self.rung >= times, 5)


@pytest.fixture
def hooks(tmp_path):
    return HookFile(tmp_path / "logins" / "strava-webhook.json")


@pytest.fixture
def hook(hooks):
    return hooks.keep_id(hooks.begun(), 120_001)


@pytest.fixture
def bell():
    return Bell()


@pytest.fixture
def receiver(hooks, hook, bell):
    with Receiver(hooks, bell.ring, owner_id=77).running() as running:
        yield running


def called(receiver, method, target, body=None, headers=None):
    connection = HTTPConnection("127.0.0.1", receiver.port, timeout=5)
    connection.request(method, target, body, headers or {})
    response = connection.getresponse()
    found = response.status, response.read()
    connection.close()
    return found


def posted(receiver, hook, event, **more):
    return called(
        receiver, "POST", hook.path, json.dumps(event).encode() if event is not None else b"", **more
    )[0]


def question(hook, **more):
    asked = {"hub.mode": "subscribe", "hub.challenge": "c-1", "hub.verify_token": hook.verify_token}
    return urlencode(asked | more)


# --- the secrets of it


def test_the_secrets_are_made_once_and_are_private(hooks):
    first = hooks.begun()
    assert hooks.begun() == first
    assert min(len(first.verify_token), len(first.path)) > 40
    assert stat.S_IMODE(hooks.path.stat().st_mode) == 0o600
    assert first.verify_token not in repr(first)
    assert first.path not in repr(first)
    assert HookFile(hooks.path.with_name("other.json")).begun().verify_token != first.verify_token


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"verify_token": "", "path": "/a", "subscription_id": 1}']
)
def test_a_damaged_file_needs_a_human(hooks, content):
    hooks.path.parent.mkdir()
    write_whole(hooks.path, content.encode(), 0o600)
    with pytest.raises(AuthRequired, match="is damaged: run `syncd strava webhook delete`"):
        hooks.begun()


# --- the handshake


def test_strava_gets_its_challenge_back(receiver, hook):
    assert called(receiver, "GET", f"{hook.path}?{question(hook)}") == (200, b'{"hub.challenge": "c-1"}')


def test_a_proxy_may_leave_its_own_path_in_front(receiver, hook):
    assert called(receiver, "GET", f"/syncd{hook.path}?{question(hook)}")[0] == 200


@pytest.mark.parametrize(
    "more",
    [
        {"hub.verify_token": "guess"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "\u00e9"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "x" * 201},
    ],
)
def test_whoever_lacks_the_token_or_asks_otherwise_gets_nothing(receiver, hook, more):
    assert called(receiver, "GET", f"{hook.path}?{question(hook, **more)}") == (403, b"")


def test_a_token_given_twice_is_none(hook):
    assert handshake(f"{question(hook)}&hub.verify_token={hook.verify_token}", hook.verify_token) is None


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/strava/guess", "/strava/", "/\u00ff"])
def test_at_any_other_path_there_is_nothing(receiver, hook, method, path):
    assert called(receiver, method, quote_plus(path, safe="/"), b"{}" if method == "POST" else None)[0] == 404


# --- events


@pytest.mark.parametrize("aspect", ["create", "update", "delete"])
def test_an_event_of_the_athlete_wakes_the_pull(receiver, hook, bell, aspect):
    event = activity_event(120_001, 77, 5, aspect, 1.0, {"title": "x"})
    assert posted(receiver, hook, event) == 200
    assert bell.reaches(1)


def test_the_end_of_the_access_is_a_wake_up_too_and_not_believed(receiver, hook, bell, hooks):
    """The pull meets the 401 that proves it."""
    assert posted(receiver, hook, deauthorized_event(120_001, 77, 1.0)) == 200
    assert bell.reaches(1)
    assert hooks.load() == hook


def test_duplicates_only_wake_again(receiver, hook, bell):
    for _ in range(3):
        assert posted(receiver, hook, activity_event(120_001, 77, 5, "create", 1.0)) == 200
    assert bell.reaches(3)
    assert bell.rung == 3


@pytest.mark.parametrize("other", [{"subscription_id": 9}, {"owner_id": 78}])
def test_an_event_of_others_is_taken_and_wakes_nobody(receiver, hook, bell, other):
    event = activity_event(**(OURS | other), activity_id=5, aspect="create", event_time_s=1.0)
    assert posted(receiver, hook, event) == 200
    assert not receiver.concerns_us(read_event(json.dumps(event).encode()), hook)
    assert (
        posted(receiver, hook, activity_event(**OURS, activity_id=6, aspect="create", event_time_s=1.0))
        == 200
    )
    assert bell.reaches(1)
    assert bell.rung == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"[" * 4096,
        b"\xff\xfe",
        *(
            json.dumps(activity_event(120_001, 77, 5, "create", 1.0) | odd).encode()
            for odd in (
                {"object_type": "segment"},
                {"object_type": ["activity"]},
                {"aspect_type": "drop"},
                {"owner_id": "77"},
                {"owner_id": True},
                {"object_id": -1},
                {"subscription_id": None},
                {"subscription_id": 120_001.0},
            )
        ),
    ],
)
def test_what_is_no_event_is_refused(receiver, hook, bell, body):
    assert called(receiver, "POST", hook.path, body)[0] == 400
    assert bell.rung == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "4097"}, 413),
        ({"Content-Length": "9" * 5000}, 413),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "x"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_body_too_large_or_without_a_length_is_not_read(receiver, hook, headers, status):
    connection = HTTPConnection("127.0.0.1", receiver.port, timeout=5)
    connection.putrequest("POST", hook.path)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


def test_the_largest_event_fits(receiver, hook, bell):
    event = json.dumps(activity_event(120_001, 77, 5, "update", 1.0)).encode()
    assert called(receiver, "POST", hook.path, event + b" " * (4096 - len(event)))[0] == 200
    assert bell.reaches(1)


def test_the_reply_does_not_wait_for_the_pull(hooks, hook):
    held = threading.Event()
    with Receiver(hooks, lambda: held.wait(10)).running() as receiver:
        began = time.monotonic()
        assert posted(receiver, hook, activity_event(120_001, 1, 5, "create", 1.0)) == 200
        assert time.monotonic() - began < 8  # the pull is held for ten
        held.set()


def test_a_caller_who_never_finishes_holds_up_nobody_and_is_cut_off(hooks, hook, bell):
    """However it drips: the time is for the whole call."""
    with (
        Receiver(hooks, bell.ring, whole_s=0.3).running() as receiver,
        socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as slow,
    ):
        slow.sendall(f"POST {hook.path} HTTP/1.1\r\nContent-Length: 100\r\n\r\n".encode() + b"{")
        assert posted(receiver, hook, activity_event(120_001, 77, 5, "create", 1.0)) == 200
        assert bell.reaches(1)
        assert slow.recv(100) == b""
    assert bell.rung == 1


def opened(receiver, number=1):
    return [socket.create_connection(("127.0.0.1", receiver.port), timeout=10) for _ in range(number)]


def test_a_good_call_is_served_beside_more_idle_callers_than_there_is_room_for(hooks, hook, bell):
    """The oldest of them makes room."""
    with Receiver(hooks, bell.ring, whole_s=30).running() as receiver:
        idle = opened(receiver, 120)
        for _ in range(3):
            assert posted(receiver, hook, activity_event(120_001, 77, 5, "create", 1.0)) == 200
        assert bell.reaches(3)
        assert idle[0].recv(1) == b""
        for connection in idle:
            connection.close()


def test_callers_who_dribble_and_come_back_for_ever_keep_no_good_call_out(hooks, hook, bell):
    ended = threading.Event()

    def dribble(port, text):
        while not ended.is_set():
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
                for letter in text:
                    if ended.wait(0.005):
                        break
                    slow.sendall(bytes([letter]))

    texts = (b"POST /x HTTP/1.1\r\n" + b"X-A: b\r\n" * 90, f"POST {hook.path} HTTP/1.1\r\nHost: ".encode())
    with Receiver(hooks, bell.ring, whole_s=0.5).running() as receiver:
        attackers = [
            threading.Thread(target=dribble, args=(receiver.port, text), daemon=True)
            for text in texts
            for _ in range(25)
        ]
        for attacker in attackers:
            attacker.start()
        served = [posted(receiver, hook, activity_event(120_001, 77, 5, "create", 1.0)) for _ in range(20)]
        ended.set()
        for attacker in attackers:
            attacker.join(5)
    assert served == [200] * 20
    assert bell.reaches(20)


@pytest.mark.parametrize(
    "begun", [b"", b"POST", b"POST / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n"], ids=repr
)
def test_a_connection_that_says_nothing_more_is_closed_in_time(hooks, hook, begun):
    with Receiver(hooks, print, whole_s=0.2).running() as receiver:
        (slow,) = opened(receiver)
        slow.sendall(begun)
        began = time.monotonic()
        assert slow.recv(100) == b""
        assert time.monotonic() - began < 5  # the machine may be busy
        slow.close()


@pytest.mark.parametrize("headers", [b"X: " + b"y" * 60_000, b"X: y\r\n" * 20_000], ids=["long", "many"])
def test_headers_are_read_up_to_a_limit(receiver, hook, headers):
    (large,) = opened(receiver)
    with suppress(ConnectionError):
        large.sendall(f"POST {hook.path} HTTP/1.1\r\n".encode() + headers * 3 + b"\r\n\r\n")
        answer = large.recv(100)
        assert b" 200 " not in answer
    large.close()
    assert posted(receiver, hook, activity_event(120_001, 77, 5, "create", 1.0)) == 200


def test_nothing_is_left_of_calls_that_are_over(receiver, hook):
    before = threading.active_count()
    for _ in range(20):
        posted(receiver, hook, activity_event(120_001, 77, 5, "create", 1.0))
    for _ in range(100):
        if threading.active_count() > before:
            time.sleep(0.01)
    assert threading.active_count() <= before


def test_a_hook_that_changes_meanwhile_counts_at_once(receiver, hooks, hook, bell):
    hooks.keep_id(hook, 120_002)
    assert posted(receiver, hook, activity_event(120_002, 77, 5, "create", 1.0)) == 200
    assert bell.reaches(1)
    hooks.remove()
    assert posted(receiver, hook, activity_event(120_002, 77, 5, "create", 1.0)) == 404


def test_a_port_that_is_taken_is_told(hooks, receiver):
    with pytest.raises(OSError, match="in use"), Receiver(hooks, print, port=receiver.port).running():
        pass


def test_it_stops_with_the_block(hooks, hook):
    with Receiver(hooks, print).running() as running:
        port = running.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_events_are_read_whatever_else_they_carry():
    told = activity_event(120_001, 77, 5, "update", 1.0, {"private": "true"}) | {"new": {"deep": [1]}}
    found = read_event(json.dumps(told).encode())
    assert (found.subscription_id, found.owner_id) == (120_001, 77)


# --- the subscription at Strava


@pytest.fixture
def subscriptions():
    return Subscriptions()


@pytest.fixture
def service(subscriptions):
    with strava_running() as running:
        running.more.append(
            lambda request, _: answer_subscriptions(running.account, subscriptions, request, reach_by_http)
        )
        yield running


@pytest.fixture
def places(service):
    return places_of({"api_url": f"{service.url}/api/v3"})


@pytest.fixture
def fresh(hooks, bell):
    """A receiver before there is a subscription, and its public address."""
    hooks.begun()
    with Receiver(hooks, bell.ring, owner_id=77).running() as running:
        yield f"http://127.0.0.1:{running.port}"


def test_subscribing_listing_telling_and_ending(places, hooks, fresh, bell, subscriptions, service):
    made, new = subscribed(places, APP, fresh, hooks)
    assert new
    assert listed(places, APP) == (made,)
    assert hooks.load().subscription_id == made.id
    assert deliver(post_by_http, subscriptions, activity_event(made.id, 77, 5, "create", 1.0)) == [200]
    assert bell.reaches(1)
    assert ended(places, APP, hooks) == (made,)
    assert (listed(places, APP), hooks.load()) == ((), None)
    assert ended(places, APP, hooks) == ()


def test_a_second_time_it_is_there_already(places, hooks, fresh, service):
    first, _ = subscribed(places, APP, fresh, hooks)
    service.requests.clear()
    assert subscribed(places, APP, fresh, hooks) == (first, False)
    assert service.requests == ["GET /api/v3/push_subscriptions"]


def test_one_whose_answer_was_lost_is_taken_over(places, hooks, fresh):
    first, _ = subscribed(places, APP, fresh, hooks)
    hooks.keep_id(hooks.load(), 0)
    assert subscribed(places, APP, fresh, hooks) == (first, False)
    assert hooks.load().subscription_id == first.id


def test_the_subscription_of_another_address_is_not_touched(places, hooks, fresh, subscriptions):
    subscriptions.rows["5"] = {"id": 5, "callback_url": "https://example.org/elsewhere/secret"}
    with pytest.raises(Rejected, match="already, and Strava allows one") as caught:
        subscribed(places, APP, fresh, hooks)
    assert "https://example.org/elsewhere/..." in str(caught.value)
    assert list(subscriptions.rows) == ["5"]


def test_an_address_that_strava_does_not_reach_is_told(places, hooks, subscriptions):
    with pytest.raises(Rejected, match=r"no right answer at http://127.0.0.1:1: the reverse proxy"):
        subscribed(places, APP, "http://127.0.0.1:1", hooks)
    assert subscriptions.rows == {}


def test_an_address_where_somebody_else_answers_is_told(places, hooks, service):
    with pytest.raises(Rejected, match="no right answer"):
        subscribed(places, APP, service.url, hooks)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (StandInReply(200, b"{}"), Unavailable),
        (StandInReply(503), Unavailable),
        (refused(403, "Forbidden", "Application", "Status", "Inactive"), AuthRequired),
    ],
)
def test_the_secrets_are_kept_when_the_end_is_not_certain(places, hooks, hook, service, reply, error):
    service.instead["/api/v3/push_subscriptions"] = reply
    with pytest.raises(error):
        ended(places, APP, hooks)
    assert hooks.load() == hook


def test_one_that_is_gone_already_counts_as_ended(places, hooks, fresh, service):
    made, _ = subscribed(places, APP, fresh, hooks)
    service.instead[f"/api/v3/push_subscriptions/{made.id}"] = refused(404, "Record Not Found", "x", "id", "")
    assert ended(places, APP, hooks) == (made,)
    assert hooks.load() is None


def test_logging_out_ends_the_subscription_too(places, hooks, fresh, service, subscriptions, tmp_path):
    subscribed(places, APP, fresh, hooks)
    tokens = StravaTokenFile(tmp_path / "logins" / "strava.json")
    tokens.save(Login("12345", SECRET, "a", "r", 1e9))
    assert log_out(tokens, places, hooks).revoked
    assert (subscriptions.rows, hooks.load()) == ({}, None)


def test_logging_out_without_a_network_says_that_it_stays(hooks, hook, tmp_path):
    tokens = StravaTokenFile(tmp_path / "logins" / "strava.json")
    tokens.save(Login("12345", SECRET, "a", "r", 1e9))
    done = log_out(tokens, Places("http://127.0.0.1:1", "http://127.0.0.1:1"), hooks)
    assert "Its webhook subscription stays at Strava (it cannot be reached)" in done.text
    assert hooks.load() is None


def test_the_secret_in_the_address_of_a_request_reaches_no_log_and_no_error(
    places, hooks, fresh, service, caplog, capfd
):
    """Strava wants the client secret in the query; the transport would log it, and errors quote it."""
    caplog.set_level(logging.DEBUG)
    made, _ = subscribed(places, APP, fresh, hooks)
    kept = hooks.load()
    posted_to = Hook(kept.verify_token, kept.path)
    errors = [repr(made), repr(kept), repr(posted_to)]
    for away in (Places(api="http://127.0.0.1:1"), Places(api="http://127.0.0.1:1/%zz")):
        with pytest.raises(ConnectorError) as caught:
            listed(away, APP)
        errors += _whole(caught.value)
    ended(places, APP, hooks)
    captured = capfd.readouterr()
    everything = "\n".join([*errors, caplog.text, captured.out, captured.err])
    for secret in (SECRET, kept.verify_token, kept.path):
        assert secret not in everything
        assert quote_plus(secret) not in everything
    assert not logging.getLogger("urllib3.connectionpool").disabled


def _whole(error):
    import traceback

    return traceback.format_exception(error)
