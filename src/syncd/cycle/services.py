"""What a service says of its runs after they arrived: efforts told late, edits, weather."""

from __future__ import annotations

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
from syncd.cycle.deletions import ASKED_EVERY, Deletions, is_over
from syncd.cycle.recordings import is_reported
from syncd.cycle.rescoring import rescore_run
from syncd.cycle.same_run import note_comment
from syncd.cycle.world import World
from syncd.domain.activity import INDOORS, Trait
from syncd.domain.arrival import Arrived, PayloadOutcome, Remark
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.store.details import Detail, KnownRun

LOOK_AGAIN_EVERY = ASKED_EVERY
LOOK_BACK = timedelta(days=7)  # our default: efforts are told within days
ASK_AGAIN_AFTER = timedelta(minutes=30)  # our default: for details that could not be had
_MOST_LATE = 5  # details a cycle that could not be had with their run
_TOLD_TRAITS = (Trait.BY_HAND, Trait.LEGS)


@dataclass(slots=True)
class RunsOfService:
    """One pull's worth of questions about runs that are known, or have just arrived.

    `listed` are the remote ids of the runs that the service has just shown.
    """

    service: RunService
    world: World
    now: datetime
    listed: frozenset[str] = frozenset()
    deletions: Deletions = field(init=False)
    _remarks: list[Reason] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        first = self.service.listed_from()
        today = self.world.today(self.now)
        begin = (first or today - LOOK_BACK) - timedelta(days=1)  # a service's day is not the athlete's
        runs = self.world.store.details.known_runs(self.service.name, begin, today + timedelta(days=1))
        known = {run.remote_id: run for run in runs}
        self.deletions = Deletions(self.service, self.world, self.now, known)

    @property
    def remarks(self) -> tuple[Reason, ...]:
        """What people should hear."""
        return (*self.deletions.remarks, *self._remarks)

    @property
    def problems(self) -> tuple[str, ...]:
        """What is tried again in the next cycle."""
        return tuple(self.deletions.problems)

    # --- edits

    def take_edit(self, ref: ActivityRef) -> bool:
        """Whether it is a run that is known, edited since: then one question tells, not a download.

        What was told in place of a recording is told anew, and fetched.
        """
        store, run = self.world.store, self.deletions.known.get(ref.remote_id)
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
            not is_reported(self.world, version) and self.world.store.raw.has(version.raw_hash)
            for version in versions
        )

    # --- deletions

    def compare(self, refs: Sequence[ActivityRef]) -> None:
        """Runs that a complete listing does not show any more, and runs that it shows again."""
        self.deletions.compare(refs, self._asked_about)

    # --- details

    def take_detail(self, ref: ActivityRef, arrived: Arrived) -> None:
        """The details of a run that has just arrived; without them it counts all the same."""
        if arrived.activity_id is not None:
            self._detail_of(arrived.activity_id, ref)
        if arrived.activity is None or arrived.outcome is not PayloadOutcome.RUN:
            return
        self._remarks += [
            Reason(Remark.RECORDED_SO, {"name": ref.name, "trait": trait.value})
            for trait in _TOLD_TRAITS
            if trait in arrived.activity.traits
        ]

    def look_again(self) -> None:
        """Once a day at the runs of the last days; at what is owed when it is due, a few a cycle."""
        store, mark = self.world.store, f"details.{self.service.name}.looked"
        owed = store.details.owed(
            self.service.name, self.now - LOOK_BACK, self.now - ASK_AGAIN_AFTER, _MOST_LATE
        )
        is_due = is_over(store.meta.get(mark), LOOK_AGAIN_EVERY, self.now)
        for run in (*(self._recent() if is_due else ()), *owed):
            ref = ActivityRef(self.service.name, run.remote_id, run.fingerprint)
            if run.remote_id not in self._asked and self._asked_about(run, ref):
                ask_weather(self.service, self.world, run, ref, self.now)
        if is_due:
            store.meta.set(mark, self.now.isoformat())  # behind the questions: a stop among them repeats them

    def _recent(self) -> list[KnownRun]:
        since = self.now - LOOK_BACK
        recent = [run for run in self.deletions.known.values() if run.counts and run.start >= since]
        return recent[: self.service.most_a_cycle]

    def _asked_about(self, run: KnownRun, ref: ActivityRef) -> bool:
        """Take over what the service says now; whether it answered."""
        try:
            return self._detail_of(run.activity_id, ref)
        except Gone:
            self.deletions.lost(run, Reason(WithdrawalCause.DELETED))
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
        details.keep(replace(owed, version="", asked_at=self.now))

    def _apply(self, activity_id: int, ref: ActivityRef, detail: RunDetail) -> None:
        store = self.world.store
        known, run = store.details.get(self.service.name, ref.remote_id), store.activities.get(activity_id)
        if run is None or (known is not None and known.version == detail.version):
            return
        raw_hash = store.raw.put(detail.content)
        told = known or Detail(self.service.name, ref.remote_id, activity_id, self.now)
        with store.transaction():
            store.details.keep(replace(told, version=detail.version, raw_hash=raw_hash, asked_at=self.now))
            note_comment(
                self.world, self.service.name, ref.remote_id, self.now, name=detail.name, rpe=detail.rpe
            )
        listed = self.deletions.known.get(ref.remote_id)
        if not detail.is_run and listed is not None and listed.counts:
            self.deletions.lost(listed, Reason(WithdrawalCause.ANOTHER_SPORT, {"sport": detail.sport}))


def ask_weather(service: RunService, world: World, run: KnownRun, ref: ActivityRef, now: datetime) -> None:
    """Asked for once; a hot day changes how a run is judged. Raises AuthRequired and RateLimited."""
    known = world.store.details.get(service.name, ref.remote_id)
    activity = world.store.activities.get(run.activity_id)
    if known is None or known.weather_at is not None or activity is None or activity.withdrawn:
        return
    if activity.sub_sport in INDOORS:
        return
    try:
        weather = service.weather(ref)
    except (AuthRequired, RateLimited):
        raise
    except ConnectorError:
        return
    temperature, dew_point = weather or (None, None)
    world.store.details.keep(replace(known, temperature_c=temperature, dew_point_c=dew_point, weather_at=now))
    if weather is not None:
        rescore_run(world, run.activity_id, now)
