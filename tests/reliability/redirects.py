"""Every kind of request that carries a secret, answered with every kind of redirect to every kind of place.

A stranger listens where the redirect points. One attempt is right where the stranger is never called,
nothing secret is sent again anywhere, nothing that came with the redirect is kept, and the caller
gets one of the few errors.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syncd.connectors.base import ConnectorError
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.login import CodeNeeded, PasswordLogin
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.connectors.messages import call_heartbeat, send
from syncd.connectors.strava.app_calls import App
from syncd.connectors.strava.login import log_in, log_out
from syncd.connectors.strava.oauth import revoke, who_answers
from syncd.connectors.strava.redirect import Granted
from syncd.connectors.strava.subscriptions import ended, listed, subscribed
from syncd.connectors.strava.tokens import Consent
from syncd.connectors.strava.webhook import HookFile
from syncd.http_server import QuietHandler, QuietServer
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import Request, StandInReply
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.stand_in import RequestOutcome, StandIn
from tests.support.strava_scene import SCOPES, OnStrava, on_strava

STATUSES = (300, 301, 302, 303, 304, 305, 307, 308)
PLACES = ("port", "name", "scheme", "relative", "whole", "no scheme", "a name before the host", "nowhere")
STOLEN = "stolen-by-a-stranger"
PASSWORD, CODE = "canary-pass-4711", "123456"
TOKENS = {
    "access_token": STOLEN,
    "refresh_token": STOLEN,
    "expires_at": 4_000_000_000,
    "expires_in": 21_600,
    "responseStatus": {"type": "SUCCESSFUL"},
    "serviceTicketId": STOLEN,
    "id": 5,
}


class Stranger:
    """Takes whatever comes to it, and answers as the service would like to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        stranger = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                stranger.heard.append(f"{self.requestline} {dict(self.headers)} {self.rfile.read(length)!r}")
                self.send(200, {"Content-Type": "application/json"}, json.dumps(TOKENS).encode())

            do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names the base class calls

            def parse_request(self) -> bool:
                if self.raw_requestline[:1] == b"\x16":  # a TLS greeting: it was called
                    stranger.heard.append("a TLS greeting")
                    return False
                return super().parse_request()

        self._server = QuietServer(("127.0.0.1", 0), Handler)

    @contextmanager
    def listening(self) -> Iterator[Stranger]:
        with self._server.served(0.01):
            yield self

    def place(self, kind: str, service: StandIn, path: str) -> str:
        """The address that a redirect names; "" for a redirect without one."""
        port = self._server.port
        return {
            "port": f"http://127.0.0.1:{port}{path}",
            "name": f"http://localhost:{port}{path}",
            "scheme": f"https://127.0.0.1:{port}{path}",
            "relative": "/elsewhere",
            "whole": f"{service.url}/elsewhere",
            "no scheme": f"//127.0.0.1:{port}{path}",
            "a name before the host": f"http://127.0.0.1:{urlsplit(service.url).port}@127.0.0.1:{port}{path}",
            "nowhere": "",
        }[kind]


@dataclass
class Redirecting:
    """A stand-in that answers requests of one kind with a redirect; what it was asked, and then again."""

    service: StandIn
    stranger: Stranger
    begins: str = ""  # the method and the first part of the path
    status: int = 0
    place: str = ""
    asked: int = 0
    again: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        theirs = self.service.answered

        def answered(request: Request) -> RequestOutcome:
            line = f"{request.method} {request.path}"
            if request.path.startswith("/elsewhere"):
                if request.method != "GET" or request.authorization or request.body:
                    self.again.append(line)
                return RequestOutcome(StandInReply(200, json.dumps(TOKENS).encode()))
            if not self.begins or not line.startswith(self.begins):
                return theirs(request)
            self.asked += 1
            target = self.stranger.place(self.place, self.service, request.path)
            headers = {"Location": target} if target else {}
            return RequestOutcome(StandInReply(self.status, json.dumps(TOKENS).encode(), headers=headers))

        self.service.answered = answered  # type: ignore[method-assign]


@dataclass
class Scene:
    """Both services, a login at each, and the stranger."""

    folder: Path
    garmin: Redirecting
    strava_service: Redirecting
    strava: OnStrava

    @property
    def account(self) -> StandInGarminAccount:
        return self.garmin.service.account  # type: ignore[attr-defined, no-any-return]

    def garmin_session(self, *, ended_login: bool = False) -> GarminSession:
        tokens = GarminTokenFile(self.folder / "logins" / "garmin.json")
        tokens.save(self.account.library_tokens(time.time()))
        if ended_login:
            self.account.access.clear()
        return GarminSession(tokens, endpoints=self._endpoints, spacing_s=0.0, timeout_s=5.0)

    @property
    def _endpoints(self) -> Endpoints:
        url = self.garmin.service.url
        return Endpoints(url, f"{url}/di-oauth2-service/oauth/token", url)

    def password_login(self, *, way: str = "mobile", code: str = "") -> PasswordLogin:
        self.account.password, self.account.mfa_code, self.account.open_ways = PASSWORD, code, [way]
        blocked = BudgetFile(GarminBudget)
        return PasswordLogin(self._endpoints, blocked, time.time, sleep=None)

    def strava_login(self, *, ended_login: bool = False) -> Any:
        self.strava.log_in()
        if ended_login:
            self.strava.account.logins.access.clear()
        return self.strava.session(budget=BudgetFile(self.strava.budget.kind))

    @property
    def app(self) -> App:
        logins = self.strava.account.logins
        return App(logins.client_id, logins.client_secret)

    def granted(self) -> Granted:
        code = self.strava.account.logins.new_code(SCOPES, self.strava.clock())
        return Granted(code, tuple(SCOPES))

    def kept(self, at: str) -> str:
        """What is in the file of a login."""
        file = self.folder / "logins" / f"{at}.json"
        return file.read_text() if file.exists() else ""


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Until the block ends."""
    with ExitStack() as stack:
        stranger = stack.enter_context(Stranger().listening())
        garmin = stack.enter_context(GarminStandIn(StandInGarminAccount(), hang_s=1.0).running())
        strava = stack.enter_context(on_strava(folder))
        yield Scene(folder, Redirecting(garmin, stranger), Redirecting(strava.service, stranger), strava)


@dataclass(frozen=True)
class Attempt:
    """One request that carries a secret: which answer is a redirect, and what is done."""

    begins: str
    do: Callable[[Scene], Any]
    at: str = "garmin"


def _finish(scene: Scene, way: str) -> object:
    login = scene.password_login(way=way, code=CODE)
    begun = login.begin("runner@example.org", PASSWORD)
    assert isinstance(begun, CodeNeeded)
    return login.finish(CODE, begun.state)


def _begin(way: str) -> Callable[[Scene], object]:
    return lambda scene: scene.password_login(way=way).begin("runner@example.org", PASSWORD)


LIBRARY, TOKEN = "/workout-service/workouts", "POST /di-oauth2-service/oauth/token"
WORKOUT, FILE = "/workout-service/workout", "/download-service/files/activity/1"
RUNS = "/athlete/activities"


def _hooks(scene: Scene) -> HookFile:
    return HookFile(scene.folder / "hook.json")


def _exchange(scene: Scene) -> object:
    tokens, places = scene.strava.tokens, scene.strava.places
    return log_in(scene.app, scene.granted(), Consent(), tokens, places, sleep=lambda _: None)


def _revoke(scene: Scene) -> object:
    return revoke(scene.strava.places, scene.app, scene.strava.log_in().refresh_token)


def _say(scene: Scene) -> object:
    port = urlsplit(scene.strava.service.url).port
    return send([f"json://runner:canary@127.0.0.1:{port}/say"], "syncd", "a text")


def _log_out(scene: Scene) -> object:
    scene.strava.log_in()
    return log_out(scene.strava.tokens, scene.strava.places)


AT_GARMIN: dict[str, tuple[str, Callable[[Scene], Any]]] = {
    "read": (f"GET {LIBRARY}", lambda s: s.garmin_session().get(LIBRARY)),
    "write": (f"POST {WORKOUT}", lambda s: s.garmin_session().post(WORKOUT, {})),
    "replace": (f"PUT {WORKOUT}", lambda s: s.garmin_session().put(f"{WORKOUT}/1", {})),
    "delete": (f"DELETE {WORKOUT}", lambda s: s.garmin_session().delete(f"{WORKOUT}/1")),
    "download": (
        "GET /download",
        lambda s: s.garmin_session().download("/download-service/files/activity/1"),
    ),
    "renew": (TOKEN, lambda s: s.garmin_session(ended_login=True).get(LIBRARY)),
    "the app's password": ("POST /mobile/api/login", _begin("mobile")),
    "the website's page": ("GET /portal/sso", _begin("portal")),
    "the website's password": ("POST /portal/api/login", _begin("portal")),
    "the frame's page": ("GET /sso/", _begin("widget")),
    "the frame's password": ("POST /sso/signin", _begin("widget")),
    "the app's code": ("POST /mobile/api/mfa", lambda s: _finish(s, "mobile")),
    "the frame's code": ("POST /sso/verifyMFA", lambda s: _finish(s, "widget")),
    "the ticket": (TOKEN, _begin("mobile")),
    "whose": ("GET /userprofile-service", _begin("mobile")),
}
AT_STRAVA: dict[str, tuple[str, Callable[[Scene], Any]]] = {
    "read": (f"GET /api/v3{RUNS}", lambda s: s.strava_login().get(RUNS)),
    "renew": ("POST /oauth/token", lambda s: s.strava_login(ended_login=True).get(RUNS)),
    "the code": ("POST /oauth/token", _exchange),
    "whose": ("GET /api/v3/athlete", lambda s: who_answers(s.strava.places, s.strava.log_in().access_token)),
    "revoke": (
        "POST /oauth/revoke",
        lambda s: revoke(s.strava.places, s.app, s.strava.log_in().refresh_token),
    ),
    "log out": ("POST /oauth/revoke", _log_out),
    "subscriptions": ("GET /api/v3/push", lambda s: listed(s.strava.places, s.app)),
    "subscribe": (
        "POST /api/v3/push",
        lambda s: subscribed(s.strava.places, s.app, "https://me.example.org", _hooks(s)),
    ),
    "unsubscribe": ("GET /api/v3/push", lambda s: ended(s.strava.places, s.app, _hooks(s))),
    "a message": ("POST /say", _say),
    "the monitor": ("POST /ping", lambda s: call_heartbeat(f"{s.strava.service.url}/ping/canary", "trouble")),
}
ATTEMPTS = {
    f"{at}: {name}": Attempt(begins, do, at)
    for at, attempts in (("garmin", AT_GARMIN), ("strava", AT_STRAVA))
    for name, (begins, do) in attempts.items()
}


@dataclass
class Told:
    """What a sweep did: `wrong` are sentences, `never_asked` the attempts in which no redirect was met."""

    tries: int = 0
    never_asked: set[str] = field(default_factory=lambda: set(ATTEMPTS))
    wrong: list[str] = field(default_factory=list)


def sweep(scene: Scene, *, every: int, stop_at_first: bool = False) -> Told:
    """Each attempt with each status and place, or one of `every` so many of these pairs."""
    told = Told()
    pairs = list(itertools.product(STATUSES, PLACES))
    for number, (name, attempt) in enumerate(ATTEMPTS.items()):
        for status, place in pairs[number % every :: every]:
            told.tries += 1
            wrong, asked = _tried(scene, attempt, status, place)
            if asked:
                told.never_asked.discard(name)
            told.wrong += [f"{name}, {status} to {place}: {what}" for what in wrong]
            if wrong and stop_at_first:
                return told
    return told


def _tried(scene: Scene, attempt: Attempt, status: int, place: str) -> tuple[list[str], int]:
    at = scene.garmin if attempt.at == "garmin" else scene.strava_service
    stranger = at.stranger
    stranger.heard.clear()
    at.again.clear()
    at.begins, at.status, at.place, at.asked = attempt.begins, status, place, 0
    wrong = []
    given: object = ""
    (scene.folder / "logins" / f"{attempt.at}.json").unlink(missing_ok=True)
    try:
        with suppress(ConnectorError):
            given = attempt.do(scene)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        wrong.append(f"ends in {type(error).__name__}")
    finally:
        at.begins = ""
    wrong += [f"the stranger heard {line[:60]}" for line in stranger.heard[:1]]
    wrong += [f"sent again: {line}" for line in at.again[:1]]
    if STOLEN in repr(given) + str(getattr(given, "tokens", "")) + scene.kept(attempt.at):
        wrong.append("what came with the redirect was taken for an answer")
    return wrong, at.asked
