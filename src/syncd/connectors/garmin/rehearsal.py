"""A rehearsal of what a client of the garminconnect library does, with answers from memory.

Numbers of releases say nothing: what a client is seen to do decides whether syncd can use it.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

from syncd.connectors.garmin.client import GarminClient, LibraryUnfit, RefreshRefused
from syncd.connectors.garmin.wire import CannedAnswer, Wire

_ACCESS, _REFRESH, _CLIENT = "rehearsed-access", "rehearsed-refresh", "rehearsed"
_PATH, _PATIENCE_S = "/rehearsed", 1.0


def inability_of(client: GarminClient, wire: Wire) -> str:
    """The first thing that the client does not do, to be put behind "does not"; "" where it does all.

    The client cannot be used for anything else afterwards. Raises LibraryUnfit.
    """
    stage = _Stage(client, wire)
    for ability, shown in (
        ("take and give out tokens", stage.takes_tokens),
        ("sign its requests and let their answers be seen", stage.signs),
        ("leave the renewal of tokens to syncd", stage.leaves_renewal),
        ("renew tokens where syncd can see it", stage.renews),
    ):
        try:
            if not shown():
                return ability
        except LibraryUnfit:
            raise
        except Exception:  # noqa: BLE001 - another library's code: whatever it does, it does not do this
            return ability
    return ""


class _Left(Exception):  # noqa: N818 - never leaves this module
    """The renewal was left to us."""


class _Stage:
    """A client with tokens of nobody, and every request that it makes."""

    def __init__(self, client: GarminClient, wire: Wire) -> None:
        self._client = client
        self._sent: list[Any] = []
        wire.rehearsed = self._heard

    def _heard(self, _method: str, _url: str, request: Any) -> CannedAnswer:
        self._sent.append(request)
        return CannedAnswer(401)

    def takes_tokens(self) -> bool:
        self._client.load(_tokens(_ACCESS))
        given = json.loads(self._client.tokens())
        expected: dict[str, str] = json.loads(_tokens(_ACCESS))
        return self._client.lasts and all(given.get(name) == value for name, value in expected.items())

    def signs(self) -> bool:
        statuses: list[int] = []
        self._client.watch(lambda response, *_, **__: statuses.append(response.status_code))
        self._client.on_expiry(lambda: None)
        self._client.request("GET", _PATH, _PATIENCE_S)
        signed = [request.headers.get("Authorization") == f"Bearer {_ACCESS}" for request in self._sent]
        return bool(signed) and all(signed) and set(statuses) == {401}

    def leaves_renewal(self) -> bool:
        """Both where the service refuses the token and where the token itself says that it ended."""
        asked: list[str] = []

        def renew() -> None:
            asked.append(self._client.access_token)
            raise _Left

        self._client.on_expiry(renew)
        for access in (_ACCESS, _ended_token()):
            self._client.load(_tokens(access))
            with suppress(_Left):
                self._client.request("GET", _PATH, _PATIENCE_S)
        return asked == [_ACCESS, _ended_token()] and self._client.expires_soon()

    def renews(self) -> bool:
        self._sent.clear()
        with suppress(RefreshRefused):
            self._client.spend_refresh_token()
        return any(_REFRESH in str(getattr(request, "body", "")) for request in self._sent)


def _tokens(access: str) -> str:
    return json.dumps({"di_token": access, "di_refresh_token": _REFRESH, "di_client_id": _CLIENT})


def _ended_token() -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": 1}).encode()).decode().rstrip("=")
    return f"e30.{claims}.rehearsed"
