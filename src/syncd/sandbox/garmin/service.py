"""The stand-in as an HTTP service on 127.0.0.1."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.answers import Answer, Request, refusal
from syncd.sandbox.garmin.faults import Fault, Faults
from syncd.sandbox.garmin.routes import answer
from syncd.sandbox.garmin.sso import TOKEN_PATH

_PAGE = Answer(403, b"<!DOCTYPE html><title>Attention Required!</title>", "text/html")
_INSTEAD = {
    Fault.TOO_MANY: refusal(429, "TooManyRequests"),
    Fault.FORBIDDEN_PAGE: _PAGE,
    Fault.ERROR_BEFORE: refusal(500, "InternalServerError"),
    Fault.ERROR_AFTER: refusal(500, "InternalServerError"),
    Fault.PAGE_AFTER: Answer(200, _PAGE.body, _PAGE.kind),
    Fault.WRONG_TYPES_AFTER: Answer(200, b'{"workoutId": [], "calendarItems": "none", "workouts": 3}'),
}
_OVERSIZED_BYTES = 80 * 1024 * 1024  # above any limit of a client; sent in pieces, never held
_PIECE = b" " * (1 << 20)


class Service:
    """A running service. `requests` are those served so far, as `METHOD /path`, in order.

    `port` 0 is a free one. `keep` is called after everything that may have changed the account;
    `control` answers what is no request to Garmin, None for what it does not know.
    """

    def __init__(
        self,
        account: Account,
        hang_s: float = 5.0,
        *,
        port: int = 0,
        faults: Faults | None = None,
        keep: Callable[[], None] = lambda: None,
        control: Callable[[Request], Answer | None] = lambda _: None,
    ) -> None:
        self.account = account
        self.faults = faults or Faults()
        self.keep = keep
        self.control = control
        self.requests: list[str] = []
        self.hang_s = hang_s
        self.stopping = threading.Event()
        self.one_at_a_time = threading.Lock()
        self._server = _Server(self, port)

    @property
    def url(self) -> str:
        """Where it listens: `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def token_url(self) -> str:
        """Where tokens are refreshed."""
        return f"{self.url}{TOKEN_PATH}"

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
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        request = Request(
            self.command,
            parts.path,
            query,
            body,
            authorization=self.headers.get("Authorization", ""),
            cookie=self.headers.get("Cookie", ""),
        )
        with service.one_at_a_time:
            controlled = service.control(request)
            fault = service.faults.next(f"{request.method} {request.path}") if controlled is None else None
            carried_out = fault is None or fault.carried_out
            if controlled is None:
                service.requests.append(f"{request.method} {request.path}")
                reply = answer(service.account, request, time.time()) if carried_out else None
            else:
                reply = controlled
            if request.method != "GET":
                service.keep()
        self._reply(fault, reply or refusal(500, "InternalServerError"))

    def _reply(self, fault: Fault | None, reply: Answer) -> None:
        match fault:
            case None:
                self._send(reply)
            case Fault.TIMEOUT_AFTER:
                self.server.service.stopping.wait(self.server.service.hang_s)
                self._drop()
            case Fault.DROPPED_BEFORE | Fault.DROPPED_AFTER:
                self._drop()
            case Fault.TOO_MANY_WITH_TIME:
                self._send(refusal(429, "TooManyRequests"), {"Retry-After": "120"})
            case Fault.TRUNCATED_AFTER:
                self._send(reply, {"Content-Length": str(len(reply.body) + 100)})
            case Fault.OVERSIZED_AFTER:
                self._send_endless()
            case Fault.SLOW_AFTER:
                self._send_slowly()
            case _:
                self._send(_INSTEAD[fault])

    def _send(self, reply: Answer, more: dict[str, str] | None = None) -> None:
        headers = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body))}
        headers |= {**reply.headers, **(more or {})}
        if reply.cookie:
            headers["Set-Cookie"] = f"{reply.cookie}; Path=/; HttpOnly"
        self.send_response(reply.status)
        for name, value in headers.items():
            if reply.status != 204:
                self.send_header(name, value)
        self.end_headers()
        self._write(reply.body)

    def _send_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        for _ in range(_OVERSIZED_BYTES // len(_PIECE)):
            if not self._write(_PIECE):
                return

    def _send_slowly(self) -> None:
        """A byte now and then, each in time, until `hang_s` is over."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        for _ in range(100):
            self.server.service.stopping.wait(self.server.service.hang_s / 100)
            if not self._write(b" "):
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
