"""Reads from Strava through the stravalib library, without its habits.

The library repeats nothing and keeps nothing, and its models lose what they do not know: here its
client only signs requests and reads JSON. When to ask, when to refresh, and what an answer means
is ours.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from syncd.connectors.base import (
    AuthRequired,
    ConnectorError,
    Gone,
    Outgrown,
    Postponed,
    RateLimited,
    Rejected,
    Unavailable,
)
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.replies import LARGEST_BYTES, Reply
from syncd.connectors.kept_renewal import kept_renewal
from syncd.connectors.service_clock import ServiceClock
from syncd.connectors.strava.app_calls import errors_of, meaning_of
from syncd.connectors.strava.budget import StravaBudget
from syncd.connectors.strava.oauth import FAR_S, Places
from syncd.connectors.strava.tokens import LOG_IN, Login, StravaTokenFile
from syncd.credentials import CredentialError
from syncd.formats.bounded_json import TooLargeError
from syncd.renewal import is_token

REFRESH_AHEAD_S = 600.0
_CHEAP = "/athlete"
Query = Mapping[str, str | int]
_NOTHING: Query = {}
_NO_BOX = "AccessToken/activity:read_permission/missing"
_BOX = (
    'Strava was not allowed to show your activities: run `syncd auth strava` and leave the box "View data'
    ' about your private activities" ticked'
)
_AHEAD = "Application/after/future"
_SPENT = "RefreshToken/refresh_token/invalid"


class Broken(Unavailable):
    """The service itself failed on this one thing; others may be had."""


@dataclass(slots=True)
class StravaSession:
    """One login, one request at a time.

    `budget` carries the counts between processes; `timeout_s` bounds each wait and each whole
    answer. `tells_time`: the service's clock can be believed, which that of a stand-in on this machine
    cannot. `now` is the clock that the counts go by, `real_now` that of the login (seconds since the
    epoch), `pause` the seconds to stay away beyond the end of a full window.
    """

    tokens: StravaTokenFile
    budget: BudgetFile[StravaBudget] = field(default_factory=lambda: BudgetFile(StravaBudget))
    places: Places = field(default_factory=Places)
    timeout_s: float = 30.0
    tells_time: bool = False
    now: Callable[[], float] = time.time
    real_now: Callable[[], float] = time.time
    pause: Callable[[], float] = lambda: random.uniform(2.0, 20.0)
    _login: Login | None = None
    _client: Any = None
    _transport: Any = None
    _clock: ServiceClock = field(default_factory=ServiceClock)

    def get(self, path: str, query: Query = _NOTHING, *, older: bool = False, ahead: int = 1) -> Any:
        """The data at a path below the API's base. Raises ConnectorError.

        `older`: it is about a run that can wait. `ahead`: how many requests must have room, this
        one included, so that what belongs together is not begun in vain.
        """
        reply = self._ask(path, query, older=older, ahead=ahead)
        if reply.status == HTTPStatus.UNAUTHORIZED and _NO_BOX not in errors_of(reply.content):
            self._refresh()
            reply = self._ask(path, query, older=older, ahead=ahead)
        self._heed(reply)
        try:
            return reply.json()
        except TooLargeError as error:
            raise _outgrown(str(error)) from None
        except ValueError:
            raise _odd("no data in the answer") from None

    def service_time(self) -> datetime | None:
        """What time it is by the service's own clock; None where it does not say. Asks once if it must."""
        return self._clock.asked(lambda: self.get(_CHEAP)) if self.tells_time else None

    def older_take_s(self, requests: int, others_a_day: int) -> float | None:
        """About how many seconds so many requests of older runs take beside others; None: no end."""
        return self.budget.read().older_take_s(requests, others_a_day, self.now())

    def _ask(self, path: str, query: Query, *, older: bool, ahead: int) -> Reply:
        """One request on the wire; the library's own errors say less than the answer itself."""
        self._opened()
        self._take_turn(older=older, ahead=ahead)
        return self._sent(lambda: self._client.protocol.get(f"{self.places.api}{path}", **query))

    def _sent(self, request: Callable[[], Any]) -> Reply:
        import requests

        self._transport.last = None
        try:
            request()
        except (requests.RequestException, ValueError, RecursionError) as error:
            if self._transport.last is None:
                raise _odd(type(error).__name__) from None  # its text may quote what was sent
        if self._transport.last is None:
            raise _odd("no answer")
        found: Reply = self._transport.last
        self._clock.note(found)
        return found

    def _heed(self, reply: Reply) -> None:
        """Raises the ConnectorError that an answer stands for."""
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise self._limited()
        fault = _fault_of(reply)
        if isinstance(fault, AuthRequired) and self._login is not None:
            self._note_dead(self._login, fault)
        if fault is not None:
            raise fault

    def _limited(self) -> RateLimited:
        now_s, pause_s = self.now(), self.pause()
        budget = self.budget.update(lambda budget: budget.after_refusal(now_s, pause_s))
        return _wait(budget.closed_until_s)

    def _take_turn(self, *, older: bool, ahead: int) -> None:
        """Count the request before it goes out. Raises RateLimited, Postponed."""
        now_s = self.now()

        def taken(kept: StravaBudget) -> StravaBudget:
            closed, budget = kept.closed_at(now_s), kept.at(now_s)
            if closed is not None:
                raise _wait(closed)
            if budget.room() < ahead:
                raise _wait(budget.opens_s(ahead, now_s))
            if older and budget.room(older=True) < ahead:
                opens = datetime.fromtimestamp(budget.opens_s(ahead, now_s, older=True), UTC)
                raise Postponed(f"older runs on Strava go on at {opens:%Y-%m-%d %H:%M} UTC", opens)
            return budget.after_request(now_s)

        self.budget.update(taken)

    def _record(self, headers: Mapping[str, str], _method: str) -> None:
        """What the library calls with the headers of each answer; it never waits."""
        now_s = self.now()
        self.budget.update(lambda budget: budget.after_reply(headers, now_s))

    def _opened(self) -> None:
        """A client with a login that lasts. Raises ConnectorError."""
        if self._login is None:
            login = self.tokens.load()
            self._require_alive(login)
            self._use(login)
        if self._login is not None and self._login.expires_within(REFRESH_AHEAD_S, self.real_now()):
            self._refresh()

    def _use(self, login: Login) -> None:
        if self._client is None:
            from syncd.connectors.strava.transport import client_of

            self._client, self._transport = client_of(login.access_token, self._record, self.timeout_s)
        self._client.protocol.access_token = login.access_token
        self._login = login

    def _refresh(self) -> None:
        """Get new tokens, or take over those that another process got meanwhile.

        They are on disk before the next request. Raises ConnectorError.
        """
        used = self._login
        try:
            with self.tokens.locked():
                kept = self.tokens.load()
                renewed = used is not None and kept.access_token != used.access_token
                if not renewed or kept.expires_within(REFRESH_AHEAD_S, self.real_now()):
                    self._require_alive(kept)
                    with kept_renewal(self.tokens.path) as keep:
                        kept = self._renewed(kept)
                        keep(kept.to_json())
        except CredentialError as error:
            raise Unavailable(str(error)) from error
        self._use(kept)

    def _renewed(self, login: Login) -> Login:
        form = {
            "client_id": login.client_id,
            "client_secret": login.client_secret,
            "refresh_token": login.refresh_token,
            "grant_type": "refresh_token",
        }
        reply = self._sent(
            lambda: self._client.protocol.post(f"{self.places.oauth}/oauth/token", data=form),
        )
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise self._limited()
        if reply.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
            fault = AuthRequired(_why_not_renewed(reply))
            self._note_dead(login, fault)
            raise fault
        tokens = _tokens_in(reply)
        if tokens is None:
            raise Unavailable(
                f"the login at Strava could not be refreshed ({reply.status}); the next sync tries again"
            )
        return login.with_tokens(*tokens)

    def _require_alive(self, login: Login) -> None:
        why = self.budget.read().why_dead(fingerprint_of(login), self.now())
        if why:
            raise AuthRequired(why)

    def _note_dead(self, login: Login, fault: AuthRequired) -> None:
        now_s = self.now()
        self.budget.update(lambda budget: budget.after_dead_login(fingerprint_of(login), str(fault), now_s))


def _fault_of(reply: Reply) -> ConnectorError | None:
    """The error that an answer stands for, None for a good one; 429 is not judged here."""
    status, errors = reply.status, errors_of(reply.content)
    if reply.outgrown:
        return _outgrown(f"more than {LARGEST_BYTES >> 20} MB")
    if reply.is_page:
        return _odd(f"a page where data is due, status {status}")
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if known := meaning_of(reply.content):
        return AuthRequired(known)
    if status == HTTPStatus.UNAUTHORIZED:
        return AuthRequired(_BOX if _NO_BOX in errors else LOG_IN)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Gone("Strava does not have it (any more)")
    if _AHEAD in errors:
        return Unavailable("the clock of this machine is ahead: Strava refuses a time in the future; set it")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Rejected(f"Strava refuses it ({status})")
    return Broken(f"Strava fails on it (status {status}); the next sync tries again")


def _why_not_renewed(reply: Reply) -> str:
    return LOG_IN if _SPENT in errors_of(reply.content) else meaning_of(reply.content) or LOG_IN


def _tokens_in(reply: Reply) -> tuple[str, str, float] | None:
    try:
        found = reply.json() if reply.status == HTTPStatus.OK else None
    except ValueError:
        return None
    match found:
        case {"access_token": str(access), "refresh_token": str(refresh), "expires_at": int(ends)}:
            usable = is_token(access) and is_token(refresh) and 0 < ends < FAR_S
            return (access, refresh, float(ends)) if usable else None
    return None


def fingerprint_of(login: Login) -> str:
    """Distinguishes logins without revealing anything of them."""
    return sha256(login.refresh_token.encode()).hexdigest()[:16]


def _odd(what: str) -> Unavailable:
    return Unavailable(f"Strava does not answer as it should ({what}); the next sync tries again")


def _outgrown(what: str) -> Outgrown:
    return Outgrown(f"Strava sends far more than it should ({what}): not read")


def _wait(until_s: float) -> RateLimited:
    until = datetime.fromtimestamp(until_s, UTC)
    return RateLimited(
        f"Strava wants to be left alone until {until:%Y-%m-%d %H:%M} UTC; nothing is asked before", until
    )
