"""The stand-in keeps one subscription per app, tries the callback first, and tells again."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from syncd.sandbox.garmin.answers import Request
from syncd.sandbox.strava.oauth import Logins
from syncd.sandbox.strava.webhooks import (
    Subscriptions,
    activity_event,
    answer_subscriptions,
    deauthorized_event,
    deliver,
)

APP = {"client_id": "12345", "client_secret": "sandbox-client-secret"}
CALLBACK = "https://example.org/strava/secret"


def echo(url):
    return 200, json.dumps({"hub.challenge": parse_qs(urlsplit(url).query)["hub.challenge"][0]}).encode()


@pytest.fixture
def subscriptions():
    return Subscriptions()


def ask(subscriptions, method, path="", reach=echo, **form):
    fields = APP | form
    query, body = ({}, urlencode(fields).encode()) if method == "POST" else (fields, b"")
    request = Request(method, f"/api/v3/push_subscriptions{path}", query, body, "")
    answered = answer_subscriptions(Logins(), subscriptions, request, reach)
    return answered.status, json.loads(answered.body) if answered.body else None


def subscribe(subscriptions, reach=echo):
    return ask(subscriptions, "POST", reach=reach, callback_url=CALLBACK, verify_token="t-1")


def test_the_callback_is_asked_with_the_token_before_anything_is_kept(subscriptions):
    asked = []

    def reach(url):
        asked.append(url)
        assert subscriptions.rows == {}
        return echo(url)

    assert subscribe(subscriptions, reach) == (201, {"id": 120_001})
    assert dict(parse_qs(urlsplit(asked[0]).query)) == {
        "hub.mode": ["subscribe"],
        "hub.challenge": ["challenge-1"],
        "hub.verify_token": ["t-1"],
    }
    assert ask(subscriptions, "GET") == (
        200,
        [{"id": 120_001, "resource_state": 2, "callback_url": CALLBACK}],
    )


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((0, b""), "not verifiable"),
        ((404, b""), "GET to callback URL does not return 200"),
        ((200, b"ok"), "GET to callback URL does not return 200"),
        ((200, b'{"hub.challenge": "other"}'), "GET to callback URL does not return 200"),
    ],
)
def test_a_callback_that_does_not_answer_rightly_gets_no_subscription(subscriptions, reply, code):
    status, told = subscribe(subscriptions, lambda _: reply)
    assert status == 400
    assert told["errors"] == [{"resource": "PushSubscription", "field": "callback url", "code": code}]
    assert subscriptions.rows == {}


def test_an_app_has_one_subscription(subscriptions):
    subscribe(subscriptions)
    status, told = subscribe(subscriptions)
    assert (status, told["errors"][0]["code"]) == (400, "already exists")


def test_deleting_works_once(subscriptions):
    subscribe(subscriptions)
    assert ask(subscriptions, "DELETE", "/120001") == (204, None)
    assert ask(subscriptions, "DELETE", "/120001")[0] == 404
    assert ask(subscriptions, "GET") == (200, [])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_app_must_show_its_secret(subscriptions, method):
    subscribe(subscriptions)
    path = "/120001" if method == "DELETE" else ""
    assert ask(subscriptions, method, path, client_secret="guess")[0] == 401
    assert len(subscriptions.rows) == 1


def test_other_requests_are_for_others(subscriptions):
    assert (
        answer_subscriptions(Logins(), subscriptions, Request("GET", "/athlete", {}, b"", ""), echo) is None
    )


def test_an_event_is_sent_until_it_is_taken_and_not_more_than_three_times(subscriptions):
    subscribe(subscriptions)
    replies, sent = iter([0, 503, 200, 500, 500, 500]), []

    def post(url, body):
        sent.append((url, json.loads(body)))
        return next(replies)

    event = activity_event(120_001, 77, 5, "create", 1_796_000_000.9)
    assert deliver(post, subscriptions, event) == [0, 503, 200]
    assert deliver(post, subscriptions, event) == [500, 500, 500]
    assert sent[0] == (
        CALLBACK,
        {
            "object_type": "activity",
            "object_id": 5,
            "aspect_type": "create",
            "updates": {},
            "owner_id": 77,
            "subscription_id": 120_001,
            "event_time": 1_796_000_000,
        },
    )


def test_the_end_of_the_access_is_told_as_the_athlete_s_update():
    event = deauthorized_event(120_001, 77, 1.0)
    assert (event["object_type"], event["object_id"], event["updates"]) == (
        "athlete",
        77,
        {"authorized": "false"},
    )
