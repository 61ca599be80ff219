"""What the service has to do, in which order: one thing at a time, nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

CYCLE_DEADLINE_S = 900.0  # our default: a first portion of history takes 3 min, a look 2 s
SHORT_DEADLINE_S = 120.0  # our default, for everything that asks one thing


class Kind(IntEnum):
    """The kinds of work, the more urgent first."""

    READ = 0  # the configuration
    LOOK = 1  # a cycle
    WATCH = 2  # is it on the watch?
    TIDY = 3  # housekeeping
    REPORT = 4  # the page
    TELL = 5  # heart-beat and notifications


_DEADLINES = {Kind.LOOK: CYCLE_DEADLINE_S, Kind.TIDY: CYCLE_DEADLINE_S}


@dataclass(frozen=True, slots=True)
class Task:
    """One child: `words` are arguments of the `syncd` command, empty for the reading of settings."""

    kind: Kind
    words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """For a log line."""
        return self.kind.name.lower()

    @property
    def argv(self) -> tuple[str, ...]:
        """The arguments of the interpreter."""
        return ("-m", "syncd", *self.words) if self.words else ("-m", "syncd.daemon.reading")

    @property
    def deadline_s(self) -> float:
        """How long it may take."""
        return _DEADLINES.get(self.kind, SHORT_DEADLINE_S)


READ = Task(Kind.READ)
WATCH = Task(Kind.WATCH, ("watch", "--json"))
REPORT = Task(Kind.REPORT, ("report", "--json"))
TIDY = Task(Kind.TIDY, ("tidy", "--json"))


def sync_task(sources: Sequence[str], every_source: Sequence[str]) -> Task:
    """A cycle that asks these sources; all of them need not be named."""
    named = tuple(each for each in every_source if each in sources)
    words = () if named == tuple(every_source) else tuple(w for s in named for w in ("--source", s))
    return Task(Kind.LOOK, ("sync", "--json", *words), named)


def message_task(trouble: str, *, human: bool) -> Task:
    """Tell whoever wants to know how the last look went; "" when it went well."""
    words = ("--trouble", trouble, *(("--human",) if human else ())) if trouble else ()
    return Task(Kind.TELL, ("tell", *words))
