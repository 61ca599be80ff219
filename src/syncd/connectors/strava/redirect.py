"""The way back from Strava's page: the athlete's browser asks this machine, or the address is pasted."""

from __future__ import annotations

import hmac
import queue
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qs, urlsplit

from syncd.connectors.base import AuthRequired
from syncd.connectors.strava.app_calls import meaning_of
from syncd.connectors.strava.oauth import SCOPES
from syncd.http_server import QuietHandler, QuietServer

BOXES = {
    "read": "View data about your public profile",
    "activity:read_all": "View data about your private activities",
}
_AGAIN = "run `syncd auth strava` again"
_SLOWEST_S = 5.0  # our default: a browser opens connections ahead and may never use them
_AT_ONCE = 32  # our default
_LARGEST_BYTES = 64 * 1024  # our default: a browser sends the cookies of every port of localhost
_LONGEST_PASTE = 4096

_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>syncd</title>
<p>{text}</p></html>
"""
_THANKS = "Strava has answered. You can close this page and go back to the terminal."
_FOREIGN = (
    "This answer belongs to another login. Open the address that the terminal shows, in this same browser."
)


class ForeignState(AuthRequired):
    """The answer belongs to another login than the one that waits."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What the athlete agreed to; the code is a secret until it is spent."""

    code: str = field(repr=False)
    scopes: tuple[str, ...]


def read_redirect(query: str, state: str) -> Granted:
    """What the query of the redirect says. Raises AuthRequired where that is no login, ForeignState.

    The state is checked first: of a foreign answer nothing else counts.
    """
    fields = parse_qs(query, keep_blank_values=True)
    if not hmac.compare_digest(_only(fields, "state").encode(), state.encode()):
        raise ForeignState(
            f"the answer belongs to another login (its state differs); nothing was saved: {_AGAIN}"
        )
    if error := _only(fields, "error"):
        raise AuthRequired(_denied(error))
    code, scopes = _only(fields, "code"), tuple(re.split(r"[ ,]+", _only(fields, "scope")))
    if not code:
        raise AuthRequired(f"the answer of Strava carries no code; nothing was saved: {_AGAIN}")
    missing = [f"\u201c{BOXES[scope]}\u201d" for scope in SCOPES if scope not in scopes]
    if missing:
        raise AuthRequired(
            f"on Strava's page the box {' and '.join(missing)} was not ticked: without it syncd cannot "
            f"see all of your runs. Nothing was saved: {_AGAIN} and leave it ticked"
        )
    return Granted(code, scopes)


def read_pasted(text: str, state: str) -> Granted:
    """The same from the address that the browser could not open. Raises AuthRequired, ForeignState."""
    pasted = "".join(text.split()).strip("'\"<>")
    if known := meaning_of(text.encode()):
        raise AuthRequired(known)
    if len(pasted) > _LONGEST_PASTE:
        raise AuthRequired(f"that is too long for an address; nothing was saved: {_AGAIN}")
    try:
        parts = urlsplit(pasted)
    except ValueError:
        raise AuthRequired(f"that is no address; nothing was saved: {_AGAIN}") from None
    if parts.path.endswith("/oauth/authorize"):
        raise AuthRequired(
            "that is the address of Strava's page: open it, press Authorize, and paste the address where "
            f"the browser ends (it begins with http://localhost); {_AGAIN}"
        )
    if "state=" not in parts.query:
        raise AuthRequired(
            "that is not the whole address (it holds state=, code= and scope=); nothing was saved: "
            f"{_AGAIN} and copy all of it"
        )
    return read_redirect(parts.query, state)


def _only(fields: dict[str, list[str]], name: str) -> str:
    """A field that is there once; one given twice counts as none."""
    values = fields.get(name, [])
    return values[0] if len(values) == 1 else ""


def _denied(error: str) -> str:
    if error == "access_denied":
        return (
            f"the access was refused on Strava's page; nothing was saved. If you change your mind: {_AGAIN}"
        )
    shown = error if re.fullmatch(r"[a-z_]{1,40}", error) else "an unknown error"
    return f"Strava's page answered {shown}; nothing was saved: {_AGAIN}"


class Listener:
    """Waits on 127.0.0.1 for the one answer to `state`; everything else is turned away."""

    def __init__(self, state: str) -> None:
        self.state = state
        self._answers: queue.SimpleQueue[Granted | AuthRequired] = queue.SimpleQueue()
        self._taken: Granted | AuthRequired | None = None
        self._lock = Lock()
        self._server = _RedirectServer(self)

    @property
    def port(self) -> int:
        """A free one, chosen by the system."""
        return self._server.port

    @property
    def uri(self) -> str:
        """Where Strava sends the browser."""
        return f"http://localhost:{self.port}/"

    @contextmanager
    def running(self) -> Iterator[Listener]:
        """Listen until the block ends."""
        with self._server.served(0.02):
            yield self

    def wait(self, timeout_s: float) -> Granted:
        """The answer. Raises AuthRequired when it is a refusal, or none came in time."""
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise AuthRequired(
                f"no answer from Strava's page within {timeout_s / 60:.0f} min; nothing was saved. Where the "
                "browser runs on another machine, use `syncd auth strava --paste`"
            ) from None
        if isinstance(answer, AuthRequired):
            raise answer
        return answer

    def take(self, query: str) -> tuple[int, str]:
        """Judge one answer: the status and the text for the browser. Only the first own one counts."""
        try:
            answer: Granted | AuthRequired = read_redirect(query, self.state)
        except ForeignState:
            return 400, _FOREIGN
        except AuthRequired as refused:
            answer = refused
        with self._lock:
            if self._taken is not None:
                return 410, _FOREIGN
            self._taken = answer
        return 200, _THANKS

    def hand_over(self) -> None:
        """Let `wait` return what was taken: only now, so that the browser has its page before."""
        if self._taken is not None:
            self._answers.put(self._taken)


class _RedirectServer(QuietServer):
    whole_s = _SLOWEST_S
    at_once = _AT_ONCE

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        super().__init__(("127.0.0.1", 0), _RedirectHandler)


class _RedirectHandler(QuietHandler):
    server: _RedirectServer
    most_bytes = _LARGEST_BYTES

    def do_GET(self) -> None:
        """Take the answer; whoever came by another name or to another place gets nothing."""
        port, parts = self.server.listener.port, urlsplit(self.path)
        if self.headers.get_all("Host") not in ([f"localhost:{port}"], [f"127.0.0.1:{port}"]):
            self._say(421, "Not here.")  # another name leads here: a page of the web tries to reach in
        elif parts.path != "/":
            self._say(404, "Nothing here.")
        else:
            status, text = self.server.listener.take(parts.query)
            try:
                self._say(status, text)
            finally:
                self.server.listener.hand_over()

    def _say(self, status: int, text: str) -> None:
        body = _PAGE.format(text=text).encode()
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'",
            "Connection": "close",
        }
        self.send(status, headers, body)
