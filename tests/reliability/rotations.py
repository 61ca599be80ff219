"""A signal at every point of the renewal of a login: before, in, and after the answer that spends the token.

A point is a line of ours or of the services' libraries. One try is right where the signal has its
effect, the login on disk is the one that the service knows, and the next process can use it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import syncd
from syncd.connectors import deadline
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.connectors.strava.app_calls import App
from syncd.connectors.strava.login import log_in
from syncd.connectors.strava.redirect import Granted
from syncd.connectors.strava.tokens import Consent
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.strava_scene import SCOPES, OnStrava, on_strava

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)
_TRACED = (f"{Path(syncd.__file__).parent}/", "/garminconnect/", "/stravalib/", "contextlib.py")
LIBRARY, RUNS = "/workout-service/workouts", "/athlete/activities"


class Interrupted(BaseException):
    """What the handler of a signal raises, as the command line's own does."""


class Login:
    """One login at one service: `begin` makes it due for renewal, `renew` does it."""

    def begin(self) -> None: ...

    def renew(self) -> None: ...

    def is_alive(self) -> bool:
        """Whether the service knows what is on disk."""
        raise NotImplementedError


@dataclass
class AtGarmin(Login):
    service: GarminStandIn
    tokens: GarminTokenFile

    opened: GarminSession | None = None

    def begin(self) -> None:
        self.tokens.save(self.service.account.library_tokens(time.time()))
        self.opened = self._session()
        self.opened.get(LIBRARY)
        self.service.account.access.clear()

    def _session(self) -> GarminSession:
        endpoints = Endpoints(self.service.url, self.service.token_url)
        return GarminSession(self.tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=5.0)

    def renew(self) -> None:
        assert self.opened is not None
        self.opened.get(LIBRARY)

    def is_alive(self) -> bool:
        if f'"{self.service.account.refresh}"' not in self.tokens.load():
            return False
        return self._session().get(LIBRARY) == []


@dataclass
class AtStrava(Login):
    scene: OnStrava
    opened: Any = None

    def begin(self) -> None:
        self.scene.log_in()
        self.opened = self._session()
        self.opened.get(RUNS)
        self.scene.account.logins.access.clear()

    def _session(self) -> Any:
        return self.scene.session(budget=BudgetFile(self.scene.budget.kind))

    def renew(self) -> None:
        self.opened.get(RUNS)

    def is_alive(self) -> bool:
        if self.scene.tokens.load().refresh_token not in self.scene.account.logins.refresh:
            return False
        return self._session().get(RUNS) == []


@dataclass
class NewAtStrava(AtStrava):
    """The first login: what is spent is a code."""

    code: str = ""

    def begin(self) -> None:
        self.scene.tokens.remove()
        self.code = self.scene.account.logins.new_code(SCOPES, self.scene.clock())

    def renew(self) -> None:
        logins, places = self.scene.account.logins, self.scene.places
        app, granted = App(logins.client_id, logins.client_secret), Granted(self.code, tuple(SCOPES))
        log_in(app, granted, Consent(), self.scene.tokens, places, sleep=lambda _: None)

    def is_alive(self) -> bool:
        """A code that was not spent can be spent still."""
        if self.code in self.scene.account.logins.codes:
            self.renew()
        return super().is_alive()


@contextmanager
def logins(folder: Path) -> Iterator[dict[str, Login]]:
    """One at each service, until the block ends."""
    with GarminStandIn(StandInGarminAccount()).running() as garmin, on_strava(folder / "strava") as strava:
        strava.account.meter.overall = strava.account.meter.reads = (1_000_000, 1_000_000)
        tokens = GarminTokenFile(folder / "garmin" / "garmin.json")
        yield {"garmin": AtGarmin(garmin, tokens), "strava": AtStrava(strava), "new": NewAtStrava(strava)}


@dataclass
class Points:
    """Counts the lines that are run, and raises a signal at one of them (0: at none)."""

    at: int = 0
    number: int = signal.SIGTERM
    count: int = 0
    fired: bool = False
    where: str = ""
    keeping_at: int = 0  # where the new login is written

    def trace(self, frame: FrameType, event: str, _: object) -> Any:
        if not any(part in frame.f_code.co_filename for part in _TRACED):
            return None
        if event == "line":
            self.count += 1
            if frame.f_code.co_name == "_keep" and not self.keeping_at:
                self.keeping_at = self.count
            if self.count == self.at:
                self.fired, self.where = True, f"{frame.f_code.co_filename}:{frame.f_lineno}"
                sys.settrace(None)
                signal.raise_signal(self.number)
        return self.trace

    def run(self, work: Callable[[], None]) -> None:
        before = sys.gettrace()
        sys.settrace(self.trace)
        try:
            work()
        finally:
            sys.settrace(before)
            for limit in tuple(deadline._limits):  # a process that a signal ends takes them along
                limit.close()
            deadline._limits.clear()


@dataclass
class Told:
    """What a sweep did; `wrong` are sentences."""

    tries: int = 0
    wrong: list[str] = field(default_factory=list)


def sweep(
    login: Login, *, every: int, signals: tuple[int, ...] = SIGNALS, stop_at_first: bool = False
) -> Told:
    """A signal at each point, or at one of `every` so many.

    `stop_at_first`: only whether anything is wrong, from shortly before the new login is written.
    """
    told = Told()
    with handled(signals):
        login.begin()
        login.renew()  # what is loaded once is loaded
        login.begin()
        whole = Points()
        whole.run(login.renew)
        first = max(1, whole.keeping_at - 20) if stop_at_first else 1
        for at in range(first, whole.count + 1, every):
            for number in signals[at % len(signals) :][:1] if every > 1 else signals:
                told.tries += 1
                wrong = _tried(login, Points(at, number))
                told.wrong += wrong
                if wrong and stop_at_first:
                    return told
    return told


def _tried(login: Login, points: Points) -> list[str]:
    login.begin()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    interrupted = False
    try:
        points.run(login.renew)
    except Interrupted:
        interrupted = True
        _let_go()
    name = f"{signal.Signals(points.number).name} at {points.where}"
    wrong = []
    if points.fired and not interrupted:
        wrong.append(f"{name} had no effect")
    if {number: signal.getsignal(number) for number in SIGNALS} != before:
        wrong.append(f"{name} left a handler behind")
    if not login.is_alive():
        wrong.append(f"{name} lost the login")
    return wrong


def _let_go() -> None:
    """Release the locks and end the timers, as the end of a process does."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
    if not list(_held_locks()):
        return
    gc.collect()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number in _held_locks():
        os.dup2(nothing, number)  # it stays taken: whoever made it may close it yet
    os.close(nothing)


def _held_locks() -> Iterator[int]:
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if entry.readlink().name.endswith(".lock"):
                yield int(entry.name)


@contextmanager
def handled(signals: tuple[int, ...]) -> Iterator[None]:
    """As in a command: a signal ends it."""

    def end(*_: object) -> None:
        raise Interrupted

    before = {number: signal.signal(number, end) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
