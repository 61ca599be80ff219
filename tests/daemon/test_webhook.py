"""Strava notifies, the service syncs; a port that is taken is reported, and nothing else suffers."""

import http.client
import json
import socket
import threading

import pytest

from syncd.connectors.strava.webhook import HookFile
from syncd.daemon.settings import Webhook
from syncd.daemon.webhook import WebhookListener
from syncd.paths import Paths

EVENT = {
    "object_type": "activity", "object_id": 5, "aspect_type": "create", "owner_id": 77,
    "subscription_id": 3, "updates": {}, "event_time": 1,
}  # fmt: skip


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def hook(tmp_path):
    paths = Paths("", tmp_path / "config.toml", tmp_path)
    hooks = HookFile(paths.logins / HookFile.NAME)
    return paths, hooks.keep_id(hooks.begun(), 3)


def notify(port, path, event=EVENT):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", path, json.dumps(event), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_notification_reaches_the_loop_and_after_closing_nobody_answers(hook):
    paths, secret = hook
    heard, port = threading.Event(), free_port()
    bell = WebhookListener(paths, heard.set)
    assert bell.follow(Webhook("127.0.0.1", port, 77)) == ""
    assert bell.follow(Webhook("127.0.0.1", port, 77)) == ""
    assert notify(port, "/elsewhere") == 404
    assert not heard.is_set()
    assert notify(port, secret.path) == 200
    assert heard.wait(5)
    assert bell.follow(None) == ""
    with pytest.raises(ConnectionRefusedError):
        notify(port, secret.path)


def test_a_port_that_is_taken_is_reported_with_what_to_do(hook):
    paths, _ = hook
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        problem = WebhookListener(paths, lambda: None).follow(Webhook("127.0.0.1", port, 0))
    assert f"port {port}" in problem
    assert "choose another port" in problem
