"""One run, however often it was recorded and however many services report it.

Whatever arrives, changes or goes, the recordings around that day are sorted into runs again, so
that the order in which they came makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.connectors.base import RawActivity
from syncd.cycle.held_back import doubts_of, why_held_back
from syncd.cycle.recordings import activity_in, candidate_in, is_reported
from syncd.cycle.run_sorting import NO_RUN, counts, sort_runs
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.merging.candidates import MergeCandidate
from syncd.domain.merging.choice import merged
from syncd.domain.merging.rules import fit_of
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.store.activities import ActivitySummary
from syncd.store.recordings import Recording

_EDITED, _DOUBLE = Reason(WithdrawalCause.EDITED), Reason(WithdrawalCause.DOUBLE)
_SAME = 1.0  # seconds, metres; our default: below, nothing was read otherwise


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """The run of a recording. `why` says why it is no new run, and is empty for a new one.

    `doubt`: why it counts nowhere until the athlete has said what it was.
    """

    activity_id: int
    why: str = ""
    doubt: Reason | None = None


def keep_recording(
    world: World, raw: RawActivity, raw_hash: str, activity: Activity, now: datetime, part: int = 0
) -> KeptRecording:
    """Keep a recording of a run, as a run of its own or beside the others of it. In a transaction.

    `part` is its place in a file of several runs.
    """
    source, remote_id = raw.ref.source, raw.ref.remote_id
    earlier = world.store.recordings.of_remote(source, remote_id)
    same = [version for version in earlier if (version.raw_hash, version.part) == (raw_hash, part)]
    reported = [version for version in earlier if is_reported(world, version)]
    copies = [copy for copy in world.store.recordings.with_content(raw_hash) if copy.part == part]
    known = (*same, *reported, *copies)
    new = Recording(
        remote_id=remote_id,
        raw_hash=raw_hash,
        kind=raw.kind,
        activity_id=known[0].activity_id if known else NO_RUN,
        candidate=candidate_in(world, activity, source, remote_id, raw_hash, raw.kind, part),
        part=part,
    )
    edited = [version for version in reported if version.raw_hash != raw_hash and version.gone is None]
    world.store.recordings.set_gone(edited, _EDITED)
    sort_runs(world, [new], edited, _EDITED, now, activity.doubts)
    kept = next(
        recording
        for recording in world.store.recordings.of_remote(source, remote_id)
        if _same(recording, new)
    )
    others = [
        recording
        for recording in world.store.recordings.of_activity(kept.activity_id)
        if not _same(recording, new)
    ]
    run = world.store.activities.get(kept.activity_id)
    if activity.doubts and run is not None and doubts_of(run):
        return KeptRecording(kept.activity_id, doubt=activity.doubts[0])
    if edited and kept.activity_id in {version.activity_id for version in edited}:
        return KeptRecording(kept.activity_id, "an edited version of a run that is here already")
    if others:
        return KeptRecording(kept.activity_id, _why(world, kept, others))
    if run is not None and run.withdrawn is not None:
        return KeptRecording(kept.activity_id, "a recording of a run that does not count any more")
    return KeptRecording(kept.activity_id)


def sort_again(world: World, activity_id: int, now: datetime) -> None:
    """Sort the recordings of a run that counts now, or no longer, with those around. In a transaction."""
    sort_runs(world, world.store.recordings.of_activity(activity_id), [], _DOUBLE, now)


def read_again(world: World, run: ActivitySummary) -> bool:
    """Read the recordings of a run again; whether this version reads them otherwise. In a transaction."""
    recordings = world.store.recordings.of_activity(run.id)
    differs = False
    for recording in recordings:
        activity = activity_in(world, recording.raw_hash, recording.part) if recording.kind else None
        if activity is None:
            continue
        known = recording.candidate
        content = (recording.source, recording.remote_id, recording.raw_hash, recording.kind, recording.part)
        read = candidate_in(world, activity, *content)
        read = replace(read, name=known.name, rpe=known.rpe, feel=known.feel)
        if not alike(read, known):
            world.store.recordings.keep(replace(recording, candidate=read))
            differs = True
        if len(recordings) == 1 and run.withdrawn is None:
            differs |= why_held_back(world, run.id, activity.doubts) is not None
    return differs


def alike(read: MergeCandidate, known: MergeCandidate) -> bool:
    """Whether it was read the same before, but for rounding."""
    pairs = (
        (read.timer_s, known.timer_s),
        (read.elapsed_s, known.elapsed_s),
        (read.distance_m or 0.0, known.distance_m or 0.0),
    )
    rounded = replace(read, timer_s=known.timer_s, elapsed_s=known.elapsed_s, distance_m=known.distance_m)
    return rounded == known and all(abs(now - before) <= _SAME for now, before in pairs)


def withdraw_reported(world: World, source: str, remote_id: str, now: datetime) -> None:
    """What a service reported as a run is another sport now. In a transaction."""
    if any(
        version.gone is None and is_reported(world, version)
        for version in world.store.recordings.of_remote(source, remote_id)
    ):
        lose(world, source, remote_id, _EDITED, now)


def lose(world: World, source: str, remote_id: str, why: Reason, now: datetime) -> bool:
    """A source no longer has a recording, or calls it something else; whether the run still counts.

    What other sources have of it stays, and counts in its place. In a transaction.
    """
    lost = [
        version for version in world.store.recordings.of_remote(source, remote_id) if version.gone is None
    ]
    world.store.recordings.set_gone(lost, why)
    sort_runs(world, [], lost, why, now)
    return any(counts(world, version.activity_id) for version in lost)


def bring_back(world: World, source: str, remote_id: str, now: datetime) -> None:
    """The source has it again. In a transaction."""
    versions = world.store.recordings.of_remote(source, remote_id)
    back = [version for version in versions if version.gone not in (None, _EDITED)]
    world.store.recordings.set_gone(back, None)
    sort_runs(world, [replace(version, gone=None) for version in back], [], _DOUBLE, now)


def note_comment(
    world: World,
    source: str,
    remote_id: str,
    now: datetime,
    *,
    name: str = "",
    rpe: float | None = None,
    where_missing: bool = False,
) -> None:
    """Take over the name and effort that a source has for its recording; the run shows its best recording's.

    With `where_missing` the recording's own name and effort stay. In a transaction.
    """
    changed = []
    for version in world.store.recordings.of_remote(source, remote_id):
        names, efforts = (name, version.candidate.name), (rpe, version.candidate.rpe)
        if where_missing:
            names, efforts = names[::-1], efforts[::-1]
        candidate = replace(version.candidate, name=names[0] or names[1], rpe=efforts[0] or efforts[1])
        if version.gone is None and candidate != version.candidate:
            changed.append(replace(version, candidate=candidate))
    sort_runs(world, changed, [], _DOUBLE, now)


def _same(recording: Recording, other: Recording) -> bool:
    return recording.candidate.id == other.candidate.id


def _why(world: World, new: Recording, others: Sequence[Recording]) -> str:
    """Why it is no run of its own, and whether it is the recording that counts from now on."""
    if any(recording.raw_hash == new.raw_hash for recording in others):
        return "the same recording as one already here"
    run = merged([new.candidate, *(recording.candidate for recording in others)])
    fits = [
        (fit, recording)
        for recording in others
        if (fit := fit_of(recording.candidate, new.candidate)) is not None
    ]
    if not fits:
        return "another recording of a run that is here already"
    fit, closest = min(fits, key=lambda pair: (pair[0].cost, pair[1].candidate.id))
    start = world.time_text(closest.candidate.start)
    text = f"the run of {start} that is here already ({fit.rule.value})"
    better = run.recording.id == new.candidate.id
    return f"{text}; from now on this recording counts: {run.why}" if better else text
