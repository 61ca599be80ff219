"""Strava's webhook, for those with a public address: a signal to pull, never data.

What comes in is unsigned. It is checked, then forgotten: all it does is call `wake`, and what is
new is pulled from Strava as ever. Polling goes on, only less often.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from syncd import credentials
from syncd.connectors.base import AuthRequired
from syncd.credentials import CredentialError
from syncd.http_server import QuietHandler, QuietServer
from syncd.paths import HOOK_FILE

LARGEST_BYTES = 4096
_WHOLE_S = 2.0  # Strava waits no longer
_AT_ONCE = 32  # our default: requests served side by side
_WITH_HEADERS_BYTES = 16 * 1024  # our default: what reverse proxies allow by themselves is about that
_LONGEST_CHALLENGE = 200
_OBJECTS, _ASPECTS = ("activity", "athlete"), ("create", "update", "delete")


@dataclass(frozen=True, slots=True)
class Hook:
    """What only Strava and this machine know, and the subscription (0 before there is one)."""

    verify_token: str = field(repr=False)
    path: str = field(repr=False)
    subscription_id: int = 0

    def callback_url(self, public_url: str) -> str:
        """What Strava calls."""
        return public_url.rstrip("/") + self.path


@dataclass(frozen=True, slots=True)
class HookFile:
    """The file of it, as private as a login."""

    NAME: ClassVar[str] = HOOK_FILE

    path: Path

    def load(self) -> Hook | None:
        """None where there is none. Raises AuthRequired for a file that must not or cannot be used."""
        try:
            found = credentials.load(self.path)
        except CredentialError as error:
            raise AuthRequired(str(error)) from error
        if found is None:
            return None
        try:
            values = json.loads(found)
            hook = Hook(str(values["verify_token"]), str(values["path"]), int(values["subscription_id"]))
        except (ValueError, TypeError, KeyError, OverflowError):  # its text may quote the file
            raise AuthRequired(f"{self.path} is damaged: run `syncd strava webhook delete`") from None
        if not (hook.verify_token and hook.path.startswith("/")):
            raise AuthRequired(f"{self.path} is damaged: run `syncd strava webhook delete`")
        return hook

    def begun(self) -> Hook:
        """The kept one, else a new one that is on disk when this returns. Raises AuthRequired."""
        kept = self.load()
        if kept is not None:
            return kept
        made = Hook(secrets.token_urlsafe(32), f"/strava/{secrets.token_urlsafe(32)}")
        self.save(made)
        return made

    def save(self, hook: Hook) -> None:
        """Raises AuthRequired."""
        try:
            credentials.save(self.path, json.dumps(asdict(hook)))
        except CredentialError as error:
            raise AuthRequired(str(error)) from error

    def keep_id(self, hook: Hook, subscription_id: int) -> Hook:
        """The hook with its subscription, kept."""
        kept = replace(hook, subscription_id=subscription_id)
        self.save(kept)
        return kept

    def remove(self) -> bool:
        """Whether there was one. Raises AuthRequired."""
        try:
            return credentials.remove(self.path)
        except CredentialError as error:
            raise AuthRequired(str(error)) from error


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What an event claims; nothing of it is used but for the question whether it is meant for us."""

    subscription_id: int
    owner_id: int


def read_event(body: bytes) -> WebhookEvent | None:
    """None for what is no event of Strava."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, Mapping):
        return None
    if found.get("object_type") not in _OBJECTS or found.get("aspect_type") not in _ASPECTS:
        return None
    ids = [found.get(name) for name in ("subscription_id", "owner_id", "object_id")]
    if not all(type(number) is int and number > 0 for number in ids):
        return None
    return WebhookEvent(int(found["subscription_id"]), int(found["owner_id"]))


def handshake(query: str, verify_token: str) -> bytes | None:
    """The answer that proves whose the callback is; None for a question that is not Strava's."""
    fields = parse_qs(query)
    mode, challenge, token = (_only(fields, f"hub.{name}") for name in ("mode", "challenge", "verify_token"))
    if not hmac.compare_digest(token.encode(), verify_token.encode()) or mode != "subscribe":
        return None
    if not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        return None
    return json.dumps({"hub.challenge": challenge}).encode()


def _only(fields: Mapping[str, list[str]], name: str) -> str:
    values = fields.get(name, [])
    return values[0] if len(values) == 1 else ""


class Receiver:
    """Serves Strava's calls behind a reverse proxy.

    `wake` is called without data, after the reply, once for each event meant for `owner_id` (0:
    for anyone), from a thread of its own: it should only set a flag. Duplicates come, and an event
    may come before its run is there. The hook is read anew for each call: it may change meanwhile.
    `whole_s` is the time for one call.
    """

    def __init__(
        self,
        hooks: HookFile,
        wake: Callable[[], None],
        *,
        owner_id: int = 0,
        listen: str = "127.0.0.1",
        port: int = 0,
        whole_s: float = _WHOLE_S,
    ) -> None:
        self.hooks = hooks
        self.wake = wake
        self.owner_id = owner_id
        self.whole_s = whole_s
        self._listen = (listen, port)
        self._server: _WebhookServer | None = None

    @property
    def port(self) -> int:
        """Where it listens while it is running."""
        return self._server.port if self._server else self._listen[1]

    def open(self) -> None:
        """Take the port, so that a fault shows before anything is begun. Raises OSError."""
        self._opened()

    def _opened(self) -> _WebhookServer:
        if self._server is None:
            self._server = _WebhookServer(self, self._listen)
        return self._server

    @contextmanager
    def running(self) -> Iterator[Receiver]:
        """Serve until the block ends. Raises OSError where the port is taken."""
        try:
            with self._opened().served(0.05):
                yield self
        finally:
            self._server = None

    def hook_at(self, path: str) -> Hook | None:
        """The hook that is meant by a path; a proxy may have left something in front of it."""
        try:
            hook = self.hooks.load()
        except AuthRequired:
            return None
        if hook is None or not hmac.compare_digest(path[-len(hook.path) :].encode(), hook.path.encode()):
            return None
        return hook

    def concerns_us(self, event: WebhookEvent, hook: Hook) -> bool:
        """Whether it is our subscription's, and our athlete's: an app has one for all its athletes."""
        return event.subscription_id == hook.subscription_id and self.owner_id in (0, event.owner_id)


class _WebhookServer(QuietServer):
    request_queue_size = 4 * _AT_ONCE
    at_once = _AT_ONCE

    def __init__(self, receiver: Receiver, address: tuple[str, int]) -> None:
        self.receiver = receiver
        self.whole_s = receiver.whole_s
        super().__init__(address, _WebhookHandler)


class _WebhookHandler(QuietHandler):
    server: _WebhookServer
    most_bytes = _WITH_HEADERS_BYTES

    def do_GET(self) -> None:
        """Strava asks whether the callback is ours."""
        parts = urlsplit(self.path)
        hook = self.server.receiver.hook_at(parts.path)
        if hook is None:
            self._say(404)
            return
        proof = handshake(parts.query, hook.verify_token)
        self._say(403) if proof is None else self._say(200, proof)

    def do_POST(self) -> None:
        """Strava reports that something changed."""
        receiver = self.server.receiver
        hook = receiver.hook_at(urlsplit(self.path).path)
        length = self.headers.get("Content-Length", "")
        if hook is None:
            self._say(404)
        elif not (length.isascii() and length.isdigit()):
            self._say(411)
        elif len(length) > len(str(LARGEST_BYTES)) or int(length) > LARGEST_BYTES:
            self._say(413)
        else:
            self._take(hook, self.rfile.read(int(length)), int(length))

    def _take(self, hook: Hook, body: bytes, length: int) -> None:
        """Reply first: Strava waits two seconds, and whether it hears us changes nothing."""
        receiver = self.server.receiver
        event = read_event(body) if len(body) == length else None
        try:
            self._say(400 if event is None else 200)
        finally:
            if event is not None and receiver.concerns_us(event, hook):
                receiver.wake()

    def _say(self, status: int, body: bytes = b"") -> None:
        headers = {
            "Content-Type": "application/json",
            "X-Content-Type-Options": "nosniff",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        self.send(status, headers, body)
