"""Years of history at once: one recording at a time, counted by what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from syncd.connectors.base import ActivityRef, ActivitySource, Remarking
from syncd.cycle.arrivals import known_of, take
from syncd.cycle.beside import add_words, follow_sport
from syncd.cycle.world import World
from syncd.domain.arrival import Arrived, FileOutcome, ImportedFile, PayloadOutcome

MOST_NAMED_FILES = 100_000  # our default: more of them are counted, and no longer listed


@runtime_checkable
class ImportSource(Protocol):
    """A source that is too large to be listed at once."""

    def count(self) -> int | None:
        """How many recordings it lists, where that is known before they are opened."""
        ...


@runtime_checkable
class Ignoring(Protocol):
    """A source that leaves files alone whose names say that they are no recordings."""

    def ignored(self) -> tuple[str, ...]:
        """Their names, as far as it was listed."""
        ...


@dataclass(slots=True)
class ImportedRuns:
    """What an import did. `arrived` has the runs, what is here already and what could not be read.

    `not_runs` counts everything else by what it was; from a folder it is in `arrived` too.
    `known` were read in an earlier import. `files` has every file and what it was taken for.
    """

    arrived: list[Arrived] = field(default_factory=list)
    not_runs: Counter[str] = field(default_factory=Counter)
    known: int = 0
    remarks: list[str] = field(default_factory=list)
    files: list[ImportedFile] = field(default_factory=list)

    def note(self, file: ImportedFile) -> None:
        """Add a file, as long as there is room."""
        if len(self.files) < MOST_NAMED_FILES:
            self.files.append(file)


def import_from(
    source: ActivitySource,
    world: World,
    now: datetime,
    imported: ImportedRuns,
) -> None:
    """Everything new at `source`, each in its own transaction, added to `imported`. Raises ConnectorError.

    Killed at any point, the next import goes on where this one stopped.
    """
    known = known_of(world, source, now)
    for ref in world.watching.over(*_listed(source)):
        if (ref.remote_id, ref.fingerprint) in known:
            _import_known(source, ref, world, now, imported)
        else:
            _import_new(source, ref, world, now, imported)
    if isinstance(source, Ignoring):
        for name in source.ignored():
            imported.note(ImportedFile(name, FileOutcome.IGNORED))
    if isinstance(source, Remarking):
        imported.remarks += source.remarks()


def _import_known(
    source: ActivitySource, ref: ActivityRef, world: World, now: datetime, imported: ImportedRuns
) -> None:
    imported.known += 1
    kept = world.store.arrivals.get(ref.source, ref.remote_id, ref.fingerprint)
    activity_id = kept.activity_id if kept else None
    follow_sport(world, source, ref, activity_id, now)
    notes = add_words(source, ref, activity_id, world, now)
    reason = kept.reason if kept else ""
    imported.note(ImportedFile(ref.remote_id, FileOutcome.KNOWN, reason=reason, notes=notes))


def _import_new(
    source: ActivitySource, ref: ActivityRef, world: World, now: datetime, imported: ImportedRuns
) -> None:
    for arrived in take(source, ref, world, now):
        notes = add_words(source, ref, arrived.activity_id, world, now)
        outcome = FileOutcome(arrived.outcome.value)
        imported.note(
            ImportedFile(ref.remote_id, outcome, arrived.what, arrived.reason, notes, arrived.doubt)
        )
        if arrived.outcome is PayloadOutcome.OTHER:
            imported.not_runs[arrived.what] += 1
        if arrived.outcome is not PayloadOutcome.OTHER or not isinstance(source, ImportSource):
            imported.arrived.append(arrived)


def _listed(source: ActivitySource) -> tuple[Iterable[ActivityRef], str, int | None]:
    if isinstance(source, ImportSource):
        return source.list_since(""), "files", source.count()
    refs = tuple(source.list_since(""))
    return refs, "files", len(refs)
