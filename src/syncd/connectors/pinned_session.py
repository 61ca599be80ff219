"""Sessions of the requests library that take a login to its own service and nowhere else.

Imported only where a request is made: the library takes its time to load.

- A redirect is never followed with a login: only a GET that carries none, within one origin.
- An address that is not https (http on this machine) is not asked, whoever asks for it.
- ~/.netrc is not read, for it would take the place of our login. HTTPS_PROXY, ALL_PROXY and NO_PROXY
  are honoured, except for this machine. Certificates are always checked; REQUESTS_CA_BUNDLE and
  CURL_CA_BUNDLE may name others to trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from syncd.service_address import check_address, is_loopback, origin_of

MOST_HOPS = 5  # our default: a page of a login moves once, if at all


class PointsElsewhere(requests.RequestException):
    """The answer is a redirect that a login must not follow."""

    def __init__(self) -> None:
        super().__init__("the answer points elsewhere")


class NotAsked(requests.RequestException):
    """The address is none that a login may travel to."""


class NoCertificates(requests.RequestException):
    """The environment names a file of certificates that is not there."""

    def __init__(self) -> None:
        super().__init__("REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file that is not there")


class PinnedSession(requests.Session):
    """As the library's own, with the rules above."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = _as_it_is
        self.max_redirects = MOST_HOPS

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        """One request, and those that it may be sent on to. Raises requests.RequestException."""
        self.check(request, more)
        answer = super().send(request, **more)
        if more.get("allow_redirects", True) and is_redirect(answer.status_code):
            raise PointsElsewhere
        return answer

    def check(self, request: requests.PreparedRequest, more: dict[str, Any]) -> None:
        """Refuse an address that a login must not travel to, and to ask without checking certificates."""
        require_safe(request.url or "")
        if more.get("verify") is False:
            more["verify"] = True

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where the library goes on; None where it must not."""
        target = super().get_redirect_target(resp)
        if target is None or not may_follow(
            resp.request.method or "", resp.request.headers, resp.url, urljoin(resp.url, target)
        ):
            return None
        return target

    def merge_environment_settings(
        self,
        url: str | bytes | None,
        proxies: Any,
        stream: bool | None,
        verify: bool | str | None,
        cert: Any,
    ) -> Any:
        """What the environment adds: no proxy for this machine, and no way to check no certificate."""
        address = url.decode() if isinstance(url, bytes) else url or ""
        found: dict[str, Any] = super().merge_environment_settings(address, proxies, stream, verify, cert)
        if is_loopback(address):
            found["proxies"] = {}
        if isinstance(found["verify"], str) and not Path(found["verify"]).exists():
            raise NoCertificates
        return found


class MessageSession(PinnedSession):
    """For addresses of [notify]: where they lead and how is the athlete's choice, a redirect is not."""

    def check(self, request: requests.PreparedRequest, more: dict[str, Any]) -> None:
        """Everything goes."""


@contextmanager
def used_for_messages() -> Iterator[None]:
    """Let whatever uses the requests library in this process send through `MessageSession`."""
    theirs = requests.sessions.Session
    requests.sessions.Session = requests.Session = MessageSession  # type: ignore[misc]
    try:
        yield
    finally:
        requests.sessions.Session = requests.Session = theirs  # type: ignore[misc]


def require_safe(url: str) -> None:
    """Raises NotAsked for an address that a login must not travel to."""
    try:
        check_address(url)
    except ValueError:
        raise NotAsked("the address is not https") from None


def is_redirect(status: int) -> bool:
    """Whether an answer is no answer but points to one, or would like to."""
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


def may_follow(method: str, headers: Mapping[str, Any], url: str, target: str) -> bool:
    """Whether a request may be made again at `target`: it carries no login, and the service is the same."""
    if method not in ("GET", "HEAD") or "authorization" in {name.lower() for name in headers}:
        return False
    try:
        return origin_of(url) == origin_of(target)
    except ValueError:
        return False


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
