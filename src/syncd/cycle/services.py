"""What a service says of its runs after they arrived: efforts told late, edits, deletions, weather."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncd.connectors.base import (
    ActivityRef,
    AuthRequired,
    ConnectorError,
    Gone,
    RateLimited,
    RunDetail,
    RunService,
)
from syncd.cycle.recordings import is_told
from syncd.cycle.rescoring import rescore_run
from syncd.cycle.same_run import bring_back, lose, note_words
from syncd.cycle.world import World
from syncd.domain.activity import INDOORS
from syncd.domain.arrival import Arrived, Outcome
from syncd.domain.units import day_name
from syncd.formats.garmin_json import BY_HAND, LEGS
from syncd.store.details import Detail, KnownRun

LOOK_AGAIN_EVERY = timedelta(hours=20)  # once a day, also when cycles shift
LOOK_BACK = timedelta(days=7)  # our default: efforts are told within days
ASK_AGAIN_AFTER = timedelta(minutes=30)  # our default: for details that could not be had
_MOST_CONFIRMED = 5  # deletions a cycle; our default
_MOST_LATE = 5  # details a cycle that could not be had with their run
_FEW = 2


@dataclass(slots=True)
class RunsOfService:
    """One pull's worth of questions about runs that are known, or have just arrived.

    `listed` are the remote ids of the runs that the service has just shown.
    """

    service: RunService
    world: World
    now: datetime
    listed: frozenset[str] = frozenset()
    remarks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _known: dict[str, KnownRun] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        first = self.service.listed_from()
        today = self.world.today(self.now)
        begin = (first or today - LOOK_BACK) - timedelta(days=1)  # a service's day is not the athlete's
        runs = self.world.store.details.known_runs(self.service.name, begin, today + timedelta(days=1))
        self._known = {run.remote_id: run for run in runs}

    def take_edit(self, ref: ActivityRef) -> bool:
        """Whether it is a run that is known, edited since: then one question tells, not a download.

        What was told in place of a recording is told anew, and fetched.
        """
        store, run = self.world.store, self._known.get(ref.remote_id)
        if run is None or not self._is_recorded(run):
            return False
        if self._asked_about(run, ref):
            kept = store.arrivals.get(ref.source, ref.remote_id, run.fingerprint)
            if kept is not None:
                store.arrivals.record(
                    replace(kept, fingerprint=ref.fingerprint, at=self.now, reason="edited there")
                )
        return True

    def _is_recorded(self, run: KnownRun) -> bool:
        versions = self.world.store.recordings.of_remote(self.service.name, run.remote_id)
        return any(
            not is_told(self.world, each) and self.world.store.raw.has(each.raw_hash) for each in versions
        )

    def compare(self, refs: Sequence[ActivityRef]) -> None:
        """Runs that a complete listing does not show any more, and runs that it shows again."""
        listed, first = {ref.remote_id for ref in refs}, self.service.listed_from()
        for run in self._known.values():
            if run.remote_id in listed and not run.counts:
                with self.world.store.transaction():
                    bring_back(self.world, self.service.name, run.remote_id, self.now)
                self.remarks.append(f"{self._run_words(run)} is there again: it counts")
        if first is None:
            return
        absent = [
            run
            for run in self._known.values()
            if run.counts and run.remote_id not in listed and run.day > first
        ]
        if not refs and len(absent) >= _FEW:
            self.problems.append(
                f"no run is listed, although {len(absent)} of these days were there: nothing is changed"
            )
            return
        self._confirm(absent)

    def _confirm(self, absent: Sequence[KnownRun]) -> None:
        """Ask about each once, and about one that is there all the same not before a day is over."""
        store, mark = self.world.store, f"details.{self.service.name}.unlisted"
        before: dict[str, str] = json.loads(store.meta.get(mark) or "{}")
        there = {
            run.remote_id: asked
            for run in absent
            if (asked := before.get(run.remote_id)) and not self._is_over(asked, LOOK_AGAIN_EVERY)
        }
        for run in [each for each in absent if each.remote_id not in there][:_MOST_CONFIRMED]:
            answered = self._asked_about(run, ActivityRef(self.service.name, run.remote_id, run.fingerprint))
            now = self._known.get(run.remote_id)
            if answered and now is not None and now.counts:
                there[run.remote_id] = self.now.isoformat()
        if there != before:
            store.meta.set(mark, json.dumps(there, sort_keys=True))

    def take_detail(self, ref: ActivityRef, arrived: Arrived) -> None:
        """The details of a run that has just arrived; without them it counts all the same."""
        if arrived.activity_id is not None:
            self._detail_of(arrived.activity_id, ref)
        said = arrived.activity.problems if arrived.activity and arrived.outcome is Outcome.RUN else ()
        self.remarks += [f"{ref.name}: {each}" for each in said if each in (BY_HAND, LEGS)]

    def look_again(self) -> None:
        """Once a day at the runs of the last days; at what is owed when it is due, a few a cycle."""
        store, mark = self.world.store, f"details.{self.service.name}.looked"
        owed = store.details.owed(
            self.service.name, self.now - LOOK_BACK, self.now - ASK_AGAIN_AFTER, _MOST_LATE
        )
        is_due = self._is_over(store.meta.get(mark), LOOK_AGAIN_EVERY)
        for run in (*(self._recent() if is_due else ()), *owed):
            ref = ActivityRef(self.service.name, run.remote_id, run.fingerprint)
            if run.remote_id not in self._asked and self._asked_about(run, ref):
                self._weather_of(run, ref)
        if is_due:
            store.meta.set(mark, self.now.isoformat())  # behind the questions: a stop among them repeats them

    def _recent(self) -> list[KnownRun]:
        since = self.now - LOOK_BACK
        recent = [run for run in self._known.values() if run.counts and run.start >= since]
        return recent[: self.service.most_a_cycle]

    def _is_over(self, since: str | None, wait: timedelta) -> bool:
        """Whether that long has passed; a moment in the future is of a clock that was wrong."""
        return since is None or not timedelta(0) <= self.now - datetime.fromisoformat(since) < wait

    def _asked_about(self, run: KnownRun, ref: ActivityRef) -> bool:
        """Take over what the service says now; whether it answered."""
        try:
            return self._detail_of(run.activity_id, ref)
        except Gone:
            self._lost(run, "is not there any more")
            return True

    def _detail_of(self, activity_id: int, ref: ActivityRef) -> bool:
        """Whether it was told; what fails is owed. Raises Gone for a run that is not listed either."""
        self._asked.add(ref.remote_id)
        try:
            detail = self.service.detail(ref)
        except (AuthRequired, RateLimited):
            raise
        except ConnectorError as error:
            if isinstance(error, Gone) and ref.remote_id not in self.listed:
                raise
            self._owe(activity_id, ref)
            return False
        self._apply(activity_id, ref, detail)
        return True

    def _owe(self, activity_id: int, ref: ActivityRef) -> None:
        """To be asked again, not in every cycle; what is known of the run stays."""
        details = self.world.store.details
        known = details.get(self.service.name, ref.remote_id)
        owed = known or Detail(self.service.name, ref.remote_id, activity_id, self.now)
        details.keep(replace(owed, version="", looked_at=self.now))

    def _apply(self, activity_id: int, ref: ActivityRef, detail: RunDetail) -> None:
        store = self.world.store
        known, run = store.details.get(self.service.name, ref.remote_id), store.activities.get(activity_id)
        if run is None or (known is not None and known.version == detail.version):
            return
        raw_hash = store.raw.put(detail.content)
        told = known or Detail(self.service.name, ref.remote_id, activity_id, self.now)
        with store.transaction():
            store.details.keep(replace(told, version=detail.version, raw_hash=raw_hash, looked_at=self.now))
            note_words(
                self.world, self.service.name, ref.remote_id, self.now, name=detail.name, rpe=detail.rpe
            )
        listed = self._known.get(ref.remote_id)
        if not detail.is_run and listed is not None and listed.counts:
            self._lost(listed, f"is {detail.sport} there now")

    def _lost(self, run: KnownRun, what: str) -> None:
        """Deleted there, or no run any more; it counts on if it also came in another way."""
        with self.world.store.transaction():
            counts = lose(self.world, self.service.name, run.remote_id, what, self.now)
        self._known[run.remote_id] = replace(run, counts=False)
        recordings = self.world.store.recordings.of_activity(run.activity_id)
        others = sorted({each.source for each in recordings} - {self.service.name})
        if not counts:
            self.remarks.append(f"{self._run_words(run)} {what}: it counts no more")
        elif others:
            words = f"it also came from {' and '.join(others)}, so it counts"
            self.remarks.append(f"{self._run_words(run)} {what}: {words}")

    def _weather_of(self, run: KnownRun, ref: ActivityRef) -> None:
        """Asked for once; a hot day changes how a run is judged."""
        store = self.world.store
        known = store.details.get(self.service.name, ref.remote_id)
        activity = store.activities.get(run.activity_id)
        if known is None or known.weather_at is not None or activity is None or activity.withdrawn:
            return
        if activity.sub_sport in INDOORS:
            return
        try:
            weather = self.service.weather(ref)
        except (AuthRequired, RateLimited):
            raise
        except ConnectorError:
            return
        temperature, dew_point = weather or (None, None)
        store.details.keep(
            replace(known, temperature_c=temperature, dew_point_c=dew_point, weather_at=self.now)
        )
        if weather is not None:
            rescore_run(self.world, run.activity_id, self.now)

    def _run_words(self, run: KnownRun) -> str:
        day = " ".join(day_name(run.day).split())
        return f"{self.service.name.capitalize()}: the run of {day}"
