"""Requests to Garmin Connect through the garminconnect library, without its habits.

The library swallows failed refreshes, repeats requests and words errors differently from version
to version. Here its client only signs requests and refreshes tokens; the rest is ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from syncd.connectors.base import AuthRequired, ConnectorError, RateLimited, Unavailable
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.client import GarminClient, RefreshRefused
from syncd.connectors.garmin.replies import (
    LOG_IN,
    Reply,
    fault_of,
    fault_of_network,
    open_end,
    outgrown,
    read_whole,
)
from syncd.connectors.garmin.tokens import GarminTokenFile, completed
from syncd.connectors.kept_renewal import kept_renewal
from syncd.connectors.service_clock import ServiceClock
from syncd.formats.bounded_json import TooLargeError
from syncd.renewal import LONGEST_S

_CHEAP = "/device-service/deviceservice/mylastused"


class _Expired(Exception):  # noqa: N818 - never leaves this module
    """The library wants to refresh: that is for us to do."""


class LoginRefused(AuthRequired):
    """The service does not renew this login any more."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the service is; empty is the real one. `china`: the account is one of garmin.cn."""

    api_url: str = ""
    token_url: str = ""
    sso_url: str = ""
    china: bool = False


@dataclass(slots=True)
class GarminSession:
    """One login, one request at a time.

    `budget` carries the spacing and the breaker between processes; `timeout_s` bounds each wait
    and each whole answer. `tells_time`: the service's clock can be believed, which that of a stand-in on
    this machine cannot. `now` is the clock that the breaker goes by, `real_now` and `sleep` that of the
    spacing (seconds).
    """

    tokens: GarminTokenFile
    budget: BudgetFile[GarminBudget] = field(default_factory=lambda: BudgetFile(GarminBudget))
    endpoints: Endpoints = field(default_factory=Endpoints)
    spacing_s: float = 1.0
    timeout_s: float = 15.0
    renewal_timeout_s: float = LONGEST_S  # an answer that is not waited for takes the login with it
    tells_time: bool = False
    now: Callable[[], float] = time.time
    real_now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _client: GarminClient | None = None
    _tripped: bool = False
    _seen: list[Reply] = field(default_factory=list)
    _clock: ServiceClock = field(default_factory=ServiceClock)
    _ends_s: float = 0.0

    def get(self, path: str, **params: str | int) -> Any:
        """The data at a path. Raises ConnectorError."""
        return self._data("GET", path, params=params)

    def post(self, path: str, body: object) -> Any:
        """The data that a write answers with. Raises ConnectorError, OutcomeUnknown where it is open."""
        return self._data("POST", path, json=body)

    def put(self, path: str, body: object) -> None:
        """Replace; safe to repeat. Raises ConnectorError."""
        self._ask("PUT", path, json=body)

    def delete(self, path: str) -> None:
        """Delete; safe to repeat. Raises ConnectorError, Gone where it is gone already."""
        self._ask("DELETE", path)

    def download(self, path: str) -> bytes:
        """A file. Raises ConnectorError."""
        return self._ask("GET", path, headers={"Accept": "*/*"}).content

    def service_time(self) -> datetime | None:
        """What time it is by the service's own clock; None where it does not say."""
        return self._clock.asked(lambda: self.get(_CHEAP)) if self.tells_time else None

    def _data(self, method: str, path: str, **more: Any) -> Any:
        reply = self._ask(method, path, **more)
        try:
            return reply.json()
        except TooLargeError as error:
            raise outgrown(method, str(error)) from None
        except ValueError:
            raise open_end(method, "no data in the answer") from None

    def _ask(self, method: str, path: str, **more: Any) -> Reply:
        try:
            reply = self._once(method, path, **more)
        except _Expired:
            self._refresh(self._opened())
            reply = self._again(method, path, **more)
        self._heed(reply)
        fault = fault_of(method, reply)
        if fault is not None:
            raise fault
        return reply

    def _again(self, method: str, path: str, **more: Any) -> Reply:
        """The request with fresh tokens; that they live a short time is no reason to go round."""
        try:
            with self._opened().fresh_tokens():
                return self._once(method, path, **more)
        except _Expired:
            raise AuthRequired(LOG_IN) from None

    def _once(self, method: str, path: str, **more: Any) -> Reply:
        """One request on the wire; the library's own errors say less than the answer itself."""
        import requests

        client = self._opened()
        self._take_turn()
        self._seen.clear()
        self._ends_s = time.monotonic() + self.timeout_s
        try:
            with deadline(self.timeout_s):
                client.request(method, path, self.timeout_s, **more)
        except (requests.RequestException, DeadlinePassed) as error:
            raise fault_of_network(method, error) from error
        if not self._seen:
            raise open_end(method, "no answer")
        return self._seen[-1]

    def _heed(self, reply: Reply) -> None:
        """Open the breaker, or close it. Raises RateLimited."""
        now_s = self.now()
        if reply.slows_down:
            raise self._limited_from(now_s, reply.retry_after_s(now_s))
        if self._tripped and reply.status < 400:
            self.budget.update(GarminBudget.after_success)
            self._tripped = False

    def _limited_from(self, now_s: float, retry_after_s: float | None) -> RateLimited:
        """Open the breaker for every process; the error that says until when."""
        budget = self.budget.update(lambda budget: budget.after_refusal(now_s, retry_after_s))
        return _limited(budget.closed_until_s)

    def _take_turn(self) -> None:
        """Wait for the spacing. Raises RateLimited while the breaker is open."""
        now_s, real_s, wait_s = self.now(), self.real_now(), 0.0

        def taken(budget: GarminBudget) -> GarminBudget:
            nonlocal wait_s
            closed = budget.closed_at(now_s)
            if closed is not None:
                raise _limited(closed)
            self._tripped = budget.trips > 0
            wait_s = budget.wait_s(real_s, self.spacing_s)
            return budget.after_request(real_s + wait_s) if self.spacing_s > 0 else budget

        self.budget.update(taken)
        if wait_s > 0:
            self.sleep(wait_s)

    def _refresh(self, client: GarminClient) -> None:
        """Get new tokens, or take over those that another process got meanwhile.

        They are on disk before the next request. Raises ConnectorError.
        """
        with self.tokens.locked():
            kept = self.tokens.load()
            if _access_of(kept) != client.access_token:
                _load_into(client, kept)
                if not client.expires_soon():
                    return
            fingerprint = fingerprint_of(kept)
            if self.budget.read().is_dead(fingerprint, self.now()):
                raise AuthRequired(LOG_IN)
            self._take_turn()
            try:
                with kept_renewal(self.tokens.path) as keep:
                    keep(self._spend_refresh_token(client, kept))
            except LoginRefused:
                self.budget.update(lambda budget: budget.after_dead_login(fingerprint, self.now()))
                raise

    def _spend_refresh_token(self, client: GarminClient, spent: str) -> str:
        """The new tokens, which the client has too. Raises ConnectorError."""
        import requests

        try:
            client.spend_refresh_token(self.renewal_timeout_s)
        except RefreshRefused as refused:
            raise self._meaning_of(refused.status) from None
        except (
            requests.RequestException,
            OSError,
            ValueError,
            RecursionError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            raise _not_refreshed(type(error).__name__) from None
        tokens = completed(client.tokens(), spent)
        _load_into(client, tokens or spent)
        if tokens is None:
            raise _not_refreshed("no token in the answer")
        return tokens

    def _meaning_of(self, status: int) -> ConnectorError:
        """Of a refused refresh."""
        if status == 429:
            return self._limited_from(self.now(), None)
        if status in (400, 401):
            return LoginRefused(LOG_IN)
        return _not_refreshed(str(status))

    def _opened(self) -> GarminClient:
        if self._client is None:
            self._client = self._open()
        return self._client

    def _open(self) -> GarminClient:
        client = GarminClient.opened(china=self.endpoints.china)
        _load_into(client, self.tokens.load())
        client.on_expiry(_expired)
        client.point_at(self.endpoints.api_url, self.endpoints.token_url)
        client.watch(self._see)
        return client

    def _see(self, response: Any, *_: object, **__: object) -> None:
        reply = read_whole(response, self._ends_s)
        self._seen.append(reply)
        self._clock.note(reply)


def _expired() -> None:
    raise _Expired


def _load_into(client: GarminClient, tokens: str) -> None:
    """Raises AuthRequired for tokens that are damaged or incomplete."""
    access = _access_of(tokens)
    if not access:
        raise AuthRequired(LOG_IN)
    client.load(tokens)


def fingerprint_of(tokens: str) -> str:
    """Distinguishes logins without revealing anything of them."""
    return sha256(tokens.encode()).hexdigest()[:16]


def _access_of(tokens: str) -> str | None:
    try:
        found = json.loads(tokens)
    except ValueError:
        return None
    value = found.get("di_token") if isinstance(found, dict) else None
    return value if isinstance(value, str) else None


def _not_refreshed(why: str) -> Unavailable:
    return Unavailable(f"the login could not be refreshed ({why}); the next sync tries again")


def _limited(until_s: float) -> RateLimited:
    until = datetime.fromtimestamp(until_s, UTC)
    return RateLimited(
        f"Garmin Connect wants to be left alone until {until:%Y-%m-%d %H:%M} UTC; nothing is asked before",
        until,
    )
