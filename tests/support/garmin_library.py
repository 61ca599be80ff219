"""The garminconnect library as a later release might be: something is called otherwise."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import garminconnect
import pytest
from garminconnect.client import Client


def without(*names: str) -> Any:
    """A client of the installed library that does not have these names."""
    gone: set[str] = set()

    class Renamed(Client):
        def __getattribute__(self, name: str) -> Any:
            if name in gone:
                raise AttributeError(name)
            return super().__getattribute__(name)

    made = Renamed()
    gone.update(names)
    return made


def install_without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """From now on the library gives out such clients."""
    monkeypatch.setattr(garminconnect, "Garmin", lambda is_cn: SimpleNamespace(client=without(*names)))


_RELEASE = """
import requests
from garminconnect.client import Client

signs = asks_before_it_renews = keeps_tokens = renews = True
{source}


class Connection(Client):
    gone = ()

    def __init__(self):
        super().__init__()
        self.line = requests.Session()
        type(self).gone = ("_api_session", "_fresh_api_session", "_connectapi", "_http_post")

    def __getattribute__(self, name):
        if name in type(self).gone:
            raise AttributeError(name)
        return super().__getattribute__(name)

    def dumps(self):
        return super().dumps() if keeps_tokens else "{{}}"

    def _run_request(self, method, path, **more):
        if asks_before_it_renews and self._token_expires_soon():
            self._refresh_session()
        headers = {{"Authorization": "Bearer " + self.di_token}} if signs else {{}}
        address = "https://connectapi.garmin.com" + path
        answer = self.line.request(method, address, headers=headers, **more)
        if answer.status_code == 401 and asks_before_it_renews:
            self._refresh_session()
            answer = self.line.request(method, address, headers=headers, **more)
        return answer

    def _refresh_di_token(self):
        if not renews:
            return
        answer = requests.post(
            "https://diauth.garmin.com/di-oauth2-service/oauth/token",
            data={{
                "grant_type": "refresh_token",
                "client_id": self.di_client_id,
                "refresh_token": self.di_refresh_token,
            }},
            timeout=30,
        )
        if answer.status_code != 200:
            from garminconnect import GarminConnectAuthenticationError
            raise GarminConnectAuthenticationError("DI token refresh failed: %s" % answer.status_code)
        self.di_token = answer.json()["access_token"]
        self.di_refresh_token = answer.json()["refresh_token"]
"""


def install_release(monkeypatch: pytest.MonkeyPatch, number: str, source: str = "") -> None:
    """A later release, in which the sessions and the addresses have other names; `source` changes more."""
    module = ModuleType("garminconnect.connection")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(_RELEASE.format(source=source), vars(module))  # noqa: S102 - our own text

    def made(is_cn: bool) -> Any:
        module.Connection.gone = ()
        return SimpleNamespace(client=module.Connection())

    monkeypatch.setattr(garminconnect, "Garmin", made)
    monkeypatch.setattr("syncd.connectors.garmin.client.version", lambda _: number)
