"""A little HTTP server of our own: it serves while a block runs, and logs nothing.

Whoever is slow is cut off: `whole_s` is the time for a whole call, not for each piece of it. There is
room for `at_once` calls; one more takes the place of the oldest, because a good call takes milliseconds
and those that fill the room have had longer.
"""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import monotonic
from typing import Any


class QuietServer(ThreadingHTTPServer):
    """A thread a request. `address` is a host, also of IPv6, and a port; 0 is a free one. Raises OSError."""

    daemon_threads = True
    whole_s: float | None = None
    at_once: int | None = None

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self._calls: dict[socket.socket, float] = {}  # since when, the oldest first
        self._changing = Lock()
        super().__init__(address, handler)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @contextmanager
    def served(self, poll_s: float) -> Iterator[None]:
        """Serve until the block ends, then close; `poll_s`: how soon the end is seen."""
        thread = Thread(target=self.serve_forever, args=(poll_s,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self._end_calls()
            self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own; the oldest call makes room where there is none."""
        with self._changing:
            if self.at_once is not None and len(self._calls) >= self.at_once:
                oldest = next(iter(self._calls))
                del self._calls[oldest]  # its thread may take a moment to notice
                _hang_up(oldest)
            self._calls[request] = monotonic()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one call, then make room."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._over(request)

    def service_actions(self) -> None:
        """Cut off those that take too long; the loop comes here several times a second."""
        if self.whole_s is None:
            return
        with self._changing:
            late = [call for call, since in self._calls.items() if monotonic() - since > self.whole_s]
            for call in late:
                _hang_up(call)

    def _end_calls(self) -> None:
        """Those of threads that nobody waits for."""
        if self.daemon_threads:
            with self._changing:
                for call in self._calls:
                    _hang_up(call)

    def _over(self, request: Any) -> None:
        with self._changing:
            self._calls.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is not reported."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _hang_up(call: socket.socket) -> None:
    """End it: its thread finds the connection closed."""
    with suppress(OSError):
        call.shutdown(socket.SHUT_RDWR)


class _Limited(io.RawIOBase):
    """What a caller sends, up to so many bytes: headers may be as many and as long as HTTP allows."""

    def __init__(self, source: Any, most_bytes: int) -> None:
        self._source, self._left = source, most_bytes

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Nothing more once the limit is reached, as if the caller had gone."""
        view = memoryview(buffer)[: self._left]
        got = self._source.readinto(view) or 0 if view else 0
        self._left -= got
        return got

    def close(self) -> None:
        """The connection stays open as long as this reads from it."""
        self._source.close()
        super().close()


class QuietHandler(BaseHTTPRequestHandler):
    """Serves one request; what is asked for may be a secret, and is not logged.

    `most_bytes`: a request may be that large, with its headers; None: as large as it likes.
    """

    most_bytes: int | None = None

    def setup(self) -> None:
        """Read no more than is allowed."""
        super().setup()
        if self.most_bytes is not None:
            unbuffered = self.connection.makefile("rb", buffering=0)
            self.rfile.close()
            self.rfile = io.BufferedReader(_Limited(unbuffered, self.most_bytes))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Log nothing."""

    def send(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
