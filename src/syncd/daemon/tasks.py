"""What the service has to do, and in which order: one thing at a time, nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

CYCLE_DEADLINE_S = 900.0  # our default: a first portion of history takes 3 min, a usual sync 2 s
SHORT_DEADLINE_S = 120.0  # our default, for every other task


HEARTBEAT_ONLY = "--heartbeat-only"


class Kind(IntEnum):
    """The kinds of task, the most urgent first."""

    READ = 0  # the configuration
    SYNC = 1
    WATCH = 2  # is it on the watch?
    TIDY = 3  # housekeeping
    REPORT = 4  # the page
    MESSAGE = 5  # heartbeat and notifications


_DEADLINES = {Kind.SYNC: CYCLE_DEADLINE_S, Kind.TIDY: CYCLE_DEADLINE_S}


@dataclass(frozen=True, slots=True)
class Task:
    """One child process: `arguments` are those of `syncd`, empty for reading the settings.

    `noticed`: a sync outside the rhythm, because its sources said that they have something new.
    """

    kind: Kind
    arguments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    noticed: bool = False

    @property
    def name(self) -> str:
        """For a log line."""
        return self.kind.name.lower()

    @property
    def is_dated(self) -> bool:
        """Whether what it does depends on what day it is."""
        if self.kind is Kind.MESSAGE:
            return HEARTBEAT_ONLY not in self.arguments
        return self.kind in (Kind.WATCH, Kind.TIDY, Kind.REPORT)

    @property
    def argv(self) -> tuple[str, ...]:
        """The arguments of the interpreter."""
        return ("-m", "syncd", *self.arguments) if self.arguments else ("-m", "syncd.daemon.reading")

    @property
    def deadline_s(self) -> float:
        """How long it may take."""
        return _DEADLINES.get(self.kind, SHORT_DEADLINE_S)


READ = Task(Kind.READ)
WATCH = Task(Kind.WATCH, ("watch", "--json"))
REPORT = Task(Kind.REPORT, ("report", "--json"))
TIDY = Task(Kind.TIDY, ("tidy", "--json"))


def sync_task(sources: Sequence[str], every_source: Sequence[str], *, noticed: bool = False) -> Task:
    """A sync of these sources; where it is all of them, none is named."""
    named = tuple(source for source in every_source if source in sources)
    asked = () if named == tuple(every_source) else named
    options = tuple(argument for source in asked for argument in ("--source", source))
    return Task(Kind.SYNC, ("sync", "--json", *options), named, noticed)


def message_task(trouble: str, *, human: bool, heartbeat_only: bool = False) -> Task:
    """Send messages about the last sync; `trouble` is "" when it went well.

    `heartbeat_only`: only the monitor hears of it, because what day it is decides about messages.
    """
    options = ("--trouble", trouble, *(("--human",) if human else ())) if trouble else ()
    return Task(Kind.MESSAGE, ("tell", *options, *((HEARTBEAT_ONLY,) if heartbeat_only else ())))
