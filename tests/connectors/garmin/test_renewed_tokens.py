"""Whatever the token host answers, what is kept is a login that works, or the one that was there."""

import json

import pytest

from syncd.connectors.base import AuthRequired, RateLimited, Unavailable
from syncd.connectors.garmin.kept_login import missing
from syncd.sandbox.garmin.answers import StandInReply
from syncd.sandbox.garmin.sso import TOKEN_PATH

LIBRARY = "/workout-service/workouts"


@pytest.fixture
def answering(service, session_of):
    """The login has ended, and the token host answers like this."""
    service.account.access.clear()
    theirs = service.answered

    def with_answer(change):
        def answered(request):
            outcome = theirs(request)
            if request.path != TOKEN_PATH:
                return outcome
            found = json.loads(outcome.reply.body) if outcome.reply.status == 200 else {}
            return type(outcome)(change(found))

        service.answered = answered
        return session_of()

    return with_answer


def data(value, status=200) -> StandInReply:
    return StandInReply(status, value if isinstance(value, bytes) else json.dumps(value).encode())


@pytest.mark.parametrize("refresh", [None, "", 5, [], {}, "two words", "a\nb", "x" * 70_000])
def test_an_answer_without_a_new_refresh_token_leaves_the_one_that_was_sent(tokens, answering, refresh):
    before = json.loads(tokens.load())
    session = answering(lambda found: data({**found, "refresh_token": refresh}))
    assert session.get(LIBRARY) == []
    after = json.loads(tokens.load())
    assert after["di_refresh_token"] == before["di_refresh_token"]
    assert after["di_token"] != before["di_token"]
    assert not missing(tokens.load())


@pytest.mark.parametrize(
    "answer",
    [
        data(b""),
        data(b"{"),
        data(b"<html>Just a moment...</html>"),
        data([]),
        data(None),
        data({}),
        data({"access_token": ""}),
        data({"access_token": None, "refresh_token": "r"}),
        data({"access_token": 5, "refresh_token": "r"}),
        data({"access_token": {"a": 1}, "refresh_token": "r"}),
        data({"access_token": "two words", "refresh_token": "r"}),
        data({"access_token": "a\r\nX-Other: b", "refresh_token": "r"}),
        data({"access_token": "x" * 70_000, "refresh_token": "r"}),
        data({"access_token": "stolen", "refresh_token": "stolen"}, 302),
        data({"access_token": "stolen", "refresh_token": "stolen"}, 304),
        data({"access_token": "stolen", "refresh_token": "stolen"}, 503),
        data({"access_token": "stolen", "refresh_token": "stolen"}, 400),
        data({"access_token": "stolen", "refresh_token": "stolen"}, 429),
    ],
)
def test_an_answer_that_is_none_leaves_the_login_as_it_was(tokens, answering, answer):
    before = tokens.load()
    with pytest.raises((Unavailable, AuthRequired, RateLimited)):
        answering(lambda _: answer).get(LIBRARY)
    assert tokens.load() == before


def test_the_same_token_again_is_kept_and_is_no_reason_to_go_round(service, tokens, answering):
    before = json.loads(tokens.load())
    session = answering(
        lambda _: data({"access_token": before["di_token"], "refresh_token": before["di_refresh_token"]})
    )
    with pytest.raises(AuthRequired):
        session.get(LIBRARY)
    assert len(service.requests) == 3
