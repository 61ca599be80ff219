"""Runs that a service no longer lists, or lists again; it is asked about each before anything changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncd.connectors.base import ActivityRef, RunService
from syncd.cycle.same_run import bring_back, lose
from syncd.cycle.world import World
from syncd.domain.arrival import Remark
from syncd.domain.reason import Reason
from syncd.store.details import KnownRun

ASKED_EVERY: timedelta = timedelta(hours=20)  # once a day, also when the times of syncs shift
_MOST_CONFIRMED = 5  # deletions a sync; our default
_FEW = 2


def is_over(since: str | None, wait: timedelta, now: datetime) -> bool:
    """Whether that long has passed; a moment in the future comes from a clock that was wrong."""
    return since is None or not timedelta(0) <= now - datetime.fromisoformat(since) < wait


@dataclass(slots=True)
class Deletions:
    """The runs of a service around these days, and which of them it still has.

    `known` by remote id; `ask` asks the service about one run and returns whether it answered.
    """

    service: RunService
    world: World
    now: datetime
    known: dict[str, KnownRun]
    remarks: list[Reason] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def compare(self, refs: Sequence[ActivityRef], ask: Callable[[KnownRun, ActivityRef], bool]) -> None:
        """Find runs that a complete listing no longer shows, and runs that it shows again."""
        listed, first = {ref.remote_id for ref in refs}, self.service.listed_from()
        for run in self.known.values():
            if run.remote_id in listed and not run.counts:
                with self.world.store.transaction():
                    bring_back(self.world, self.service.name, run.remote_id, self.now)
                self.remarks.append(Reason(Remark.THERE_AGAIN, self._about(run)))
        if first is None:
            return
        absent = [
            run
            for run in self.known.values()
            if run.counts and run.remote_id not in listed and run.day > first
        ]
        if not refs and len(absent) >= _FEW:
            self.problems.append(
                f"no run is listed, although {len(absent)} of these days were there: nothing is changed"
            )
            return
        self._confirm(absent, ask)

    def _confirm(self, absent: Sequence[KnownRun], ask: Callable[[KnownRun, ActivityRef], bool]) -> None:
        """Ask about each once, and about one that exists all the same again after a day."""
        store, mark = self.world.store, f"details.{self.service.name}.unlisted"
        before: dict[str, str] = json.loads(store.meta.get(mark) or "{}")
        still_there = {
            run.remote_id: asked
            for run in absent
            if (asked := before.get(run.remote_id)) and not is_over(asked, ASKED_EVERY, self.now)
        }
        for run in [run for run in absent if run.remote_id not in still_there][:_MOST_CONFIRMED]:
            answered = ask(run, ActivityRef(self.service.name, run.remote_id, run.fingerprint))
            now = self.known.get(run.remote_id)
            if answered and now is not None and now.counts:
                still_there[run.remote_id] = self.now.isoformat()
        if still_there != before:
            store.meta.set(mark, json.dumps(still_there, sort_keys=True))

    def drop(self, run: KnownRun, why: Reason) -> None:
        """Deleted there, or no longer a run; it keeps counting if another source has it too."""
        with self.world.store.transaction():
            counts = lose(self.world, self.service.name, run.remote_id, why, self.now)
        self.known[run.remote_id] = replace(run, counts=False)
        recordings = self.world.store.recordings.of_activity(run.activity_id)
        others = sorted({recording.source for recording in recordings} - {self.service.name})
        facts = {**self._about(run), "why": why.to_json()}
        if not counts:
            self.remarks.append(Reason(Remark.COUNTS_NO_MORE, facts))
        elif others:
            self.remarks.append(Reason(Remark.COUNTS_FROM_OTHERS, {**facts, "sources": others}))

    def _about(self, run: KnownRun) -> dict[str, str]:
        return {"service": self.service.name, "day": run.day.isoformat()}
