"""Logging in at Strava: the way back is checked, the tokens are on disk first, refusals are told."""

import base64
import json
import logging
import socket
import stat
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import parse_qs, parse_qsl, quote_plus, urlsplit

import pytest

from syncd import renewal
from syncd.connectors.base import AuthRequired, ConnectorError, RateLimited, Rejected, Unavailable
from syncd.connectors.strava import login as login_module
from syncd.connectors.strava.app_calls import App
from syncd.connectors.strava.login import CONSENT, CONSENT_VERSION, log_in, log_out, login_status_of
from syncd.connectors.strava.oauth import Places, authorize_url, exchange, places_of
from syncd.connectors.strava.redirect import ForeignState, Granted, Listener, read_pasted, read_redirect
from syncd.connectors.strava.tokens import Consent, Login, StravaAthlete, StravaTokenFile
from syncd.durable import write_whole
from syncd.sandbox.garmin.answers import StandInReply
from syncd.sandbox.strava.oauth import bad_request, refused
from tests.support.strava_service import strava_running

SCOPES = ("read", "activity:read_all")
STATE = "state-canary-1"
CONSENTED = Consent("2026-11-25T09:00:00+00:00", CONSENT_VERSION)
SECRET = "sandbox-client-secret"
APP = App("12345", SECRET)


@pytest.fixture
def service():
    with strava_running() as running:
        yield running


@pytest.fixture
def places(service):
    return places_of({"api_url": f"{service.url}/api/v3"})


@pytest.fixture
def tokens(tmp_path):
    return StravaTokenFile(tmp_path / "logins" / "strava.json")


@pytest.fixture
def granted(service):
    return lambda: Granted(service.account.new_code(list(SCOPES), time.time()), SCOPES)


@pytest.fixture
def logged_in(granted, tokens, places):
    def done(**more):
        return log_in(APP, granted(), CONSENTED, tokens, places, sleep=never, **more)

    return done


def never(_seconds):
    raise AssertionError("waited")


# --- the way back


def redirect(**fields):
    given = {"state": STATE, "code": "c-1", "scope": "read,activity:read_all"} | fields
    return "&".join(f"{name}={quote_plus(value)}" for name, value in given.items() if value is not None)


def test_the_page_is_asked_for_both_scopes_and_shows_its_boxes():
    url = authorize_url(Places(), "12345", "http://localhost:4711/", STATE)
    assert url.startswith("https://www.strava.com/oauth/authorize?")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "client_id": "12345",
        "redirect_uri": "http://localhost:4711/",
        "response_type": "code",
        "approval_prompt": "force",
        "scope": "read,activity:read_all",
        "state": STATE,
    }


@pytest.mark.parametrize(
    "scope", ["read,activity:read_all", "activity:read_all read", "activity:read_all,read,x"]
)
def test_a_code_with_both_scopes_is_a_login(scope):
    assert read_redirect(redirect(scope=scope), STATE).code == "c-1"


@pytest.mark.parametrize("state", ["", "state-canary-2", "\u00e9", None])
def test_another_state_is_another_login_whatever_else_it_says(state):
    for more in ({}, {"error": "access_denied"}, {"code": None}):
        with pytest.raises(ForeignState, match="nothing was saved"):
            read_redirect(redirect(state=state, **more), STATE)


def test_a_state_given_twice_is_none():
    with pytest.raises(ForeignState):
        read_redirect(f"{redirect()}&state={STATE}", STATE)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"error": "access_denied"}, "access was refused on Strava's page; nothing was saved"),
        ({"error": "server_error"}, "answered server_error; nothing was saved"),
        ({"error": "<b>\x1b[31m"}, "answered an unknown error; nothing was saved"),
        ({"code": ""}, "carries no code"),
        ({"scope": "read"}, "the box \u201cView data about your private activities\u201d was not ticked"),
        ({"scope": "read,activity:read"}, "View data about your private activities"),
        ({"scope": "activity:read_all"}, "the box \u201cView data about your public profile\u201d was not"),
        ({"scope": ""}, "public profile\u201d and \u201cView data about your private activities"),
    ],
)
def test_what_is_no_login_says_why_and_what_to_do(fields, message):
    with pytest.raises(AuthRequired, match=message) as caught:
        read_redirect(redirect(**fields), STATE)
    assert "run `syncd auth strava` again" in str(caught.value)


@pytest.mark.parametrize(
    "wrapped", ["{}", "  {}\n", "'{}'", '"{}"', "<{}>"], ids=["plain", "spaces", "quote", "quotes", "angles"]
)
def test_an_address_is_read_as_people_paste_it(wrapped):
    pasted = wrapped.format(f"http://localhost:8791/?{redirect()}")
    assert read_pasted(pasted, STATE) == Granted("c-1", SCOPES)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("", "not the whole address"),
        ("http://localhost:8791/", "not the whole address"),
        ("http://[", "that is no address"),
        (f"http://localhost/?state={STATE}", "carries no code"),
        (authorize_url(Places(), "1", "http://localhost/", STATE), "that is the address of Strava's page"),
        (
            bad_request("Application", "redirect_uri").body.decode(),
            "Authorization Callback Domain to localhost",
        ),
        (bad_request("Application", "client_id").body.decode(), "does not know this app"),
        ("x" * 5000, "too long"),
    ],
)
def test_what_was_pasted_wrongly_is_told(pasted, message):
    with pytest.raises(AuthRequired, match=message):
        read_pasted(pasted, STATE)


# --- the listener


@pytest.fixture
def listener():
    with Listener(STATE).running() as running:
        yield running


def visit(listener, target, host=None, method="GET"):
    connection = HTTPConnection("127.0.0.1", listener.port, timeout=3)
    connection.request(method, target, headers={"Host": host or f"localhost:{listener.port}"})
    response = connection.getresponse()
    found = response.status, response.read().decode(), response.headers
    connection.close()
    return found


def test_the_browser_s_answer_is_taken_and_it_is_told_to_go_back(listener):
    assert listener.uri == f"http://localhost:{listener.port}/"
    status, page, headers = visit(listener, f"/?{redirect()}")
    assert (status, "go back to the terminal" in page) == (200, True)
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert listener.wait(5) == Granted("c-1", SCOPES)


def test_a_refusal_ends_the_waiting(listener):
    visit(listener, f"/?{redirect(error='access_denied')}")
    with pytest.raises(AuthRequired, match="access was refused"):
        listener.wait(5)


@pytest.mark.parametrize(
    ("target", "host", "method", "status"),
    [
        (f"/?{redirect(state='guess')}", None, "GET", 400),
        (f"/?{redirect()}", "evil.example", "GET", 421),
        (f"/?{redirect()}", "localhost", "GET", 421),
        (f"/favicon.ico?{redirect()}", None, "GET", 404),
        (f"/?{redirect()}", None, "POST", 501),
    ],
    ids=["state", "rebound name", "other port", "other path", "other method"],
)
def test_strangers_are_turned_away_and_the_waiting_goes_on(listener, target, host, method, status):
    assert visit(listener, target, host, method)[0] == status
    with pytest.raises(AuthRequired, match="no answer from Strava's page"):
        listener.wait(0)
    assert visit(listener, f"/?{redirect()}")[0] == 200
    assert listener.wait(5).code == "c-1"


def test_only_the_first_answer_counts(listener):
    visit(listener, f"/?{redirect()}")
    assert visit(listener, f"/?{redirect(code='c-2')}")[0] == 410
    assert listener.wait(5).code == "c-1"


def test_a_browser_that_connects_ahead_and_says_nothing_holds_nobody_up(listener):
    with socket.create_connection(("127.0.0.1", listener.port)):
        assert visit(listener, f"/?{redirect()}")[0] == 200
    assert listener.wait(5).code == "c-1"


def test_a_page_that_dribbles_beside_many_that_say_nothing_keeps_no_answer_out(listener):
    """Pages of the web can make the browser open connections here."""
    idle = [socket.create_connection(("127.0.0.1", listener.port), timeout=10) for _ in range(40)]
    idle[-1].sendall(b"GET /?state=x HTTP/1.1\r\nHost: ")
    assert visit(listener, f"/?{redirect()}")[0] == 200
    assert listener.wait(5).code == "c-1"
    assert idle[0].recv(1) == b""  # the oldest made room
    for connection in idle:
        connection.close()


def test_headers_without_an_end_are_not_read_to_it(listener):
    with (
        socket.create_connection(("127.0.0.1", listener.port), timeout=10) as large,
        suppress(ConnectionError),
    ):
        large.sendall(b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 20_000)
        assert b" 200 " not in large.recv(100)
    assert visit(listener, f"/?{redirect()}")[0] == 200


def test_without_an_answer_in_time_it_says_how_to_go_on(listener):
    with pytest.raises(AuthRequired, match=r"within 0 min; nothing was saved.*--paste"):
        listener.wait(0.0)


def test_it_listens_on_this_machine_only_and_not_longer_than_needed():
    with Listener(STATE).running() as running:
        assert running._server.server_address[0] == "127.0.0.1"
        port = running.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


# --- the tokens


def test_a_code_becomes_a_private_login(logged_in, tokens):
    done = logged_in()
    assert done.login.athlete == StravaAthlete(77, "Ada Runner")
    assert done.login.scopes == SCOPES
    assert done.login.consent == CONSENTED
    assert done.remarks == ()
    assert tokens.load() == done.login
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600


def test_the_tokens_are_on_disk_before_anything_is_done_with_them(service, logged_in, tokens):
    kept = []
    original = service.answer

    def watched(request):
        kept.append((request.path, tokens.path.exists()))
        return original(request)

    service.answer = watched
    logged_in()
    assert kept == [("/oauth/token", False), ("/api/v3/athlete", True)]


def test_a_fresh_code_that_does_not_work_yet_is_tried_once_more(service, granted, tokens, places):
    waited = []
    service.account.code_ready_after_s = 1.5

    def sleep(seconds):
        waited.append(seconds)
        service.ahead_s += seconds

    log_in(APP, granted(), CONSENTED, tokens, places, sleep=sleep)
    assert waited == [2.0]
    assert service.requests == ["POST /oauth/token", "POST /oauth/token", "GET /api/v3/athlete"]


def test_a_code_used_twice_is_told_after_one_more_try(service, granted, tokens, places):
    once = granted()
    log_in(APP, once, CONSENTED, tokens, places, sleep=never)
    before, service.requests[:] = tokens.load(), []
    with pytest.raises(AuthRequired, match=r"does not accept the code \(used already, or too old\)"):
        log_in(APP, once, CONSENTED, tokens, places, sleep=lambda _: None)
    assert service.requests == ["POST /oauth/token"] * 2
    assert tokens.load() == before


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (bad_request("Application", "client_id"), AuthRequired, r"does not know this app \(deleted"),
        (bad_request("Application", "redirect_uri"), AuthRequired, "Callback Domain to localhost"),
        (
            refused(401, "Authorization Error", "Application", "", "invalid"),
            AuthRequired,
            "the Client Secret",
        ),
        (
            refused(403, "Forbidden", "Application", "Status", "Inactive"),
            AuthRequired,
            "paid Strava subscription",
        ),
        (
            refused(403, "Limit of connected athletes exceeded", "Application", "", ""),
            AuthRequired,
            "no room for another athlete",
        ),
        (
            refused(429, "Rate Limit Exceeded", "Application", "overall rate limit", "exceeded"),
            RateLimited,
            "UTC",
        ),
        (
            bad_request("Application", "grant_type"),
            Rejected,
            r"refuses it \(400 Application/grant_type/invalid\)",
        ),
        (StandInReply(400, b"no json"), Rejected, r"refuses it \(400\)"),
        (StandInReply(400, b'{"errors": {"a": [1]}, "message": ["x"]}'), Rejected, r"refuses it \(400\)"),
        (StandInReply(500, b'{"message": "error"}'), Unavailable, "status 500"),
        (StandInReply(200, b"<html>maintenance", "text/html"), Unavailable, "status 200"),
        (StandInReply(302, b"", headers={"Location": "https://evil.example/"}), Unavailable, "status 302"),
        (StandInReply(200, b"{"), Unavailable, "status 200"),
        (StandInReply(200, b"[]"), Unavailable, "without tokens"),
        (StandInReply(200, b"{}"), Unavailable, "without tokens"),
        (
            StandInReply(200, b'{"access_token": "a", "refresh_token": "", "expires_at": 1}'),
            Unavailable,
            "without",
        ),
        (
            StandInReply(200, b'{"access_token": "a", "refresh_token": "r", "expires_at": "x"}'),
            Unavailable,
            "without",
        ),
        (
            StandInReply(200, b'{"access_token": "a", "refresh_token": "r", "expires_at": 1e999}'),
            Unavailable,
            "without",
        ),
    ],
)
def test_what_is_refused_is_one_line_and_saves_nothing(service, logged_in, tokens, reply, error, message):
    service.instead["/oauth/token"] = reply
    with pytest.raises(ConnectorError, match=message) as caught:
        logged_in()
    assert type(caught.value) is error
    assert not tokens.path.exists()
    assert service.requests == ["POST /oauth/token"]


def test_a_network_that_is_down_is_told_without_an_address(service, granted, tokens):
    nowhere = Places(oauth="http://127.0.0.1:1", api="http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="check the network") as caught:
        log_in(APP, granted(), CONSENTED, tokens, nowhere, sleep=never)
    assert "127.0.0.1" not in str(caught.value)
    assert not tokens.path.exists()


def test_an_answer_with_unknown_fields_and_without_an_athlete_is_a_login(service, logged_in):
    pair = {"access_token": "a", "refresh_token": "r", "expires_at": 1_900_000_000, "new": {"deep": []}}
    service.instead["/oauth/token"] = StandInReply(200, json.dumps(pair).encode())
    service.instead["/api/v3/athlete"] = StandInReply(200, b"{}")
    assert logged_in().login.athlete == StravaAthlete()


def test_a_lapsed_subscription_is_told_at_once_and_the_login_is_kept(service, logged_in, tokens):
    service.account.app_active = False
    with pytest.raises(AuthRequired, match=r"the login is kept .*its owner needs a paid Strava subscription"):
        logged_in()
    assert tokens.load().athlete.id == 77


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (StandInReply(500), "it cannot be reached"),
        (StandInReply(429, b"{}"), "its rate limit is used up"),
        (StandInReply(404, b"{}"), "it refused"),
    ],
)
def test_a_login_that_cannot_be_tried_is_kept_with_a_remark(service, logged_in, tokens, reply, why):
    service.instead["/api/v3/athlete"] = reply
    assert logged_in().remarks == (
        f"The login is kept, but could not be tried yet ({why}); the next sync does.",
    )
    assert tokens.load().athlete.id == 77


def test_another_athlete_than_before_is_a_warning(service, logged_in):
    logged_in()
    assert logged_in().remarks == ()
    service.account.athlete = {"id": 78, "firstname": "Bea"}
    (remark,) = logged_in().remarks
    assert "another athlete than before (was Ada Runner (77), now Bea (78))" in remark
    assert "--profile" in remark


def test_another_app_than_before_is_told(service, tokens, places, logged_in, granted):
    logged_in()
    service.account.client_id = "999"
    done = log_in(App("999", SECRET), granted(), CONSENTED, tokens, places, sleep=never)
    assert "used another app (12345)" in done.remarks[0]


@pytest.mark.parametrize(("off_s", "words"), [(600, "10 min fast"), (-600, "10 min slow"), (60, "")])
def test_a_clock_that_is_off_is_told(logged_in, off_s, words):
    remarks = logged_in(wall_s=lambda: time.time() + off_s).remarks
    assert [words in each for each in remarks] == ([True] if words else [])


def test_a_folder_that_cannot_be_written_is_told_before_the_code_is_spent(service, granted, places, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AuthRequired, match=r"cannot be opened|cannot be written"):
        log_in(
            APP, granted(), CONSENTED, StravaTokenFile(tmp_path / "file" / "strava.json"), places, sleep=never
        )
    assert service.requests == []


def test_tokens_that_cannot_be_kept_are_told(logged_in, tokens, monkeypatch):
    monkeypatch.setattr(renewal, "KEEP_TRYING_S", 0.0)
    tokens.path.mkdir(parents=True)
    with pytest.raises(AuthRequired, match="the new login could not be kept"):
        logged_in()


# --- secrets


def forms_of(secret):
    """As it is, as in an address, and in the three alignments of base64."""
    raw = secret.encode()
    packed = [base64.b64encode(b"x" * lead + raw)[4 if lead else 0 : -4] for lead in range(3)]
    return [raw, quote_plus(secret).encode(), raw.hex().encode(), *packed]


def test_secrets_are_in_the_login_only(service, granted, tokens, places, caplog, capfd, tmp_path):
    caplog.set_level(logging.DEBUG)
    once = granted()
    shown = [repr(APP), repr(once)]
    done = log_in(APP, once, CONSENTED, tokens, places, sleep=never)
    kept = tokens.load()
    shown += [repr(done), repr(exchange(places, APP, granted().code, never))]
    for trouble in (StandInReply(500), StandInReply(302), bad_request("Application", "client_id")):
        service.instead["/oauth/token"] = trouble
        with pytest.raises(ConnectorError) as caught:
            log_in(APP, granted(), CONSENTED, tokens, places, sleep=never)
        shown.append("".join(_whole(caught.value)))
    shown.append(repr(login_status_of(tokens)))
    shown.append(repr(log_out(tokens, Places(oauth="http://127.0.0.1:1"))))
    others = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != tokens.path]
    captured = capfd.readouterr()
    everything = "\n".join([*shown, caplog.text, captured.out, captured.err]).encode() + b"\n".join(others)
    for secret in (SECRET, kept.access_token, kept.refresh_token, once.code):
        assert not [form for form in forms_of(secret) if form in everything], secret


def _whole(error):
    import traceback

    return traceback.format_exception(error)


def test_a_login_from_netrc_never_joins(service, logged_in, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login intruder password intruder\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    seen = []
    original = service.answer
    service.answer = lambda request: seen.append(request.authorization) or original(request)
    done = logged_in()
    assert seen == ["", f"Bearer {done.login.access_token}"]


# --- how it stands, and the end


def test_a_login_stands_as_its_file_says(logged_in, tokens):
    assert (login_status_of(tokens).exists, login_status_of(tokens).usable) == (False, False)
    assert "run `syncd auth strava`" in login_status_of(tokens).text
    done = logged_in()
    standing = login_status_of(tokens)
    assert (standing.who, standing.scopes, standing.consent) == ("Ada Runner (77)", SCOPES, CONSENTED)
    assert standing.valid_until.timestamp() == done.login.expires_at
    assert standing.usable
    assert standing.text == "logged in as Ada Runner (77), app 12345"


def test_a_login_without_the_box_or_with_a_damaged_file_is_not_usable(tokens):
    tokens.save(Login("1", "s", "a", "r", 1e300, ("read",)))
    standing = login_status_of(tokens)
    assert (standing.usable, standing.valid_until) == (False, None)
    assert "private activities\u201d is missing: run `syncd auth strava`" in standing.text
    write_whole(tokens.path, b"{", 0o600)
    assert "is damaged" in login_status_of(tokens).text
    assert login_status_of(tokens).exists


def test_logging_out_ends_the_access_and_forgets_the_login(service, logged_in, tokens, places):
    access = logged_in().login.access_token
    done = log_out(tokens, places)
    assert (done.was_logged_in, done.revoked) == (True, True)
    assert service.account.scopes_of(access, time.time()) is None
    assert not tokens.path.exists()
    assert log_out(tokens, places).was_logged_in is False
    assert service.requests[-1] == "POST /oauth/revoke"


@pytest.mark.parametrize(
    ("reply", "why"),
    [(StandInReply(503), "cannot be reached"), (bad_request("Application", "client_id"), "it refused")],
)
def test_without_strava_the_login_is_forgotten_and_it_says_what_remains(
    service, logged_in, tokens, places, reply, why
):
    logged_in()
    service.instead["/oauth/revoke"] = reply
    done = log_out(tokens, places)
    assert (done.was_logged_in, done.revoked) == (True, False)
    assert why in done.text
    assert "remove the app at https://www.strava.com/settings/apps" in done.text
    assert not tokens.path.exists()


def test_a_damaged_login_can_be_logged_out(tokens, places):
    tokens.path.parent.mkdir()
    write_whole(tokens.path, b"{", 0o644)
    assert "cannot be read" in log_out(tokens, places).text
    assert not tokens.path.exists()


def test_a_refresh_under_way_is_waited_for(tokens, logged_in):
    """Otherwise it would put the earlier login back over the new one."""
    entered, release = threading.Event(), threading.Event()

    def refresh():
        with tokens.locked():
            entered.set()
            release.wait(5)
            tokens.save(Login("1", "old", "old", "old", 1.0))

    other = threading.Thread(target=refresh)
    other.start()
    entered.wait(5)
    done = []
    login = threading.Thread(target=lambda: done.append(logged_in()))
    login.start()
    release.set()
    login.join(10)
    other.join(10)
    assert tokens.load() == done[0].login


# --- where it is, and what is agreed to


@pytest.mark.parametrize(
    ("settings", "oauth", "api"),
    [
        ({}, "https://www.strava.com", "https://www.strava.com/api/v3"),
        ({"api_url": "https://api-v3.strava.com/"}, "https://www.strava.com", "https://api-v3.strava.com"),
        ({"api_url": "https://www.strava.com"}, "https://www.strava.com", "https://www.strava.com/api/v3"),
        ({"api_url": "http://127.0.0.1:1/api/v3"}, "http://127.0.0.1:1", "http://127.0.0.1:1/api/v3"),
        (
            {"api_url": "http://localhost:1", "oauth_url": "http://localhost:2"},
            "http://localhost:2",
            "http://localhost:1",
        ),
    ],
)
def test_the_login_follows_the_api_on_this_machine_only(settings, oauth, api):
    assert places_of(settings) == Places(oauth, api)


def test_the_text_that_is_agreed_to_has_a_version_of_its_own():
    """Changed the text? Then CONSENT_VERSION goes up, and this digest with it."""
    import hashlib

    digest = hashlib.sha256(CONSENT.encode()).hexdigest()[:16]
    assert (CONSENT_VERSION, digest) == ("2026-11", "e6d6fb4d214c560e")


def test_the_text_says_what_matters():
    for words in ("paid Strava", "7 days", "conflicts", "optional", "no AI"):
        assert words in CONSENT
    assert len(login_module.REGISTER.splitlines()) == 3
    assert max(map(len, [*CONSENT.splitlines(), *login_module.REGISTER.splitlines()])) <= 80


def test_the_answer_of_the_stand_in_fits(service, places):
    import requests

    url = authorize_url(places, "12345", "http://localhost:4711/", STATE)
    answered = requests.get(url, allow_redirects=False, timeout=5)
    query = urlsplit(answered.headers["Location"]).query
    assert parse_qs(query)["state"] == [STATE]
    assert read_redirect(query, STATE).scopes == SCOPES
