"""A machine for the service whose time is simulated: a month of waiting takes seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import apscheduler.schedulers.base
import pytest

from syncd.daemon.child import Ended
from syncd.daemon.machine import Wakeup

TAKES_S = 2.0


@dataclass
class SimChild:
    """Ends by itself at `ends` (monotonic), earlier when it is asked to and obeys."""

    machine: SimMachine
    ends: float
    result: Ended
    obeys: bool = True
    asked: bool = False
    killed: bool = False

    def poll(self) -> Ended | None:
        if self.killed:
            return Ended(-9, "", "")
        if self.asked and self.obeys:
            return Ended(-15, "", "")
        return self.result if self.machine.monotonic() >= self.ends else None

    def ask_to_stop(self) -> None:
        self.asked = True

    def kill(self) -> None:
        self.killed = True


Answer = Callable[[tuple[str, ...], datetime], "Ended | tuple[Ended, float, bool]"]


@dataclass
class SimMachine:
    """Both clocks, what happens outside at which moment, and the children that were started.

    `answer` says how a child ends, given its words and the wall time; with a tuple also how long
    it takes and whether it obeys SIGTERM.
    """

    now: datetime
    answer: Answer
    passed: float = 1000.0
    events: list[tuple[float, Callable[[], Wakeup | None]]] = field(default_factory=list)
    started: list[tuple[datetime, tuple[str, ...], Mapping[str, str]]] = field(default_factory=list)
    children: list[SimChild] = field(default_factory=list)
    waits: int = 0

    def wall(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.passed

    def after(self, span: timedelta, event: Callable[[], Wakeup | None]) -> None:
        """Something happens when so much time has passed."""
        self.events.append((self.passed + span.total_seconds(), event))
        self.events.sort(key=lambda event: event[0])

    def stop_after(self, span: timedelta) -> None:
        self.after(span, lambda: Wakeup.STOP)

    def sleep(self, span: timedelta) -> None:
        """The machine is suspended: only the wall clock goes on."""
        self.now += span

    def set_clock(self, by: timedelta) -> None:
        self.now += by

    def wait(self, seconds: float) -> frozenset[Wakeup]:
        self.waits += 1
        ends = self.passed + max(seconds, 0.0)
        due = [child.ends for child in self.children if child.poll() is None]
        nexts = [ends, *(moment for moment in due if moment > self.passed)]
        if self.events:
            nexts.append(max(self.events[0][0], self.passed))
        target = min(nexts)
        self.now += timedelta(seconds=target - self.passed)
        self.passed = target
        demands = set()
        while self.events and self.events[0][0] <= self.passed:
            demand = self.events.pop(0)[1]()
            if demand is not None:
                demands.add(demand)
        return frozenset(demands)

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> SimChild:
        words = tuple(argv[2:]) if argv[1] == "syncd" else ("READ",)
        self.started.append((self.now, words, environ))
        answered = self.answer(words, self.now)
        result, takes, obeys = answered if isinstance(answered, tuple) else (answered, TAKES_S, True)
        child = SimChild(self, self.passed + takes, result, obeys)
        self.children = [running for running in self.children if running.poll() is None] + [child]
        return child

    def syncs(self) -> list[datetime]:
        """When cycles began."""
        return [at for at, words, _ in self.started if words[:1] == ("sync",)]

    def of(self, word: str) -> list[datetime]:
        return [at for at, words, _ in self.started if words[:1] == (word,)]


def settings_answer(**changed: object) -> Ended:
    """What the reading child would print."""
    values = {
        "schema": "syncd.daemon-settings/1",
        "zone": "Europe/Rome",
        "every_s": {"garmin": 900},
        "quiet": ["22:30", "05:30"],
        "webhook": None,
        "tells": False,
    }
    return Ended(0, json.dumps(values | changed), "")


def report(code: int = 0, **values: object) -> Ended:
    """What `syncd sync --json` would print."""
    return Ended(code, json.dumps({"schema": "syncd.sync/1", **values}), "")


def quiet_answer(words: tuple[str, ...], _now: datetime) -> Ended:
    """Nothing ever happens."""
    if words == ("READ",):
        return settings_answer()
    return report() if words[0] == "sync" else Ended(0, "{}", "")


def patch_scheduler_clock(monkeypatch: pytest.MonkeyPatch, machine: SimMachine) -> None:
    """The scheduler library asks datetime.now() itself."""

    class SimDatetime(datetime):
        @classmethod
        def now(cls, tz=None):
            return machine.now.astimezone(tz or UTC)

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", SimDatetime)
