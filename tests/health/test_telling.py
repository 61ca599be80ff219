"""A message that did not go out is remembered until one does; its address never is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from syncd.cli.main import main


def closed() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/canary"


@contextmanager
def heard() -> Iterator[str]:
    """An address that takes every message."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/canary"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def heartbeat(lived, url: str, monkeypatch) -> int:
    lived.configured(f'[daemon]\nheartbeat_url = "{url}"\n')
    monkeypatch.setenv("SYNCD_NOW", lived.now.isoformat())
    code = main(["tell"])
    monkeypatch.delenv("SYNCD_NOW")
    return code


def test_a_heart_beat_that_fails_is_named_until_it_is_heard_again(lived, monkeypatch):
    assert heartbeat(lived, closed(), monkeypatch) == 1
    found = lived.complaints()["last message"]
    assert found.text == "the heart-beat address cannot be reached (0 s ago)"
    assert found.command == "syncd doctor --notify"
    assert "canary" not in lived.database.read_bytes().decode("latin-1")
    with heard() as url:
        assert heartbeat(lived, url, monkeypatch) == 0
    assert "last message" not in lived.complaints()


def test_what_no_longer_is_wanted_is_no_longer_missed(lived, monkeypatch):
    heartbeat(lived, closed(), monkeypatch)
    lived.configured("")
    assert "last message" not in lived.complaints()


def test_a_state_that_cannot_be_written_does_not_keep_a_message_back(lived, monkeypatch):
    lived.database.write_bytes(b"x" * 5000)
    assert heartbeat(lived, closed(), monkeypatch) == 1  # for the address, not for the database
