"""Every answer of Strava ends as one of the few errors; nothing is asked that may not be."""

import logging
import os
import warnings

import pytest

from syncd.connectors.base import AuthRequired, Gone, Postponed, RateLimited, Rejected, Unavailable
from syncd.connectors.strava.oauth import Places
from syncd.connectors.strava.session import StravaSession
from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.sandbox.garmin.faults import Fault

LIST = "/athlete/activities"
PAGE = {"page": 1, "per_page": 200}
ASKED = "GET /api/v3/athlete/activities"
REFRESH = "POST /oauth/token"
TEMPORARY = set(Fault) - {Fault.TOO_MANY, Fault.TOO_MANY_WITH_TIME, Fault.WRONG_TYPES_AFTER}


@pytest.mark.parametrize("fault", sorted(TEMPORARY))
def test_a_fault_is_one_request_and_can_be_tried_again(strava, fault):
    with strava.faulty({0: fault}), pytest.raises(Unavailable):
        strava.session().get(LIST, PAGE)
    assert strava.service.requests == [ASKED]
    assert strava.session().get(LIST, PAGE) == []


@pytest.mark.parametrize("fault", [Fault.TOO_MANY, Fault.TOO_MANY_WITH_TIME])
def test_a_429_closes_for_every_process_to_the_end_of_the_quarter(strava, fault):
    strava.service.faults.begin({0: fault})
    with pytest.raises(RateLimited) as refused:
        strava.session().get(LIST, PAGE)
    assert refused.value.retry_at.isoformat() == "2026-03-17T20:15:05+00:00"
    with pytest.raises(RateLimited):
        strava.session().get(LIST, PAGE)
    assert len(strava.service.requests) == 1
    strava.passes(minutes=14, seconds=6)
    assert strava.session().get(LIST, PAGE) == []


def test_a_full_count_is_known_before_the_service_has_to_refuse(strava):
    session = strava.session()
    for _ in range(100):
        session.get(LIST, PAGE)
    with pytest.raises(RateLimited, match="until 2026-03-17 20:15 UTC"):
        strava.session().get(LIST, PAGE)
    assert strava.account.meter.refusals == 0
    assert len(strava.service.requests) == 100


def test_older_runs_wait_before_new_ones_have_to(strava):
    strava.account.meter.reads = (10, 1000)
    session = strava.session()
    session.get(LIST, PAGE, older=True)
    for _ in range(7):
        session.get(LIST, PAGE, older=True)
    with pytest.raises(Postponed):
        session.get(LIST, PAGE, older=True)
    assert session.get(LIST, PAGE) == []
    assert len(strava.service.requests) == 9


def test_what_belongs_together_is_not_begun_without_room_for_all_of_it(strava):
    strava.account.meter.reads = (10, 1000)
    session = strava.session()
    for _ in range(9):
        session.get(LIST, PAGE)
    with pytest.raises(RateLimited):
        session.get(LIST, PAGE, ahead=2)
    assert session.get(LIST, PAGE) == []


def test_a_login_is_refreshed_ten_minutes_early_and_on_disk_before_the_request(strava):
    before = strava.tokens.load()
    strava.passes(hours=5, minutes=49)
    strava.session().get(LIST, PAGE)
    assert strava.service.requests == [ASKED]
    strava.passes(minutes=1)
    strava.service.requests.clear()
    strava.session().get(LIST, PAGE)
    assert strava.service.requests == [REFRESH, ASKED]
    after = strava.tokens.load()
    assert after.refresh_token != before.refresh_token
    assert after.refresh_token in strava.account.logins.refresh
    assert (after.client_secret, after.scopes) == (before.client_secret, before.scopes)


def test_a_login_that_the_service_ended_early_is_refreshed_once(strava):
    session = strava.session()
    session.get(LIST, PAGE)
    strava.account.logins.access.clear()
    strava.service.requests.clear()
    assert session.get(LIST, PAGE) == []
    assert strava.service.requests == [ASKED, REFRESH, ASKED]


def test_tokens_that_another_process_refreshed_are_taken_over(strava):
    session = strava.session()
    session.get(LIST, PAGE)
    strava.account.logins.access.clear()
    strava.log_in()
    strava.service.requests.clear()
    assert session.get(LIST, PAGE) == []
    assert strava.service.requests == [ASKED, ASKED]


def test_a_revoked_login_needs_a_human_and_is_asked_about_once_a_day(strava):
    strava.account.logins.revoke_all()
    for _ in range(3):
        with pytest.raises(AuthRequired, match="syncd auth strava"):
            strava.session().get(LIST, PAGE)
    assert strava.service.requests == [ASKED, REFRESH]
    strava.passes(days=1)
    with pytest.raises(AuthRequired):
        strava.session().get(LIST, PAGE)
    assert strava.service.requests[2:] == [REFRESH]
    strava.log_in()
    assert strava.session().get(LIST, PAGE) == []


def test_an_app_without_a_subscription_is_said_and_probed_once_a_day(strava):
    strava.account.logins.app_active = False
    for _ in range(3):
        with pytest.raises(AuthRequired, match="paid Strava subscription"):
            strava.session().get(LIST, PAGE)
    assert strava.service.requests == [ASKED]
    strava.account.logins.app_active = True
    strava.passes(days=1)
    assert strava.session().get(LIST, PAGE) == []


def test_a_deleted_app_needs_a_human(strava):
    strava.passes(hours=6)
    strava.account.logins.app_deleted = True
    with pytest.raises(AuthRequired, match="does not know this app"):
        strava.session().get(LIST, PAGE)


def test_a_box_that_was_unticked_is_named(strava):
    strava.log_in(["read"])
    with pytest.raises(AuthRequired, match="View data about your private activities"):
        strava.session().get(LIST, PAGE)
    assert strava.service.requests == [ASKED]


def test_no_login_needs_a_human(tmp_path):
    with pytest.raises(AuthRequired, match="is not logged in: run `syncd auth strava`"):
        StravaSession(StravaTokenFile(tmp_path / "none.json")).get(LIST)


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.TOO_MANY, Fault.TOO_MANY_WITH_TIME}))
def test_a_refresh_that_fails_for_now_keeps_the_login(strava, fault):
    strava.passes(hours=6)
    before = strava.tokens.load()
    strava.account.logins.rotates = False
    with strava.faulty({0: fault}), pytest.raises(Unavailable):
        strava.session().get(LIST, PAGE)
    assert strava.tokens.load() == before
    assert strava.session().get(LIST, PAGE) == []


def test_what_is_not_there_and_what_is_refused(strava):
    session = strava.session()
    with pytest.raises(Gone):
        session.get("/activities/99989554554")
    with pytest.raises(Rejected):
        session.get(LIST, {"page": 0})


def test_a_clock_that_is_ahead_is_named(strava):
    ahead = int(strava.clock()) + 86_400
    with pytest.raises(Unavailable, match="the clock of this machine is ahead"):
        strava.session().get(LIST, {"after": ahead})


def test_a_service_that_cannot_be_reached(strava):
    nowhere = Places("http://127.0.0.1:9", "http://127.0.0.1:9/api/v3")
    with pytest.raises(Unavailable):
        strava.session(places=nowhere).get(LIST, PAGE)


def test_a_login_in_netrc_does_not_take_the_place_of_ours(strava, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password wrong\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert strava.session().get(LIST, PAGE) == []


def test_the_library_leaves_the_process_as_it_was(strava, monkeypatch):
    monkeypatch.setenv("STRAVA_CLIENT_ID", "1")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "kept")
    monkeypatch.delenv("SILENCE_TOKEN_WARNINGS", raising=False)
    filters, handlers = list(warnings.filters), list(logging.getLogger().handlers)
    strava.session().get(LIST, PAGE)
    assert warnings.filters == filters
    assert logging.getLogger().handlers == handlers
    assert (os.environ["STRAVA_CLIENT_SECRET"], "SILENCE_TOKEN_WARNINGS" in os.environ) == ("kept", False)


def test_no_secret_reaches_an_error_or_the_log(strava, caplog):
    caplog.set_level(logging.DEBUG)
    strava.passes(hours=6)
    login = strava.tokens.load()
    said = []
    for fault in sorted(Fault):
        errors = (Unavailable, RateLimited, AuthRequired)
        with strava.faulty({0: fault, 1: fault}), pytest.raises(errors) as failed:
            strava.session().get(LIST, PAGE)
        said.append(repr(failed.value))
        strava.passes(days=2)
    shown = "\n".join((*said, caplog.text))
    assert not [
        each for each in (login.client_secret, login.access_token, login.refresh_token) if each in shown
    ]
