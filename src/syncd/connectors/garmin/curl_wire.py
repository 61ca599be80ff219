"""Sessions of curl_cffi, which the garminconnect library logs in with, under the rules of pinned sessions."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import curl_cffi.requests as theirs
from curl_cffi import CurlOpt

from syncd.connectors.pinned_session import (
    MOST_HOPS,
    PointsElsewhere,
    is_redirect,
    may_follow,
    require_safe,
)
from syncd.service_address import is_loopback

if TYPE_CHECKING:
    from syncd.connectors.garmin.wire import Wire

THEIRS = theirs  # the module whose place this takes
_LARGEST_BYTES = 8 * 1024 * 1024  # our default: a page of a login has less than a tenth of it
_DIRECT = {"all": ""}


class WiredCurl(theirs.Session[Any]):
    """One that the library takes for its own."""

    def __init__(self, wire: Wire, **more: Any) -> None:
        limits = {CurlOpt.MAXFILESIZE_LARGE: _LARGEST_BYTES, **(more.pop("curl_options", None) or {})}
        super().__init__(curl_options=limits, **{**more, "verify": True})
        self._wire = wire

    def request(self, method: str, url: str, **more: Any) -> Any:  # type: ignore[override]
        """One request, and those that it may be sent on to. Raises OSError."""
        return self._wire.judged(method, lambda: self._followed(method, url, more))

    def _followed(self, method: str, url: str, more: dict[str, Any]) -> Any:
        follows, address = more.get("allow_redirects", True), self._wire.address(url)
        for _ in range(MOST_HOPS):
            answer = self._asked(method, address, more)
            if not follows or not is_redirect(answer.status_code):
                return answer
            target = urljoin(address, answer.headers.get("location") or "")
            if not answer.headers.get("location") or not may_follow(
                method, more.get("headers") or {}, address, target
            ):
                break
            address, more = target, {**more, "params": None}
        raise PointsElsewhere

    def _asked(self, method: str, address: str, more: dict[str, Any]) -> Any:
        require_safe(address)
        if self._wire.rehearsed is not None:
            body = more.get("data") or more.get("json")
            sent = SimpleNamespace(headers=more.get("headers") or {}, body=body)
            return _rehearsed(address, self._wire.rehearsed(method, address, sent))
        given = more.get("timeout")
        longest = min(self._wire.limit_s, given) if isinstance(given, int | float) else self._wire.limit_s
        fixed: dict[str, Any] = {"allow_redirects": False, "verify": None, "timeout": longest}
        if is_loopback(address):
            fixed["proxies"] = _DIRECT  # an empty address keeps libcurl from those of the environment
        ask: Any = super().request
        return ask(method, address, **{**more, **fixed})


def _rehearsed(address: str, canned: Any) -> Any:
    text = canned.content.decode()
    return SimpleNamespace(
        status_code=canned.status,
        ok=200 <= canned.status < 400,
        url=address,
        text=text,
        content=canned.content,
        headers={},
        json=lambda: json.loads(text),
    )
