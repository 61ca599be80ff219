"""The one place that knows the garminconnect library, and what its client keeps to itself.

syncd wants more of that client than it promises: that it renews tokens only when asked to,
repeats nothing, shows its answers, and can be followed through a login. How it sends its requests is
no concern of ours (`wire`); for the rest some names are needed that any release may change. They are
all here. Before any request the names that the installed release lacks are reported, and what it is
seen to do otherwise in a rehearsal without a network: whatever its number, a release that can do
what we need is used.
"""

from __future__ import annotations

import importlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from syncd.connectors.base import AuthRequired
from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.connectors.garmin.replies import Reply
from syncd.renewal import LONGEST_S

if TYPE_CHECKING:
    from syncd.connectors.garmin.wire import Wire

LIBRARY = "garminconnect"
WANTED = "garminconnect>=0.3.2,<0.4"  # what is installed with syncd; what works is found out, not compared
INSTALL = f"pip install '{WANTED}'"
PRIVATE_FOR_REQUESTS = ("_refresh_di_token", "_refresh_session", "_token_expires_soon")
PRIVATE_FOR_LOGIN = ("_complete_mfa", "_establish_session", "_exchange_service_ticket")
CHECK_OF_TOKENS = "_verify_token"
_FOR_REQUESTS = ("di_token", "dumps", "loads", "request", *PRIVATE_FOR_REQUESTS)
_FOR_LOGIN = ("di_refresh_token", "get_api_headers", "login", "resume_login", *PRIVATE_FOR_LOGIN)
_ERRORS = (
    "GarminConnectAuthenticationError",
    "GarminConnectConnectionError",
    "GarminConnectTooManyRequestsError",
)
_REFRESH_STATUS = re.compile(r"refresh failed: (\d{3})")
_PROFILE = "/userprofile-service/socialProfile"
_TIMEOUT_S = 15.0


class LibraryUnfit(AuthRequired):
    """The installed library is not one that syncd can work with: a human must install another one."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{self.what}: {INSTALL}")


class RefreshRefused(Exception):  # noqa: N818 - named for what happened
    """The service did not renew the tokens."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Refused(Exception):  # noqa: N818
    """The service did not accept what it was given to log in; the text may quote its answer."""


class LoginFailed(Exception):  # noqa: N818
    """No way in led anywhere; the text is the library's."""


class TooOften(Exception):  # noqa: N818
    """The service wants no more attempts."""


def lack_of_library() -> str:
    """What the installed library lacks, as text; "" when it has all that syncd needs. Sends nothing."""
    try:
        GarminClient.opened(china=False, for_login=True)
    except LibraryUnfit as unfit:
        return unfit.what
    return ""


class GarminClient:
    """The library's client for requests and for tokens, and where `for_login` for a login too.

    It renews nothing and repeats nothing by itself. Raises LibraryUnfit.
    """

    def __init__(self, library: Any, wire: Wire, *, for_login: bool = False) -> None:
        _need(_lacks(library, for_login=for_login))
        self._library, self._wire = library, wire

    @classmethod
    def opened(cls, *, china: bool, for_login: bool = False) -> GarminClient:
        """One without tokens. `china`: for an account of garmin.cn. Raises LibraryUnfit."""
        from syncd.connectors.garmin.rehearsal import inability_of
        from syncd.connectors.garmin.wire import Wire

        logging.getLogger(LIBRARY).setLevel(logging.CRITICAL + 1)  # it logs tokens when debugging
        wire = Wire(china=china)
        unable = inability_of(cls(*_installed(wire), for_login=for_login), wire)
        if unable:
            raise _unfit(f"{version(LIBRARY)} does not {unable}, which syncd needs")
        return cls(*_installed(Wire(china=china)), for_login=for_login)

    def point_at(self, api_url: str = "", token_url: str = "", sso_url: str = "") -> None:
        """Send requests to another service than the real one; empty leaves an address as it is."""
        self._wire.places = {
            "connectapi": api_url, "connect": api_url, "diauth": token_url, "sso": sso_url,
        }  # fmt: skip

    @property
    def sent_elsewhere(self) -> bool:
        """Whether an answer pointed to another service, where nothing was asked."""
        return self._wire.sent_elsewhere

    # --- tokens

    @property
    def access_token(self) -> str:
        """What requests are signed with; "" without one."""
        return self._library.di_token or ""

    @property
    def lasts(self) -> bool:
        """Whether it has the tokens that renew themselves; a cookie of a login does not last."""
        return bool(self._library.di_token and self._library.di_refresh_token)

    def load(self, tokens: str) -> None:
        """Take tokens as the library writes them."""
        self._library.loads(tokens)

    def tokens(self) -> str:
        """The tokens as the library writes them: one JSON object, the same in all versions."""
        return str(self._library.dumps())

    def expires_soon(self) -> bool:
        """Whether the library would renew the access token before the next request."""
        return bool(self._library._token_expires_soon())

    def spend_refresh_token(self, timeout_s: float = LONGEST_S) -> None:
        """Get new tokens. Raises RefreshRefused, and whatever the network and a strange answer cause."""
        from garminconnect import GarminConnectAuthenticationError

        try:
            with deadline(timeout_s), self._wire.in_place(timeout_s):
                self._library._refresh_di_token()
        except GarminConnectAuthenticationError as error:
            found = _REFRESH_STATUS.search(str(error))
            raise RefreshRefused(int(found[1]) if found else 400) from None  # its text may quote the answer

    # --- requests

    def on_expiry(self, renew: Callable[[], None]) -> None:
        """Call `renew` where the library would renew the tokens; what it raises comes out of the request."""
        self._library._refresh_session = renew

    @contextmanager
    def fresh_tokens(self) -> Iterator[None]:
        """Take the tokens for fresh, however short they live."""
        self._library._token_expires_soon = lambda: False
        try:
            yield
        finally:
            del self._library._token_expires_soon

    def watch(self, see: Callable[..., None]) -> None:
        """Show every answer to a request, before the library sees it."""
        self._wire.watch = see

    def request(self, method: str, path: str, timeout_s: float, **more: Any) -> None:
        """One request, whose answer `watch` shows. Raises requests.RequestException."""
        from garminconnect import GarminConnectConnectionError

        # the answer that was seen says the same as the error
        with suppress(GarminConnectConnectionError), self._wire.in_place():
            self._library.request(
                method, "connectapi", path, timeout=timeout_s, allow_redirects=False, **more
            )

    def profile(self, timeout_s: float = _TIMEOUT_S) -> Reply | None:
        """Whose tokens these are: one request, without renewal and second try; None without an answer."""
        import requests

        try:
            with deadline(timeout_s) as limit, self._wire.session() as session:
                response = session.get(
                    f"https://connectapi.{self._wire.domain}{_PROFILE}",
                    headers=self._library.get_api_headers(),
                    timeout=timeout_s,
                    allow_redirects=False,
                    stream=True,
                )
                found = Reply(response.status_code, response.headers, response.content)
                return None if limit.passed else found  # cut off, an answer may look as if it had ended
        except (requests.RequestException, DeadlinePassed):
            return None

    # --- a login

    @property
    def checks_tokens(self) -> bool:
        """Whether this version tries its tokens before it calls a login one."""
        return hasattr(self._library, "verify_login")

    def follow(
        self,
        establish: Callable[[str, str | None], None],
        accepted: Callable[[], bool],
        code_sent: Callable[[Callable[[], None]], None],
    ) -> None:
        """Be called at each step of a login.

        `establish` gets the ticket and its service, to make tokens of them; `accepted` says whether
        they are taken; `code_sent` gets what sends the code.
        """
        client = self._library
        complete = client._complete_mfa

        def completed(code: str) -> None:
            code_sent(lambda: complete(code))

        def established(ticket: str, *_: object, service_url: str | None = None, **__: object) -> None:
            establish(ticket, service_url)

        client._establish_session = established
        client._verify_token = accepted
        client._complete_mfa = completed

    @contextmanager
    def judging(self, judge: Callable[[Any], None], lost: Callable[[], None]) -> Iterator[None]:
        """Show each answer to a POST to `judge` before the library sees it; `lost` where there is none."""
        self._wire.judge, self._wire.lost = judge, lost
        try:
            yield
        finally:
            self._wire.judge = self._wire.lost = None

    def exchange(self, ticket: str, service_url: str | None) -> None:
        """Tokens for a ticket. Raises Refused, TooOften, and OSError for a network that fails."""
        from garminconnect import GarminConnectAuthenticationError, GarminConnectTooManyRequestsError

        try:
            with self._wire.in_place():
                self._library._exchange_service_ticket(ticket, service_url=service_url)
        except GarminConnectTooManyRequestsError:
            raise TooOften from None
        except GarminConnectAuthenticationError:
            raise Refused from None

    def log_in(self, email: str, password: str) -> tuple[bool, dict[str, Any] | None]:
        """Whether a code is needed, and what lets another process go on then.

        Raises Refused, LoginFailed, TooOften, and whatever the steps of `follow` raise.
        """
        with _translated(), self._wire.in_place():
            answer = self._library.login(email, password, return_on_mfa=True)
        if not (isinstance(answer, tuple) and answer and answer[0] == "needs_mfa"):
            return False, None
        return True, answer[1] if isinstance(answer[1], dict) else None

    def resume(self, state: dict[str, Any] | None, code: str) -> None:
        """Go on with the code. Raises what `log_in` raises."""
        with _translated(), self._wire.in_place():
            self._library.resume_login(state, code)

    @contextmanager
    def waiting(self, wait: Callable[[float], None]) -> Iterator[None]:
        """Let `wait` do the library's waiting: it sleeps through the `time` of the module with the login."""
        module = _module_of_login(self._library)
        kept = module.time
        module.time = _Time(wait)
        try:
            yield
        finally:
            module.time = kept


class _Time:
    """The module `time` with another sleep."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@contextmanager
def _translated() -> Iterator[None]:
    """The library's errors of a login as ours."""
    from garminconnect import (
        GarminConnectAuthenticationError,
        GarminConnectConnectionError,
        GarminConnectTooManyRequestsError,
    )

    try:
        yield
    except GarminConnectTooManyRequestsError as error:
        raise TooOften(str(error)) from None
    except GarminConnectAuthenticationError as error:
        raise Refused(str(error)) from None
    except GarminConnectConnectionError as error:
        raise LoginFailed(str(error)) from None


def _installed(wire: Wire) -> tuple[Any, Wire]:
    """The client of the installed library, on this wire. Raises LibraryUnfit."""
    try:
        import garminconnect
    except ImportError:
        raise _unfit("cannot be imported") from None
    from syncd.connectors.garmin.wire import ways_around

    _need([name for name in ("Garmin", *_ERRORS) if not hasattr(garminconnect, name)])
    if around := ways_around():
        raise _unfit(f"{version(LIBRARY)} sends its requests with {' and '.join(around)}")
    with wire.in_place():
        garmin = garminconnect.Garmin(is_cn=wire.china)
    _need([] if hasattr(garmin, "client") else ["Garmin.client"])
    return garmin.client, wire


def _lacks(client: Any, *, for_login: bool) -> list[str]:
    """The names that syncd needs and this client does not have."""
    wanted = [*_FOR_REQUESTS, *(_FOR_LOGIN if for_login else ())]
    if for_login and hasattr(client, "verify_login"):
        wanted.append(CHECK_OF_TOKENS)
    absent = [f"Client.{name}" for name in wanted if not hasattr(client, name)]
    if for_login and hasattr(client, "login") and not hasattr(_module_of_login(client), "time"):
        absent.append(f"{_module_of_login(client).__name__}.time")
    return absent


def _module_of_login(client: Any) -> Any:
    return importlib.import_module(type(client).login.__module__)


def _need(absent: list[str]) -> None:
    """Raises LibraryUnfit where anything is absent."""
    if absent:
        raise _unfit(f"{version(LIBRARY)} has no {' and no '.join(absent)}, which syncd needs")


def _unfit(what: str) -> LibraryUnfit:
    return LibraryUnfit(f"{LIBRARY} {what}")
