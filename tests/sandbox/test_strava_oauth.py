"""The stand-in for Strava hands out logins as the real one does, its refusals included."""

import base64
import json
from dataclasses import asdict
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from syncd.sandbox.garmin.answers import Request
from syncd.sandbox.strava.oauth import TOKEN_LASTS_S, Logins, answer_oauth

NOW_S = 1_796_000_000.0
ASKED = {
    "client_id": "12345",
    "redirect_uri": "http://localhost:4711/",
    "response_type": "code",
    "scope": "read,activity:read_all",
    "state": "s-1",
}
APP = {"client_id": "12345", "client_secret": "sandbox-client-secret"}


@pytest.fixture
def account():
    return Logins()


def authorized(account, now_s=NOW_S, **more):
    return answer_oauth(account, Request("GET", "/oauth/authorize", ASKED | more, b"", ""), now_s)


def sent_back(account, **more):
    return {name: values[0] for name, values in parse_qs(urlsplit(where(account, **more)).query).items()}


def where(account, **more):
    answered = authorized(account, **more)
    assert answered.status == 302
    return answered.headers["Location"]


def token(account, now_s=NOW_S, **form):
    request = Request("POST", "/oauth/token", {}, urlencode(APP | form).encode(), "")
    answered = answer_oauth(account, request, now_s)
    return answered.status, json.loads(answered.body)


def exchanged(account, code, now_s=NOW_S):
    return token(account, now_s, grant_type="authorization_code", code=code)


def refreshed(account, spent, now_s=NOW_S):
    return token(account, now_s, grant_type="refresh_token", refresh_token=spent)


def revoked(account, text, secret=None):
    packed = base64.b64encode(f"12345:{secret or account.client_secret}".encode()).decode()
    form = urlencode({"token": text}).encode()
    return answer_oauth(account, Request("POST", "/oauth/revoke", {}, form, f"Basic {packed}"), NOW_S)


def invalid(resource, field):
    return {
        "message": "Bad Request",
        "errors": [{"resource": resource, "field": field, "code": "invalid"}],
    }


def test_the_athlete_is_sent_back_with_a_code_the_state_and_what_was_granted(account):
    assert where(account).startswith("http://localhost:4711/?")
    assert sent_back(account) == {"state": "s-1", "code": "sandbox-code-2", "scope": "read,activity:read_all"}


def test_an_athlete_who_denies_is_sent_back_without_a_code(account):
    account.denies = True
    assert sent_back(account) == {"state": "s-1", "error": "access_denied"}


def test_an_unticked_box_is_missing_from_what_was_granted(account):
    account.unticks = ["activity:read_all"]
    assert sent_back(account)["scope"] == "read"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"client_id": "1"}, "client_id"), ({"redirect_uri": "http://example.org/"}, "redirect_uri")],
)
def test_a_wrong_app_or_address_is_refused_on_the_page_itself(account, more, field):
    answered = authorized(account, **more)
    assert (answered.status, json.loads(answered.body)) == (400, invalid("Application", field))


def test_a_full_app_takes_no_other_athlete(account):
    account.room = False
    assert authorized(account).status == 403


def test_a_code_brings_a_pair_of_tokens_and_who_it_is(account):
    status, pair = exchanged(account, sent_back(account)["code"])
    assert status == 200
    assert pair["athlete"]["id"] == 77
    assert (pair["expires_at"], pair["expires_in"]) == (NOW_S + TOKEN_LASTS_S, 21600)
    assert account.scopes_of(pair["access_token"], NOW_S) == ["read", "activity:read_all"]


def test_a_code_works_once(account):
    code = sent_back(account)["code"]
    assert exchanged(account, code)[0] == 200
    assert exchanged(account, code) == (400, invalid("AuthorizationCode", "code"))


def test_a_fresh_code_may_not_work_yet_and_an_old_one_not_any_more(account):
    account.code_ready_after_s = 1.5
    code = sent_back(account)["code"]
    assert exchanged(account, code)[0] == 400
    assert exchanged(account, code, NOW_S + 1.5)[0] == 200
    old = sent_back(account)["code"]
    assert exchanged(account, old, NOW_S + 601)[0] == 400


def test_a_refresh_spends_its_token(account):
    _, first = exchanged(account, sent_back(account)["code"])
    status, second = refreshed(account, first["refresh_token"])
    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert "athlete" not in second
    assert refreshed(account, first["refresh_token"]) == (400, invalid("RefreshToken", "refresh_token"))
    assert refreshed(account, second["refresh_token"])[0] == 200


def test_a_service_that_does_not_rotate_keeps_the_refresh_token(account):
    account.rotates = False
    _, first = exchanged(account, sent_back(account)["code"])
    assert refreshed(account, first["refresh_token"])[1]["refresh_token"] == first["refresh_token"]
    assert refreshed(account, first["refresh_token"])[0] == 200


def test_an_access_token_ends_after_six_hours(account):
    _, pair = exchanged(account, sent_back(account)["code"])
    asked = Request("GET", "/api/v3/athlete", {}, b"", f"Bearer {pair['access_token']}")
    assert answer_oauth(account, asked, NOW_S + TOKEN_LASTS_S - 1).status == 200
    late = answer_oauth(account, asked, NOW_S + TOKEN_LASTS_S)
    assert late.status == 401
    assert json.loads(late.body)["errors"][0]["field"] == "access_token"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(account, which):
    _, pair = exchanged(account, sent_back(account)["code"])
    assert revoked(account, pair[which]).status == 200
    assert account.scopes_of(pair["access_token"], NOW_S) is None
    assert refreshed(account, pair["refresh_token"])[0] == 400


def test_revoking_needs_the_app_and_a_strange_token_ends_nothing(account):
    _, pair = exchanged(account, sent_back(account)["code"])
    assert revoked(account, pair["access_token"], secret="guess").status == 401
    assert revoked(account, "another").status == 200
    assert account.scopes_of(pair["access_token"], NOW_S)


def test_the_older_way_to_revoke_works_with_the_access_token(account):
    _, pair = exchanged(account, sent_back(account)["code"])
    form = urlencode({"access_token": pair["access_token"]}).encode()
    asked = Request("POST", "/oauth/deauthorize", {}, form, "")
    assert answer_oauth(account, asked, NOW_S).status == 200
    assert answer_oauth(account, asked, NOW_S).status == 401


def test_without_a_paid_subscription_tokens_are_given_but_nothing_is_answered(account):
    account.app_active = False
    _, pair = exchanged(account, sent_back(account)["code"])
    assert refreshed(account, pair["refresh_token"])[0] == 200
    asked = Request("GET", "/api/v3/athlete", {}, b"", f"Bearer {pair['access_token']}")
    answered = answer_oauth(account, asked, NOW_S)
    assert answered.status == 403
    assert json.loads(answered.body)["errors"] == [
        {"resource": "Application", "field": "Status", "code": "Inactive"}
    ]


def test_a_deleted_app_and_a_wrong_secret_are_told_apart(account):
    code = sent_back(account)["code"]
    assert token(account, client_secret="x", grant_type="authorization_code", code=code)[0] == 401
    account.app_deleted = True
    assert exchanged(account, code) == (400, invalid("Application", "client_id"))


def test_other_requests_are_for_others(account):
    assert answer_oauth(account, Request("GET", "/api/v3/athlete/activities", {}, b"", ""), NOW_S) is None


def test_everything_can_be_kept_as_json(account):
    _, pair = exchanged(account, sent_back(account)["code"])
    again = Logins(**json.loads(json.dumps(asdict(account))))
    assert refreshed(again, pair["refresh_token"])[0] == 200
