"""The library's own login, against the stand-in: what it finds is told in a few errors."""

import importlib
import json
import logging
import sys
import time
from datetime import UTC, datetime

import pytest
from garminconnect.client import Client as GarminClient

from syncd.connectors.base import AuthRequired, RateLimited, Unavailable
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.kept_login import missing
from syncd.connectors.garmin.login import CodeNeeded, PasswordLogin, WrongCode
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.sandbox.garmin.faults import Fault
from tests.connectors.garmin.conftest import log_in

EMAIL, PASSWORD = "runner@example.org", "canary-pass-4711"
resumable = pytest.mark.skipif(sys.version_info < (3, 12), reason="this library keeps no state of a login")


@pytest.fixture
def account(service):
    service.account.password = PASSWORD
    return service.account


@pytest.fixture
def login_of(service, account, tmp_path):
    def made(**more):
        endpoints = Endpoints(service.url, service.token_url, service.url)
        blocked = BudgetFile(GarminBudget, tmp_path / "blocked.json")
        common = {"endpoints": endpoints, "blocked": blocked, "now": time.time, "sleep": None}
        return PasswordLogin(**(common | more))

    return made


def test_the_right_password_gives_tokens_that_work(service, login_of, tmp_path):
    tokens = login_of().begin(EMAIL, PASSWORD).tokens
    assert not missing(tokens)
    file = GarminTokenFile(tmp_path / "new" / "garmin.json")
    file.save(tokens)
    session = GarminSession(file, endpoints=Endpoints(service.url, service.token_url), spacing_s=0.0)
    assert session.get("/workout-service/workouts") == []


def test_a_wrong_password_stops_at_once_and_names_the_region(service, login_of):
    with pytest.raises(AuthRequired, match=r"does not know this e-mail .* region = \"china\"") as error:
        login_of().begin(EMAIL, "canary-wrong")
    assert "canary" not in str(error.value)
    assert len([each for each in service.requests if each == "POST /mobile/api/login"]) == 1


def test_a_code_is_asked_for_and_lets_in(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    assert isinstance(begun, CodeNeeded)
    assert not missing(login.finish("123456", begun.state).tokens)


def test_a_wrong_code_can_be_corrected(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    with pytest.raises(WrongCode):
        login.finish("999999", begun.state)
    assert not missing(login.finish("123456", begun.state).tokens)


def test_a_code_that_comes_too_late_begins_the_login_anew(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    account.sso_sessions.clear()
    with pytest.raises(AuthRequired, match="waited too long"):
        login.finish("123456", begun.state)


@pytest.mark.parametrize("way", ["mobile", "portal"])
def test_a_wrong_code_is_sent_once_not_to_every_door(service, account, login_of, way):
    account.mfa_code, account.open_ways = "123456", [way]
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    service.requests.clear()
    with pytest.raises(WrongCode):
        login.finish("999999", begun.state)
    assert service.requests == [f"POST /{way}/api/mfa/verifyCode"]


def test_a_gateway_in_front_of_the_code_is_a_block(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    account.login_blocked = "page"
    with pytest.raises(RateLimited):
        login.finish("123456", begun.state)


def test_a_network_lost_at_the_code_is_no_block_and_the_code_can_be_given_again(service, account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    service.faults.begin({0: Fault.DROPPED_BEFORE, 1: Fault.DROPPED_BEFORE})
    with pytest.raises(Unavailable, match="cannot be reached"):
        login.finish("123456", begun.state)
    assert login.blocked_until() is None
    service.faults.begin({})
    assert not missing(login.finish("123456", begun.state).tokens)


def test_a_network_lost_at_the_tokens_is_no_block(service, account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    service.faults.begin({1: Fault.DROPPED_BEFORE})
    with pytest.raises(Unavailable, match="cannot be reached"):
        login.finish("123456", begun.state)
    assert login.blocked_until() is None


def test_a_service_that_is_down_at_the_code_is_no_block(service, account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    account.login_blocked = "503"
    with pytest.raises(Unavailable):
        login.finish("123456", begun.state)
    assert login.blocked_until() is None


def test_an_answer_to_the_code_of_a_shape_nobody_knows_is_no_traceback(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    account.login_blocked = "nonsense"
    with pytest.raises(Unavailable, match="login has changed"):
        login.finish("123456", begun.state)


def test_tokens_that_are_asked_for_too_often_end_the_attempt(service, login_of):
    service.faults.begin({_before_tokens(): Fault.TOO_MANY})
    login = login_of()
    with pytest.raises(RateLimited):
        login.begin(EMAIL, PASSWORD)
    assert login.blocked_until() is not None
    assert len(service.requests) == _before_tokens() + 1


# --- the embedded way in: the one that an older library has in practice


@pytest.fixture
def embedded(account):
    account.open_ways, account.mfa_code = ["widget"], "123456"
    return account


def test_the_embedded_way_lets_in_where_the_app_is_blocked(embedded, login_of):
    embedded.mfa_code = ""
    assert not missing(login_of().begin(EMAIL, PASSWORD).tokens)


def test_a_library_that_skips_the_page_of_the_app_is_refused_there(service, account, login_of):
    account.page_first, account.open_ways = True, ["mobile", "widget"]
    assert not missing(login_of().begin(EMAIL, PASSWORD).tokens)
    by_the_page = "POST /sso/signin" in service.requests
    assert by_the_page == (sys.version_info < (3, 12))


def test_a_wrong_code_on_a_page_can_be_corrected_and_is_no_block(embedded, login_of):
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    with pytest.raises(WrongCode):
        login.finish("999999", begun.state)
    assert login.blocked_until() is None
    assert not missing(login.finish("123456", begun.state).tokens)


@resumable
def test_the_code_is_sent_for_and_another_process_can_finish(service, embedded, login_of):
    begun = login_of().begin(EMAIL, PASSWORD)
    assert "POST /sso/verifyMFA/mfaCode" in service.requests
    assert not missing(login_of().finish("123456", begun.state).tokens)


def test_a_wrong_password_on_a_page_stops_at_once(service, embedded, login_of):
    with pytest.raises(AuthRequired, match="does not know this e-mail"):
        login_of().begin(EMAIL, "canary-wrong")
    assert service.requests.count("POST /sso/signin") == 1


def test_a_locked_account_on_a_page_is_not_called_a_wrong_password(embedded, login_of):
    embedded.locked = True
    with pytest.raises(AuthRequired, match="locked the account"):
        login_of().begin(EMAIL, PASSWORD)


@resumable
def test_another_process_can_finish_a_login_that_waits_for_its_code(account, login_of):
    account.mfa_code = "123456"
    begun = login_of().begin(EMAIL, PASSWORD)
    assert not missing(login_of().finish("123456", begun.state).tokens)


@pytest.mark.parametrize("blocked", ["429", "427", "page", "captcha"])
def test_a_blocked_login_is_not_tried_again_for_two_hours_and_then_four(service, account, login_of, blocked):
    account.login_blocked = blocked
    with pytest.raises(RateLimited) as error:
        login_of().begin(EMAIL, PASSWORD)
    assert 7100 < error.value.retry_at.timestamp() - time.time() <= 7200
    assert login_of().blocked_until() == error.value.retry_at
    later = time.time() + 7300
    assert login_of(now=lambda: later).blocked_until() is None
    with pytest.raises(RateLimited) as error:
        login_of(now=lambda: later).begin(EMAIL, PASSWORD)
    assert error.value.retry_at == datetime.fromtimestamp(later + 14_400, UTC)
    account.login_blocked = ""
    login_of(now=lambda: later).begin(EMAIL, PASSWORD)
    assert login_of().blocked_until() is None


@pytest.mark.parametrize(("blocked", "cost"), [("429", 11), ("page", 17)])
def test_what_a_blocked_login_costs_is_known(service, account, login_of, blocked, cost):
    account.login_blocked = blocked
    with pytest.raises(RateLimited):
        login_of().begin(EMAIL, PASSWORD)
    assert len(service.requests) <= cost


def test_a_locked_account_is_asked_about_once(service, account, login_of):
    account.locked = True
    with pytest.raises(AuthRequired, match="locked the account"):
        login_of().begin(EMAIL, PASSWORD)
    assert service.requests.count("POST /mobile/api/login") == 1


def test_a_block_is_not_taken_for_a_lock(account, login_of):
    account.login_blocked = "captcha"
    with pytest.raises(RateLimited):
        login_of().begin(EMAIL, PASSWORD)


def test_without_a_network_nothing_is_taken_for_a_block(login_of):
    nowhere = Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9", "http://127.0.0.1:9")
    ways = []
    login = login_of(endpoints=nowhere, report=ways.append)
    with pytest.raises(Unavailable, match="cannot be reached"):
        login.begin(EMAIL, PASSWORD)
    assert login.blocked_until() is None
    assert ways == ["Trying the app's way in ..."]


def test_a_login_without_lasting_tokens_is_refused(service, login_of):
    service.account.ticket_lost = True
    with pytest.raises(Unavailable, match="no lasting login"):
        login_of().begin(EMAIL, PASSWORD)


def test_what_takes_time_is_told_and_no_secret_is_logged(account, login_of, caplog):
    account.mfa_code = "123456"
    told = []
    with caplog.at_level(logging.DEBUG):
        login = login_of(report=told.append)
        login.finish("123456", login.begin(EMAIL, PASSWORD).state)
    assert told[0] == "Trying the app's way in ..."
    assert not [each for each in caplog.records if each.name.startswith("garminconnect")]
    said = " ".join(told) + caplog.text
    for secret in (PASSWORD, "123456", account.refresh, EMAIL):
        assert secret not in said


def test_each_wait_is_told_with_its_length_and_can_be_left_out(account, login_of):
    account.open_ways = ["portal"]
    waits, told = [], []
    login_of(sleep=waits.append, report=told.append).begin(EMAIL, PASSWORD)
    assert all(2 <= each <= 20 for each in waits)
    assert 10 <= waits[-1] <= 20
    assert [each for each in told if "on purpose" in each] == [
        f"Waiting {each:.0f} s on purpose: Garmin takes a quicker one for a robot." for each in waits
    ]
    quiet = []
    login_of(sleep=None, report=quiet.append).begin(EMAIL, PASSWORD)
    assert not [each for each in quiet if "on purpose" in each]
    login = importlib.import_module(GarminClient.login.__module__)
    assert login.time is time  # nothing of the library stays changed


# --- whose it is


def test_whose_login_it_is_costs_one_request(service, login_of):
    whose = login_of().begin(EMAIL, PASSWORD).whose
    assert (whose.profile_id, whose.name) == (service.account.owner, "Sandbox Runner")
    assert service.requests.count("GET /userprofile-service/socialProfile") == 1


@pytest.mark.parametrize(
    "fault", [Fault.TOO_MANY, Fault.ERROR_BEFORE, Fault.DROPPED_BEFORE, Fault.PAGE_AFTER]
)
def test_a_profile_that_is_not_told_loses_no_tokens(service, login_of, fault):
    service.faults.begin({_before_tokens() + 1: fault})
    done = login_of().begin(EMAIL, PASSWORD)
    assert not missing(done.tokens)
    assert done.whose.profile_id == 0
    assert json.loads(done.tokens)["di_refresh_token"] == service.account.refresh


def test_tokens_that_the_service_does_not_take_are_no_login_and_are_not_refreshed(service, account, login_of):
    account.token_lasts_s = -1.0
    with pytest.raises(Unavailable, match="no lasting login"):
        login_of().begin(EMAIL, PASSWORD)
    assert service.requests.count("POST /di-oauth2-service/oauth/token") == service.requests.count(
        "POST /mobile/api/login"
    )  # a ticket each, and no refresh


def _before_tokens() -> int:
    """Requests of the app's way in before it asks for tokens."""
    return 1 if sys.version_info < (3, 12) else 2


def test_tokens_of_a_login_survive_the_refresh_of_the_other_version(service, login_of, session_of, tokens):
    """What is kept is the same JSON in all versions; a refresh writes it back whole."""
    tokens.save(login_of().begin(EMAIL, PASSWORD).tokens)
    service.account.access.clear()
    assert session_of().get("/workout-service/workouts") == []
    assert not missing(tokens.load())
    log_in(service, tokens)
