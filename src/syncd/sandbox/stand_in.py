"""A stand-in as an HTTP service on 127.0.0.1, with answers that can go wrong in every known way."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlsplit

from syncd.http_server import QuietHandler, QuietServer
from syncd.sandbox.garmin.answers import Request, StandInReply
from syncd.sandbox.garmin.faults import Fault, Faults

_PAGE = StandInReply(403, b"<!DOCTYPE html><title>Attention Required!</title>", "text/html")
_OVERSIZED_BYTES = 80 * 1024 * 1024  # above any limit of a client; sent in pieces, never held
_PIECE = b" " * (1 << 20)
_OF_A_BODY = ("Content-Type", "Content-Length")


@dataclass(frozen=True, slots=True)
class Wording:
    """How a service words its errors; `wrong_types` is data of an unexpected shape."""

    too_many: StandInReply
    error: StandInReply
    wrong_types: bytes

    def instead(self, fault: Fault) -> StandInReply:
        """The answer that replaces the right one."""
        return {
            Fault.TOO_MANY: self.too_many,
            Fault.FORBIDDEN_PAGE: _PAGE,
            Fault.ERROR_BEFORE: self.error,
            Fault.ERROR_AFTER: self.error,
            Fault.PAGE_AFTER: StandInReply(200, _PAGE.body, _PAGE.kind),
            Fault.WRONG_TYPES_AFTER: StandInReply(200, self.wrong_types),
        }[fault]


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """The reply to a request, the fault that it meets on its way back, and the headers of every answer."""

    reply: StandInReply
    fault: Fault | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class StandIn(ABC):
    """A running service. `requests` are those served so far, as `METHOD /path`, in order.

    `port` 0 is a free one. `keep` is called where the account may have changed, before the answer.
    """

    wording: Wording

    def __init__(self, *, hang_s: float, port: int, faults: Faults | None, keep: Callable[[], None]) -> None:
        self.faults = faults or Faults()
        self.keep = keep
        self.requests: list[str] = []
        self.hang_s = hang_s
        self.stopping = threading.Event()
        self.one_at_a_time = threading.Lock()
        self._server = _StandInServer(self, port)

    @abstractmethod
    def answered(self, request: Request) -> RequestOutcome:
        """Carry out one request at a time."""

    @property
    def url(self) -> str:
        """Where it listens: `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.port}"

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve until the block ends."""
        with self._server.served(0.01):
            try:
                yield self
            finally:
                self.stopping.set()

    def fault_for(self, request: Request) -> Fault | None:
        """The fault that this request meets; the request is noted among those served."""
        line = f"{request.method} {request.path}"
        fault = self.faults.next(line)
        self.requests.append(line)
        return fault


class _StandInServer(QuietServer):
    daemon_threads = False  # closing waits for the requests that are being served

    def __init__(self, service: StandIn, port: int) -> None:
        self.service = service
        super().__init__(("127.0.0.1", port), _StandInHandler)


class _StandInHandler(QuietHandler):
    server: _StandInServer

    def do_GET(self) -> None:
        """Serve a request."""
        parts = urlsplit(self.path)
        request = Request(
            self.command,
            parts.path,
            {name: values[-1] for name, values in parse_qs(parts.query).items()},
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            authorization=self.headers.get("Authorization", ""),
            cookie=self.headers.get("Cookie", ""),
        )
        with self.server.service.one_at_a_time:
            outcome = self.server.service.answered(request)
        with suppress(OSError):  # the client has gone
            self._answer(outcome)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names the base class calls

    def _answer(self, outcome: RequestOutcome) -> None:
        service, reply, more = self.server.service, outcome.reply, dict(outcome.headers)
        match outcome.fault:
            case None:
                self._say(reply, more)
            case Fault.TIMEOUT_AFTER:
                service.stopping.wait(service.hang_s)
                self._drop()
            case Fault.DROPPED_BEFORE | Fault.DROPPED_AFTER:
                self._drop()
            case Fault.TOO_MANY_WITH_TIME:
                self._say(service.wording.too_many, {**more, "Retry-After": "120"})
            case Fault.TRUNCATED_AFTER:
                self._say(reply, {**more, "Content-Length": str(len(reply.body) + 100)})
            case Fault.OVERSIZED_AFTER:
                self._say_pieces(_PIECE, _OVERSIZED_BYTES // len(_PIECE), 0.0)
            case Fault.SLOW_AFTER:
                self._say_pieces(b" ", 100, service.hang_s / 100)
            case fault:
                self._say(service.wording.instead(fault), more)

    def _say(self, reply: StandInReply, more: Mapping[str, str]) -> None:
        headers = {
            "Content-Type": reply.kind,
            "Content-Length": str(len(reply.body)),
            **reply.headers,
            **more,
        }
        if reply.cookie:
            headers["Set-Cookie"] = f"{reply.cookie}; Path=/; HttpOnly"
        if reply.status == 204:
            headers = {name: value for name, value in headers.items() if name not in _OF_A_BODY}
        self.send(reply.status, headers, reply.body)

    def _say_pieces(self, piece: bytes, count: int, pause_s: float) -> None:
        """An answer without an end: too large, or one byte now and then, each just before a timeout."""
        self.send(200, {"Content-Type": "application/json"})
        for _ in range(count):
            if pause_s:
                self.server.service.stopping.wait(pause_s)
            self.wfile.write(piece)

    def _drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):  # the client closed it first
            self.connection.shutdown(socket.SHUT_RDWR)
