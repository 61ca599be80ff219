"""One run, however often it was recorded and however many services report it.

Whatever arrives, changes or goes, the recordings around that day are sorted into runs again, so
that the order in which they came makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.connectors.base import RawActivity
from syncd.cycle.held_back import doubts_of, is_held_back, put_right, stand_aside, why_held_back
from syncd.cycle.recordings import activity_in, combined_of, is_reported
from syncd.cycle.rescoring import match, rescore_run
from syncd.cycle.withdrawing import reassess, withdraw
from syncd.cycle.world import World
from syncd.domain.activity import RUNNING, Activity, Trait
from syncd.domain.merging.candidates import Evidence, MergeCandidate, candidate_of
from syncd.domain.merging.choice import LAPS, RECORDING, Merged, changes, merged
from syncd.domain.merging.rules import fit_of
from syncd.domain.merging.same_runs import SameRuns, same_runs
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.formats.recording import kind_of
from syncd.store.activities import ActivitySummary
from syncd.store.recordings import Recording, recording_id

_NO_RUN = 0  # the id of a run that is not kept yet
_EDITED, _DOUBLE = Reason(WithdrawalCause.EDITED), Reason(WithdrawalCause.DOUBLE)
_SETTLED = timedelta(days=2)  # our default: nobody runs longer
_SAME = 1.0  # seconds, metres; our default: below, nothing was read otherwise
_NEIGHBOURHOOD = timedelta(days=4)  # recordings this near may belong to the same runs


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
        activity_id=known[0].activity_id if known else _NO_RUN,
        candidate=_candidate(world, activity, source, remote_id, raw_hash, raw.kind, part),
        part=part,
    )
    edited = [version for version in reported if version.raw_hash != raw_hash and version.gone is None]
    world.store.recordings.set_gone(edited, _EDITED)
    _sort(world, [new], edited, _EDITED, now, activity.doubts)
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
    _sort(world, world.store.recordings.of_activity(activity_id), [], _DOUBLE, now)


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
        read = replace(_candidate(world, activity, *content), name=known.name, rpe=known.rpe, feel=known.feel)
        if not _alike(read, known):
            world.store.recordings.keep(replace(recording, candidate=read))
            differs = True
        if len(recordings) == 1 and run.withdrawn is None:
            differs |= why_held_back(world, run.id, activity.doubts) is not None
    return differs


def _alike(read: MergeCandidate, known: MergeCandidate) -> bool:
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
    _sort(world, [], lost, why, now)
    return any(_counts(world, version.activity_id) for version in lost)


def bring_back(world: World, source: str, remote_id: str, now: datetime) -> None:
    """The source has it again. In a transaction."""
    versions = world.store.recordings.of_remote(source, remote_id)
    back = [version for version in versions if version.gone not in (None, _EDITED)]
    world.store.recordings.set_gone(back, None)
    _sort(world, [replace(version, gone=None) for version in back], [], _DOUBLE, now)


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
    _sort(world, changed, [], _DOUBLE, now)


# --- sorting


def _sort(
    world: World,
    fresh: Sequence[Recording],
    lost: Sequence[Recording],
    why: Reason,
    now: datetime,
    doubts: Sequence[Reason] | None = None,
) -> None:
    """Sort `fresh` recordings and those around them, and around what was lost, into runs.

    `doubts`: of the fresh recording, None where it is not new. A run that does not count covers no other.
    """
    days = [recording.candidate.day for recording in (*fresh, *lost)]
    if not days:
        return
    first, last = min(days), max(days)
    around = world.store.recordings.between(first - _NEIGHBOURHOOD, last + _NEIGHBOURHOOD)
    known = {recording.candidate.id: _with_payload_read(world, recording) for recording in around}
    known.update((recording.candidate.id, recording) for recording in fresh)
    groups = same_runs(recording.candidate for recording in known.values())
    near = [
        run
        for run in (*groups.runs, *(aside.run for aside in groups.covered))
        if any(first - _SETTLED <= member.day <= last + _SETTLED for member in run.members)
    ]
    homes = _homes(world, near, known)
    new = frozenset(recording.candidate.id for recording in fresh)
    why_held = {
        run.recording.id: _why_held_back(world, run, homes[run.recording.id], doubts, new) for run in near
    }
    held_back = {identity: held for identity, held in why_held.items() if held is not None}
    why_aside = _covered(groups, held_back) | held_back
    before = {home: _merged_before(world, home, lost) for home in homes.values() if home is not None}
    touched = {recording.activity_id for recording in (*fresh, *lost)} - {_NO_RUN}
    touched |= {known[member.id].activity_id for run in near for member in run.members} - {_NO_RUN}
    settled = {
        _settle(world, run, homes[run.recording.id], known, before, why_aside.get(run.recording.id), now)
        for run in near
    }
    elsewhere = {
        known[member.id].activity_id for run in groups.runs if run not in near for member in run.members
    }
    for activity_id in sorted(touched - settled - elsewhere):
        _retire(world, activity_id, known, why, now)


def _covered(groups: SameRuns, held_back: Collection[str]) -> dict[str, Reason]:
    """Why a group is on record already, in others that count; by its best recording's id."""
    return {
        aside.run.recording.id: Reason(aside.why)
        for aside in groups.covered
        if not all(run.recording.id in held_back for run in aside.by)
    }


def _why_held_back(
    world: World,
    run: Merged,
    home: int | None,
    doubts: Sequence[Reason] | None,
    fresh: Collection[str],
) -> Reason | None:
    """Why a group counts nowhere. `doubts` are those of the `fresh` recordings, where they are new.

    Doubts about one recording say nothing where another of the same run is sure.
    """
    shown = None if home is None else world.store.activities.get(home)
    held = () if shown is None else doubts_of(shown)
    if doubts is not None and run.recording.id in fresh:
        held = tuple(doubts)
    if len(run.members) > 1 and (
        (doubts is not None and not doubts and any(member.id in fresh for member in run.members))
        or (shown is not None and shown.withdrawn is None)
    ):
        held = ()
    return why_held_back(world, home or _NO_RUN, held)


def _homes(world: World, runs: Sequence[Merged], known: Mapping[str, Recording]) -> dict[str, int | None]:
    """The kept run of each group, by its best recording's id: the one that shows that recording
    already, else the oldest of its members'. A kept run serves one group only.
    """
    homes: dict[str, int | None] = {}
    taken: set[int] = set()
    for run in runs:
        best = known[run.recording.id]
        shown = world.store.activities.by_raw_hash(best.raw_hash, best.part)
        if shown is not None and shown not in taken:
            homes[run.recording.id] = shown
            taken.add(shown)
    for run in runs:
        if run.recording.id in homes:
            continue
        theirs = {known[member.id].activity_id for member in run.members} - {_NO_RUN} - taken
        homes[run.recording.id] = min(theirs) if theirs else None
        taken |= {min(theirs)} if theirs else set()
    return homes


def _merged_before(world: World, activity_id: int, lost: Iterable[Recording]) -> Merged | None:
    """The run as it was, with what was lost just now."""
    candidates = [recording.candidate for recording in world.store.recordings.of_activity(activity_id)]
    candidates += [recording.candidate for recording in lost if recording.activity_id == activity_id]
    return merged(candidates) if candidates else None


def _settle(
    world: World,
    run: Merged,
    home: int | None,
    known: Mapping[str, Recording],
    before: Mapping[int, Merged | None],
    why_aside: Reason | None,
    now: datetime,
) -> int:
    """Give the recordings of a group to its kept run; its id. Nothing is written where nothing changed."""
    store, best = world.store, known[run.recording.id]
    shown = None if home is None else store.activities.get(home)
    kept = home
    if kept is None or shown is None or (shown.raw_hash, shown.part) != (best.raw_hash, best.part):
        activity = _combined_or_totals(world, run, known)
        if kept is not None:
            activity = put_right(world, kept, activity)
        content = (best.candidate.day, best.source, best.raw_hash)
        if kept is None:
            kept = store.activities.add(activity, *content, now, part=best.part)
        else:
            store.activities.replace_recording(kept, activity, *content, part=best.part)
    for member in run.members:
        recording = replace(known[member.id], activity_id=kept)
        if recording not in store.recordings.of_remote(recording.source, recording.remote_id):
            store.recordings.keep(recording)
            store.details.move(recording.source, recording.remote_id, kept)
    _keep_comment(world, kept, run)
    if why_aside is not None:
        if is_held_back(why_aside):
            stand_aside(world, kept, why_aside, now)
        elif _counts(world, kept):
            withdraw(world, kept, why_aside, now)
        return kept
    if not _counts(world, kept):
        store.activities.restore(kept)
    elif shown is not None:
        _score_again(world, kept, run, before.get(kept), shown.rpe, now)
    return kept


def _keep_comment(world: World, activity_id: int, run: Merged) -> None:
    """Name and effort of the best recording that has them."""
    shown = world.store.activities.get(activity_id)
    if shown is None:
        return
    name = next((member.name for member in run.members if member.name), "")
    own = world.store.overrides.rpe_of(activity_id)  # the athlete's entry outranks every recording
    recorded = next((member.rpe for member in run.members if member.rpe is not None), None)
    rpe = own if own is not None else recorded
    if name and name != shown.name:
        world.store.activities.set_name(activity_id, name)
    if rpe is not None and rpe != shown.rpe:
        world.store.activities.set_rpe(activity_id, rpe)


def _score_again(
    world: World, activity_id: int, run: Merged, before: Merged | None, rpe: float | None, now: datetime
) -> None:
    """With another best recording it is assessed like a new run, unless the athlete matched it."""
    changed = {change.field for change in changes(before, run)}
    if before is not None and _measured(before.recording) == _measured(run.recording):
        changed -= {RECORDING}  # it measured the same
    stored = world.store.scores.newest_of(activity_id)
    if stored is None or stored.method is Method.WITHDRAWN:
        return
    if RECORDING in changed and stored.method is not Method.MANUAL:
        reassess(world, activity_id, Reason(MatchReason.BETTER_RECORDING), now)
        return
    shown = world.store.activities.get(activity_id)
    if changed & {RECORDING, LAPS} or (shown is not None and shown.rpe != rpe):
        rescore_run(world, activity_id, now, always=bool(changed & {RECORDING, LAPS}))


def _retire(
    world: World, activity_id: int, known: Mapping[str, Recording], why: Reason, now: datetime
) -> None:
    """A kept run without a recording: it no longer counts, or is part of another one now."""
    if not _counts(world, activity_id):
        return
    stored = world.store.scores.newest_of(activity_id)
    withdraw(world, activity_id, why, now)
    heir = next(
        (
            version.activity_id
            for recording in known.values()
            if recording.activity_id == activity_id
            for version in world.store.recordings.of_remote(recording.source, recording.remote_id)
            if version.candidate.id == recording.candidate.id
        ),
        None,
    )
    if heir is not None:
        world.store.corrections.move(activity_id, heir)
    if heir is not None and stored is not None and stored.method is Method.MANUAL and stored.session_id:
        match(world, heir, stored.session_id, now)  # the athlete's match stays


# --- what recordings contain


def _candidate(
    world: World,
    activity: Activity,
    source: str,
    remote_id: str,
    raw_hash: str,
    kind: str,
    part: int = 0,
) -> MergeCandidate:
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


def _with_payload_read(world: World, recording: Recording) -> Recording:
    """The recording with what its payload has: those kept before there was a table of recordings lack it."""
    if recording.kind or not world.store.raw.has(recording.raw_hash):
        return recording
    activity = activity_in(world, recording.raw_hash)
    if activity is None:
        return recording
    kind = kind_of(world.store.raw.get(recording.raw_hash))
    candidate = _candidate(world, activity, recording.source, recording.remote_id, recording.raw_hash, kind)
    named = replace(
        candidate,
        name=recording.candidate.name or candidate.name,
        rpe=recording.candidate.rpe or candidate.rpe,
    )
    return replace(recording, kind=kind, candidate=named)


def _combined_or_totals(world: World, run: Merged, known: Mapping[str, Recording]) -> Activity:
    """The run as its recordings have it; only its totals where the payloads are gone."""
    activity = combined_of(world, [known[member.id] for member in run.members])
    if activity is not None:
        return activity
    best = run.recording
    return Activity(
        start=best.start,
        sport=RUNNING,
        sub_sport="treadmill" if best.indoors else "",
        name=best.name,
        timer_s=best.timer_s,
        elapsed_s=best.elapsed_s,
        distance_m=best.distance_m,
        rpe=best.rpe,
    )


def _measured(candidate: MergeCandidate) -> MergeCandidate:
    return replace(candidate, id="", source="", name="", rpe=None, feel=None)


def _counts(world: World, activity_id: int) -> bool:
    run = world.store.activities.get(activity_id)
    return run is not None and run.withdrawn is None


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
