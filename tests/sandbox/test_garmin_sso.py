"""The stand-in's login: what the library's own code meets there, in both of its versions."""

import importlib
import json
import re
from collections.abc import Iterator

import pytest
import requests
from garminconnect import (
    Garmin,
    GarminConnectAuthenticationError,
    GarminConnectConnectionError,
    GarminConnectTooManyRequestsError,
)

from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn

EMAIL, PASSWORD, CODE = "runner@example.org", "sandbox", "123456"
SERVICE = "https://mobile.example/gcm/ios"
PROFILE = "/userprofile-service/socialProfile"


@pytest.fixture
def service() -> Iterator[GarminStandIn]:
    with GarminStandIn(StandInGarminAccount(), hang_s=1.0).running() as running:
        yield running


def login(service: GarminStandIn, session: requests.Session, password: str = PASSWORD, way: str = "mobile"):
    return session.post(
        f"{service.url}/{way}/api/login",
        params={"service": SERVICE},
        json={"username": EMAIL, "password": password},
        timeout=5,
    )


def verify(service: GarminStandIn, session: requests.Session, code: str, way: str = "mobile") -> str:
    answer = session.post(
        f"{service.url}/{way}/api/mfa/verifyCode",
        params={"service": SERVICE},
        json={"mfaVerificationCode": code},
        timeout=5,
    )
    return kind_of(answer)


def kind_of(answer: requests.Response) -> str:
    return answer.json()["responseStatus"]["type"]


def redeem(service: GarminStandIn, ticket: str, service_url: str = SERVICE) -> requests.Response:
    form = {"grant_type": "service_ticket", "service_ticket": ticket, "service_url": service_url}
    return requests.post(service.token_url, data=form, timeout=5)


def test_a_ticket_gives_tokens_once_and_only_for_its_service(service):
    ticket = login(service, requests.Session()).json()["serviceTicketId"]
    assert redeem(service, ticket, "https://elsewhere.example").status_code == 400
    assert set(redeem(service, ticket).json()) == {"access_token", "refresh_token", "token_type"}
    assert redeem(service, ticket).status_code == 400
    assert redeem(service, "").status_code == 400


@pytest.mark.parametrize(
    ("change", "password", "kind"),
    [
        ({}, PASSWORD, "SUCCESSFUL"),
        ({}, "another", "INVALID_USERNAME_PASSWORD"),
        ({"locked": True}, PASSWORD, "ACCOUNT_LOCKED"),
        ({"mfa_code": CODE}, PASSWORD, "MFA_REQUIRED"),
        ({"login_blocked": "captcha"}, PASSWORD, "CAPTCHA_REQUIRED"),
    ],
)
def test_each_end_of_a_login_has_its_name(service, change, password, kind):
    for name, value in change.items():
        setattr(service.account, name, value)
    assert kind_of(login(service, requests.Session(), password)) == kind


def test_a_code_belongs_to_the_cookie_of_its_login_and_may_be_given_at_either_door(service):
    service.account.mfa_code = CODE
    session = requests.Session()
    login(service, session)
    assert verify(service, requests.Session(), CODE) == "SESSION_EXPIRED"
    assert verify(service, session, "999999") == "MFA_CODE_INVALID"
    assert verify(service, session, CODE, way="portal") == "SUCCESSFUL"
    assert verify(service, session, CODE) == "SESSION_EXPIRED"


def test_a_login_that_waits_for_its_code_survives_a_restart(service, tmp_path):
    service.account.mfa_code = CODE
    session = requests.Session()
    login(service, session)
    service.account.save(tmp_path / "account.json")
    service.account = StandInGarminAccount.load(tmp_path / "account.json")
    assert verify(service, session, CODE) == "SUCCESSFUL"


def test_a_password_without_the_cookie_of_the_page_is_refused_where_that_is_asked_for(service):
    service.account.page_first = True
    session = requests.Session()
    assert login(service, session).status_code == 429
    session.get(f"{service.url}/mobile/sso/en_US/sign-in", timeout=5)
    assert kind_of(login(service, session)) == "SUCCESSFUL"


def test_a_gateway_stands_before_the_ways_that_are_closed(service):
    answer = login(service, requests.Session(), way="portal")
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html")
    service.account.open_ways.append("portal")
    assert kind_of(login(service, requests.Session(), way="portal")) == "SUCCESSFUL"


@pytest.mark.parametrize(("blocked", "status"), [("429", 429), ("427", 427), ("503", 503), ("page", 403)])
@pytest.mark.parametrize("path", ["/mobile/sso/en_US/sign-in", "/portal/sso/en-US/sign-in", "/sso/embed"])
def test_a_block_closes_every_way(service, blocked, status, path):
    service.account.login_blocked, service.account.open_ways = blocked, ["mobile", "portal", "widget"]
    assert requests.get(service.url + path, timeout=5).status_code == status


def test_who_it_is_is_told_to_the_logged_in_only(service):
    assert requests.get(service.url + PROFILE, timeout=5).status_code == 401
    access = service.account.issue(1e10)["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    told = requests.get(service.url + PROFILE, headers=headers, timeout=5).json()
    assert (told["profileId"], told["fullName"]) == (service.account.owner, "Sandbox Runner")


# --- the library's own code


@pytest.fixture
def client(service, monkeypatch):
    """The library's client, changed in nothing but its addresses and its waits."""
    made = Garmin().client
    made._connectapi = made._connect = made._sso = service.url
    post = made._http_post
    made._http_post = lambda _, **more: post(service.token_url, **more)
    module = importlib.import_module(type(made).login.__module__)
    for name in [name for name in vars(module) if re.fullmatch(r"\w+_DELAY_M(IN|AX)_S", name)]:
        monkeypatch.setattr(module, name, 0.0)
    return made


@pytest.mark.parametrize("way", ["mobile", "widget", "portal"])
@pytest.mark.parametrize("code", ["", CODE])
def test_the_library_logs_in_by_every_way(service, client, way, code):
    service.account.open_ways, service.account.mfa_code = [way], code
    assert client.login(EMAIL, PASSWORD, prompt_mfa=lambda: CODE) == (None, None)
    assert client.di_token in service.account.access
    assert client.connectapi(PROFILE)["fullName"] == "Sandbox Runner"


@pytest.mark.parametrize("way", ["mobile", "widget", "portal"])
def test_the_library_stops_at_a_wrong_password(service, client, way):
    service.account.open_ways = [way]
    with pytest.raises(GarminConnectAuthenticationError):
        client.login(EMAIL, "another")
    sent = {
        "mobile": "POST /mobile/api/login",
        "widget": "POST /sso/signin",
        "portal": "POST /portal/api/login",
    }
    assert service.requests.count(sent[way]) == 1
    assert service.requests[-1] == sent[way]


def test_the_library_renews_its_tokens_here(service, client):
    client.login(EMAIL, PASSWORD)
    before = client.di_token
    service.account.access.clear()
    assert client.connectapi(PROFILE)["fullName"] == "Sandbox Runner"
    assert client.di_token != before
    assert json.loads(client.dumps())["di_refresh_token"] == service.account.refresh


@pytest.mark.parametrize(("blocked", "cost"), [("429", 11), ("page", 17)])
def test_a_blocked_login_costs_the_library_so_many_requests(service, client, blocked, cost):
    service.account.login_blocked = blocked
    with pytest.raises((GarminConnectTooManyRequestsError, GarminConnectConnectionError)):
        client.login(EMAIL, PASSWORD)
    assert len(service.requests) == cost
