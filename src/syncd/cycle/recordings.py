"""What is in the recordings of a run, read again from their payloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncd.cycle.set_aside import read_kept
from syncd.cycle.world import World
from syncd.domain.activity import Activity, Trait
from syncd.domain.corrections import corrected
from syncd.domain.merging.candidates import Evidence, MergeCandidate, candidate_of
from syncd.domain.merging.choice import HEART_RATE, LAPS, RECORDING, combined, merged
from syncd.formats.fit import Unreadable
from syncd.formats.recording import REPORTED_KINDS, kind_of
from syncd.store.activities import ActivitySummary
from syncd.store.recordings import Recording, recording_id


def activity_in(world: World, raw_hash: str, part: int = 0) -> Activity | None:
    """An activity in a payload, by its place; None when it was removed, or can no longer be read."""
    content = world.store.raw.find(raw_hash)
    if content is None:
        return None
    found = read_kept(world, raw_hash, content)
    return found[part] if not isinstance(found, Unreadable) and part < len(found) else None


def combined_of(world: World, recordings: Sequence[Recording]) -> Activity | None:
    """The run that these (at least one) are recordings of; None when the best of them cannot be read."""
    run = merged([recording.candidate for recording in recordings])
    payloads = {recording.candidate.id: (recording.raw_hash, recording.part) for recording in recordings}
    needed = {run.provenance[field] for field in (RECORDING, LAPS, HEART_RATE) if field in run.provenance}
    read = {
        identity: activity
        for identity in needed
        if (activity := activity_in(world, *payloads[identity])) is not None
    }
    return combined(run, read) if run.recording.id in read else None


def is_reported(world: World, recording: Recording) -> bool:
    """Whether a service reported it without a recording: such a payload differs after each edit."""
    if recording.kind:
        return recording.kind in REPORTED_KINDS
    content = world.store.raw.find(recording.raw_hash)
    return content is not None and kind_of(content) in REPORTED_KINDS


def recorded_activity(world: World, summary: ActivitySummary) -> Activity | None:
    """A run as its recordings have it, read again from their payloads; None when it can no longer be read."""
    recordings = world.store.recordings.of_activity(summary.id)
    activity = (
        combined_of(world, recordings)
        if len(recordings) > 1
        else activity_in(world, summary.raw_hash, summary.part)
    )
    if activity is None:
        return None
    # the effort may have been entered later, or elsewhere
    return activity if summary.rpe is None else replace(activity, rpe=summary.rpe)


def whole_activity(world: World, summary: ActivitySummary) -> Activity | None:
    """A run as its recordings have it, with what was put right on it; None when it can no longer be read."""
    activity = recorded_activity(world, summary)
    return activity and corrected(activity, world.store.corrections.of_activity(summary.id))


def candidate_in(
    world: World,
    activity: Activity,
    source: str,
    remote_id: str,
    raw_hash: str,
    kind: str,
    part: int = 0,
) -> MergeCandidate:
    """What merging compares of an activity in a payload of that kind."""
    evidence = Evidence.DEVICE_FILE if kind == "fit" else Evidence.STREAMS
    candidate = candidate_of(
        activity,
        identity=recording_id(source, remote_id, raw_hash, part),
        source=source,
        day=activity.day(world.offset_at(activity.start)),
        evidence=evidence if len(activity.samples) else Evidence.SUMMARY,
        hidden_start=Trait.HIDDEN_START in activity.traits,
    )
    return replace(candidate, elapsed_s=candidate.elapsed_s or candidate.timer_s)
