"""What the garminconnect library sends goes through here, by whatever names it sends it.

Each release calls its sessions otherwise, and makes them where it likes; all of them take them from
the same two HTTP libraries. While one of our calls into the library runs, those two are ours in its
modules: pinned to the service, shown to whoever watches, sent to a stand-in where one is configured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import BaseAdapter

from syncd.connectors.garmin.replies import read_whole
from syncd.connectors.pinned_session import NotAsked, PinnedSession, PointsElsewhere
from syncd.renewal import LONGEST_S
from syncd.service_address import origin_of

try:
    from syncd.connectors.garmin import curl_wire
except ImportError:  # curl_cffi is an optional part of the library
    curl_wire = None  # type: ignore[assignment]

_OTHERS = ("httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "niquests", "primp", "tls_client")
_METHODS = ("request", "get", "head", "post", "put", "patch", "delete", "options")
_CONNECT_S, _SILENCE_S = 5.0, 20.0  # our defaults, together below LONGEST_S

Watch = Callable[..., None]
_found: list[tuple[ModuleType, str, Any]] = []
_seen = 0


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """An answer of a rehearsal."""

    status: int
    content: bytes = b"{}"


@dataclass(slots=True)
class Wire:
    """How one client of the library reaches the service.

    `places` are addresses instead of the real ones, by the first word of the host. `watch` sees each
    answer of the API before the library does; `judge` each answer to a POST. `rehearsed` answers
    instead of the network.
    """

    china: bool = False
    places: dict[str, str] = field(default_factory=dict)
    watch: Watch | None = None
    judge: Callable[[Any], None] | None = None
    lost: Callable[[], None] | None = None
    rehearsed: Callable[[str, str, Any], CannedAnswer] | None = None
    sent_elsewhere: bool = False
    limit_s: float = LONGEST_S  # for a whole request through libcurl, which `deadline` does not see

    def __post_init__(self) -> None:
        _look_through(library_modules())

    @property
    def domain(self) -> str:
        """Of all hosts of the service."""
        return "garmin.cn" if self.china else "garmin.com"

    def address(self, url: str) -> str:
        """Where a request of the library really goes. Raises NotAsked for another's host."""
        try:
            _, host, _ = origin_of(url)
            if not any(host.endswith(f".{domain}") for domain in ("garmin.com", "garmin.cn")):
                return self._among_the_configured(url)
        except ValueError:
            raise NotAsked("not an address of Garmin") from None
        place = self.places.get(host.partition(".")[0], "")
        if not place:
            return url
        here, there = urlsplit(url), urlsplit(place)
        base = there.path.removesuffix(here.path).rstrip("/")  # the place of tokens is a whole address
        return urlunsplit((there.scheme, there.netloc, base + here.path, here.query, ""))

    def _among_the_configured(self, url: str) -> str:
        if origin_of(url) not in {origin_of(place) for place in self.places.values() if place}:
            raise NotAsked("not an address of Garmin")
        return url

    def judged(self, method: str, send: Callable[[], Any]) -> Any:
        """The answer to a request, after it was judged."""
        try:
            answer = send()
        except OSError as error:  # the errors of both HTTP libraries are
            self.sent_elsewhere = self.sent_elsewhere or isinstance(error, PointsElsewhere | NotAsked)
            if self.lost is not None and method == "POST":
                self.lost()
            raise
        if self.judge is not None and method == "POST":
            self.judge(answer)
        return answer

    def session(self) -> PinnedSession:
        """One of the requests library."""
        return _WiredSession(self)

    @contextmanager
    def in_place(self, limit_s: float = LONGEST_S) -> Iterator[None]:
        """Let the library's modules use it, until the block ends; no request takes longer than `limit_s`."""
        self.limit_s = limit_s
        ours, places = self._ours(), places_of_http()
        kept = [(module, name, vars(module)[name]) for module, name, _ in places]
        try:
            for module, name, theirs in places:
                setattr(module, name, ours[id(theirs)])
            yield
        finally:
            for module, name, before in kept:
                setattr(module, name, before)

    def _ours(self) -> dict[int, Any]:
        """What takes the place of what, by the identity of the latter."""
        made: dict[int, Any] = _instead_of(requests, self.session)
        if curl_wire is not None:
            made |= _instead_of(curl_wire.THEIRS, lambda **more: curl_wire.WiredCurl(self, **more))
        return made


def places_of_http() -> list[tuple[ModuleType, str, Any]]:
    """Where the library's modules name something of an HTTP library that is ours to pin, and what it is."""
    if len(sys.modules) != _seen:
        _look_through(library_modules())
    return [place for place in _found if sys.modules.get(place[0].__name__) is place[0]]


def _look_through(modules: list[ModuleType]) -> None:
    """Find what came since, also while ours are in place."""
    global _seen  # noqa: PLW0603 - how many modules there were
    theirs, known = {id(thing) for thing in _things_of_http()}, {(id(place[0]), place[1]) for place in _found}
    for module in modules:
        for name, value in list(vars(module).items()):
            if id(value) in theirs and (id(module), name) not in known:
                _found.append((module, name, value))
    _seen = len(sys.modules)


def _things_of_http() -> list[Any]:
    found: list[Any] = []
    for theirs in (requests, *(() if curl_wire is None else (curl_wire.THEIRS,))):
        found += [
            theirs,
            theirs.Session,
            *(getattr(theirs, name) for name in _METHODS if hasattr(theirs, name)),
        ]
    return found


def library_modules() -> list[ModuleType]:
    """Those of the library that are loaded."""
    return [
        module
        for name, module in list(sys.modules.items())
        if module is not None and name.partition(".")[0] == "garminconnect"
    ]


def ways_around() -> list[str]:
    """HTTP libraries that its modules use and that are not ours to pin."""
    others = {id(sys.modules[name]): name for name in _OTHERS if name in sys.modules}
    used = {id(value) for module in library_modules() for value in vars(module).values()}
    return sorted(name for key, name in others.items() if key in used)


def _instead_of(theirs: Any, session: Callable[..., Any]) -> dict[int, Any]:
    """The module, its class of sessions, and its functions that make one for each request."""
    calls = {name: _one_request(session, name) for name in _METHODS if hasattr(theirs, name)}
    module = _Instead(theirs, Session=session, session=session, **calls)
    functions = {id(getattr(theirs, name)): call for name, call in calls.items()}
    return {id(theirs): module, id(theirs.Session): session, **functions}


def _one_request(session: Callable[..., Any], name: str) -> Callable[..., Any]:
    def call(*positional: Any, **more: Any) -> Any:
        with session() as made:
            return getattr(made, name)(*positional, **more)

    return call


class _Instead:
    """A module with other things under some of its names."""

    def __init__(self, theirs: ModuleType, **others: Any) -> None:
        self._theirs = theirs
        vars(self).update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._theirs, name)


class _WiredSession(PinnedSession):
    """One that the library takes for its own."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire, self._until_s = wire, 0.0
        self.hooks["response"].append(self._see)

    def request(self, method: str, url: str, *positional: Any, **more: Any) -> requests.Response:  # type: ignore[override]
        """One request to where the wire leads."""
        self._until_s = time.monotonic() + LONGEST_S
        self.trust_env = self._wire.rehearsed is None
        if isinstance(more.get("timeout"), int | float):
            more["timeout"] = (min(_CONNECT_S, more["timeout"]), min(_SILENCE_S, more["timeout"]))
        ask: Any = super().request
        answer: requests.Response = self._wire.judged(
            method, lambda: ask(method, self._wire.address(str(url)), *positional, **more)
        )
        return answer

    def get_adapter(self, url: str) -> BaseAdapter:
        """The network, or the rehearsal."""
        if self._wire.rehearsed is not None:
            return _Rehearsal(self._wire.rehearsed)
        return super().get_adapter(url)

    def _see(self, response: requests.Response, *_: Any, **__: Any) -> None:
        if self._wire.watch is not None:
            self._wire.watch(response)
        elif self._wire.rehearsed is None:
            read_whole(response, self._until_s)


class _Rehearsal(BaseAdapter):
    """Answers from memory."""

    def __init__(self, answer: Callable[[str, str, Any], CannedAnswer]) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The answer to one request."""
        canned = self._answer(request.method or "", request.url or "", request)
        response = requests.Response()
        response.status_code, response.url, response.request = canned.status, request.url or "", request
        response._content = canned.content
        response._content_consumed = True
        response.headers["Content-Type"] = "application/json"
        return response

    def close(self) -> None:
        """Nothing is open."""
