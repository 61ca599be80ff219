"""`syncd strava webhook`: for those with a public address; everybody else is polled as before."""

import socket

import pytest

from syncd.connectors.strava.tokens import Login, StravaTokenFile
from syncd.connectors.strava.webhook import HookFile, Receiver
from syncd.paths import locate
from syncd.sandbox.strava.webhooks import Subscriptions, answer_subscriptions, reach_by_http
from tests.support.strava_service import strava_running

SECRET = "sandbox-client-secret"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def subscriptions():
    return Subscriptions()


@pytest.fixture
def strava(initialised, port, subscriptions, monkeypatch):
    """Logged in, with a public address whose reverse proxy is the stand-in's own machine."""
    with strava_running() as service:
        service.more.append(
            lambda request, _: answer_subscriptions(service.account, subscriptions, request, reach_by_http)
        )
        monkeypatch.setenv("SYNCD_STRAVA__API_URL", f"{service.url}/api/v3")
        monkeypatch.setenv("SYNCD_STRAVA__WEBHOOK__PUBLIC_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("SYNCD_STRAVA__WEBHOOK__PORT", str(port))
        StravaTokenFile(locate().logins / "strava.json").save(Login("12345", SECRET, "a", "r", 1e9))
        yield service


@pytest.fixture
def hooks():
    return HookFile(locate().logins / "strava-webhook.json")


def test_create_list_delete(syncd, strava, subscriptions, port, hooks):
    assert syncd("strava", "webhook", "list").out == "No subscription: syncd polls Strava.\n"
    said = syncd("strava", "webhook", "create")
    assert said.code == 0, said.err
    assert said.out.startswith(
        f"Strava now notifies http://127.0.0.1:{port}/strava/... (subscription 120001)."
    )
    row = {"id": 120_001, "address": f"http://127.0.0.1:{port}/strava/..."}
    assert syncd("strava", "webhook", "list", "--json").json == {
        "schema": "syncd.strava-webhook/1",
        "subscriptions": [row],
    }
    assert syncd("strava", "webhook", "create", "--json").json["created"] is False
    assert syncd("strava", "webhook", "delete").out == "Subscription ended: syncd polls Strava.\n"
    assert (subscriptions.rows, hooks.load()) == ({}, None)
    assert syncd("strava", "webhook", "delete").out == "There was no subscription.\n"


def test_a_running_syncd_that_has_the_port_answers_strava(syncd, strava, port, hooks):
    hooks.begun()
    with Receiver(hooks, lambda: None, port=port).running():
        said = syncd("strava", "webhook", "create")
    assert said.code == 0, said.err
    assert "in use, presumably by a running syncd" in said.err


def test_another_program_on_the_port_is_told(syncd, strava, subscriptions, port):
    with socket.create_server(("127.0.0.1", port)):
        said = syncd("strava", "webhook", "create")
    assert (said.code, "Strava got no right answer at" in said.err) == (1, True)
    assert subscriptions.rows == {}


def test_without_a_public_address_it_says_what_is_missing(syncd, strava, monkeypatch):
    monkeypatch.delenv("SYNCD_STRAVA__WEBHOOK__PUBLIC_URL")
    said = syncd("strava", "webhook", "create")
    assert (said.code, "[strava.webhook] public_url is not set" in said.err) == (2, True)


def test_a_place_to_listen_that_this_machine_does_not_have_is_told(syncd, strava, monkeypatch):
    monkeypatch.setenv("SYNCD_STRAVA__WEBHOOK__LISTEN", "192.0.2.1")
    said = syncd("strava", "webhook", "create")
    assert (said.code, "[strava.webhook] listen = '192.0.2.1'" in said.err) == (2, True)


@pytest.mark.parametrize("command", ["create", "list", "delete"])
def test_without_a_login_it_says_what_to_run(syncd, strava, command):
    StravaTokenFile(locate().logins / "strava.json").remove()
    said = syncd("strava", "webhook", command)
    assert (said.code, "run `syncd auth strava`" in said.err) == (3, True)


def test_no_secret_is_shown(syncd, strava, hooks, caplog):
    caplog.set_level("DEBUG")
    said = [syncd("strava", "webhook", "create")]
    hook = hooks.load()
    said += [syncd("strava", "webhook", each, "--json") for each in ("create", "list", "delete")]
    everything = caplog.text + "".join(each.out + each.err for each in said)
    for secret in (SECRET, hook.verify_token, hook.path):
        assert secret not in everything
