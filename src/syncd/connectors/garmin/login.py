"""The one login with a password, through the garminconnect library; always with a person at hand.

The library tries several ways in, each with waits of its own. Here it reports what it does, never
writes tokens or logs them, and what it found is told in a few errors that say what to do.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from syncd.connectors.base import AuthRequired, RateLimited, Unavailable
from syncd.connectors.garmin.budget import Budget, BudgetFile
from syncd.connectors.garmin.session import Endpoints, point_at

_LIBRARY = "garminconnect"
_FIRST_BLOCK_S = 7200.0  # others found hours to a day, and each try begins it anew
_DELAYS = ("MOBILE_DELAY", "LOGIN_DELAY", "WIDGET_DELAY")
_BLOCKED = re.compile(r"\b(403|427|429)\b|captcha|non-json|cloudflare", re.IGNORECASE)
_UNREACHABLE = re.compile(r"curl: \(\d+\)|ConnectionError|resolve|timed out|refused", re.IGNORECASE)
_LOCKED = re.compile(r"[A-Z_]*LOCKED[A-Z_]*")
_JUDGED = re.compile(
    r"responseStatus|verifyCode: (?!HTTP)[A-Z_]{4,}"
)  # a status of Garmin's, not of a gateway
_EXPIRED = re.compile(r"EXPIRED|NOT_FOUND|client_state")
_WAITS = re.compile(r"waiting %\.0fs")

WRONG_PASSWORD = "Garmin does not know this e-mail with this password"  # noqa: S105 - a sentence
WRONG_CODE = "Garmin does not accept this code"
LOCKED = "Garmin has locked the account: unlock it at connect.garmin.com, then run `syncd auth garmin`"


class WrongCode(AuthRequired):
    """The code was wrong; the login still waits for the right one."""


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """Garmin has sent a code. `state` lets another process go on; None where only this one can."""

    state: dict[str, Any] | None


class _Stop(BaseException):
    """Leaves the library's chain of attempts, which catches everything else."""


@dataclass(slots=True)
class PasswordLogin:
    """One login. `tell` gets a sentence for each thing that takes time; `now` is the clock (seconds).

    `blocked` remembers, between processes, until when no further attempt should be made.
    """

    endpoints: Endpoints
    blocked: BudgetFile
    now: Callable[[], float]
    tell: Callable[[str], None] = lambda _: None
    _client: Any = None
    _heard: list[str] = field(default_factory=list)

    def blocked_until(self) -> datetime | None:
        """Until when an attempt would only make it worse; None when one may be made."""
        until_s = self.blocked.read().closed_at(self.now())
        return None if until_s is None else datetime.fromtimestamp(until_s, UTC)

    def begin(self, email: str, password: str) -> str | CodeNeeded:
        """The tokens, or what to do about the code. Raises AuthRequired, RateLimited, Unavailable."""
        client = self._opened()
        with self._listening():
            state = self._attempt(lambda: client.login(email, password, return_on_mfa=True))
        if isinstance(state, tuple) and state and state[0] == "needs_mfa":
            return CodeNeeded(state[1] if isinstance(state[1], dict) else None)
        return self._tokens()

    def finish(self, code: str, state: dict[str, Any] | None) -> str:
        """The tokens, with the code; `state` where the login was begun by another process.

        Raises WrongCode, after which it can be called again, and what `begin` raises.
        """
        client = self._opened()
        with self._listening():
            self._attempt(lambda: client.resume_login(state, code), code=True)
        return self._tokens()

    def _tokens(self) -> str:
        self.blocked.update(Budget.after_success)
        if not self._client.di_token or not self._client.di_refresh_token:
            raise Unavailable("Garmin let you in but gave no lasting login; try again later")
        return str(self._client.dumps())

    def _opened(self) -> Any:
        if self._client is None:
            from garminconnect import Garmin

            client = Garmin(is_cn=self.endpoints.china).client
            point_at(client, self.endpoints)
            # Without lasting tokens the library would go on with a cookie that cannot be kept.
            client._establish_session = lambda ticket, sess=None, service_url=None: (  # noqa: ARG005
                client._exchange_service_ticket(ticket, service_url=service_url)
            )
            if self.endpoints.sso_url:
                client._sso = self.endpoints.sso_url
                _without_delays()
            self._client = client
        return self._client

    def _attempt(self, step: Callable[[], Any], *, code: bool = False) -> Any:
        from garminconnect import (
            GarminConnectAuthenticationError,
            GarminConnectConnectionError,
            GarminConnectTooManyRequestsError,
        )

        self._heard.clear()
        try:
            return step()
        except _Stop:
            raise AuthRequired(LOCKED) from None
        except GarminConnectTooManyRequestsError:
            raise self._blocked() from None
        except GarminConnectAuthenticationError as error:
            raise self._refused(str(error), code=code) from None  # its text may quote the answer
        except GarminConnectConnectionError as error:
            raise self._failed(str(error)) from None

    def _refused(self, text: str, *, code: bool) -> Exception:
        if "token exchange" in text:
            return Unavailable("Garmin let you in but gave no lasting login; try again later")
        if code and not _EXPIRED.search(text):
            return WrongCode(WRONG_CODE) if _JUDGED.search(text) else self._blocked()
        if code:
            return AuthRequired("this login has waited too long for its code: run `syncd auth garmin` again")
        other = "garmin.com" if self.endpoints.china else "garmin.cn"
        hint = f'for an account of {other} set region = "{_other_region(self.endpoints)}" in [garmin]'
        return AuthRequired(f"{WRONG_PASSWORD}: try again ({hint})")

    def _failed(self, text: str) -> Exception:
        heard = [*self._heard, text]
        if any(_BLOCKED.search(each) for each in heard):
            return self._blocked()
        if all(_UNREACHABLE.search(each) for each in heard):
            return Unavailable("Garmin cannot be reached: check the network, then run `syncd auth garmin`")
        return Unavailable("Garmin's login has changed: update syncd, or bring tokens with --tokens DIR")

    def _blocked(self) -> RateLimited:
        budget = self.blocked.update(
            lambda budget: budget.after_refusal(self.now(), None, first_pause_s=_FIRST_BLOCK_S)
        )
        until = datetime.fromtimestamp(budget.closed_until_s, UTC)
        return RateLimited(
            "Garmin blocks logins from here, and each try makes it longer: wait until "
            f"{until:%Y-%m-%d %H:%M} UTC, or bring tokens from another machine with --tokens DIR",
            until,
        )

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear what the library logs, and let nothing of it out: it logs tokens when debugging."""
        logger, ear = logging.getLogger(_LIBRARY), _Ear(self._hear)
        kept = (logger.level, logger.propagate)
        logger.addHandler(ear)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(ear)
            logger.setLevel(max(kept[0], logging.CRITICAL + 1))
            logger.propagate = kept[1]

    def _hear(self, record: logging.LogRecord) -> None:
        pattern = str(record.msg)
        if pattern.startswith("Trying login strategy"):
            way = {"mobile": "the app's", "widget": "the embedded", "portal": "the website's"}
            name = str(record.args[0]) if isinstance(record.args, tuple) and record.args else ""
            self.tell(f"Trying {way.get(name.partition('+')[0], 'another')} way in ...")
        elif _WAITS.search(pattern) and isinstance(record.args, tuple) and record.args:
            self.tell(f"Waiting {record.args[0]:.0f} s on purpose: Garmin takes a quicker one for a robot.")
        elif record.levelno >= logging.WARNING and "failed" in pattern:
            text = record.getMessage()
            if _LOCKED.search(text):
                raise _Stop
            self._heard.append(text)
        elif record.levelno >= logging.WARNING and "429" in pattern:
            self._heard.append("429")


class _Ear(logging.Handler):
    """Hands each record to a function, and lets out what that raises."""

    def __init__(self, hear: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(record)


def library_is_old() -> bool:
    """Whether this Python only has a library whose login Garmin may refuse."""
    return sys.version_info < (3, 12)


def _other_region(endpoints: Endpoints) -> str:
    return "international" if endpoints.china else "china"


def _without_delays() -> None:
    """A service on this machine needs no waiting; the constants live where each version has them."""
    import importlib

    import garminconnect.client as package

    modules = [package]
    if hasattr(package, "__path__"):
        modules.append(importlib.import_module("garminconnect.client.sso"))
    for module in modules:
        for name in _DELAYS:
            for end in ("MIN_S", "MAX_S"):
                if hasattr(module, f"{name}_{end}"):
                    setattr(module, f"{name}_{end}", 0.0)
