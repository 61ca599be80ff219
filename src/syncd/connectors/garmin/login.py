"""The one login with a password, through the garminconnect library; always with a person at hand.

The library tries several ways in, each with waits of its own. Here it reports what it does, never
writes or logs tokens, and its outcome is one of a few errors that say what to do.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from syncd.connectors.base import AuthRequired, ConnectorError, RateLimited, Unavailable
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.deadline import Deadline, DeadlinePassed, deadline
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.client import GarminClient, LoginFailed, Refused, TooOften
from syncd.connectors.garmin.kept_login import Whose
from syncd.connectors.garmin.login_steps import LoginStopped, log_intercepted
from syncd.connectors.garmin.replies import Reply
from syncd.connectors.garmin.session import Endpoints

_WHOLE_S = 180.0  # our default: five ways in, each of some requests; waits on purpose come on top
_FIRST_BLOCK_S = 7200.0  # others found hours to a day, and each try begins it anew
_BLOCKED = re.compile(r"\b(403|427|429)\b|captcha|non-json|cloudflare", re.IGNORECASE)
_UNREACHABLE = re.compile(r"curl: \(\d+\)|ConnectionError|resolve|timed out|refused", re.IGNORECASE)
_NOWHERE = re.compile(r"curl: \([67]\)|Connection timed out|NameResolution|NewConnection")
_LOCKED = re.compile(r"(?<!B)LOCKED|\bLocked\b")
_EXPIRED = re.compile(r"EXPIRED|NOT_FOUND|client_state|MFA context|CSRF")
_CODE_PAGE = re.compile(r"mfa|authentication application", re.IGNORECASE)

WRONG_PASSWORD = "Garmin does not know this e-mail with this password"  # noqa: S105 - a sentence
WRONG_CODE = "Garmin does not accept this code"
LOCKED = "Garmin has locked the account: unlock it at connect.garmin.com, then run `syncd auth garmin`"
TOO_LATE = "this login has waited too long for its code: run `syncd auth garmin` again"
NO_TOKENS = "Garmin let you in but gave no lasting login: try again later, or bring tokens with --tokens DIR"
UNREACHABLE = "Garmin cannot be reached: check the network, then run `syncd auth garmin`"
ELSEWHERE = (
    "Garmin's login was answered with the way to another address, and the password did not go there: "
    "look at the network (a portal or a proxy?), then run `syncd auth garmin`"
)
DOWN = "Garmin's login is out of order: try again later"
CHANGED = "Garmin's login has changed: update syncd, or bring tokens with --tokens DIR"


class WrongCode(AuthRequired):
    """The code was wrong; the login still waits for the right one."""


@dataclass(frozen=True, slots=True)
class GarminLoggedIn:
    """The tokens, as the library writes them, and whose they are as far as the service said."""

    tokens: str
    whose: Whose


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """Garmin has sent a code. `state` lets another process go on; None where only this one can."""

    state: dict[str, Any] | None


@dataclass(slots=True)
class PasswordLogin:
    """One login. `report` gets a sentence for each thing that takes time; `now` is the clock (seconds).

    `blocked` remembers, between processes, until when no further attempt should be made. `sleep`
    does the library's waiting; None where the service is on this machine and needs none. `whole_s` bounds
    each of the two steps, but for those waits.
    """

    endpoints: Endpoints
    blocked: BudgetFile[GarminBudget]
    now: Callable[[], float]
    report: Callable[[str], None] = lambda _: None
    sleep: Callable[[float], None] | None = time.sleep
    whole_s: float = _WHOLE_S
    _limit: Deadline | None = None
    _client: GarminClient | None = None
    _whose: Whose = field(default_factory=Whose)
    _rejected: bool = False
    _failures: list[str] = field(default_factory=list)

    def blocked_until(self) -> datetime | None:
        """Until when an attempt would only make it worse; None when one may be made."""
        until_s = self.blocked.read().closed_at(self.now())
        return None if until_s is None else datetime.fromtimestamp(until_s, UTC)

    def open(self) -> GarminClient:
        """The library, made ready; nothing is requested yet. Raises LibraryUnfit."""
        if self._client is None:
            client = GarminClient.opened(china=self.endpoints.china, for_login=True)
            client.point_at(self.endpoints.api_url, self.endpoints.token_url, self.endpoints.sso_url)
            client.follow(self._establish, self._accepted, self._send_code)
            self._client = client
        return self._client

    def begin(self, email: str, password: str) -> GarminLoggedIn | CodeNeeded:
        """Logged in, or what to do about the code. Raises AuthRequired, RateLimited, Unavailable."""
        client = self.open()
        needs_code, state = self._attempt(lambda: client.log_in(email, password))
        return CodeNeeded(state) if needs_code else self._done(client)

    def finish(self, code: str, state: dict[str, Any] | None) -> GarminLoggedIn:
        """Logged in with the code; `state` where the login was begun by another process.

        Raises WrongCode, after which it can be called again, and what `begin` raises.
        """
        client = self.open()
        self._attempt(lambda: client.resume(state, code), code=True)
        return self._done(client)

    def _done(self, client: GarminClient) -> GarminLoggedIn:
        self.blocked.update(GarminBudget.after_success)
        if not client.lasts:
            raise Unavailable(NO_TOKENS)
        if not client.checks_tokens and not self._accepted():
            raise Unavailable(NO_TOKENS)
        return GarminLoggedIn(client.tokens(), self._whose)

    # --- what the library does at each step

    def _establish(self, ticket: str, service_url: str | None) -> None:
        """Get tokens for the ticket. Without them the library would use a cookie, which does not last."""
        try:
            self.open().exchange(ticket, service_url)
        except TooOften:
            raise LoginStopped(self._block()) from None
        except Refused:
            raise LoginStopped(Unavailable(NO_TOKENS)) from None
        except OSError:  # the errors of both HTTP libraries are
            raise LoginStopped(Unavailable(UNREACHABLE)) from None

    def _accepted(self) -> bool:
        """Whether the service takes the tokens, and whose they are: one request. No answer is no refusal."""
        reply = self.open().profile()
        if reply is None:
            return True
        refused = reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and not reply.slows_down
        self._rejected = self._rejected or refused
        if reply.status == HTTPStatus.OK:
            self._whose = _whose_of(reply)
        return not refused

    def _send_code(self, send: Callable[[], None]) -> None:
        """Send the code; one that is refused is not tried at another address too."""
        with self.open().judging(self._judge_code, self._lost):
            send()

    def _judge_code(self, answer: Any) -> None:
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise LoginStopped(Unavailable(DOWN))
        kind = _kind_of(answer)
        if kind in ("", "SUCCESSFUL") or _BLOCKED.search(kind):
            return
        if _LOCKED.search(kind):
            raise LoginStopped(AuthRequired(LOCKED))
        raise LoginStopped(AuthRequired(TOO_LATE) if _EXPIRED.search(kind) else WrongCode(WRONG_CODE))

    def _lost(self) -> None:
        raise LoginStopped(Unavailable(UNREACHABLE)) from None

    def _wait(self, seconds: float) -> None:
        if self.sleep is not None:
            self.report(f"Waiting {seconds:.0f} s on purpose: Garmin takes a quicker one for a robot.")
            if self._limit is not None:
                self._limit.extend(seconds)
            self.sleep(seconds)

    def _on_log_record(self, record: logging.LogRecord) -> None:
        if self._limit is not None and self._limit.passed:  # what it does through libcurl is not cut off
            raise LoginStopped(Unavailable(UNREACHABLE))
        pattern = str(record.msg)
        if pattern.startswith("Trying login strategy"):
            way = {"mobile": "the app's", "widget": "the embedded", "portal": "the website's"}
            name = str(record.args[0]) if isinstance(record.args, tuple) and record.args else ""
            self.report(f"Trying {way.get(name.partition('+')[0], 'another')} way in ...")
        elif "failed: %s" in pattern:
            self._on_failure(record.getMessage(), final=record.levelno >= logging.WARNING)
        elif record.levelno >= logging.WARNING and "429" in pattern:
            self._failures.append("429")

    def _on_failure(self, text: str, *, final: bool) -> None:
        """Some failures are the same on every way: going on would only cost more attempts."""
        if _LOCKED.search(text):
            raise LoginStopped(AuthRequired(LOCKED))
        if self.open().sent_elsewhere:
            raise LoginStopped(Unavailable(ELSEWHERE))
        if _NOWHERE.search(text):
            raise LoginStopped(Unavailable(UNREACHABLE))
        if final:
            self._failures.append(text)

    # --- what its outcome means

    def _attempt(self, step: Callable[[], Any], *, code: bool = False) -> Any:
        self._failures.clear()
        try:
            with self._followed():
                return step()
        except LoginStopped as stop:
            raise stop.error from None
        except TooOften:
            raise self._block() from None
        except Refused as error:
            raise self._refused(str(error), code=code) from None  # its text may quote the answer
        except LoginFailed as error:
            raise self._failed(str(error)) from None
        except DeadlinePassed:
            raise Unavailable(UNREACHABLE) from None
        except (ValueError, LookupError, TypeError, AttributeError):
            raise Unavailable(CHANGED) from None

    @contextmanager
    def _followed(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(log_intercepted(self._on_log_record))
            stack.enter_context(self.open().waiting(self._wait))
            self._limit = stack.enter_context(deadline(self.whole_s))
            yield

    def _refused(self, text: str, *, code: bool) -> ConnectorError:
        if _LOCKED.search(text):
            return AuthRequired(LOCKED)
        if not code:
            return AuthRequired(f"{WRONG_PASSWORD}: try again ({_other_domain(self.endpoints)})")
        if _EXPIRED.search(text):
            return AuthRequired(TOO_LATE)
        _, failed, title = text.partition("Widget MFA failed: ")
        return WrongCode(WRONG_CODE) if failed and _CODE_PAGE.search(title) else self._block()

    def _failed(self, text: str) -> ConnectorError:
        messages = [*self._failures, text]
        if self._rejected:
            return Unavailable(NO_TOKENS)
        if any(_BLOCKED.search(message) for message in messages):
            return self._block()
        if all(_UNREACHABLE.search(message) for message in messages):
            return Unavailable(UNREACHABLE)
        return Unavailable(CHANGED)

    def _block(self) -> RateLimited:
        budget = self.blocked.update(
            lambda budget: budget.after_refusal(self.now(), None, first_pause_s=_FIRST_BLOCK_S)
        )
        until = datetime.fromtimestamp(budget.closed_until_s, UTC)
        return RateLimited(
            "Garmin blocks logins from here, and each try makes it longer: wait until "
            f"{until:%Y-%m-%d %H:%M} UTC, or bring tokens from another machine with --tokens DIR",
            until,
        )


def library_is_old() -> bool:
    """Whether this Python only has a library whose login Garmin may refuse."""
    return sys.version_info < (3, 12)


def _other_domain(endpoints: Endpoints) -> str:
    domain, region = ("garmin.com", "international") if endpoints.china else ("garmin.cn", "china")
    return f'for an account of {domain} set region = "{region}" in [garmin]'


def _kind_of(answer: Any) -> str:
    """The status that an answer names; "" for a page, or data of another shape."""
    try:
        kind = answer.json()["responseStatus"]["type"]
    except (ValueError, LookupError, TypeError):
        return ""
    return kind if isinstance(kind, str) else ""


def _whose_of(reply: Reply) -> Whose:
    try:
        profile = reply.json()
    except ValueError:
        return Whose()
    if not isinstance(profile, Mapping):
        return Whose()
    number, name = profile.get("profileId"), profile.get("fullName") or profile.get("displayName")
    return Whose(number if isinstance(number, int) else 0, str(name or ""))
