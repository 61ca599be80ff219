"""Services on 127.0.0.1 that answer a byte at a time, each soon enough for the time-out of a socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PAUSE_S = 0.02
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

# What comes at once, and what then comes byte by byte for ever.
KINDS = {
    "nothing": (b"", b""),
    "a status line": (b"", b"HTTP/1.1 200 OK" + b"k" * 60_000),
    "headers": (_HEAD, b"X-More: of it\r\n"),
    "a header without an end": (_HEAD, b"x"),
    "a body of a length": (_HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "a body without a length": (_HEAD + b"\r\n", b" "),
    "chunks": (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a chunk without an end": (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "answers to wait": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@contextmanager
def dribbling(kind: str) -> Iterator[str]:
    """The address of such a service."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        server.settimeout(5)
        serving = threading.Thread(target=_accept, args=(server, *KINDS[kind], ended), daemon=True)
        serving.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            serving.join(5)


def _accept(server: socket.socket, at_once: bytes, then: bytes, ended: threading.Event) -> None:
    with suppress(OSError):
        while not ended.is_set():
            client, _ = server.accept()
            threading.Thread(target=_answer, args=(client, at_once, then, ended), daemon=True).start()


def _answer(client: socket.socket, at_once: bytes, then: bytes, ended: threading.Event) -> None:
    with client, suppress(OSError):
        client.sendall(at_once)
        place = 0
        while not ended.wait(PAUSE_S):
            if then:
                client.sendall(then[place % len(then) : place % len(then) + 1])
                place += 1
