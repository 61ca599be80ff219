"""The stand-in as an HTTP service on 127.0.0.1."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from syncd.sandbox.garmin.answers import Answer, Request
from syncd.sandbox.garmin.faults import Fault, Faults
from syncd.sandbox.strava.account import Account
from syncd.sandbox.strava.oauth import refused
from syncd.sandbox.strava.routes import answer, headers_of

_PAGE = Answer(403, b"<!DOCTYPE html><title>Attention Required!</title>", "text/html")
_ERROR = Answer(500, b'{"message":"error"}')
_FULL = refused(429, "Rate Limit Exceeded", "Application", "overall rate limit", "exceeded")
_INSTEAD = {
    Fault.TOO_MANY: _FULL,
    Fault.FORBIDDEN_PAGE: _PAGE,
    Fault.ERROR_BEFORE: _ERROR,
    Fault.ERROR_AFTER: _ERROR,
    Fault.PAGE_AFTER: Answer(200, _PAGE.body, _PAGE.kind),
    Fault.WRONG_TYPES_AFTER: Answer(200, b'{"id": [], "laps": "none", "access_token": 3}'),
}
_OVERSIZED_BYTES = 80 * 1024 * 1024  # above any limit of a client; sent in pieces, never held
_PIECE = b" " * (1 << 20)


class Service:
    """A running service. `requests` are those served so far, as `METHOD /path`, in order.

    `now` is its clock, which rate windows and logins go by; `keep` is called after each request,
    before it is answered.
    """

    def __init__(
        self,
        account: Account,
        hang_s: float = 5.0,
        *,
        port: int = 0,
        faults: Faults | None = None,
        now: Callable[[], float] = time.time,
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        self.keep = keep
        self.account = account
        self.faults = faults or Faults()
        self.now = now
        self.requests: list[str] = []
        self.hang_s = hang_s
        self.stopping = threading.Event()
        self.one_at_a_time = threading.Lock()
        self._server = _Server(self, port)

    @property
    def url(self) -> str:
        """Where it listens: `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Service]:
        """Serve until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the requests that are being served

    def __init__(self, service: Service, port: int) -> None:
        self.service = service
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Serve a read."""
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names the base class calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: the service keeps its own list."""

    def _serve(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        request = Request(self.command, parts.path, query, body, self.headers.get("Authorization", ""))
        with service.one_at_a_time:
            now_s = service.now()
            fault = service.faults.next(f"{request.method} {request.path}")
            service.requests.append(f"{request.method} {request.path}")
            carried_out = fault is None or fault.carried_out
            reply = answer(service.account, request, now_s) if carried_out else _ERROR
            counts = headers_of(service.account, request, now_s)
            service.keep()
        self._reply(fault, reply, counts)

    def _reply(self, fault: Fault | None, reply: Answer, counts: dict[str, str]) -> None:
        service = self.server.service
        match fault:
            case None:
                self._send(reply, counts)
            case Fault.TIMEOUT_AFTER:
                service.stopping.wait(service.hang_s)
                self._drop()
            case Fault.DROPPED_BEFORE | Fault.DROPPED_AFTER:
                self._drop()
            case Fault.TOO_MANY_WITH_TIME:
                self._send(_FULL, {**counts, "Retry-After": "120"})
            case Fault.TRUNCATED_AFTER:
                self._send(reply, {**counts, "Content-Length": str(len(reply.body) + 100)})
            case Fault.OVERSIZED_AFTER:
                self._send_pieces(_PIECE, _OVERSIZED_BYTES // len(_PIECE), 0.0)
            case Fault.SLOW_AFTER:
                self._send_pieces(b" ", 100, service.hang_s / 100)
            case _:
                self._send(_INSTEAD[fault], counts)

    def _send(self, reply: Answer, more: dict[str, str]) -> None:
        headers = {
            "Content-Type": reply.kind,
            "Content-Length": str(len(reply.body)),
            **reply.headers,
            **more,
        }
        self.send_response(reply.status)
        for name, value in headers.items():
            if reply.status != 204 or name.startswith("X-"):
                self.send_header(name, value)
        self.end_headers()
        self._write(reply.body)

    def _send_pieces(self, piece: bytes, count: int, pause_s: float) -> None:
        """An answer without an end: too large, or a byte now and then."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        for _ in range(count):
            if pause_s:
                self.server.service.stopping.wait(pause_s)
            if not self._write(piece):
                return

    def _write(self, content: bytes) -> bool:
        try:
            self.wfile.write(content)
        except OSError:
            return False  # the client has gone
        return True

    def _drop(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the client was quicker
