"""The library's own login, against the stand-in: what it finds is told in a few errors."""

import logging
import sys
import time
from datetime import UTC, datetime

import pytest

from syncd.connectors.base import AuthRequired, RateLimited, Unavailable
from syncd.connectors.garmin.budget import BudgetFile
from syncd.connectors.garmin.kept_login import missing
from syncd.connectors.garmin.login import CodeNeeded, PasswordLogin, WrongCode
from syncd.connectors.garmin.session import Endpoints, Session
from syncd.connectors.garmin.tokens import TokenFile
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
        blocked = BudgetFile(tmp_path / "blocked.json")
        return PasswordLogin(**{"endpoints": endpoints, "blocked": blocked, "now": time.time, **more})

    return made


def test_the_right_password_gives_tokens_that_work(service, login_of, tmp_path):
    tokens = login_of().begin(EMAIL, PASSWORD)
    assert not missing(tokens)
    file = TokenFile(tmp_path / "new" / "garmin.json")
    file.save(tokens)
    session = Session(file, endpoints=Endpoints(service.url, service.token_url), spacing_s=0.0)
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
    assert not missing(login.finish("123456", begun.state))


def test_a_wrong_code_can_be_corrected(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    with pytest.raises(WrongCode):
        login.finish("999999", begun.state)
    assert not missing(login.finish("123456", begun.state))


def test_a_code_that_comes_too_late_begins_the_login_anew(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    account.waits_for_code = False
    with pytest.raises(AuthRequired, match="waited too long"):
        login.finish("123456", begun.state)


def test_a_gateway_in_front_of_the_code_is_a_block(account, login_of):
    account.mfa_code = "123456"
    login = login_of()
    begun = login.begin(EMAIL, PASSWORD)
    account.login_blocked = "page"
    with pytest.raises(RateLimited):
        login.finish("123456", begun.state)


@resumable
def test_another_process_can_finish_a_login_that_waits_for_its_code(account, login_of):
    account.mfa_code = "123456"
    begun = login_of().begin(EMAIL, PASSWORD)
    assert not missing(login_of().finish("123456", begun.state))


@pytest.mark.parametrize("blocked", ["429", "427", "page"])
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


def test_a_locked_account_is_not_hammered(service, account, login_of):
    account.locked = True
    with pytest.raises(AuthRequired, match="locked the account"):
        login_of().begin(EMAIL, PASSWORD)
    assert len([each for each in service.requests if each == "POST /mobile/api/login"]) <= 3


def test_without_a_network_nothing_is_taken_for_a_block(login_of):
    nowhere = Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9", "http://127.0.0.1:9")
    login = login_of(endpoints=nowhere)
    with pytest.raises(Unavailable, match="cannot be reached"):
        login.begin(EMAIL, PASSWORD)
    assert login.blocked_until() is None


def test_a_login_without_lasting_tokens_is_refused(service, login_of):
    service.account.ticket_lost = True
    with pytest.raises(Unavailable, match="no lasting login"):
        login_of().begin(EMAIL, PASSWORD)


def test_what_takes_time_is_told_and_no_secret_is_logged(account, login_of, caplog):
    account.mfa_code = "123456"
    told = []
    with caplog.at_level(logging.DEBUG):
        login = login_of(tell=told.append)
        login.finish("123456", login.begin(EMAIL, PASSWORD).state)
    assert told[0] == "Trying the app's way in ..."
    said = " ".join(told) + caplog.text
    for secret in (PASSWORD, "123456", account.refresh, EMAIL):
        assert secret not in said


def test_tokens_of_a_login_survive_the_refresh_of_the_other_version(service, login_of, session_of, tokens):
    """What is kept is the same JSON in all versions; a refresh writes it back whole."""
    tokens.save(login_of().begin(EMAIL, PASSWORD))
    service.account.access.clear()
    assert session_of().get("/workout-service/workouts") == []
    assert not missing(tokens.load())
    log_in(service, tokens)
