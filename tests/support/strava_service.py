"""The stand-in's routes for Strava behind a plain server on 127.0.0.1."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from syncd.http_server import QuietHandler, QuietServer
from syncd.sandbox.garmin.answers import Request, StandInReply, refusal
from syncd.sandbox.strava.oauth import Logins, answer_oauth

Route = Callable[[Request, float], StandInReply | None]


@dataclass
class StravaService:
    """A running one. `instead` answers the next requests of a path; `ahead_s` moves its clock."""

    account: Logins = field(default_factory=Logins)
    instead: dict[str, StandInReply] = field(default_factory=dict)
    more: list[Route] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    ahead_s: float = 0.0
    url: str = ""

    def answer(self, request: Request) -> StandInReply:
        self.requests.append(f"{request.method} {request.path}")
        if request.path in self.instead:
            return self.instead[request.path]
        now_s = time.time() + self.ahead_s
        for route in (lambda r, s: answer_oauth(self.account, r, s), *self.more):
            found = route(request, now_s)
            if found is not None:
                return found
        return refusal(404, "NotFound")


@contextmanager
def strava_running(**more) -> Iterator[StravaService]:
    service = StravaService(**more)

    class Handler(QuietHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            signed = self.headers.get("Authorization", "")
            reply = service.answer(Request(self.command, parts.path, query, body, signed))
            length = {} if reply.status == 204 else {"Content-Length": str(len(reply.body))}
            self.send(reply.status, {"Content-Type": reply.kind, **length, **reply.headers}, reply.body)

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names the base class calls

    server = QuietServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.port}"
    with server.served(0.01):
        yield service
