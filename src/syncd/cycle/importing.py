"""Years of history at once: one recording at a time, counted by what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from syncd.connectors.base import ActivityRef, ActivitySource, Remarking
from syncd.cycle.arrivals import take
from syncd.cycle.same_run import note_comment
from syncd.cycle.world import World
from syncd.domain.arrival import Arrived, PayloadOutcome


class RunComment(Protocol):
    """The athlete's own name and effort for a run."""

    @property
    def name(self) -> str:
        """What it is called, "" where it has no name."""
        ...

    @property
    def rpe(self) -> float | None:
        """The effort from 1 to 10."""
        ...


@runtime_checkable
class ImportSource(Protocol):
    """A source with the athlete's comments beside the recordings; too large to be listed at once."""

    def count(self) -> int | None:
        """How many recordings it lists, where that is known before they are opened."""
        ...

    def comment_of(self, ref: ActivityRef, start: datetime) -> RunComment:
        """The comment on the recording that began then."""
        ...


@dataclass(slots=True)
class ImportedRuns:
    """What an import did. `arrived` has the runs, what is here already and what could not be read.

    `not_runs` counts everything else by what it was; from a folder it is in `arrived` too.
    `known` were read in an earlier import.
    """

    arrived: list[Arrived] = field(default_factory=list)
    not_runs: Counter[str] = field(default_factory=Counter)
    known: int = 0
    remarks: list[str] = field(default_factory=list)


def import_from(
    source: ActivitySource,
    world: World,
    now: datetime,
    imported: ImportedRuns,
) -> None:
    """Everything new at `source`, each in its own transaction, added to `imported`. Raises ConnectorError.

    Killed at any point, the next import goes on where this one stopped.
    """
    known = world.store.arrivals.known(source.name)
    for ref in world.watching.over(*_listed(source)):
        if (ref.remote_id, ref.fingerprint) in known:
            imported.known += 1
            kept = world.store.arrivals.get(ref.source, ref.remote_id, ref.fingerprint)
            _add_comment(source, ref, kept.activity_id if kept else None, world, now)
        else:
            for arrived in take(source, ref, world, now):
                _add_comment(source, ref, arrived.activity_id, world, now)
                if arrived.outcome is PayloadOutcome.OTHER:
                    imported.not_runs[arrived.what] += 1
                if arrived.outcome is not PayloadOutcome.OTHER or not isinstance(source, ImportSource):
                    imported.arrived.append(arrived)
    if isinstance(source, Remarking):
        imported.remarks += source.remarks()


def _listed(source: ActivitySource) -> tuple[Iterable[ActivityRef], str, int | None]:
    if isinstance(source, ImportSource):
        return source.list_since(""), "files", source.count()
    refs = tuple(source.list_since(""))
    return refs, "files", len(refs)


def _add_comment(
    source: ActivitySource, ref: ActivityRef, activity_id: int | None, world: World, now: datetime
) -> None:
    if activity_id is None or not isinstance(source, ImportSource):
        return
    run = world.store.activities.get(activity_id)
    if run is None:
        return
    comment = source.comment_of(ref, run.start)
    with world.store.transaction():
        note_comment(
            world, ref.source, ref.remote_id, now, name=comment.name, rpe=comment.rpe, where_missing=True
        )
