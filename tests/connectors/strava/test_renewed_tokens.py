"""Whatever Strava's token address answers, what is kept is a login that works, or the one that was there."""

import json

import pytest

from syncd.connectors.base import AuthRequired, RateLimited, Unavailable
from syncd.sandbox.garmin.answers import StandInReply
from syncd.sandbox.strava.oauth import TOKEN_PATH

RUNS = "/athlete/activities"
GOOD = {"access_token": "a", "refresh_token": "r", "expires_at": 1_900_000_000}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"{"),
        (200, b"<html>Just a moment...</html>"),
        (200, b"[]"),
        *(
            (200, json.dumps({**GOOD, name: value}).encode())
            for name in GOOD
            for value in ("", None, [], {}, 0)
        ),
        (200, json.dumps({**GOOD, "access_token": "two words"}).encode()),
        (200, json.dumps({**GOOD, "refresh_token": "a\nb"}).encode()),
        (200, json.dumps({**GOOD, "refresh_token": "x" * 70_000}).encode()),
        (200, json.dumps({**GOOD, "expires_at": 10**300}).encode()),
        *((status, json.dumps(GOOD).encode()) for status in (201, 302, 304, 400, 429, 503)),
    ],
)
def test_an_answer_that_is_none_leaves_the_login_as_it_was(strava, status, body):
    before = strava.tokens.load()
    strava.account.logins.access.clear()
    theirs = strava.service.answered

    def answered(request):
        outcome = theirs(request)
        return type(outcome)(StandInReply(status, body)) if request.path == TOKEN_PATH else outcome

    strava.service.answered = answered
    with pytest.raises((Unavailable, AuthRequired, RateLimited)):
        strava.session().get(RUNS)
    assert strava.tokens.load() == before
