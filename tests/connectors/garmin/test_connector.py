"""Where requests go, from the settings."""

import pytest

from syncd.connectors.base import ConnectorContext
from syncd.connectors.garmin.connector import endpoints_of
from syncd.connectors.garmin.session import Endpoints
from syncd.connectors.registry import connector
from tests.connectors.contract import NOW

TOKEN_PATH = "/di-oauth2-service/oauth/token"
HERE = "http://127.0.0.1:8765"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, Endpoints()),
        ({"api_url": HERE}, Endpoints(HERE, HERE + TOKEN_PATH, HERE)),
        ({"api_url": HERE + "/"}, Endpoints(HERE, HERE + TOKEN_PATH, HERE)),
        (
            {"api_url": HERE, "token_url": "http://localhost:1", "sso_url": "http://localhost:2"},
            Endpoints(HERE, "http://localhost:1" + TOKEN_PATH, "http://localhost:2"),
        ),
        ({"api_url": "https://proxy.example"}, Endpoints("https://proxy.example")),
        ({"token_url": HERE + "/own/path"}, Endpoints("", HERE + "/own/path")),
        ({"region": "china"}, Endpoints("", "https://diauth.garmin.cn" + TOKEN_PATH, "", china=True)),
    ],
)
def test_login_and_refresh_follow_a_service_on_loopback(settings, expected):
    assert endpoints_of(settings) == expected


def test_both_ends_are_built_without_a_request_or_a_file(tmp_path):
    made = connector("garmin")
    context = ConnectorContext("me", NOW, tmp_path / "state", tmp_path / "logins", {"spacing_s": 2.0})
    assert made.source is not None
    assert made.sink is not None
    assert (made.source(context).name, made.sink(context).name) == ("garmin", "garmin")
    assert list(tmp_path.iterdir()) == []
