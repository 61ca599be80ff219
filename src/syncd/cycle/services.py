"""What a service reports of its runs after they arrived: efforts entered late, edits, weather."""

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
from syncd.cycle.corrections import take_over
from syncd.cycle.deletions import ASKED_EVERY, Deletions, is_over
from syncd.cycle.recordings import activity_in, is_reported
from syncd.cycle.rescoring import rescore_run
from syncd.cycle.same_run import note_comment
from syncd.cycle.world import World
from syncd.domain.activity import INDOORS, RUNNING, StatedTotals, Trait
from syncd.domain.arrival import Arrived, PayloadOutcome, Remark
from syncd.domain.corrections import CorrectionKind
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.service_edits import EDITABLE, Edits, repeats, service_edits
from syncd.store.details import Detail, KnownRun
from syncd.store.race_marks import MarkPlace
from syncd.store.recordings import Recording

RECHECK_EVERY = ASKED_EVERY
LOOK_BACK = timedelta(days=7)  # our default: efforts are entered within days
ASK_AGAIN_AFTER = timedelta(minutes=30)  # our default: for details that could not be had
_MOST_LATE = 5  # details a sync that could not be had with their run
_REMARKED_TRAITS = (Trait.BY_HAND, Trait.LEGS)


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
        """What the athlete should know."""
        return (*self.deletions.remarks, *self._remarks)

    @property
    def problems(self) -> tuple[str, ...]:
        """What is tried again in the next sync."""
        return tuple(self.deletions.problems)

    # --- edits

    def take_edit(self, ref: ActivityRef) -> bool:
        """Whether it is a known run that was edited since: then one question is enough, without a download.

        A run that was reported without a recording is fetched anew.
        """
        store, run = self.world.store, self.deletions.known.get(ref.remote_id)
        if run is None or not self._is_recorded(run):
            return False
        if self._ask(run, ref):
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
        """Find runs that a complete listing no longer shows, and runs that it shows again."""
        self.deletions.compare(refs, self._ask)

    # --- details

    def take_detail(self, ref: ActivityRef, arrived: Arrived) -> None:
        """The details of a run that has just arrived; without them it counts all the same."""
        if arrived.activity_id is not None:
            self._detail_of(arrived.activity_id, ref)
        if arrived.activity is None or arrived.outcome is not PayloadOutcome.RUN:
            return
        self._remarks += [
            Reason(Remark.RECORDED_SO, {"name": ref.name, "trait": trait.value})
            for trait in _REMARKED_TRAITS
            if trait in arrived.activity.traits
        ]

    def recheck(self) -> None:
        """Ask again: once a day about the runs of the last days, in every sync about a few owed details."""
        store, mark = self.world.store, f"details.{self.service.name}.looked"
        owed = store.details.owed(
            self.service.name, self.now - LOOK_BACK, self.now - ASK_AGAIN_AFTER, _MOST_LATE
        )
        is_due = is_over(store.meta.get(mark), RECHECK_EVERY, self.now)
        for run in (*(self._recent() if is_due else ()), *owed):
            ref = ActivityRef(self.service.name, run.remote_id, run.fingerprint)
            if run.remote_id not in self._asked and self._ask(run, ref):
                ask_weather(self.service, self.world, run, ref, self.now)
        if is_due:
            store.meta.set(mark, self.now.isoformat())  # only now: interrupted, all are asked again

    def _recent(self) -> list[KnownRun]:
        since = self.now - LOOK_BACK
        recent = [run for run in self.deletions.known.values() if run.counts and run.start >= since]
        return recent[: self.service.most_a_sync]

    def _ask(self, run: KnownRun, ref: ActivityRef) -> bool:
        """Take over what the service reports now; whether it answered."""
        try:
            return self._detail_of(run.activity_id, ref)
        except Gone:
            self.deletions.drop(run, Reason(WithdrawalCause.DELETED))
            return True

    def _detail_of(self, activity_id: int, ref: ActivityRef) -> bool:
        """Whether the service answered; else it is owed. Raises Gone for a run that is not listed either."""
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
        """Ask again later, not in every sync; what is known of the run stays."""
        details = self.world.store.details
        known = details.get(self.service.name, ref.remote_id)
        owed = known or Detail(self.service.name, ref.remote_id, activity_id, self.now)
        details.keep(replace(owed, version="", asked_at=self.now))

    def _apply(self, activity_id: int, ref: ActivityRef, detail: RunDetail) -> None:
        store = self.world.store
        known, run = store.details.get(self.service.name, ref.remote_id), store.activities.get(activity_id)
        if run is None:
            return
        is_new = known is None or known.version != detail.version
        if is_new:
            self._keep(activity_id, ref, detail, known)
        listed = self.deletions.known.get(ref.remote_id)
        if detail.is_run or listed is None or not listed.counts:
            return
        if is_new or not self._lists_as_run(activity_id):
            self.deletions.drop(listed, Reason(WithdrawalCause.ANOTHER_SPORT, {"sport": detail.sport}))

    def _keep(self, activity_id: int, ref: ActivityRef, detail: RunDetail, known: Detail | None) -> None:
        """What the service shows now, and what that changes on the run."""
        store = self.world.store
        raw_hash = store.raw.put(detail.content)
        stored = known or Detail(self.service.name, ref.remote_id, activity_id, self.now)
        with store.transaction():
            store.details.keep(replace(stored, version=detail.version, raw_hash=raw_hash, asked_at=self.now))
            note_comment(
                self.world, self.service.name, ref.remote_id, self.now, name=detail.name, rpe=detail.rpe
            )
            shown = {ref.remote_id: detail.raced}
            store.race_marks.note(self.service.name, MarkPlace.DETAIL, shown, self.now)
            self._take_over(activity_id, ref, detail)

    def _lists_as_run(self, activity_id: int) -> bool:
        """Whether its list made a run of what the recording, and its page still, call something else."""
        return any(
            (held.kind, held.author) == (CorrectionKind.SPORT, self.service.name)
            and held.value["sport"] == RUNNING
            for held in self.world.store.corrections.of_activity(activity_id)
        )

    def _take_over(self, activity_id: int, ref: ActivityRef, detail: RunDetail) -> None:
        """What the athlete corrected there lies on the recording, as a correction by the service."""
        recording = self._recording(ref)
        run = self.world.store.activities.get(activity_id)
        edits = self._edits(recording, detail) if recording is not None else None
        if edits is None or run is None:
            return
        if take_over(self.world, activity_id, self.service.name, EDITABLE, edits, self.now):
            facts = {"service": self.service.name, "day": run.day.isoformat(), "taken_back": not edits}
            self._remarks.append(Reason(Remark.CORRECTED_THERE, facts))

    def _edits(self, recording: Recording, detail: RunDetail) -> Edits | None:
        """What was corrected; the recording is read again only where something was. None: it cannot be."""
        kept = recording.candidate
        read = StatedTotals(kept.start, kept.timer_s, kept.elapsed_s, kept.distance_m)
        if all(repeats(shown, read) for shown in detail.totals):
            return {}
        recorded = activity_in(self.world, recording.raw_hash, recording.part)
        if recorded is None:
            return None
        edits = (service_edits(recorded, shown) for shown in detail.totals)
        return next((found for found in edits if found), {})

    def _recording(self, ref: ActivityRef) -> Recording | None:
        """The one that the service holds and that is kept; what it only reports follows by itself."""
        versions = self.world.store.recordings.of_remote(self.service.name, ref.remote_id)
        own = [version for version in versions if not is_reported(self.world, version)]
        return own[0] if len(own) == 1 and self.world.store.raw.has(own[0].raw_hash) else None


def ask_weather(service: RunService, world: World, run: KnownRun, ref: ActivityRef, now: datetime) -> None:
    """Ask for the weather once: heat changes how a run is judged. Raises AuthRequired and RateLimited."""
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
